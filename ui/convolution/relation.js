import { axisOf, isTransposed, paddedSize, sourceOf, spanOf, spreadSize, sweptSize } from "./math.js";

/**
 * Which cells belong together along one axis: triples { x, j, o } of a cell of the left grid, a cell of the kernel and a
 * cell of the right grid. Two axes are two relations, and a pair of cells belongs together when it does along both.
 *
 * * convolution and pooling: x counts the padded input from its first padding cell, o the output
 * * transposed as a scatter: x counts the input, o the canvas that the kernels are stamped on; padding cuts its edges off
 * * transposed with zeros between: x counts the input with zeros inserted and around it, o the output
 *
 * `time` is the side on which a window is one cell: "right" where windows are read, "left" where kernels are stamped.
 */
export function relationOf(state, index) {
  const axis = axisOf(state, index);
  if (!isTransposed(state)) return readRelation(axis, state);
  return state.spread === "scatter" ? stampRelation(axis) : insertRelation(axis);
}

function readRelation(axis, state) {
  const windows = sweptSize(axis);
  const padded = paddedSize(axis);
  // Rounding up may let the last window hang over the end.
  const left = Math.max(padded, (windows - 1) * axis.s + spanOf(axis));
  const mode = state.layer === "conv" ? state.padding_mode : "zeros";
  return complete({
    axis,
    time: "right",
    left,
    right: windows,
    step: axis.s,
    tap: (o, j) => o * axis.s + j * axis.d,
    leftCell(x) {
      const source = sourceOf(axis, x, mode);
      const inside = x >= axis.left && x < axis.left + axis.n;
      if (inside) return { kind: "data", source };
      if (x >= padded) return { kind: "over", source: null };
      return { kind: source === null ? "pad" : "copy", source };
    },
    rightCell: (o) => ({ kind: "out", index: o }),
  });
}

function stampRelation(axis) {
  const stamped = (axis.n - 1) * axis.s + spanOf(axis);
  const output = spreadSize(axis);
  const canvas = Math.max(stamped, axis.left + output);
  return complete({
    axis,
    time: "left",
    left: axis.n,
    right: canvas,
    step: axis.s,
    tap: (x, j) => x * axis.s + j * axis.d,
    leftCell: (x) => ({ kind: "data", source: x }),
    rightCell(o) {
      const inside = o >= axis.left && o < axis.left + output;
      return inside ? { kind: "out", index: o - axis.left } : { kind: "cut", index: null };
    },
  });
}

function insertRelation(axis) {
  const around = spanOf(axis) - 1 - axis.left; // negative where padding cuts into the input itself
  const output = spreadSize(axis);
  const left = Math.max(0, output - 1 + spanOf(axis));
  return complete({
    axis,
    time: "right",
    left,
    right: output,
    step: 1,
    tap: (o, j) => o + (axis.k - 1 - j) * axis.d, // the kernel is turned round
    flipped: true,
    leftCell(x) {
      const at = x - around;
      const last = (axis.n - 1) * axis.s;
      if (at < 0 || at > last) return { kind: "pad", source: null };
      return at % axis.s === 0 ? { kind: "data", source: at / axis.s } : { kind: "zero", source: null };
    },
    rightCell: (o) => ({ kind: "out", index: o }),
  });
}

/** Adds the triples, by each of the three cells they join. */
function complete(relation) {
  const { axis, tap, time } = relation;
  const windows = Math.max(0, time === "right" ? relation.right : relation.left);
  const byLeft = lists(relation.left);
  const byRight = lists(relation.right);
  const byTap = lists(axis.k);
  for (let w = 0; w < windows; w++)
    for (let j = 0; j < axis.k; j++) {
      const other = tap(w, j);
      const triple = time === "right" ? { x: other, j, o: w } : { x: w, j, o: other };
      byLeft[triple.x]?.push(triple);
      byRight[triple.o]?.push(triple);
      byTap[j].push(triple);
    }
  return { ...relation, windows, span: spanOf(axis), byLeft, byRight, byTap };
}

const lists = (count) => Array.from({ length: Math.max(0, count) }, () => []);

/** All left cells that hold the same input cell as `x`: itself, and its copies in the padding. */
export function twinsOf(relation, x) {
  const { source } = relation.leftCell(x);
  if (source === null) return [x];
  const found = [];
  for (let other = 0; other < relation.left; other++)
    if (relation.leftCell(other).source === source) found.push(other);
  return found;
}

/** The triples of a left cell along one axis, through its copies too. */
export const usesOf = (relation, x) => twinsOf(relation, x).flatMap((twin) => relation.byLeft[twin]);

/** Right cells of a relation that stand for the output, as pairs of cell and output index. */
export function outputCells(relation) {
  const found = [];
  for (let o = 0; o < relation.right; o++) {
    const { kind, index } = relation.rightCell(o);
    if (kind === "out") found.push([o, index]);
  }
  return found;
}
