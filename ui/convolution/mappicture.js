import { dimensions, exact, h, hatch, s, say, selectField, setText, short, text } from "../lab/lab.js";
import { hasWeights, macCount, outputShape, paramCount } from "./math.js";
import { AXES_OF_MAP, COLOURS_OF_MAP, mapOf, valueOn } from "./tradeoff.js";

const MAP_LEFT = 92; // pixels for the upright axis
const MAP_BELOW = 58; // and for the other
const ABOUT = { macs: "compute", params: "weight", output: "output" };
const PALEST = 5; // per cent of colour in the least cell
const STRONGEST = 52; // and in the greatest: more would make the number on it hard to read

/** The map of two fields: a cell is a setting, its colour what it costs; a click takes it. */
export function makeMapPicture(bench, redraw, says) {
  const svg = s("svg", { class: "map-svg", tabindex: 0, role: "application" });
  const sentence = h("p", { class: "sentence", "aria-live": "polite" });
  const fields = makeMapFields(bench);
  const root = h("div", { class: "trade-off" }, fields.root, svg, sentence);
  const shown = { key: "", cells: [], place: null, box: null, cursor: null };

  svg.addEventListener("pointermove", (event) => move(cellUnderPointer(event, svg, shown)));
  svg.addEventListener("pointerleave", () => move(null));
  svg.addEventListener("click", (event) => take(cellUnderPointer(event, svg, shown)));
  svg.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, 0], ArrowDown: [-1, 0] }[event.key];
    if (step) move(stepOn(shown, step));
    else if (event.key === "Enter") take(shown.place);
    else return;
    event.preventDefault();
  });

  function move(place) {
    if (JSON.stringify(place) === JSON.stringify(shown.place)) return;
    shown.place = place;
    redraw();
  }

  function take(place) {
    const cell = place && shown.cells[place[0]][place[1]];
    if (cell) bench.take(cell.fields);
  }

  return {
    root,
    draw(state, kept, width, height) {
      const axes = fields.set(state);
      const key = JSON.stringify([state, kept, width, height, shown.place]);
      if (key === shown.key) return;
      shown.key = key;
      shown.cells = mapOf(state, axes.across, axes.upright, axes.colour);
      if (shown.place && !shown.cells[shown.place[0]]?.[shown.place[1]]) shown.place = null; // of a longer axis
      shown.box = boxOf(shown.cells, width, height);
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      svg.setAttribute("height", height);
      svg.replaceChildren(s("defs", {}, hatch("hatch-refused")), ...drawMap(shown, axes, state, kept));
      const words = cellWords(shown, axes, state, says);
      setText(sentence, words);
      svg.setAttribute("aria-label", words);
    },
  };
}

/** The choice of the two axes and the colour. */
function makeMapFields(bench) {
  const choice = (name, options, word) =>
    selectField({
      label: say(`${name}Field`),
      options: options.map((option) => [option, say(`${option}${word}`)]),
      value: options[0],
      settle: (option) => bench.take(swapped(bench.now, name, option)),
    });
  const across = choice("map_across", Object.keys(AXES_OF_MAP), "Field");
  const upright = choice("map_upright", Object.keys(AXES_OF_MAP), "Field");
  const colour = choice("map_colour", Object.keys(COLOURS_OF_MAP), "Colour");
  return {
    root: h("div", { class: "map-fields" }, across.root, upright.root, colour.root),
    set(state) {
      const axes = { across: state.map_across, upright: state.map_upright, colour: state.map_colour };
      across.set(axes.across);
      upright.set(axes.upright);
      // What has no weights costs nothing: its map is that of the output.
      if (!hasWeights(state)) axes.colour = "output";
      colour.set(axes.colour);
      return axes;
    },
  };
}

/** The fields for a new axis; where it is the other one already, the two change places. */
function swapped(state, name, option) {
  const other = { map_across: "map_upright", map_upright: "map_across" }[name];
  return other && state[other] === option ? { [name]: option, [other]: state[name] } : { [name]: option };
}

function boxOf(cells, width, height) {
  const [rows, columns] = [cells.length, cells[0].length];
  return {
    x: MAP_LEFT,
    y: 8,
    wide: (width - MAP_LEFT - 130) / columns,
    tall: (height - MAP_BELOW - 8) / rows,
    rows,
    columns,
  };
}

/** The cell under the pointer as [row, column], the smallest value of the upright axis being row 0, at the bottom. */
function cellUnderPointer(event, svg, { box }) {
  const place = svg.getBoundingClientRect();
  const column = Math.floor((event.clientX - place.left - box.x) / box.wide);
  const row = box.rows - 1 - Math.floor((event.clientY - place.top - box.y) / box.tall);
  return row >= 0 && column >= 0 && row < box.rows && column < box.columns ? [row, column] : null;
}

function stepOn({ place, box }, [up, right]) {
  const [row, column] = place ?? [0, 0];
  const within = (value, count) => Math.max(0, Math.min(value, count - 1));
  return [within(row + up, box.rows), within(column + right, box.columns)];
}

function cellBoxAt(box, row, column) {
  return {
    x: box.x + column * box.wide,
    y: box.y + (box.rows - 1 - row) * box.tall,
    width: Math.max(1, box.wide - 2),
    height: Math.max(1, box.tall - 2),
  };
}

function drawMap({ cells, box, place }, axes, state, kept) {
  const about = ABOUT[axes.colour];
  const found = cells.flatMap((row, y) =>
    row.flatMap((cell, x) => drawMapCell(cell, cellBoxAt(box, y, x), about)),
  );
  found.push(...axisLabels(cells, box, axes), ...mapScale(cells, box, about));
  if (kept) found.push(...mapMark(cells, box, axes, kept, "mark-a", "A"));
  found.push(...mapMark(cells, box, axes, state, "mark-now", ""));
  if (place) found.push(s("rect", { class: "mark-here", ...cellBoxAt(box, ...place), rx: 4 }));
  return found;
}

function drawMapCell(cell, place, about) {
  if (cell.refusal)
    return [s("rect", { class: "map-cell refused", ...place, rx: 4, fill: "url(#hatch-refused)" })];
  const share = Math.round(PALEST + (STRONGEST - PALEST) * cell.share);
  const fill = `color-mix(in oklab, var(--${about}) ${share}%, var(--panel))`;
  const rect = s("rect", { class: "map-cell", ...place, rx: 4, style: `fill:${fill}` });
  const words = short(cell.value);
  if (words.length * 7.2 > place.width || place.height < 16) return [rect];
  return [
    rect,
    text(place.x + place.width / 2, place.y + place.height / 2 + 4.5, words, { class: "mono map-number" }),
  ];
}

/** The cell of a state, where the map has it. */
function mapMark(cells, box, axes, state, name, word) {
  const row = cells.findIndex(([first]) => first.y === valueOn(state, axes.upright));
  const column = cells[0].findIndex((cell) => cell.x === valueOn(state, axes.across));
  if (row < 0 || column < 0) return [];
  const place = cellBoxAt(box, row, column);
  const mark = s("rect", { class: name, ...place, rx: 4 });
  return word ? [mark, text(place.x + 5, place.y + 13, word, { class: "mark-word" })] : [mark];
}

function axisLabels(cells, box, { across, upright }) {
  const bottom = box.y + box.rows * box.tall;
  const found = cells[0].map((cell, column) =>
    text(box.x + (column + 0.5) * box.wide, bottom + 16, cell.x, { class: "mono", "text-anchor": "middle" }),
  );
  cells.forEach(([cell], row) => {
    const y = box.y + (box.rows - row - 0.5) * box.tall + 4;
    found.push(text(box.x - 8, y, cell.y, { class: "mono", "text-anchor": "end" }));
  });
  const middle = box.x + (box.columns * box.wide) / 2;
  found.push(
    text(middle, bottom + 40, say(`${across}Field`), { class: "axis-name", "text-anchor": "middle" }),
  );
  found.push(text(2, box.y + 12, say(`${upright}Field`), { class: "axis-name" }));
  return found;
}

/** The scale: powers between the least and the most, with both at its ends. */
function mapScale(cells, box, about) {
  const values = cells
    .flat()
    .filter(({ value }) => value > 0)
    .map(({ value }) => value);
  if (!values.length) return [];
  const x = box.x + box.columns * box.wide + 20;
  const steps = 24;
  const tall = Math.min(160, box.rows * box.tall);
  const found = Array.from({ length: steps }, (_, step) => {
    const share = Math.round(PALEST + ((STRONGEST - PALEST) * (steps - 1 - step)) / (steps - 1));
    const fill = `color-mix(in oklab, var(--${about}) ${share}%, var(--panel))`;
    return s("rect", {
      x,
      y: box.y + (step * tall) / steps,
      width: 12,
      height: tall / steps + 0.5,
      style: `fill:${fill}`,
    });
  });
  found.push(text(x + 18, box.y + 11, short(Math.max(...values)), { class: "mono" }));
  found.push(text(x + 18, box.y + tall - 2, short(Math.min(...values)), { class: "mono" }));
  found.push(
    s("rect", {
      class: "map-cell refused",
      x,
      y: box.y + tall + 14,
      width: 12,
      height: 12,
      fill: "url(#hatch-refused)",
    }),
  );
  found.push(text(x + 18, box.y + tall + 24, say("refusedCell")));
  return found;
}

function cellWords({ cells, place }, axes, state, says) {
  if (!place) return say("mapSays");
  const cell = cells[place[0]][place[1]];
  const at = `${say(`${axes.upright}Field`)} ${cell.y}, ${say(`${axes.across}Field`)} ${cell.x}`;
  if (cell.refusal) return `${at}: ${says(cell.refusal)}`;
  const costs = { params: exact(paramCount(cell.setting)), macs: exact(macCount(cell.setting)) };
  const shape = dimensions(outputShape(cell.setting));
  return `${at}: ${shape}${hasWeights(state) ? `, ${say("offerCosts", costs)}` : ""}`;
}
