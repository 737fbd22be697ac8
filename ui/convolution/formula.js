import { axisIndices, axisOf, isLastCut, isTransposed, outputSize, stepsOf } from "./math.js";

/**
 * The output size along an axis as a formula with the person's numbers: pieces { text, about, name }, where `name` is
 * what stands over a number. Pure; a test compares it with netlib's.
 */
export function formulaOf(state, index) {
  const axis = axisOf(state, index);
  const result = [value(outputSize(state, index), "output", "out"), sign(" = ")];
  if (isTransposed(state)) return [...result, ...spread(axis)];
  if (state.layer === "conv" && state.pad === "same") return [...result, value(axis.n, "input", "in")];
  return [...result, ...swept(axis)];
}

const sign = (text) => ({ text, about: "", name: "" });
const value = (number, about, name) => ({ text: String(number), about, name });

function swept(axis) {
  const [open, close] = axis.ceil ? ["⌈", "⌉"] : ["⌊", "⌋"];
  const pieces = [
    sign(`${open}(`),
    value(axis.n, "input", "in"),
    sign(" + 2·"),
    value(axis.left, "padding", "pad"),
    sign(" − "),
    value(axis.d, "weight", "dil"),
    sign("·("),
    value(axis.k, "weight", "kernel"),
    sign(" − 1) − 1) / "),
    value(axis.s, "nothing", "stride"),
    sign(`${close} + 1`),
  ];
  return isLastCut(axis) ? [...pieces, sign(" − 1")] : pieces;
}

function spread({ n, s, left, d, k, op }) {
  return [
    sign("("),
    value(n, "input", "in"),
    sign(" − 1)·"),
    value(s, "nothing", "stride"),
    sign(" − 2·"),
    value(left, "padding", "pad"),
    sign(" + "),
    value(d, "weight", "dil"),
    sign("·("),
    value(k, "weight", "kernel"),
    sign(" − 1) + "),
    value(op, "padding", "outPad"),
    sign(" + 1"),
  ];
}

/** What is rounded: the number between the brackets, and whether rounding changes it. */
export function roundedOf(state, index) {
  if (isTransposed(state) || (state.layer === "conv" && state.pad === "same")) return null;
  const axis = axisOf(state, index);
  const steps = stepsOf(axis);
  return { steps, changes: !Number.isInteger(steps), ceil: axis.ceil, cut: isLastCut(axis) };
}

/** The axes whose formulas differ: one where H and W have the same numbers. */
export function formulaAxes(state) {
  const indices = axisIndices(state);
  const same = indices.every(
    (index) => JSON.stringify(axisOf(state, index)) === JSON.stringify(axisOf(state, indices[0])),
  );
  return same ? indices.slice(0, 1) : indices;
}
