import { cropOf } from "./crop.js";
import { gridsOf, isSpread } from "./geometry.js";
import { refusalOf } from "./math.js";
import { relationOf, usesOf } from "./relation.js";
import { valuesOf } from "./values.js";

const MOST = 22; // cells of the longer side that are drawn along an axis
const FEWER = 18; // and of the other

/**
 * What a picture shows of a state, without where: the relations along both axes and which side tells the time.
 *
 * `values` are the numbers in the cells, where the view shows them. A place is { grid: "left" | "kernel" | "right", row, column }.
 */
export function sceneOf(state) {
  const rows = relationOf(state, 0);
  const columns = relationOf(state, 1);
  const scene = {
    state,
    rows,
    columns,
    time: rows.time,
    refusal: refusalOf(state),
    stacked: state.axes === 1,
    windows: rows.windows * columns.windows,
    other: rows.time === "right" ? "left" : "right",
    values: null,
  };
  if (state.view === "values" && !scene.refusal) scene.values = valuesOf(scene);
  return scene;
}

/** The window that is shown where nothing else is pointed at: `at`, kept within the picture. */
export function windowOf({ state, rows, columns, time }) {
  const row = Math.max(0, Math.min(state.at[0], rows.windows - 1));
  const column = Math.max(0, Math.min(state.at[1], columns.windows - 1));
  return { grid: time, row, column };
}

/** The number of a window in the order in which they are visited. */
export const numberOf = ({ columns }, { row, column }) => row * columns.windows + column;

/** The window of a number. */
export function placeOf({ columns }, number) {
  return { row: Math.floor(number / columns.windows), column: number % columns.windows };
}

/**
 * The grids of a picture of width × height.
 *
 * The grid under the pointer stays where it is; the others turn to what belongs to the place pointed at.
 *
 * @param {object} window of `windowOf`
 * @param {object | null} pointed the place pointed at, if any
 */
export function layOut(scene, window, pointed, width, height) {
  const along = (relation, axis) => {
    const at = focusOf(relation, scene, window, pointed, axis);
    const most = {
      left: scene.time === "right" ? MOST : FEWER,
      right: scene.time === "right" ? FEWER : MOST,
    };
    return {
      left: cropOf(relation.left, most.left, at.left),
      right: cropOf(relation.right, most.right, at.right),
      kernel: [0, isSpread(relation.span) ? relation.span : relation.axis.k],
    };
  };
  const vertical = along(scene.rows, "row");
  const horizontal = along(scene.columns, "column");
  const counts = (name) => ({
    row0: vertical[name][0],
    rows: Math.max(vertical[name][1], scene.refusal ? 1 : 0),
    column0: horizontal[name][0],
    columns: Math.max(horizontal[name][1], scene.refusal ? 1 : 0),
  });
  const grids = { left: counts("left"), kernel: counts("kernel"), right: counts("right") };
  return gridsOf(grids, width, height, scene.stacked);
}

/** [first, count] of the cells that must be seen along an axis, on both sides. */
function focusOf(relation, scene, window, pointed, axis) {
  const span = [relation.tap(window[axis], 0), relation.tap(window[axis], relation.axis.k - 1)];
  const reach = [Math.min(...span), relation.span];
  const shown =
    scene.time === "right"
      ? { left: reach, right: [window[axis], 1] }
      : { left: [window[axis], 1], right: reach };
  if (!pointed || pointed.grid === "kernel") return shown;
  const [far, key] = pointed.grid === "left" ? ["right", "o"] : ["left", "x"];
  const triples = pointed.grid === "left" ? usesOf(relation, pointed[axis]) : relation.byRight[pointed[axis]];
  if (!triples?.length) return shown;
  const cells = triples.map((triple) => triple[key]);
  const first = Math.min(...cells);
  return { ...shown, [far]: [first, Math.max(...cells) - first + 1] };
}

/**
 * What lights up for a place: which cells of the left and right grid with which tap, and which taps.
 *
 * @returns {{left: Map, right: Map, taps: Set, now: object}} maps from "row,column" to [tap row, tap column]
 */
export function litBy(scene, place) {
  const { rows, columns } = scene;
  const lit = { left: new Map(), right: new Map(), taps: new Set(), now: place };
  const [down, across] = triplesOf(rows, columns, place);
  for (const r of down)
    for (const c of across) {
      const tap = [r.j, c.j];
      lit.taps.add(`${r.j},${c.j}`);
      if (place.grid !== "left") keepFirst(lit.left, r.x, c.x, tap);
      if (place.grid !== "right") keepFirst(lit.right, r.o, c.o, tap);
    }
  return lit;
}

function triplesOf(rows, columns, { grid, row, column }) {
  if (grid === "left") return [usesOf(rows, row), usesOf(columns, column)];
  if (grid === "right") return [rows.byRight[row] ?? [], columns.byRight[column] ?? []];
  return [rows.byTap[row] ?? [], columns.byTap[column] ?? []];
}

function keepFirst(map, row, column, tap) {
  const key = `${row},${column}`;
  if (!map.has(key)) map.set(key, tap);
}

/** Row and column behind a key of `litBy`. */
export const cellOf = (key) => key.split(",").map(Number);

/** What a cell of the left grid is: "data", "pad", "copy", "zero" or "over", and the input cell it holds. */
export function leftCellOf({ rows, columns }, row, column) {
  const down = rows.leftCell(row);
  const across = columns.leftCell(column);
  const kinds = [down.kind, across.kind];
  const source = down.source === null || across.source === null ? null : [down.source, across.source];
  return { kind: ["over", "pad", "zero", "copy"].find((kind) => kinds.includes(kind)) ?? "data", source };
}

/** What a cell of the right grid is: "out" with its indices in the output, or "cut". */
export function rightCellOf({ rows, columns }, row, column) {
  const down = rows.rightCell(row);
  const across = columns.rightCell(column);
  if (down.kind === "cut" || across.kind === "cut") return { kind: "cut", index: null };
  return { kind: "out", index: [down.index, across.index] };
}
