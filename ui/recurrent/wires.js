import { range, s, text } from "../lab/lab.js";
import { portsOf } from "./geometry.js";

const WIRE = 2.2;
const LETTER = 7.3; // pixels of a letter of 12 px in the monospace

/** A lane's colour: one colour is one set of weights. Beyond four lanes they come back dashed. */
export const laneColour = (row) => `var(--branch-${(row % 4) + 1})`;
export const isDashed = (row) => row >= 4;

/** Lines between the cells, with the shape of what flows on them; everything in it is drawn anew. */
export function makeWires() {
  const lines = s("g", {});
  const shapes = s("g", {});
  const root = s("g", { class: "wires" }, lines, shapes);

  function draw(scene, places) {
    lines.replaceChildren();
    shapes.replaceChildren();
    const into = { lines, shapes };
    for (const lane of scene.lanes) {
      scene.columns.forEach((_, column) => {
        drawReads(into, scene, places, lane, column);
        drawHands(lines, scene, places, lane, column);
        drawState(into, scene, places, lane, column);
      });
    }
    if (places.both) for (const layer of range(scene.layers - 1)) drawRails(into, scene, places, layer);
  }

  return { root, draw };
}

function wire(root, d, colour, dashed) {
  root.append(
    s("path", { class: "gap", d }),
    s("path", {
      d,
      style: { stroke: colour, "stroke-width": WIRE, "stroke-dasharray": dashed ? "5 3" : "none" },
    }),
  );
}

function tip(root, x, y, towards, colour) {
  const shapes = {
    up: `M${x - 4} ${y + 6}L${x} ${y}L${x + 4} ${y + 6}Z`,
    right: `M${x - 6} ${y - 4}L${x} ${y}L${x - 6} ${y + 4}Z`,
    left: `M${x + 6} ${y - 4}L${x} ${y}L${x + 6} ${y + 4}Z`,
  };
  root.append(s("path", { class: "tip", d: shapes[towards], style: { fill: colour } }));
}

function label(root, x, y, words, anchor = "middle") {
  root.append(text(x, y, words, { class: "edge mono", "text-anchor": anchor }));
}

/** From the letter, or from the layer below, into the cell. */
function drawReads({ lines: root, shapes }, scene, places, { layer, direction, row, reads }, column) {
  const x = portsOf(places, column, direction).reads;
  const from = layer ? places.rail(layer - 1) : places.inputTop;
  const to = places.bottom(row);
  wire(root, `M${x} ${from}V${to}`, laneColour(row), isDashed(row));
  tip(root, x, to + 1, "up", laneColour(row));
  const free = from - to - (direction ? places.rowHeight : 0);
  const fits = places.columnWidth > 58 && free > 20;
  // With two directions, the rail says what the layer above reads.
  if (fits && direction === 0 && !(layer && places.both))
    label(shapes, x - 6, (from + to) / 2 + 5, `${scene.state.batch}×${reads}`, "end");
}

/** From the cell up: to the rail that the next layer reads, or out. */
function drawHands(root, scene, places, { layer, direction, row }, column) {
  const last = layer === scene.layers - 1;
  if (!last && !places.both) return;
  const x = portsOf(places, column, direction).hands;
  const to = last ? places.outputTop : places.rail(layer);
  wire(
    root,
    `M${x} ${places.top(row)}V${to}`,
    last ? "var(--output)" : laneColour(row),
    isDashed(row) && !last,
  );
  if (last) tip(root, x, to - 1, "up", "var(--output)");
}

/** The state, from step to step; it begins with zeros. */
function drawState({ lines: root, shapes }, scene, places, lane, column) {
  const { direction, row } = lane;
  const towards = direction ? -1 : 1;
  const y = places.y(row);
  const into = places.x(column, direction) - (towards * places.cellWidth) / 2;
  const source = column - towards;
  if (source < 0 || source >= scene.columns.length) drawZero(root, into, y, towards, row);
  else {
    const from = places.x(source, direction) + (towards * places.cellWidth) / 2;
    wire(root, `M${from} ${y}H${into}`, laneColour(row), isDashed(row));
    const words = `${scene.state.batch}×${scene.state.hidden_size}`;
    const neighbours = Math.abs(scene.columns[source] - scene.columns[column]) === 1;
    if (neighbours && Math.abs(into - from) > LETTER * words.length + 12)
      label(shapes, (from + into) / 2 - 3 * towards, y - 6, words);
  }
  tip(root, into, y, direction ? "left" : "right", laneColour(row));
}

/** The state of zeros that a lane begins with. */
function drawZero(root, into, y, towards, row) {
  const from = into - 20 * towards;
  wire(root, `M${from} ${y}H${into}`, laneColour(row), isDashed(row));
  const anchor = towards < 0 ? "start" : "end";
  root.append(text(from - 4 * towards, y + 4, "0", { class: "zero mono", "text-anchor": anchor }));
}

/** Both directions of a layer, joined: what the layer above reads. */
function drawRails({ lines: root, shapes }, scene, places, layer) {
  const y = places.rail(layer);
  scene.columns.forEach((_, column) => {
    const from = portsOf(places, column, 0).hands - 2;
    const to = portsOf(places, column, 1).reads + 2;
    root.append(s("path", { class: "rail", d: `M${from} ${y}H${to}` }));
    if (column === 0)
      label(shapes, from - 6, y + 4, `${scene.state.batch}×${2 * scene.state.hidden_size}`, "end");
  });
}
