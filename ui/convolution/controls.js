import { h, icon, makePresets, say, segmented, selectField, setText, tick } from "../lab/lab.js";
import { makeField } from "./field.js";
import { axisOf, groupChoices, hasWeights, isPool, isTransposed } from "./math.js";
import { FILTERS, inputValues, PATTERNS, weightValues } from "./values.js";

const PAIRS = ["size", "kernel", "stride", "padding", "dilation", "output_padding"];
const CHANNELS = [1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024];

/** Sliders and switches of the layer; each shows itself only where torch has it. */
export function makeControls(bench, limits) {
  const hand = { propose: bench.propose, settle: bench.settle };
  const lock = makeLock(bench);
  const words = makePadWords(bench);
  const field = (name, symbol, about, more) =>
    makeField({ name, label: say(`${name}Field`), symbol, about, ...limits[name], ...more }, hand);
  const fields = {
    size: field("size", "n", "input", { pair: true, top: 32, aside: lock.root }),
    channels: field("channels", "c", "input", { choices: () => CHANNELS }),
    kernel: field("kernel", "k", "weight", { pair: true, top: limits.kernel.hi }),
    dilation: field("dilation", "d", "weight", { pair: true, top: 4 }),
    stride: field("stride", "s", "nothing", { pair: true, top: 6 }),
    padding: makeField(
      {
        name: "padding",
        label: say("paddingField"),
        symbol: "p",
        about: "padding",
        ...limits.padding,
        pair: true,
        top: 6,
        aside: words.root,
      },
      { ...hand, more: { pad: "number" } },
    ),
    output_padding: field("output_padding", "op", "padding", { pair: true, top: 5 }),
    filters: field("filters", "f", "output", { choices: () => CHANNELS }),
    groups: field("groups", "g", "weight", { choices: groupChoices }),
  };
  const kinds = makeKinds(bench);
  const presets = makePresets(bench);
  const more = makeMore(bench);
  const numbers = makeNumberChoice(bench);
  const group = (...names) =>
    h(
      "div",
      { class: "group" },
      names.map((name) => fields[name].root),
    );
  const parts = [
    h("div", { class: "choice" }, kinds.root, presets.root),
    group("size", "channels"),
    group("kernel", "dilation"),
    group("stride", "padding", "output_padding"),
    group("filters", "groups"),
    more.root,
    numbers.root,
  ];

  return {
    parts,
    set(state, chips) {
      const locked = lock.set(state);
      for (const [name, one] of Object.entries(fields)) {
        one.root.hidden = !isShown(name, state);
        one.set(state, locked, name === "padding" ? shownPadding(state) : undefined);
      }
      words.set(state);
      kinds.set(state);
      presets.set(chips);
      more.set(state);
      numbers.set(state);
    },
  };
}

/** Whether the layer has a field. */
function isShown(name, state) {
  if (name === "filters" || name === "groups") return hasWeights(state);
  if (name === "output_padding") return isTransposed(state);
  return name !== "dilation" || state.layer !== "average";
}

/** The padding in numbers, also where a word decides it. */
function shownPadding(state) {
  return state.layer === "conv" && state.pad !== "number"
    ? [axisOf(state, 0).left, axisOf(state, 1).left]
    : state.padding;
}

/** The kind of layer, and along how many axes it moves. */
function makeKinds(bench) {
  let lowered = null; // what a pooling window has brought down, and what it was before
  const layer = segmented({
    label: say("layerField"),
    options: ["conv", "transposed", "max", "average"].map((name) => [name, say(`${name}Short`)]),
    value: "conv",
    settle: (name) => bench.take(name === "max" || name === "average" ? pooled(name) : unpooled(name)),
  });
  const axes = segmented({
    label: say("axesField"),
    options: [
      ["1", say("oneAxis")],
      ["2", say("twoAxes")],
    ],
    value: "2",
    settle: (count) => bench.take({ axes: Number(count) }),
  });

  function pooled(name) {
    const changes = fitPool(bench.now, name);
    const { padding } = bench.now;
    if (String(padding) !== String(changes.padding)) lowered = { from: padding, to: changes.padding };
    return changes;
  }

  /** The padding of before comes back, unless it has been changed meanwhile. */
  function unpooled(name) {
    const same = lowered && String(bench.now.padding) === String(lowered.to);
    const changes = same ? { layer: name, padding: lowered.from } : { layer: name };
    lowered = null;
    return changes;
  }

  return {
    root: h("div", { class: "kinds" }, layer.root, axes.root),
    set(state) {
      layer.set(state.layer);
      axes.set(String(state.axes));
    },
  };
}

/** A pooling window may be padded by half its size at most: what is more would be refused, so the change brings it down. */
function fitPool(state, layer) {
  return {
    layer,
    padding: state.padding.map((p, index) => Math.min(p, Math.floor(state.kernel[index] / 2))),
  };
}

/** One slider for H and W, or two. It opens by itself for a state whose H and W differ. */
function makeLock(bench) {
  const mark = h("span", {});
  const root = h("button", { class: "word lock", type: "button", onclick: toggle }, mark, h("i", {}, "H=W"));
  let locked = true;

  function toggle() {
    locked = !locked;
    const changes = Object.fromEntries(PAIRS.map((name) => [name, [bench.now[name][1], bench.now[name][1]]]));
    if (locked) bench.take(changes);
    else bench.propose({});
  }

  return {
    root,
    set(state) {
      const even = PAIRS.every((name) => state[name][0] === state[name][1]);
      if (!even && state.axes === 2) locked = false;
      root.hidden = state.axes === 1;
      root.setAttribute("aria-pressed", String(locked));
      root.title = say(locked ? "unlockSays" : "lockSays");
      mark.replaceChildren(icon(locked ? "lock" : "unlock"));
      return locked;
    },
  };
}

/** The words that torch takes in the place of a padding: only a convolution does. */
function makePadWords(bench) {
  const buttons = ["same", "valid"].map((name) =>
    h("button", { class: "word", type: "button", onclick: () => toggle(name) }, name),
  );
  const root = h("span", { class: "words" }, buttons);

  function toggle(name) {
    bench.take({ pad: bench.now.pad === name ? "number" : name });
  }

  return {
    root,
    set(state) {
      root.hidden = isPool(state);
      for (const one of buttons) {
        const name = one.textContent;
        one.setAttribute("aria-pressed", String(state.layer === "conv" && state.pad === name));
        one.disabled = isTransposed(state);
        one.title = isTransposed(state) ? say("noWords") : say(`${name}Says`);
      }
    },
  };
}

/** What matters less: how padding is filled, the bias, rounding. */
function makeMore(bench) {
  const mode = selectField({
    label: say("paddingModeField"),
    options: ["zeros", "reflect", "replicate", "circular"].map((name) => [name, say(`${name}Mode`)]),
    value: "zeros",
    settle: (name) => bench.take({ padding_mode: name }),
  });
  const ticks = ["bias", "ceil_mode", "count_include_pad"].map((name) => [
    name,
    tick({ label: say(`${name}Field`), value: false, settle: (on) => bench.take({ [name]: on }) }),
  ]);
  const note = h("p", { class: "caption" });
  const root = h(
    "div",
    { class: "group more" },
    ticks.map(([, one]) => one.root),
    mode.root,
    note,
  );

  return {
    root,
    set(state) {
      mode.root.hidden = state.layer !== "conv";
      mode.set(state.padding_mode);
      for (const [name, one] of ticks) {
        one.root.hidden = !isTicked(name, state);
        one.set(state[name]);
      }
      setText(note, isTransposed(state) ? say("noWords") : "");
    },
  };
}

/** What stands in the cells where the view shows numbers: a picture, and a kernel. */
function makeNumberChoice(bench) {
  const choice = (name, options, own) =>
    selectField({
      label: say(`${name}Field`),
      options: [...options.map((option) => [option, say(`${option}${name}`)]), ["", say("ownNumbers")]],
      value: options[0],
      settle: (option) => bench.take(option ? { [name]: option, [own]: [] } : {}),
    });
  const pattern = choice("pattern", Object.keys(PATTERNS), "cells");
  const filter = choice("filter", Object.keys(FILTERS), "weights");
  const root = h("div", { class: "group number-choice" }, pattern.root, filter.root);
  return {
    root,
    set(state) {
      for (const part of [pattern.root, filter.root]) part.hidden = state.view !== "values";
      if (isPool(state)) filter.root.hidden = true;
      pattern.set(hasOwn(state.cells, inputValues(state)) ? "" : state.pattern);
      filter.set(hasOwn(state.weights, weightValues(state)) ? "" : state.filter);
    },
  };
}

/** Whether the numbers that are shown are those set by hand. */
const hasOwn = (own, shown) => own.length > 0 && own === shown;

function isTicked(name, state) {
  if (name === "bias") return hasWeights(state);
  return name === "ceil_mode" ? isPool(state) : state.layer === "average";
}
