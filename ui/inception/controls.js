import { h, holds, makePresets, numberField, say, segmented, setText } from "../lab/lab.js";
import { makeDial } from "./dial.js";
import { breakEven, largestPaying } from "./math.js";

const PADDINGS = [
  ["pad3", "three"],
  ["pad5", "five"],
  ["pad_pool", "pool"],
];
const KEEPING = { pad3: 1, pad5: 2, pad_pool: 1 };

/** Everything of the state that can be changed, the fields that matter first. */
export function makeControls(bench, limits) {
  const dial = (name, about, more) =>
    makeDial({ name, label: say(`${name}Field`), about, most: limits[name].hi }, bench, more);
  const reductions = [
    makeReduction(bench, dial, "three", "red3", "reduces3"),
    makeReduction(bench, dial, "five", "red5", "reduces5"),
    makeReduction(bench, dial, "pool", "proj", "projects"),
  ];
  const dials = {
    channels: dial("channels", "of-input"),
    size: dial("size", "of-input"),
    out1: dial("out1", "lane one"),
    out3: dial("out3", "lane three"),
    out5: dial("out5", "lane five"),
  };
  const presets = makePresets(bench);
  const form = makeForm(bench);
  const match = makeMatch(bench);
  const padding = makePadding(bench, limits);
  const group = (...parts) => h("div", { class: "group" }, parts);
  const parts = [
    presets.root,
    form.root,
    group(dials.channels.root, dials.size.root),
    group(reductions.map((one) => one.root)),
    group(dials.out1.root, dials.out3.root, dials.out5.root),
    group(match.root),
    group(padding.root),
  ];

  return {
    parts,
    set(state, chips) {
      for (const [name, one] of Object.entries(dials)) one.set(state[name]);
      for (const one of [...reductions, form, match, padding]) one.set(state);
      presets.set(chips);
    },
  };
}

/** A reduction: whether the branch has one, how many filters, and from where on it no longer pays. */
function makeReduction(bench, dial, lane, field, flag) {
  const box = h("input", {
    type: "checkbox",
    "aria-label": say(`${flag}Field`),
    onchange: () => bench.take({ [flag]: box.checked }),
  });
  const mark =
    field === "proj" ? undefined : { press: () => bench.take({ [field]: largestPaying(bench.now, lane) }) };
  const one = dial(field, `lane ${lane}`, { box, mark });
  return {
    root: one.root,
    set(state) {
      box.checked = state[flag];
      const shown = { disabled: !state[flag] };
      if (mark && isWhole(state)) {
        shown.at = breakEven(state, lane);
        shown.says = say("evenAt", { r: Math.ceil(shown.at) - 1 });
      }
      one.set(state[field], shown);
    },
  };
}

/** Whether no padding is broken: the rule for the break-even holds for windows that keep the size. */
const isWhole = (state) => holds(state, KEEPING);

function makeForm(bench) {
  const choice = segmented({
    label: say("formField"),
    options: ["paper", "lecture"].map((name) => [name, say(`${name}Form`)]),
    value: "paper",
    settle: (form) => bench.take({ form }),
  });
  choice.root.title = say("formSays");
  return { root: choice.root, set: (state) => choice.set(state.form) };
}

function makeMatch(bench) {
  const box = h("input", { type: "checkbox", onchange: () => bench.take({ match: box.checked }) });
  const words = h("span", {}, say("matchField"));
  const root = h("label", { class: "switch" }, box, words);
  return {
    root,
    set(state) {
      box.checked = state.match;
      box.disabled = !state.projects;
      root.title = say(state.projects ? "matchSays" : "matchNeeds");
    },
  };
}

/** The padding of each window; what does not keep the size breaks the module, and that is what it is for. */
function makePadding(bench, limits) {
  const fields = PADDINGS.map(([name, lane]) => {
    const one = numberField({
      label: say(`${lane}Short`),
      min: limits[name].lo,
      max: limits[name].hi,
      value: KEEPING[name],
      settle: (value) => bench.take({ [name]: value }),
    });
    one.input.setAttribute("aria-label", say(`${name}Field`));
    return [name, one];
  });
  const note = h("span", { class: "caption" });
  const root = h(
    "div",
    { class: "paddings" },
    h("span", { class: "label" }, say("paddingField"), " ", note),
    h(
      "div",
      { class: "three-fields" },
      fields.map(([, one]) => one.root),
    ),
  );
  return {
    root,
    set(state) {
      for (const [name, one] of fields) {
        one.set(state[name]);
        one.root.classList.toggle("wrong", state[name] !== KEEPING[name]);
      }
      setText(note, say(isWhole(state) ? "paddingKeeps" : "paddingBreaks"));
    },
  };
}
