import { axisIndices, isPool, isTransposed } from "./math.js";
import { layerStates } from "./stack.js";

const CLASSES = { conv: "Conv", transposed: "ConvTranspose", max: "MaxPool", average: "AvgPool" };

/** The page's layers as PyTorch: one line, or a row of them in a Sequential. */
export function programOf(state) {
  const layers = state.view === "stack" ? layerStates(state) : [state];
  if (layers.length === 1) return codeOf(state);
  const lines = layers.flatMap((layer) => [["    ", ""], ...codeOf(layer), [",\n", ""]]);
  return [["nn.Sequential(\n", ""], ...lines, [")", ""]];
}

/** The layer as a line of PyTorch, in pieces [text, about]; a test compares it with the call that netlib makes. */
export function codeOf(state) {
  const kernel = sizeText(state, state.kernel);
  const pieces = [[`nn.${CLASSES[state.layer]}${state.axes}d(`, ""]];
  if (!isPool(state))
    pieces.push([String(state.channels), "input"], [", ", ""], [String(state.filters), "output"], [", ", ""]);
  pieces.push(["kernel_size=", ""], [kernel, "weight"]);
  for (const [name, value, about] of argumentsOf(state)) pieces.push([`, ${name}=`, ""], [value, about]);
  return [...pieces, [")", ""]];
}

/** Named arguments that differ from torch's defaults, in the order in which netlib writes them: [name, value, about]. */
function argumentsOf(state) {
  const found = [];
  const add = (name, value, usual, about = "nothing") => {
    if (value !== usual) found.push([name, value, about]);
  };
  const size = (name) => sizeText(state, state[name]);
  add("stride", size("stride"), isPool(state) ? size("kernel") : "1");
  add("padding", paddingOf(state), "0");
  if (isTransposed(state)) add("output_padding", size("output_padding"), "0");
  if (state.layer === "conv" || state.layer === "max") add("dilation", size("dilation"), "1", "weight");
  if (isPool(state)) addPooling(state, add);
  else addWeights(state, add, size);
  return found;
}

function addWeights(state, add, size) {
  add("groups", String(state.groups), "1", "weight");
  add("bias", state.bias ? "True" : "False", "True");
  if (isTransposed(state)) add("dilation", size("dilation"), "1", "weight");
  else add("padding_mode", `'${state.padding_mode}'`, "'zeros'");
}

function addPooling(state, add) {
  add("ceil_mode", state.ceil_mode ? "True" : "False", "False");
  if (state.layer === "average") add("count_include_pad", state.count_include_pad ? "True" : "False", "True");
}

function paddingOf(state) {
  return state.layer === "conv" && state.pad !== "number" ? `'${state.pad}'` : sizeText(state, state.padding);
}

/** One number where all axes agree, else a tuple, as Python writes it. */
function sizeText(state, pair) {
  const along = axisIndices(state).map((index) => pair[index]);
  return along.every((size) => size === along[0]) ? String(along[0]) : `(${along.join(", ")})`;
}
