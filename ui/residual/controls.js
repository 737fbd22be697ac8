import { h, makePresets, say, segmented, slider, tick } from "../lab/lab.js";

const CHANNELS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
const SIZES = [1, 2, 4, 7, 8, 12, 14, 16, 24, 28, 32, 56, 64, 112, 224];

/** The fields of the block and of the stack it is measured in. */
export function makeControls(bench, limits) {
  const presets = makePresets(bench);
  const fields = {
    block: choice(bench, "block", [
      ["basic", say("basic")],
      ["bottleneck", say("bottleneck")],
    ]),
    channels: steps(bench, "channels", CHANNELS, { symbol: "c", about: "input" }),
    filters: steps(bench, "filters", CHANNELS, { symbol: "f", about: "output" }),
    size: steps(bench, "size", SIZES, { symbol: "n", about: "input" }),
    stride: choice(
      bench,
      "stride",
      [
        ["1", "1"],
        ["2", "2"],
      ],
      Number,
    ),
    shortcut: choice(
      bench,
      "shortcut",
      ["identity", "A", "B", "C"].map((name) => [name, say(`${name}Option`)]),
    ),
    norm: box(bench, "norm"),
    activation: choice(
      bench,
      "activation",
      ["ReLU", "GELU", "Tanh"].map((name) => [name, say(`activation${name}`)]),
    ),
    zeroed: box(bench, "zeroed"),
    depth: depth(bench, limits.depth),
  };
  const group = (...names) =>
    h(
      "div",
      { class: "group" },
      names.map((name) => fields[name].root),
    );
  return {
    parts: [
      presets.root,
      group("block", "channels", "filters", "stride", "size"),
      group("shortcut", "activation", "norm", "zeroed"),
      group("depth"),
    ],
    set(state, chips) {
      presets.set(chips);
      for (const one of Object.values(fields)) one.set(state);
    },
    /** Puts the focus on the control that a repair has changed. */
    focus(name) {
      fields[name]?.focus();
    },
  };
}

function choice(bench, name, options, read = String) {
  const label = say(`${name}Field`);
  const group = segmented({
    label,
    options,
    value: options[0][0],
    settle: (value) => bench.take({ [name]: read(value) }),
  });
  return {
    root: h("div", { class: "choice", "data-field": name }, h("span", { class: "label" }, label), group.root),
    set: (state) => group.set(String(state[name])),
    focus: () => group.root.querySelector('[aria-checked="true"]')?.focus(),
  };
}

/** A slider over chosen values; a value between two of them, from a link, is shown as it is. */
function steps(bench, name, values, { symbol, about }) {
  const at = (value) => {
    const nearest = values.reduce((best, one) =>
      Math.abs(one - value) < Math.abs(best - value) ? one : best,
    );
    return values.indexOf(nearest);
  };
  let exactly = null;
  const dial = slider({
    label: say(`${name}Field`),
    symbol,
    about,
    min: 0,
    max: values.length - 1,
    value: 0,
    show: (index) => String(exactly ?? values[index]),
    input: (index) => {
      exactly = null;
      bench.propose({ [name]: values[index] });
    },
    settle: () => bench.settle(),
  });
  return {
    root: dial.root,
    set(state) {
      exactly = values.includes(state[name]) ? null : state[name];
      dial.set(at(state[name]));
    },
    focus: () => dial.input.focus(),
  };
}

function depth(bench, { lo, hi }) {
  const dial = slider({
    label: say("depthField"),
    min: lo,
    max: hi,
    value: lo,
    input: (value) => bench.propose({ depth: value }),
    settle: () => bench.settle(),
  });
  return { root: dial.root, set: (state) => dial.set(state.depth), focus: () => dial.input.focus() };
}

function box(bench, name) {
  const one = tick({
    label: say(`${name}Field`),
    value: false,
    settle: (value) => bench.take({ [name]: value }),
  });
  return {
    root: one.root,
    set: (state) => one.set(state[name]),
    focus: () => one.root.querySelector("input").focus(),
  };
}
