import { axisOf, isTransposed, macCount, outputShape, outputSizes, paramCount, refusalOf } from "./math.js";

/** Layers in a row: the page's own, and up to four convolutions behind it. Pure; a test compares it with netlib. */

export const MOST_BEHIND = 4;
const NUMBERS = 4; // a layer behind is its kernel, stride, padding and dilation, the same along all axes

/** The layers behind as objects. */
export function layersBehind({ stack }) {
  const count = Math.min(MOST_BEHIND, Math.floor(stack.length / NUMBERS));
  return Array.from({ length: count }, (_, index) => {
    const [kernel, stride, padding, dilation] = stack.slice(index * NUMBERS, (index + 1) * NUMBERS);
    return {
      kernel: Math.max(1, kernel),
      stride: Math.max(1, stride),
      padding,
      dilation: Math.max(1, dilation),
    };
  });
}

/** The field of a state that holds these layers. */
export function stackOf(layers) {
  return {
    stack: layers.flatMap(({ kernel, stride, padding, dilation }) => [kernel, stride, padding, dilation]),
  };
}

/** Every layer of the row as a state of its own; ends with the first that PyTorch refuses. */
export function layerStates(state) {
  const found = [state];
  for (const { kernel, stride, padding, dilation } of layersBehind(state)) {
    const before = found.at(-1);
    if (refusalOf(before)) return found;
    const pair = (value) => [value, value];
    found.push({
      ...state,
      layer: "conv",
      channels: outputShape(before)[0],
      filters: outputShape(before)[0],
      size: outputSizes(before),
      kernel: pair(kernel),
      stride: pair(stride),
      padding: pair(padding),
      dilation: pair(dilation),
      pad: "number",
      padding_mode: "zeros",
      groups: 1,
    });
  }
  return found;
}

/** Why the row cannot run: the first layer's refusal, with its place; null where it can. */
export function stackRefusal(state) {
  const layers = layerStates(state);
  const refusal = refusalOf(layers.at(-1));
  return refusal && { ...refusal, place: layers.length };
}

/** Parameters and MACs of the whole row. */
export function stackCosts(state) {
  const layers = layerStates(state);
  const sum = (count) => layers.reduce((total, layer) => total + count(layer), 0);
  return { params: sum(paramCount), macs: sum(macCount) };
}

/** The cells of a layer's input that some cells of its output depend on, along an axis; may lie over the borders. */
export function backThrough(state, index, cells) {
  const { k, s, d, left } = axisOf(state, index);
  const found = new Set();
  for (const cell of cells)
    for (let j = 0; j < k; j++) {
      const source = isTransposed(state) ? (cell + left - j * d) / s : cell * s - left + j * d;
      if (Number.isInteger(source)) found.add(source);
    }
  return found;
}

/**
 * The receptive field of a unit: for the unit's own map and every map before it, the input last, the stretch [first,
 * last] along an axis; [0, -1] where it depends on nothing.
 */
export function fieldOf(layers, depth, index, unit) {
  let cells = new Set([unit]);
  const found = [[unit, unit]];
  for (let at = depth - 1; at >= 0; at--) {
    cells = backThrough(layers[at], index, cells);
    found.push(cells.size ? [Math.min(...cells), Math.max(...cells)] : [0, -1]);
  }
  return found;
}

/** The size of the widest field and the input cells between neighbours, behind every layer, along an axis. */
export function reachesOf(layers, index) {
  let jump = 1;
  return layers.map((layer, place) => {
    const { s } = axisOf(layer, index);
    jump = isTransposed(layer) ? jump / s : jump * s;
    const period = isTransposed(layers[0]) ? axisOf(layers[0], index).s : 1;
    const sizes = Array.from({ length: period }, (_, unit) => {
      const [first, last] = fieldOf(layers, place + 1, index, unit).at(-1);
      return last - first + 1;
    });
    return { size: Math.max(...sizes), jump };
  });
}
