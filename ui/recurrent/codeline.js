import { directionsOf, inputSizeOf, isCell, layersOf } from "./math.js";

/** The layer as a line of PyTorch, in pieces [text, about]; a test compares it with what the program says. */
export function codeOf(state) {
  const pieces = [
    [`nn.${state.kind}${isCell(state) ? "Cell" : ""}(`, ""],
    [String(inputSizeOf(state)), "input"],
    [", ", ""],
    [String(state.hidden_size), "output"],
  ];
  for (const [name, value, about] of optionsOf(state)) pieces.push([`, ${name}=`, ""], [value, about]);
  return [...pieces, [")", ""]];
}

/** Named arguments that differ from torch's defaults, in the order in which netlib writes them. */
function optionsOf(state) {
  const found = [];
  if (layersOf(state) > 1) found.push(["num_layers", String(layersOf(state)), "weight"]);
  if (state.kind === "RNN" && state.nonlinearity !== "tanh")
    found.push(["nonlinearity", `'${state.nonlinearity}'`, "nothing"]);
  if (!state.bias) found.push(["bias", "False", "weight"]);
  if (!isCell(state) && state.batch_first) found.push(["batch_first", "True", "nothing"]);
  if (directionsOf(state) === 2) found.push(["bidirectional", "True", "nothing"]);
  return found;
}
