import { isPool } from "./math.js";

/**
 * Whole numbers in the cells: the input's, the kernel's, and what comes out of one plane without a bias. Pure; a test
 * compares it with torch.
 */

export const MOST_CELLS = 256; // cells of an input that can be set one by one

/** Pictures to put into the input: a value from 0 to 9 for every cell of height × width. */
export const PATTERNS = {
  ring(row, column, height, width) {
    const distance = Math.hypot(row - (height - 1) / 2, column - (width - 1) / 2);
    const radius = Math.max(1, Math.min(height, width) * 0.36);
    return Math.max(0, Math.round(9 - 6 * Math.abs(distance - radius)));
  },
  edge: (_row, column, _height, width) => (column < width / 2 ? 0 : 9),
  spot: (row, column, height, width) =>
    row === Math.floor((height - 1) / 2) && column === Math.floor((width - 1) / 2) ? 9 : 0,
  ramp: (_row, column) => column % 10,
  checks: (row, column) => ((row + column) % 2 ? 9 : 0),
};

/** Kernels of any size, as whole numbers. */
export const FILTERS = {
  edge: (i, j, rows, columns) => (isMiddle(i, j, rows, columns) ? rows * columns - 1 : -1),
  vertical: (_i, j, _rows, columns) => (columns > 1 && j === 0 ? -1 : j === columns - 1 ? 1 : 0),
  blur: () => 1,
  sharpen(i, j, rows, columns) {
    if (isMiddle(i, j, rows, columns)) return 5;
    const [down, across] = [i - Math.floor(rows / 2), j - Math.floor(columns / 2)].map(Math.abs);
    return down + across === 1 ? -1 : 0;
  },
  identity: (i, j, rows, columns) => (isMiddle(i, j, rows, columns) ? 1 : 0),
};

function isMiddle(i, j, rows, columns) {
  return i === Math.floor(rows / 2) && j === Math.floor(columns / 2);
}

/** The input's height and width; 1 × width with one axis. */
const inputSides = (state) => [state.axes === 1 ? 1 : state.size[0], state.size[1]];
const kernelSides = (state) => [state.axes === 1 ? 1 : state.kernel[0], state.kernel[1]];

/** All cells of the input in rows: what the person has set, or the chosen picture. */
export const inputValues = (state) => filled(state.cells, inputSides(state), PATTERNS[state.pattern]);

/** All weights in rows: what the person has set, or the chosen kernel. */
export const weightValues = (state) => filled(state.weights, kernelSides(state), FILTERS[state.filter]);

function filled(own, [rows, columns], rule) {
  if (own.length === rows * columns) return own;
  return Array.from({ length: rows * columns }, (_, at) =>
    rule(Math.floor(at / columns), at % columns, rows, columns),
  );
}

/** Fields of a state in which one cell of the input has another value; null where there are too many to keep. */
export function withCell(state, [row, column], value) {
  const [rows, columns] = inputSides(state);
  if (rows * columns > MOST_CELLS) return null;
  return { cells: replaced(inputValues(state), row * columns + column, value) };
}

/** Fields of a state in which one weight has another value. */
export function withWeight(state, [i, j], value) {
  return { weights: replaced(weightValues(state), i * kernelSides(state)[1] + j, value) };
}

const replaced = (list, at, value) => list.map((old, index) => (index === at ? value : old));

/**
 * The numbers of a scene: `left(row, column)` of a cell of the left grid (null where torch reads nothing: over the end,
 * and in the padding of a largest), `weight([i, j])`, and `right(row, column)` of a cell of the right grid with its
 * terms: { value, terms: [{ x, w }], divisor }.
 */
export function valuesOf(scene) {
  const { state, rows, columns } = scene;
  const input = inputValues(state);
  const weights = weightValues(state);
  const width = inputSides(state)[1];
  const taps = kernelSides(state)[1];

  function left(row, column) {
    const [down, across] = [rows.leftCell(row), columns.leftCell(column)];
    if (down.kind === "over" || across.kind === "over") return null;
    if (down.source === null || across.source === null) return state.layer === "max" ? null : 0;
    return input[down.source * width + across.source];
  }

  const weight = ([i, j]) => weights[i * taps + j];

  function right(row, column) {
    const terms = [];
    for (const r of rows.byRight[row])
      for (const c of columns.byRight[column]) {
        const x = left(r.x, c.x);
        if (x !== null) terms.push({ x, w: weight([r.j, c.j]), tap: [r.j, c.j] });
      }
    return resultOf(state, terms, () => divisorOf(scene, row, column));
  }

  return { left, weight, right };
}

/** What a layer makes of the numbers under a window. */
function resultOf(state, terms, divisor) {
  if (state.layer === "max") return { value: Math.max(...terms.map(({ x }) => x)), terms, divisor: 1 };
  if (!isPool(state)) return { value: terms.reduce((sum, { x, w }) => sum + x * w, 0), terms, divisor: 1 };
  const by = divisor();
  return { value: terms.reduce((sum, { x }) => sum + x, 0) / by, terms, divisor: by };
}

/** What a mean is divided by: the cells of its window up to the end of the padding, or only those of the input. */
function divisorOf({ state, rows, columns }, row, column) {
  const along = (relation, at) =>
    relation.byRight[at].filter(({ x }) => {
      const { kind } = relation.leftCell(x);
      return state.count_include_pad ? kind !== "over" : kind === "data";
    }).length;
  return along(rows, row) * along(columns, column);
}

/** Whether a place can be set by hand: an input cell, or a weight. */
export function editableOf(scene, place) {
  if (!scene.values || !place) return null;
  const { state, rows, columns } = scene;
  if (place.grid === "kernel") return isPool(state) ? null : { weight: [place.row, place.column] };
  if (place.grid !== "left") return null;
  const [down, across] = [rows.leftCell(place.row), columns.leftCell(place.column)];
  const isInput = down.kind === "data" && across.kind === "data";
  return isInput && inputValues(state).length <= MOST_CELLS ? { cell: [down.source, across.source] } : null;
}
