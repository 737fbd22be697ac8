import { dimensions, exact, rectangle, s, say, text } from "../lab/lab.js";
import { laneParams, shapesOf } from "./math.js";
import { isDashed, laneColour } from "./wires.js";

/** What torch hands back, outlined: output in teal, h_n in black dashes; and the lanes' names. */
export function makeOutlines() {
  const root = s("g", { class: "outlines" });

  function draw(scene, places) {
    root.replaceChildren(
      ...scene.lanes.map((lane) => makeLaneName(scene, places, lane)),
      makeOutput(scene, places),
      ...scene.lanes.map((lane) => makeLast(scene, places, lane)),
      ...makeNames(scene, places),
      ...(scene.fold < 0 ? [] : makeFold(scene, places)),
    );
  }

  return { root, draw };
}

/** A lane's name with its colour: the same weights at every step. */
function makeLaneName(scene, places, { layer, direction, row }) {
  const y = places.y(row);
  const roomy = places.rowHeight > 40;
  const arrow = scene.directions === 2 ? (direction ? " ←" : " →") : "";
  const name = scene.isCell ? say("theCell") : say("layerNamed", { n: layer }) + arrow;
  const count = say("weightsCount", { n: exact(laneParams(scene.state, layer)) });
  const swatch = {
    stroke: laneColour(row),
    "stroke-width": 3.5,
    "stroke-dasharray": isDashed(row) ? "6 4" : "none",
  };
  return s(
    "g",
    { class: "lane" },
    text(2, roomy ? y - 3 : y + 1, name, { class: "name" }),
    s("path", { d: `M2 ${roomy ? y + 6 : y + 8}h42`, style: swatch }),
    roomy && text(2, y + 23, count, { class: "edge" }),
    s("title", {}, say("sharedSays", { n: exact(laneParams(scene.state, layer)) })),
  );
}

function makeOutput(scene, places) {
  const first = (scene.layers - 1) * scene.directions;
  const last = scene.lanes.length - 1;
  const half = places.cellWidth / 2;
  const x0 = places.x(0, 0) - half - 10;
  const x1 = places.x(scene.columns.length - 1, scene.directions - 1) + half + 10;
  const y0 = places.top(last) - 9;
  return rectangle(x0, y0, x1 - x0, places.bottom(first) + 9 - y0, { class: "output" }, 12);
}

/** The last state of a lane: at the right end, or at t = 0 for the backward lane. */
function makeLast(scene, places, { direction, row }) {
  const column = direction ? 0 : scene.columns.length - 1;
  const x = places.x(column, direction);
  const half = places.cellWidth / 2;
  const back = direction === 1;
  const words = scene.isCell ? say("lastState") : `h_n[${row}]`;
  // At the right of the forward lane; the backward one ends at the left, where its own line has come to its end.
  const away = half + (back ? 14 : 16);
  return s(
    "g",
    { class: "last" },
    rectangle(
      x - half - 5,
      places.top(row) - 5,
      2 * half + 10,
      places.cellHeight + 10,
      { class: "dashes" },
      9,
    ),
    text(x + (back ? -away : away), places.y(row) + 4, words, {
      class: "index mono",
      "text-anchor": back ? "end" : "start",
    }),
  );
}

/** The names and shapes of x, output and h_n. */
function makeNames(scene, places) {
  const shapes = shapesOf(scene.state);
  const centre = (places.left + places.width - places.right) / 2;
  const right = places.width - 2;
  const line = (shape) => dimensions(shape.dims);
  const bottom = places.inputTop;
  const output = scene.isCell
    ? say("everyState", { shape: line(shapes.h_n) })
    : `output  ${line(shapes.output)}`;
  const named = scene.state.kind === "LSTM" ? "h_n, c_n" : "h_n";
  return [
    text(centre, places.outputTop - 10, output, { class: "named output-name mono", "text-anchor": "middle" }),
    text(2, bottom + 12, scene.isCell ? "x_t" : "x", { class: "named input-name mono" }),
    text(2, bottom + 29, line(shapes.x), { class: "dims mono" }),
    text(right, bottom + 32, "t →", { class: "edge mono", "text-anchor": "end" }),
    ...(scene.isCell
      ? []
      : [
          text(right, 16, named, { class: "named mono", "text-anchor": "end" }),
          text(right, 32, line(shapes.h_n), { class: "dims mono", "text-anchor": "end" }),
        ]),
  ];
}

/** The steps that are left out. */
function makeFold(scene, places) {
  const hidden = scene.state.steps - scene.columns.length;
  return [
    text(places.foldAt, places.inputTop + 32, "⋯", { class: "fold", "text-anchor": "middle" }),
    text(places.foldAt, places.inputTop + 48, say("moreSteps", { n: hidden }), {
      class: "edge",
      "text-anchor": "middle",
    }),
  ];
}
