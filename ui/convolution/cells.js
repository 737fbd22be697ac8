import { fixed, hatch, s, say, text } from "../lab/lab.js";
import { kernelColour } from "./colours.js";
import { columnX, isSpread, rowY } from "./geometry.js";
import { droppedOf, isPool, isRead } from "./math.js";
import { leftCellOf, rightCellOf } from "./scene.js";
import { inputValues } from "./values.js";

const READABLE = 17; // pixels of a cell from which an index fits
const ROOMY = 25; // and from which the zeros of the padding do

/** The outline of one cell as a path. */
export function squarePath(grid, row, column, inset = 0.75) {
  const size = grid.size - 2 * inset;
  const r = Math.min(4, grid.size / 7);
  const x = columnX(grid, column) + inset;
  const y = rowY(grid, row) + inset;
  const side = Math.max(0, size - 2 * r);
  return `M${x + r} ${y}h${side}a${r} ${r} 0 0 1 ${r} ${r}v${side}a${r} ${r} 0 0 1 -${r} ${r}h-${side}a${r} ${r} 0 0 1 -${r} -${r}v-${side}a${r} ${r} 0 0 1 ${r} -${r}z`;
}

/** Calls `visit(row, column)` for every cell that is drawn. */
export function eachCell(grid, visit) {
  for (let row = grid.row0; row < grid.row0 + grid.rows; row++)
    for (let column = grid.column0; column < grid.column0 + grid.columns; column++) visit(row, column);
}

/** What the picture needs once: patterns and gradients. */
export function definitions() {
  const copies = hatch("hatch-copy");
  copies.firstChild.style.stroke = "var(--input)";
  const fade = (name, from, to, down = false) =>
    s(
      "linearGradient",
      { id: name, x1: 0, y1: 0, x2: down ? 0 : 1, y2: down ? 1 : 0 },
      s("stop", { offset: 0, style: `stop-color:var(--${from});stop-opacity:.12` }),
      s("stop", { offset: 1, style: `stop-color:var(--${to});stop-opacity:.45` }),
    );
  return s(
    "defs",
    {},
    hatch("hatch-pad"),
    copies,
    fade("beam-in", "weight", "weight"),
    fade("beam-out", "weight", "output"),
    fade("beam-in-down", "weight", "weight", true),
    fade("beam-out-down", "weight", "output", true),
    ...Object.entries(ENDS).map(([name, [x1, y1, x2, y2]]) =>
      s(
        "linearGradient",
        { id: `end-${name}`, x1, y1, x2, y2 },
        s("stop", { offset: 0, style: "stop-color:var(--panel);stop-opacity:0" }),
        s("stop", { offset: 1, style: "stop-color:var(--panel);stop-opacity:1" }),
      ),
    ),
  );
}

const ENDS = { left: [1, 0, 0, 0], right: [0, 0, 1, 0], top: [0, 1, 0, 0], bottom: [0, 0, 0, 1] };
const END_CELLS = 1.6; // cells over which a grid fades out where it goes on

/** Lets a grid fade out at the sides where there are more cells than are drawn. */
export function drawEnds(grid, { rows, columns }) {
  const deep = END_CELLS * grid.size;
  const [width, height] = [grid.columns * grid.size, grid.rows * grid.size];
  const sides = {
    left: grid.column0 > 0 && { x: grid.x - 1, y: grid.y, width: deep, height },
    right: grid.column0 + grid.columns < columns && {
      x: grid.x + width - deep + 1,
      y: grid.y,
      width: deep,
      height,
    },
    top: grid.row0 > 0 && { x: grid.x, y: grid.y - 1, width, height: deep },
    bottom: grid.row0 + grid.rows < rows && { x: grid.x, y: grid.y + height - deep + 1, width, height: deep },
  };
  return Object.entries(sides)
    .filter(([, place]) => place)
    .map(([name, place]) => s("rect", { ...place, fill: `url(#end-${name})` }));
}

/** One path of all cells that are alike. */
function cellsPath(grid, cells, attributes) {
  if (!cells.length) return null;
  return s("path", {
    d: cells.map(([row, column]) => squarePath(grid, row, column)).join(""),
    ...attributes,
  });
}

/** The left grid: input cells, padding, copies, zeros put between, and what nobody reads. */
export function drawLeft(scene, grid) {
  const kinds = { data: [], pad: [], copy: [], zero: [], over: [] };
  eachCell(grid, (row, column) => kinds[leftCellOf(scene, row, column).kind].push([row, column]));
  return [
    cellsPath(grid, kinds.data, { class: "cell data" }),
    cellsPath(grid, kinds.copy, { class: "cell copy", fill: "url(#hatch-copy)" }),
    cellsPath(grid, kinds.pad, { class: "cell pad", fill: "url(#hatch-pad)" }),
    cellsPath(grid, kinds.zero, { class: "cell zero" }),
    cellsPath(grid, kinds.over, { class: "cell over" }),
    ...(scene.values ? inputNumbers(scene, grid) : zerosIn(scene, grid, [...kinds.pad, ...kinds.zero])),
    ...drawUnread(scene, grid),
  ].filter(Boolean);
}

/** The number of every cell, on a tint of its size; what is padding in grey. */
function inputNumbers(scene, grid) {
  const found = [];
  const most = Math.max(1, ...inputValues(scene.state).map(Math.abs));
  eachCell(grid, (row, column) => {
    const { kind } = leftCellOf(scene, row, column);
    const value = scene.values.left(row, column);
    if (kind === "over") return;
    const filler = kind === "pad" || kind === "zero";
    if (!filler) found.push(tint(grid, row, column, "input", Math.abs(value) / most));
    if (grid.size >= READABLE)
      found.push(cellText(grid, row, column, valueText(value), filler ? "filler" : valueClass(grid, value)));
  });
  return found;
}

/** A cell filled with a share of a colour; never so much that the number on it is hard to read. */
function tint(grid, row, column, about, share) {
  const part = Math.round(52 * Math.min(1, share));
  const fill = `color-mix(in oklab, var(--${about}) ${part}%, var(--${about === "input" ? "input-wash" : "panel"}))`;
  return s("path", { class: "tint", d: squarePath(grid, row, column), style: `fill:${fill}` });
}

/** A number as it stands in a cell; nothing is −∞ to a largest. */
export function valueText(value) {
  if (value === null) return "−∞";
  return Number.isInteger(value) ? fixed(value, 0) : fixed(value, 1);
}

/** The class of a number: a small face where it would not fit. */
export function valueClass(grid, value) {
  const room = valueText(value).length * 8.2;
  return room > grid.size - 4 ? "value small" : "value";
}

function zerosIn(scene, grid, cells) {
  if (grid.size < ROOMY) return [];
  const sign = scene.state.layer === "max" ? "−∞" : "0";
  return cells.map(([row, column]) => cellText(grid, row, column, sign, "filler"));
}

/** A word in the middle of a cell. */
export function cellText(grid, row, column, words, name) {
  const half = grid.size / 2;
  return text(columnX(grid, column) + half, rowY(grid, row) + half, words, { class: `mono in-cell ${name}` });
}

/** Red dashes around the rows and columns at the end that rounding down drops, and on cells between windows. */
function drawUnread(scene, grid) {
  if (scene.time !== "right" || scene.rows.flipped || scene.refusal?.rule === "fit") return [];
  const [down, across] = [scene.rows, scene.columns].map(({ axis }) => droppedOf(axis).all);
  const found = [];
  if (down || across) {
    const end = { row: scene.rows.left - down, column: scene.columns.left - across };
    found.push(s("path", { class: "dropped", d: droppedPath(grid, end, scene) }));
  }
  const skipped = [];
  const inEnd = (row, column) => row >= scene.rows.left - down || column >= scene.columns.left - across;
  const reads = [scene.rows, scene.columns].map(({ axis, left }) =>
    Array.from({ length: left }, (_, x) => isRead(axis, x)),
  );
  eachCell(grid, (row, column) => {
    if (!inEnd(row, column) && !(reads[0][row] && reads[1][column])) skipped.push([row, column]);
  });
  const marks = skipped.map(([row, column]) => squarePath(grid, row, column, grid.size * 0.3)).join("");
  if (marks) found.push(s("path", { class: "skipped", d: marks }));
  return found;
}

/** The corner-shaped region from a row and a column on, as far as it is drawn. */
function droppedPath(grid, end, scene) {
  const right = columnX(grid, grid.column0 + grid.columns) + 2;
  const bottom = rowY(grid, grid.row0 + grid.rows) + 2;
  const x = Math.max(grid.x - 2, Math.min(right, columnX(grid, end.column) + 1));
  const y = Math.max(grid.y - 2, Math.min(bottom, rowY(grid, end.row) + 1));
  const seen = {
    right: grid.column0 + grid.columns === scene.columns.left && end.column < scene.columns.left,
    bottom: grid.row0 + grid.rows === scene.rows.left && end.row < scene.rows.left,
  };
  if (seen.right && seen.bottom) return `M${x} ${grid.y - 2}H${right}V${bottom}H${grid.x - 2}V${y}H${x}Z`;
  if (seen.right) return `M${x} ${grid.y - 2}H${right}V${bottom}H${x}Z`;
  if (seen.bottom) return `M${grid.x - 2} ${y}H${right}V${bottom}H${grid.x - 2}Z`;
  return "";
}

/** The kernel: a colour for each cell with its index, gaps where it is dilated, its extent in a bracket. */
export function drawKernel(scene, grid) {
  const { rows, columns } = scene;
  const found = [];
  const gaps = [];
  eachCell(grid, (row, column) => {
    const tap = tapAt(scene, row, column);
    if (!tap) gaps.push([row, column]);
    else {
      found.push(
        s("path", { d: squarePath(grid, row, column), class: "tap", style: `fill:${tapColour(scene, tap)}` }),
      );
      if (grid.size >= READABLE) found.push(cellText(grid, row, column, ...tapWords(scene, grid, tap)));
    }
  });
  const frame = s("rect", {
    class: scene.refusal?.rule === "fit" ? "frame refused" : "frame",
    x: grid.x - 4,
    y: grid.y - 4,
    width: grid.columns * grid.size + 8,
    height: grid.rows * grid.size + 8,
    rx: 6,
  });
  const hollow = cellsPath(grid, gaps, { class: "cell gap" });
  return [hollow, ...found, frame, ...bracket(grid, columns, rows, scene)].filter(Boolean);
}

/** What stands on a tap: its weight, else its index; a pool's has no weight. */
function tapWords(scene, grid, tap) {
  if (!scene.values || isPool(scene.state)) return [tapNumber(scene, tap), indexClass(scene, grid)];
  const weight = scene.values.weight(tap);
  return [valueText(weight), `${valueClass(grid, weight)} index`];
}

/** The class of an index: a small face where two digits must fit. */
export function indexClass(scene, grid) {
  const count = scene.rows.axis.k * scene.columns.axis.k;
  return grid.size < 22 || (count > 99 && grid.size < 30) ? "index small" : "index";
}

/** Which tap lies in a cell of the kernel's grid, or null in a gap. Turned round where the picture turns it. */
export function tapAt({ rows, columns }, row, column) {
  const along = ({ axis, span, flipped }, at) => {
    const step = isSpread(span) ? axis.d : 1;
    if (at % step) return null;
    return flipped ? axis.k - 1 - at / step : at / step;
  };
  const tap = [along(rows, row), along(columns, column)];
  return tap.includes(null) ? null : tap;
}

/** Where a tap lies in the kernel's grid: the inverse of `tapAt`. */
export function cellOfTap({ rows, columns }, [i, j]) {
  const along = ({ axis, span, flipped }, tap) =>
    (flipped ? axis.k - 1 - tap : tap) * (isSpread(span) ? axis.d : 1);
  return { row: along(rows, i), column: along(columns, j) };
}

export const tapColour = ({ rows, columns }, [i, j]) => kernelColour(i, j, rows.axis.k, columns.axis.k);
export const tapNumber = ({ columns }, [i, j]) => String(i * columns.axis.k + j);

/** How far the kernel reaches, under it, and what makes it reach that far. */
function bracket(grid, { axis, span }, rows, scene) {
  const y = grid.y + grid.rows * grid.size + 12;
  const width = grid.columns * grid.size;
  const middle = grid.x + width / 2;
  const sum = axis.d > 1 ? `${axis.d}·(${axis.k}−1)+1 = ${span}` : `k = ${axis.k}`;
  const found = [
    s("path", { class: "bracket", d: `M${grid.x} ${y}v6h${width}v-6` }),
    text(middle, y + 24, sum, { class: "mono extent", "text-anchor": "middle" }),
  ];
  if (axis.d > 1)
    found.push(text(middle, y + 41, say("effectiveSpan"), { class: "sub", "text-anchor": "middle" }));
  else if (rows.axis.d > 1 && !scene.stacked)
    found.push(
      text(middle, y + 41, say("effectiveSpanH", { n: rows.span }), {
        class: "sub",
        "text-anchor": "middle",
      }),
    );
  return found;
}

/** The right grid: output cells, and what padding cuts off the stamped canvas. */
export function drawRight(scene, grid) {
  const kinds = { out: [], cut: [] };
  eachCell(grid, (row, column) => kinds[rightCellOf(scene, row, column).kind].push([row, column]));
  return [
    cellsPath(grid, kinds.out, { class: "cell out" }),
    cellsPath(grid, kinds.cut, { class: "cell cut", fill: "url(#hatch-pad)" }),
    ...(scene.values ? outputNumbers(scene, grid, kinds.out) : []),
  ].filter(Boolean);
}

/** What comes out, on a tint of its size and sign: the largest that is drawn sets the scale. */
function outputNumbers(scene, grid, cells) {
  const values = cells.map(([row, column]) => scene.values.right(row, column).value);
  const most = Math.max(1, ...values.map(Math.abs));
  return cells.flatMap(([row, column], index) => {
    const value = values[index];
    const about = value < 0 ? "negative" : "positive";
    const found = [tint(grid, row, column, about, Math.abs(value) / most)];
    if (grid.size >= READABLE)
      found.push(cellText(grid, row, column, valueText(value), valueClass(grid, value)));
    return found;
  });
}
