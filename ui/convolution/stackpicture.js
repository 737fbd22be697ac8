import { button, exact, h, numberField, s, say, setText, text } from "../lab/lab.js";
import { axisIndices, axisOf, isPool, macCount, outputSizes, paramCount, refusalOf } from "./math.js";
import { fieldOf, layerStates, layersBehind, MOST_BEHIND, reachesOf, stackOf } from "./stack.js";
import { sizeWords } from "./titles.js";

const CLEAR = 5; // pixels of a cell from which cells are drawn one by one
const LEAST_SIDE = 26; // pixels of a map
const LEAST_SLOT = 82; // pixels that a map takes with its name
const LARGEST_UNIT = 24; // pixels of a cell
const OVER = 4; // pixels that a field may reach over a map's border, up to the map's name

const PLAIN = { layer: "conv", pad: "number", groups: 1, dilation: [1, 1], stride: [1, 1], bias: false };
const THREE = { ...PLAIN, kernel: [3, 3], padding: [1, 1], stack: [3, 1, 1, 1, 3, 1, 1, 1] };
const ONE = { kernel: [7, 7], padding: [3, 3], stack: [] };
const GROWING = { ...THREE, size: [24, 24], stack: [3, 1, 2, 2, 3, 1, 4, 4] };

/** The maps of a row of layers, side by side, and what a unit of any of them sees of those before it. */
export function makeStackPicture(bench, redraw) {
  const below = s("g", {});
  const above = s("g", { class: "overlay" });
  const names = s("g", { class: "overlay" });
  const svg = s("svg", { class: "stack-svg", tabindex: 0, role: "application" }, below, above, names);
  const sentence = h("p", { class: "sentence", "aria-live": "polite" });
  const rows = h("div", { class: "layer-rows" });
  const root = h("div", { class: "stack" }, svg, sentence, rows);
  const shown = { state: null, maps: [], layers: [], unit: null, rows: "" };

  svg.addEventListener("pointermove", (event) => pointAt(unitUnder(event, svg, shown.maps)));
  svg.addEventListener("pointerleave", () => pointAt(null));
  svg.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step || !shown.maps.length) return;
    event.preventDefault();
    const { depth, row, column } = shown.unit ?? middleUnit(shown.maps);
    const { rows: down, columns } = shown.maps[depth];
    pointAt({ depth, row: clampTo(row + step[0], down), column: clampTo(column + step[1], columns) });
  });

  function pointAt(unit) {
    if (JSON.stringify(unit) === JSON.stringify(shown.unit)) return;
    shown.unit = unit;
    redraw();
  }

  return {
    root,
    draw(state, width, most) {
      const layers = layerStates(state);
      const height = state.axes === 1 ? most : Math.min(most, heightFor(layers, width));
      const key = JSON.stringify([state, width, height]);
      if (key !== shown.key) {
        shown.key = key;
        shown.layers = layers;
        shown.maps = mapsOf(layers, width, height, state.axes === 1);
        svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
        svg.setAttribute("height", height);
        below.replaceChildren(...drawMaps(shown.maps));
        names.replaceChildren(...drawNames(shown.maps, layers));
        if (shown.unit && !holdsUnit(shown.maps, shown.unit)) shown.unit = null;
      }
      const unit = shown.unit ?? middleUnit(shown.maps);
      above.replaceChildren(...drawField(shown.maps, shown.layers, unit));
      const words = fieldSentence(shown.layers, unit);
      setText(sentence, words);
      svg.setAttribute("aria-label", words);
      drawRows(bench, rows, state, shown);
    },
  };
}

const clampTo = (value, count) => Math.max(0, Math.min(value, count - 1));

function holdsUnit(maps, { depth, row, column }) {
  return depth < maps.length && row < maps[depth].rows && column < maps[depth].columns;
}

/** The unit that is shown where nothing is pointed at: the middle of the last map. */
function middleUnit(maps) {
  const { rows, columns } = maps.at(-1);
  return { depth: maps.length - 1, row: Math.floor((rows - 1) / 2), column: Math.floor((columns - 1) / 2) };
}

/** The maps with their places: the input, and what comes out of every layer that runs. */
function mapsOf(layers, width, height, flat) {
  const sizes = [layers[0].size, ...layers.map(outputSizes)].filter((pair) => Math.min(...pair) > 0);
  const counts = sizes.map(([rows, columns]) => ({ rows: flat ? 1 : rows, columns }));
  return flat ? mapsUnder(counts, width, height) : mapsBeside(counts, width, height);
}

/** The height at which the maps fill the width and no more. */
function heightFor(layers, width) {
  const maps = mapsOf(layers, width, 10_000, false);
  return Math.max(...maps.map((map) => map.height)) + 100;
}

function mapsBeside(counts, width, height) {
  const gap = 44;
  const room = width - gap * (counts.length - 1) - 8;
  const columns = counts.reduce((sum, map) => sum + map.columns, 0);
  const tallest = Math.max(...counts.map((map) => map.rows));
  // Where many maps are narrower than their names, these take the room of the wide ones.
  const names = Math.max(0, counts.length - 2) * LEAST_SLOT;
  const scale = Math.min(
    LARGEST_UNIT,
    room / columns,
    (height - 96) / tallest,
    Math.max(2, room - names) / counts[0].columns,
  );
  const scaled = counts.map((map) => {
    const unit = Math.max(scale, LEAST_SIDE / Math.max(map.rows, map.columns));
    return { ...map, unit, width: map.columns * unit, height: map.rows * unit };
  });
  const slots = scaled.map((map) => Math.max(map.width, LEAST_SLOT));
  const total = slots.reduce((sum, slot) => sum + slot, gap * (counts.length - 1));
  let x = (width - total) / 2;
  return scaled.map((map, place) => {
    const placed = { ...map, x: x + (slots[place] - map.width) / 2, y: 44 + (height - 96 - map.height) / 2 };
    x += slots[place] + gap;
    return placed;
  });
}

function mapsUnder(counts, width, height) {
  const step = (height - 20) / counts.length;
  const widest = Math.max(...counts.map((map) => map.columns));
  const unit = Math.min(LARGEST_UNIT, (width - 260) / widest);
  return counts.map((map, place) => {
    const own = Math.max(unit, LEAST_SIDE / map.columns);
    const tall = Math.max(12, Math.min(LARGEST_UNIT, own));
    const wide = map.columns * own;
    return {
      ...map,
      unit: own,
      width: wide,
      height: tall,
      x: 130 + (width - 260 - wide) / 2,
      y: 30 + place * step,
    };
  });
}

function drawMaps(maps) {
  return maps.flatMap((map, place) => mapCells(map, place ? "output" : "input"));
}

/** What the maps are called, over the fields that reach behind their borders. */
function drawNames(maps, layers) {
  const reaches = axisIndices(layers[0]).map((index) => reachesOf(layers, index));
  const scene = { stacked: layers[0].axes === 1 };
  return maps.flatMap((map, place) => {
    const about = place ? "output" : "input";
    const name = place ? say("afterLayer", { n: place }) : say("input");
    const middle = map.x + map.width / 2;
    const title = text(middle, map.y - 24, name, { class: `title of-${about}`, "text-anchor": "middle" });
    const size = text(middle, map.y - 8, sizeWords(scene, [map.rows, map.columns]), {
      class: "mono map-size",
      "text-anchor": "middle",
    });
    const notes = place ? reachNote(reaches, place - 1, middle, map.y + map.height + 20) : [];
    return [title, size, ...notes];
  });
}

function reachNote(reaches, place, x, y) {
  const sizes = reaches.map((axis) => axis[place].size);
  const jumps = reaches.map((axis) => axis[place].jump);
  return [
    text(x, y, say("fieldIs", { size: sizes.join(" × ") }), { class: "sub", "text-anchor": "middle" }),
    text(x, y + 17, say("jumpIs", { n: [...new Set(jumps)].map(jumpText).join(" × ") }), {
      class: "sub",
      "text-anchor": "middle",
    }),
  ];
}

const jumpText = (jump) => (Number.isInteger(jump) ? String(jump) : `1/${Math.round(1 / jump)}`);

/** A map as its outline, with the lines between its cells where they are wide enough. */
function mapCells({ x, y, width, height, unit, rows, columns }, about) {
  const outline = s("rect", { class: `map of-${about}`, x, y, width, height, rx: 3 });
  if (unit < CLEAR) return [outline];
  const tall = height / rows;
  let d = "";
  for (let column = 1; column < columns; column++) d += `M${x + column * unit} ${y}v${height}`;
  for (let row = 1; row < rows; row++) d += `M${x} ${y + row * tall}h${width}`;
  return [outline, s("path", { class: `map-lines of-${about}`, d })];
}

/** The unit, and the field it sees on every map before it, joined by what lies between. */
function drawField(maps, layers, unit) {
  const [down, across] = [0, 1].map((index) =>
    fieldOf(layers, unit.depth, index, index ? unit.column : unit.row),
  );
  const seen = down.filter((rows, back) => rows[0] <= rows[1] && across[back][0] <= across[back][1]);
  const boxes = seen.map((rows, back) => boxOn(maps[unit.depth - back], rows, across[back]));
  const found = [];
  for (let at = 0; at + 1 < boxes.length; at++)
    found.push(s("path", { class: "funnel", d: funnelPath(boxes[at + 1], boxes[at], layers[0].axes === 1) }));
  boxes.forEach((box, at) => {
    const last = at === boxes.length - 1 && at > 0;
    found.push(s("rect", { class: at === 0 ? "seen unit" : last ? "seen input" : "seen", ...box, rx: 3 }));
  });
  return found;
}

/** A field in pixels; what reaches over a border, into the padding, ends just behind it. */
function boxOn(map, [top, bottom], [left, right]) {
  const tall = map.height / map.rows;
  const held = (pixels, length) => Math.min(Math.max(pixels, -OVER), length + OVER);
  const [x, end] = [held(left * map.unit, map.width), held((right + 1) * map.unit, map.width)];
  const [y, foot] = [held(top * tall, map.height), held((bottom + 1) * tall, map.height)];
  return {
    x: map.x + x,
    y: map.y + y,
    width: Math.max(1.5, end - x),
    height: Math.max(1.5, foot - y),
  };
}

function funnelPath(from, to, flat) {
  if (flat) {
    const y = from.y + from.height;
    return `M${from.x} ${y}L${to.x} ${to.y}H${to.x + to.width}L${from.x + from.width} ${y}Z`;
  }
  const x = from.x + from.width;
  return `M${x} ${from.y}L${to.x} ${to.y}V${to.y + to.height}L${x} ${from.y + from.height}Z`;
}

function fieldSentence(layers, unit) {
  if (unit.depth === 0) return say("unitIsInput");
  const fields = axisIndices(layers[0]).map((index) => {
    const [first, last] = fieldOf(layers, unit.depth, index, index ? unit.column : unit.row).at(-1);
    const most = layers[0].size[index];
    return { size: last - first + 1, inside: Math.min(last, most - 1) - Math.max(first, 0) + 1 };
  });
  const size = fields.map((field) => field.size).join(" × ");
  const inside = fields.map((field) => field.inside).join(" × ");
  const name = say("unitSees", { n: unit.depth, size });
  return size === inside ? name : `${name} ${say("unitInside", { inside })}`;
}

function unitUnder(event, svg, maps) {
  const box = svg.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  for (const [depth, map] of maps.entries()) {
    const column = Math.floor((x - map.x) / map.unit);
    const row = Math.floor((y - map.y) / (map.height / map.rows));
    if (row >= 0 && column >= 0 && row < map.rows && column < map.columns) return { depth, row, column };
  }
  return null;
}

/** One row a layer: its numbers, what it costs, and for those behind the first, fields to change and a button to drop it. */
function drawRows(bench, root, state, shown) {
  const text = JSON.stringify([state.stack, shown.layers]);
  if (text === shown.rows) return;
  shown.rows = text;
  const behind = layersBehind(state);
  const take = (layers) => bench.take(stackOf(layers));
  const add = button(
    say("addLayer"),
    () => take([...behind, { kernel: 3, stride: 1, padding: 1, dilation: 1 }]),
    {
      icon: "plus",
    },
  );
  add.disabled = behind.length === MOST_BEHIND;
  root.replaceChildren(
    h(
      "div",
      { class: "chips" },
      button(say("threeOrOne"), () => bench.compare(THREE, ONE)),
      button(say("growingDilation"), () => bench.take(GROWING)),
    ),
    firstRow(shown.layers[0]),
    ...behind.map((layer, place) => behindRow(layer, place, behind, take, shown.layers[place + 1])),
    h("div", { class: "layer-row" }, add),
  );
}

function firstRow(state) {
  const words = [0, 1].slice(state.axes === 1 ? 1 : 0).map((index) => axisOf(state, index));
  const size = (name) => [...new Set(words.map((axis) => axis[name]))].join("×");
  const numbers = `k ${size("k")}  s ${size("s")}  p ${size("left")}  d ${size("d")}`;
  return h(
    "div",
    { class: "layer-row" },
    h("b", {}, "1"),
    h("span", { class: "mono numbers-of" }, numbers),
    h("span", { class: "caption" }, say("setAtLeft")),
    costOf(state),
  );
}

function costOf(state) {
  if (isPool(state) || refusalOf(state)) return h("span", { class: "cost" });
  const costs = { params: exact(paramCount(state)), macs: exact(macCount(state)) };
  return h("span", { class: "cost" }, say("offerCosts", costs));
}

function behindRow(layer, place, all, take, state) {
  const change = (fields) => take(all.map((old, index) => (index === place ? { ...old, ...fields } : old)));
  const field = (name, symbol, min, max) =>
    numberField({ label: symbol, min, max, value: layer[name], settle: (value) => change({ [name]: value }) })
      .root;
  const drop = button("", () => take(all.filter((_, index) => index !== place)), {
    icon: "cross",
    label: say("dropLayer", { n: place + 2 }),
  });
  return h(
    "div",
    { class: "layer-row" },
    h("b", {}, String(place + 2)),
    h(
      "span",
      { class: "numbers-of" },
      field("kernel", "k", 1, 11),
      field("stride", "s", 1, 11),
      field("padding", "p", 0, 11),
      field("dilation", "d", 1, 6),
    ),
    drop,
    state ? costOf(state) : h("span", { class: "cost" }),
  );
}
