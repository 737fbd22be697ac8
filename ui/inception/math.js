/**
 * An Inception module counted: branches, their layers, sizes and costs, per sample. Pure; a test holds it equal to
 * netlib, which counts the settled state.
 */

const LANES = { paper: ["one", "three", "five", "pool"], lecture: ["one", "five", "three", "pool"] };
const NUMBER = 4; // bytes of a float32
const INDEX = 8; // bytes of an int64: max pooling keeps where each maximum lay

/** The names of the branches in the order in which concat joins them. */
export const laneNames = (state) => LANES[state.form];

/** One side of the comparison, "with" or "without" the 1×1 layers: its branches, and their sums. */
export function moduleOf(state, side) {
  const lanes = laneNames(state).map((name) => laneOf(state, side, name));
  const sum = (key) => lanes.reduce((total, lane) => total + lane[key], 0);
  const ok = lanes.every((lane) => lane.size === lanes[0].size && lane.size > 0);
  return {
    lanes,
    ok,
    params: sum("params"),
    macs: sum("macs"),
    memory: sum("memory"),
    channels: ok ? sum("channels") : 0,
    size: lanes[0].size,
  };
}

/** One branch. Where a window does not fit into its input, the branch ends above it: its size is 0. */
export function laneOf(state, side, name) {
  const layers = [];
  let flow = { channels: state.channels, size: state.size };
  for (const plan of planOf(state, side, name)) {
    const layer = layerOf(plan, flow);
    if (layer.size < 1) {
      flow = { channels: 0, size: 0 };
      break;
    }
    layers.push(layer);
    flow = { channels: layer.to, size: layer.size };
  }
  const sum = (key) => layers.reduce((total, layer) => total + layer[key], 0);
  return {
    name,
    layers,
    channels: flow.channels,
    size: flow.size,
    params: sum("params"),
    macs: sum("macs"),
    memory: memoryOf(layers, state.form === "paper"),
  };
}

/** What a branch is made of: [{ kind, kernel, padding, to }]. */
function planOf(state, side, name) {
  const conv = (kernel, padding, to) => ({ kind: "conv", kernel, padding, to });
  const reduction = reductionOf(state, side, name);
  const first = reduction === null ? [] : [conv(1, 0, reduction)];
  if (name === "one") return [conv(1, 0, state.out1)];
  if (name === "five") return [...first, conv(5, state.pad5, state.out5)];
  if (name === "pool") {
    const kind = state.form === "paper" ? "max" : "average";
    return [{ kind, kernel: 3, padding: state.pad_pool, to: state.channels }, ...first];
  }
  const window = conv(3, state.pad3, state.out3);
  return state.form === "lecture" ? [...first, window, window] : [...first, window];
}

/** The filters of a branch's own 1×1 layer; null where it has none. */
export function reductionOf(state, side, name) {
  const full = side === "with";
  if (name === "three") return full && state.reduces3 ? state.red3 : null;
  if (name === "five") return full && state.reduces5 ? state.red5 : null;
  if (name === "pool") return state.projects && (full || state.match) ? state.proj : null;
  return null;
}

function layerOf({ kind, kernel, padding, to }, { channels, size }) {
  const side = size + 2 * padding - kernel + 1;
  const weights = kind === "conv" ? kernel * kernel * channels * to : 0;
  return {
    kind,
    kernel,
    from: channels,
    to,
    size: side,
    params: weights + (kind === "conv" ? to : 0),
    macs: weights * side * side,
  };
}

/**
 * Bytes that backward needs: every layer keeps its input and every ReLU its output, each tensor once and the module's
 * own input not at all.
 */
function memoryOf(layers, activates) {
  let bytes = 0;
  let isKept = true;
  let before = 0;
  for (const { kind, to, size } of layers) {
    const out = to * size * size;
    if (!isKept) bytes += NUMBER * before;
    if (kind === "max") bytes += INDEX * out;
    isKept = activates && kind === "conv";
    if (isKept) bytes += NUMBER * out;
    before = out;
  }
  return bytes;
}

/**
 * From how many filters on a 1×1 reduction no longer saves MACs: k²·Cin·Cout / (Cin + k²·Cout), for a window that keeps
 * the size. A second window behind the first costs the same either way.
 */
export function breakEven(state, name) {
  const [kernel, filters] = name === "five" ? [5, state.out5] : [3, state.out3];
  const window = kernel * kernel * filters;
  return (window * state.channels) / (state.channels + window);
}

/** The largest reduction that saves MACs. */
export function largestPaying(state, name) {
  return Math.max(1, Math.ceil(breakEven(state, name)) - 1);
}

/** How many times as much the one is as the other: [ratio ≥ 1, "fewer" | "more" | "same"] of `now` beside `before`. */
export function ratioOf(before, now) {
  if (before === now) return [1, "same"];
  return before > now ? [before / now, "fewer"] : [now / before, "more"];
}

/** Where the branches do not join: { rule: "fit" | "sizes", odd: […], size }, or null. Both sides fail alike. */
export function faultOf(state) {
  const { lanes } = moduleOf(state, "with");
  const stuck = lanes.filter((lane) => lane.size < 1);
  if (stuck.length) return { rule: "fit", odd: stuck.map((lane) => lane.name), lanes };
  const odd = lanes.filter((lane) => lane.size !== state.size).map((lane) => lane.name);
  return odd.length ? { rule: "sizes", odd, lanes } : null;
}
