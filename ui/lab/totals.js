import { bytes, change, dimensions, exact, h, number, s, setText, shapeChip, short } from "../kit/kit.js";
import { axesNames, say } from "./say.js";

/**
 * The numbers of a page: input and output as chips, parameters, MACs with FLOPs, and the output's memory; each with the
 * formula it comes from, and how it differs from A.
 *
 * `set(counted, kept)` takes what ui/lab/counts.py sends, or the same worked out under the hand: `{ input, output,
 * params, macs, memory }`; `kept` may be null, and so may `output` and `memory` behind a fault.
 */
export function makeNumbers() {
  const input = shapeChip([], "", "input");
  const output = shapeChip([], "", "output");
  const was = h("span", { class: "caption was" });
  const arrow = s("path", { d: "M1 6H16m-5 -4l5 4l-5 4" });
  const shapes = h(
    "div",
    { class: "shapes" },
    input.root,
    s("svg", { class: "to", viewBox: "0 0 18 12", "aria-hidden": "true" }, arrow),
    output.root,
    was,
  );
  const params = number(say("parameters"), "weight");
  const macs = number(say("macs"), "compute");
  const flops = h("span", { class: "caption flops" });
  macs.root.append(flops);
  const memory = number(say("memory"), "memory");
  const root = h("div", { class: "totals" }, shapes, params.root, macs.root, memory.root);

  function set(counted, kept) {
    input.set(counted.input.dims, axesNames(counted.input.axes));
    setShape(output, counted.output, counted.input.axes);
    setText(was, isOther(counted.output, kept?.output) ? wasA(dimensions(kept.output.dims)) : "\u00a0");
    setNumber(params, counted.params, kept?.params, short);
    setNumber(macs, counted.macs, kept?.macs, short);
    setText(flops, counted.macs ? say("flops", { n: short(2 * counted.macs.value) }) : "\u00a0");
    flops.title = counted.macs ? exact(2 * counted.macs.value) : "";
    setNumber(memory, counted.memory, kept?.memory, bytes);
  }

  return { root, set };
}

function isOther(now, before) {
  return Boolean(before) && dimensions(now?.dims ?? []) !== dimensions(before.dims);
}

function wasA(value) {
  return say("wasA", { value });
}

/** Writes a shape; "–" where a fault has left none. */
function setShape(chip, type, axes) {
  if (type) chip.set(type.dims, axesNames(type.axes));
  else {
    chip.set([], axesNames(axes));
    setText(chip.root.querySelector("b"), "–");
  }
}

function setNumber(view, now, before, show) {
  if (!now) {
    view.set("–", { formula: "\u00a0" });
    return;
  }
  const differs = before && before.value !== now.value;
  view.set(show(now.value), {
    exactly: exact(now.value),
    change: differs ? change(now.value, before.value) || wasA(show(before.value)) : "",
    formula: now.text,
  });
  if (before) view.root.querySelector(".news").title = wasA(show(before.value));
}
