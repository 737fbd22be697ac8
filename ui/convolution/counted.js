import { exact, say } from "../lab/lab.js";
import {
  axisIndices,
  axisNames,
  inputShape,
  isPool,
  isTransposed,
  macCount,
  outputShape,
  paramCount,
  placesOf,
  refusalOf,
} from "./math.js";
import { layerStates } from "./stack.js";

const BYTES = 4; // of a float32

/** What ui/lab/counts.py sends for the state, worked out under the hand; a test holds both equal. */
export function countedHere(state) {
  return state.view === "stack" ? countedRow(state) : countedLayer(state);
}

/** The same for a row of layers: what the first takes, what the last gives, and sums. */
function countedRow(state) {
  const layers = layerStates(state).map(countedLayer);
  const last = layers.at(-1);
  const sum = (name) => {
    const parts = layers.map((layer) => layer[name]).filter((part) => part.value);
    if (parts.length === 1) return parts[0];
    const value = parts.reduce((total, part) => total + part.value, 0);
    return { value, text: parts.map((part) => exact(part.value)).join(" + ") };
  };
  if (!last.output) return { ...last, input: layers[0].input };
  return { ...last, input: layers[0].input, params: sum("params"), macs: sum("macs") };
}

function countedLayer(state) {
  const axes = ["C", ...axisNames(state)].join(" × ");
  const input = { dims: inputShape(state), axes };
  if (refusalOf(state)) return { input, output: null, params: null, macs: null, memory: null };
  const dims = outputShape(state);
  return {
    input,
    output: { dims, axes },
    params: { value: paramCount(state), text: paramText(state) },
    macs: { value: macCount(state), text: macText(state) },
    memory: { value: BYTES * dims.reduce((product, size) => product * size, 1), text: memoryText(dims) },
  };
}

const productText = (numbers) => numbers.map(exact).join(" · ");

/** The factors of a weight: torch keeps (filters, channels / groups, kernel), transposed the other way round. */
function weightFactors(state) {
  const kernel = axisIndices(state).map((index) => state.kernel[index]);
  const { channels, filters, groups } = state;
  return isTransposed(state)
    ? [channels, filters / groups, ...kernel]
    : [filters, channels / groups, ...kernel];
}

function paramText(state) {
  if (isPool(state)) return "";
  const weights = productText(weightFactors(state));
  return state.bias ? `${weights} + ${exact(state.filters)}` : weights;
}

function macText(state) {
  return isPool(state) ? "" : productText([...placesOf(state), ...weightFactors(state)]);
}

function memoryText(dims) {
  return `${productText(dims)} · ${say("nBytes", { n: BYTES })}`;
}

/** The shape of the weight tensor as torch keeps it; none for pooling. */
export const weightShape = (state) => (isPool(state) ? [] : weightFactors(state));
