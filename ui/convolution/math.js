/**
 * Sizes, counts and refusals of one layer. Pure; a test holds every number equal to netlib's.
 *
 * An axis is { n, k, s, d, left, right, op, ceil }: cells, kernel, stride, dilation, padding on both sides, output
 * padding, rounding. A state is the page's, see state.py; its sizes are pairs [H, W].
 */

export const isPool = (state) => state.layer === "max" || state.layer === "average";
export const isTransposed = (state) => state.layer === "transposed";
export const hasWeights = (state) => !isPool(state);

/** The axes' names, the one that a one-dimensional layer lacks left out. */
export const axisNames = (state) => (state.axes === 1 ? ["L"] : ["H", "W"]);

/** Which entries of a pair count: both, or the second alone. */
export const axisIndices = (state) => (state.axes === 1 ? [1] : [0, 1]);

const NO_AXIS = { n: 1, k: 1, s: 1, d: 1, left: 0, right: 0, op: 0, ceil: false };

/** One axis of a state, 0 for H and 1 for W. H of a one-dimensional layer is a single cell. */
export function axisOf(state, index) {
  if (state.axes === 1 && index === 0) return NO_AXIS;
  const axis = {
    n: state.size[index],
    k: state.kernel[index],
    s: state.stride[index],
    d: state.layer === "average" ? 1 : state.dilation[index],
    left: state.padding[index],
    right: state.padding[index],
    op: isTransposed(state) ? state.output_padding[index] : 0,
    ceil: isPool(state) && state.ceil_mode,
  };
  if (state.layer === "conv" && state.pad !== "number") {
    const total = state.pad === "same" ? axis.d * (axis.k - 1) : 0;
    axis.left = Math.floor(total / 2);
    axis.right = total - axis.left;
  }
  return axis;
}

/** Cells from the first to the last that a window reads. */
export const spanOf = ({ k, d }) => d * (k - 1) + 1;

/** Cells of the input with its padding. */
export const paddedSize = ({ n, left, right }) => n + left + right;

/** How often the window can move, before rounding. */
export const stepsOf = (axis) => (paddedSize(axis) - spanOf(axis)) / axis.s;

/** Windows along an axis; less than 1 where the window does not fit. */
export function sweptSize(axis) {
  const steps = stepsOf(axis);
  if (!axis.ceil) return Math.floor(steps) + 1;
  return isLastCut(axis) ? Math.ceil(steps) : Math.ceil(steps) + 1;
}

/** Whether rounding up would start a window in the padding at the end, which PyTorch leaves out. */
export function isLastCut(axis) {
  return axis.ceil && Math.ceil(stepsOf(axis)) * axis.s >= axis.n + axis.left;
}

/** Cells of the output of a transposed layer. */
export function spreadSize({ n, k, s, d, left, op }) {
  return (n - 1) * s - 2 * left + d * (k - 1) + op + 1;
}

/** Output cells along an axis of a state. */
export function outputSize(state, index) {
  const axis = axisOf(state, index);
  return isTransposed(state) ? spreadSize(axis) : sweptSize(axis);
}

/** Height and width of the output. */
export const outputSizes = (state) => [outputSize(state, 0), outputSize(state, 1)];

/** Cells at the end that no window reads because the size is rounded down: { all, input }, input without padding. */
export function droppedOf(axis) {
  const read = (sweptSize(axis) - 1) * axis.s + spanOf(axis);
  return {
    all: Math.max(0, paddedSize(axis) - read),
    input: Math.max(0, axis.n + axis.left - read),
  };
}

/** Input cells between windows, or between the taps of a dilated kernel, that nobody reads; the end not counted. */
export function skippedOf(axis) {
  const end = (sweptSize(axis) - 1) * axis.s + spanOf(axis);
  let count = 0;
  for (let x = axis.left; x < Math.min(axis.left + axis.n, end); x++) if (!isRead(axis, x)) count++;
  return count;
}

/** Whether some window reads a cell of the padded input. */
export function isRead(axis, x) {
  const windows = sweptSize(axis);
  for (let j = 0; j < axis.k; j++) {
    const o = (x - j * axis.d) / axis.s;
    if (o >= 0 && o < windows && Number.isInteger(o)) return true;
  }
  return false;
}

/** Which input cell a cell of the padded input holds; null for zeros. */
export function sourceOf(axis, x, mode) {
  const i = x - axis.left;
  if (i >= 0 && i < axis.n) return i;
  if (x < 0 || x >= paddedSize(axis)) return null; // over the end, where only rounding up leads
  if (mode === "reflect") return i < 0 ? -i : 2 * (axis.n - 1) - i;
  if (mode === "replicate") return i < 0 ? 0 : axis.n - 1;
  if (mode === "circular") return ((i % axis.n) + axis.n) % axis.n;
  return null;
}

/** How the padding of a state is filled; only convolutions have a choice. */
export const paddingMode = (state) => (state.layer === "conv" ? state.padding_mode : "zeros");

/** Channels that one filter sees. */
export const channelsPerGroup = (state) => state.channels / state.groups;

/** Weights of the layer, biases apart. */
export function weightCount(state) {
  if (isPool(state)) return 0;
  const kernel = axisIndices(state).reduce((product, index) => product * state.kernel[index], 1);
  return ((state.channels * state.filters) / state.groups) * kernel;
}

/** Parameters of the layer. */
export const paramCount = (state) =>
  isPool(state) ? 0 : weightCount(state) + (state.bias ? state.filters : 0);

/** Cells that every weight is multiplied with: the output's, or for a transposed layer the input's. */
export function placesOf(state) {
  const sizes = isTransposed(state) ? state.size : outputSizes(state);
  return axisIndices(state).map((index) => sizes[index]);
}

/** Multiply-accumulates for one sample. */
export const macCount = (state) =>
  placesOf(state).reduce((product, size) => product * size, weightCount(state));

/** Channels of the output. */
export const outputChannels = (state) => (isPool(state) ? state.channels : state.filters);

/** The output's shape, without the batch axis. */
export function outputShape(state) {
  const sizes = outputSizes(state);
  return [outputChannels(state), ...axisIndices(state).map((index) => sizes[index])];
}

/** The input's shape, without the batch axis. */
export const inputShape = (state) => [
  state.channels,
  ...axisIndices(state).map((index) => state.size[index]),
];

/** Common divisors of both channel counts: the groups there can be. */
export function groupChoices(state) {
  const most = Math.min(state.channels, state.filters);
  const found = [];
  for (let g = 1; g <= most; g++) if (state.channels % g === 0 && state.filters % g === 0) found.push(g);
  return found;
}

/** Why PyTorch would refuse the layer: { rule, field, ...values }, or null. */
export function refusalOf(state) {
  if (isPool(state)) return poolRefusal(state) ?? fitRefusal(state);
  if (isTransposed(state)) return groupRefusal(state) ?? spreadRefusal(state);
  return groupRefusal(state) ?? sameRefusal(state) ?? modeRefusal(state) ?? fitRefusal(state);
}

function groupRefusal({ channels, filters, groups }) {
  for (const [which, n] of [
    ["channels", channels],
    ["filters", filters],
  ])
    if (n % groups) return { rule: "groups", field: "groups", which, n, g: groups };
  return null;
}

function sameRefusal(state) {
  const strides = axisIndices(state).map((index) => state.stride[index]);
  if (state.pad !== "same" || strides.every((stride) => stride === 1)) return null;
  return { rule: "same", field: "padding", s: strides.join(", ") };
}

function modeRefusal(state) {
  if (state.padding_mode !== "reflect" && state.padding_mode !== "circular") return null;
  return firstAlong(state, ({ n, right }) => {
    if (state.padding_mode === "reflect" && right >= n)
      return { rule: "reflect", field: "padding", p: right, n };
    if (state.padding_mode === "circular" && right > n)
      return { rule: "circular", field: "padding", p: right, n };
    return null;
  });
}

function poolRefusal(state) {
  return firstAlong(state, ({ k, left }) =>
    left > Math.floor(k / 2) ? { rule: "half", field: "padding", p: left, k, most: Math.floor(k / 2) } : null,
  );
}

function fitRefusal(state) {
  return firstAlong(state, (axis) => {
    const need = spanOf(axis);
    const have = paddedSize(axis);
    return sweptSize(axis) < 1 ? { rule: "fit", field: "kernel", need, have, k: axis.k, d: axis.d } : null;
  });
}

function spreadRefusal(state) {
  return firstAlong(state, (axis) => {
    const { s, d, op, left } = axis;
    if (op >= s && op >= d) return { rule: "outputPadding", field: "output_padding", op, s, d };
    const o = spreadSize(axis);
    return o < 1 ? { rule: "nothingLeft", field: "padding", p: left, o } : null;
  });
}

/** The first refusal that `check` finds along the axes, with the axis' name. */
function firstAlong(state, check) {
  const names = axisNames(state);
  for (const [place, index] of axisIndices(state).entries()) {
    const found = check(axisOf(state, index));
    if (found) return { ...found, axis: names[place] };
  }
  return null;
}
