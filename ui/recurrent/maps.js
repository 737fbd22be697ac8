import { h, range, rectangle, s, say, setText, valueColour } from "../lab/lab.js";
import { scaleBar } from "./cells.js";
import { equationsOf, isGate, MAIN, MAPS, seriesOf } from "./equation.js";

const SHORT_PLACES = 2;
const MOST_FOOT = 16; // letters under a map
const MAP_WIDTH = 120; // units of a map's own space
const MAP_HEIGHT = 128;

const gateColour = (value) =>
  `color-mix(in oklab, var(--memory) ${Math.round(100 * Math.min(1, Math.max(0, value)))}%, var(--zero))`;

/** Heat maps of one lane over the word: gates, candidate and states; columns are steps, rows are units. */
export function makeMaps(look) {
  const root = h("div", { class: "maps", tabindex: 0, role: "group" });
  let figures = [];
  let drawn = null;
  look.listen(root, { ArrowUp: { units: -1 }, ArrowDown: { units: 1 } });

  function set(scene, place) {
    const row = place.row;
    if (drawn?.scene !== scene || drawn.row !== row) {
      figures = MAPS[scene.state.kind].map((name) => makeMap(scene, scene.lanes[row], name));
      root.replaceChildren(...figures.map((figure) => figure.root));
      root.setAttribute("aria-label", say("mapsOf", { lane: row }));
      drawn = { scene, row };
    }
    const values = scene.lanes[row].values;
    const found = values && equationsOf(scene.state, values, place.column, place.unit, SHORT_PLACES);
    for (const figure of figures) figure.mark(place, found?.[figure.name]);
  }

  return { root, set };
}

function makeMap(scene, lane, name) {
  const { kind } = scene.state;
  const values = lane.values && seriesOf(lane.values, name);
  const most = values && !isGate(name) ? Math.max(1, Math.ceil(Math.max(...values.flat().map(Math.abs)))) : 1;
  const slots = scene.columns.length + (scene.fold < 0 ? 0 : 1);
  const step = { x: MAP_WIDTH / slots, y: MAP_HEIGHT / scene.units };
  const xOf = (column) => (scene.fold >= 0 && column >= scene.fold ? column + 1 : column) * step.x;
  const colour = (value) => (isGate(name) ? gateColour(value) : valueColour(value / most));
  const cells = scene.columns.flatMap((_, column) =>
    range(scene.units).map((unit) =>
      rectangle(
        xOf(column),
        unit * step.y,
        step.x - Math.min(0.7, step.x / 4),
        step.y - (scene.units > 12 ? 0 : 0.7),
        {
          "data-place": `-1 ${column} ${unit}`,
          style: values && { fill: colour(values[column][unit]) },
        },
        0,
      ),
    ),
  );
  const chosen = rectangle(0, 0, step.x, step.y, { class: "chosen" }, 0);
  const svg = s(
    "svg",
    { viewBox: `0 0 ${MAP_WIDTH} ${MAP_HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    cells,
    chosen,
  );
  const letters = makeLetters(scene);
  const terms = h("span", {});
  const value = h("b", {});
  const foot = h("p", { class: "foot mono" }, terms, value);
  const scale = isGate(name) ? scaleBar("0", "1", false) : scaleBar(`−${most}`, `${most}`, true);
  const root = h(
    "figure",
    { "data-map": name },
    h("figcaption", {}, h("b", { class: "mono" }, say(`short_${name}`)), h("span", {}, say(`gate_${name}`))),
    svg,
    letters,
    foot,
    scale,
  );

  function mark(place, equation) {
    chosen.setAttribute("x", xOf(place.column));
    chosen.setAttribute("y", place.unit * step.y);
    letters.childNodes.forEach((node) => {
      node.classList.toggle("on", node.dataset.column === String(place.column));
    });
    setText(terms, equation ? footOf(kind, name, equation) : "");
    setText(value, equation ? `= ${equation[2]}` : "");
    root.title = equation ? `${say(`gate_${name}`)}: ${equation[0]} = ${equation[1]} = ${equation[2]}` : "";
  }

  return { root, name, mark };
}

/** The terms under a map: numbers, or symbols where the numbers stand in full above the maps. */
function footOf(kind, name, [symbols, numbers]) {
  if (!MAIN[kind].includes(name)) return numbers.length > MOST_FOOT ? numbers.replaceAll(" ", "") : numbers;
  return name === "n" ? "tanh(W x + r·U h′)" : symbols;
}

function makeLetters(scene) {
  const spans = scene.columns.map((step, column) => {
    const letter = scene.letters[step];
    return h("span", { "data-column": column }, letter === " " ? "␣" : letter);
  });
  if (scene.fold >= 0) spans.splice(scene.fold, 0, h("span", { class: "fold" }, "⋯"));
  return h("div", { class: "letters mono", style: { "--columns": spans.length } }, spans);
}
