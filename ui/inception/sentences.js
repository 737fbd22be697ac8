import { exact, fixed, say } from "../lab/lab.js";

const UNITS = [
  ["T", 1e12],
  ["G", 1e9],
  ["M", 1e6],
];

/** A count with three digits, for a pipe; the exact one stands in the sentence below. */
export function briefCount(count) {
  for (const [unit, step] of UNITS) {
    if (count < step) continue;
    const scaled = count / step;
    return `${fixed(scaled, scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0)} ${unit}`;
  }
  return exact(count);
}

/** What a layer is called: 3×3, max 3. */
export function layerName({ kind, kernel }) {
  return kind === "conv" ? `${kernel}×${kernel}` : say(kind, { k: kernel });
}

/** A branch in words: the channels on its way, what it costs, and the sums. */
export function branchSentence(lane) {
  const from = lane.layers[0]?.from;
  const widths = [from, ...lane.layers.map((layer) => layer.to)].filter(Boolean).map(exact).join(" → ");
  const products = lane.layers.filter((layer) => layer.macs).map(productOf);
  return say(products.length ? "branchSays" : "branchFree", {
    name: say(`${lane.name}Branch`),
    widths,
    params: exact(lane.params),
    macs: exact(lane.macs),
    sum: products.join(" + "),
  });
}

/** The MACs of a layer as a product: 5·5·16·32·28·28. */
function productOf({ kernel, from, to, size }) {
  const window = kernel > 1 ? [kernel, kernel] : [];
  return [...window, from, to, size, size].map(exact).join("·");
}

/** A fault in words: which branches differ, and what concat needs. */
export function faultSentence(fault, state) {
  const names = (list) => list.map((name) => say(`${name}Branch`)).join(say("and"));
  if (fault.rule === "fit") return say("faultFit", { names: names(fault.odd) });
  const sizes = fault.odd.map((name) => {
    const { size } = fault.lanes.find((lane) => lane.name === name);
    return say("faultGives", { name: say(`${name}Branch`), size });
  });
  return say("faultSizes", { gives: sizes.join(say("and")), size: state.size });
}
