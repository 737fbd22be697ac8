import { s, say, text } from "../lab/lab.js";
import {
  cellOfTap,
  cellText,
  indexClass,
  squarePath,
  tapColour,
  tapNumber,
  valueClass,
  valueText,
} from "./cells.js";
import { columnX, isDrawn, rowY } from "./geometry.js";
import { twinsOf } from "./relation.js";
import { cellOf, litBy, numberOf } from "./scene.js";

const READABLE_INDEX = 17; // pixels of a cell from which an index fits

/** Everything that moves: what a place lights up, its window, the next one, and the beams between the grids. */
export function drawOverlay(scene, grids, place) {
  const lit = litBy(scene, place);
  const shown = [
    ...trail(scene, grids, place),
    ...lights(scene, grids.left, lit.left),
    ...lights(scene, grids.right, lit.right),
  ];
  if (place.grid === "kernel") return [...shown, ...dimTaps(scene, grids.kernel, lit, place)];
  const grid = grids[place.grid];
  if (place.grid === "left") shown.push(...twins(scene, grid, place));
  if (isDrawn(grid, place.row, place.column)) shown.push(...hereMarks(scene, grid, place));
  if (place.grid !== scene.time) return [...shown, ...dimTaps(scene, grids.kernel, lit, place)];
  return [...shown, ...windowMarks(scene, grids, place)];
}

/** The place itself; where the view shows numbers, its number on top. */
function hereMarks(scene, grid, { row, column }) {
  const mark = s("path", { class: `here ${grid.name}`, d: squarePath(grid, row, column) });
  if (!scene.values || grid.size < READABLE_INDEX) return [mark];
  const value = grid.name === "left" ? scene.values.left(row, column) : scene.values.right(row, column).value;
  return [mark, cellText(grid, row, column, valueText(value), `${valueClass(grid, value)} on-mark`)];
}

/** The other cells that hold the same input cell: its copies in the padding, or what a copy was taken from. */
function twins(scene, grid, place) {
  const found = [];
  for (const row of twinsOf(scene.rows, place.row))
    for (const column of twinsOf(scene.columns, place.column))
      if (isDrawn(grid, row, column) && !(row === place.row && column === place.column))
        found.push(squarePath(grid, row, column));
  return found.length ? [s("path", { class: "twin", d: found.join("") })] : [];
}

/** Cells that windows have been through before this one. */
function trail(scene, grids, place) {
  if (place.grid !== scene.time || scene.values) return [];
  const grid = grids[scene.time];
  const until = numberOf(scene, place);
  const cells = [];
  for (let row = grid.row0; row < grid.row0 + grid.rows; row++)
    for (let column = grid.column0; column < grid.column0 + grid.columns; column++)
      if (numberOf(scene, { row, column }) < until) cells.push(squarePath(grid, row, column));
  return cells.length ? [s("path", { class: `trail ${scene.time}`, d: cells.join("") })] : [];
}

/** Cells in the colour of the tap that they meet, with its index. */
function lights(scene, grid, lit) {
  const found = [];
  for (const [key, tap] of lit) {
    const [row, column] = cellOf(key);
    if (!isDrawn(grid, row, column)) continue;
    found.push(
      s("path", { class: "lit", d: squarePath(grid, row, column), style: `fill:${tapColour(scene, tap)}` }),
    );
    if (grid.size >= READABLE_INDEX)
      found.push(cellText(grid, row, column, ...litWords(scene, grid, row, column, tap)));
  }
  return found;
}

/** What stands on a lit cell: its number where the view shows numbers, else the index of the tap it meets. */
function litWords(scene, grid, row, column, tap) {
  if (!scene.values) return [tapNumber(scene, tap), indexClass(scene, grid)];
  const value = grid.name === "left" ? scene.values.left(row, column) : scene.values.right(row, column).value;
  return [valueText(value), `${valueClass(grid, value)} index`];
}

/** Veils the taps that a place does not meet. */
function dimTaps(scene, grid, lit, place) {
  const used = place.grid === "kernel" ? new Set([`${place.row},${place.column}`]) : lit.taps;
  const veils = [];
  for (let i = 0; i < scene.rows.axis.k; i++)
    for (let j = 0; j < scene.columns.axis.k; j++) {
      if (used.has(`${i},${j}`)) continue;
      const { row, column } = cellOfTap(scene, [i, j]);
      veils.push(squarePath(grid, row, column, 0.25));
    }
  return veils.length ? [s("path", { class: "veil", d: veils.join("") })] : [];
}

/** The window, the one after it, the step between them, and the beams from one grid to the next. */
function windowMarks(scene, grids, place) {
  const wide = grids[scene.other === "left" ? "left" : "right"];
  const box = windowBox(scene, wide, place);
  const marks = beams(scene, grids, place, box);
  if (place.column + 1 < scene.columns.windows) {
    const next = windowBox(scene, wide, { ...place, column: place.column + 1 });
    marks.push(frameOf("ghost", next), ...stepArrow(scene, box, next));
  }
  marks.push(frameOf("frame", box));
  return marks;
}

/** The pixels that a window covers, as far as they are drawn. */
function windowBox(scene, grid, { row, column }) {
  const first = (relation, at) => Math.min(relation.tap(at, 0), relation.tap(at, relation.axis.k - 1));
  const [top, left] = [first(scene.rows, row), first(scene.columns, column)];
  const x = Math.max(grid.x, columnX(grid, left));
  const y = Math.max(grid.y, rowY(grid, top));
  const right = Math.min(grid.x + grid.columns * grid.size, columnX(grid, left + scene.columns.span));
  const bottom = Math.min(grid.y + grid.rows * grid.size, rowY(grid, top + scene.rows.span));
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) };
}

function frameOf(name, { x, y, width, height }) {
  return s("rect", { class: name, x, y, width, height, rx: 4 });
}

function cellBox(grid, row, column) {
  return { x: columnX(grid, column), y: rowY(grid, row), width: grid.size, height: grid.size };
}

function stepArrow(scene, box, next) {
  const y = box.y + box.height + 10;
  const end = Math.max(box.x + 8, next.x - 2);
  const words = say("strideIs", { n: scene.columns.step });
  return [
    s("path", { class: "arrow", d: `M${box.x + 3} ${y}H${end}m-5 -4l5 4l-5 4` }),
    text(end + 7, y + 4.5, words, { class: "stride" }),
  ];
}

/** From the window to the kernel and on to the one cell, in the direction in which the data flow. */
function beams(scene, grids, place, box) {
  const kernel = grids.kernel;
  const frame = {
    x: kernel.x - 4,
    y: kernel.y - 4,
    width: kernel.columns * kernel.size + 8,
    height: kernel.rows * kernel.size + 8,
  };
  const one = cellBox(grids[scene.time], place.row, place.column);
  const [from, to] = scene.time === "right" ? [box, one] : [one, box];
  const [path, way] = scene.stacked ? [downward, "-down"] : [rightward, ""];
  return [
    s("path", { class: "beam", fill: `url(#beam-in${way})`, d: path(from, frame) }),
    s("path", { class: "beam", fill: `url(#beam-out${way})`, d: path(frame, to) }),
  ];
}

function rightward(from, to) {
  const start = from.x + from.width;
  return `M${start} ${from.y}L${to.x} ${to.y}V${to.y + to.height}L${start} ${from.y + from.height}Z`;
}

function downward(from, to) {
  const start = from.y + from.height;
  return `M${from.x} ${start}L${to.x} ${to.y}H${to.x + to.width}L${from.x + from.width} ${start}Z`;
}
