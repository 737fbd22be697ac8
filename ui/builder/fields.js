import { h, segmented, selectField, tick } from "../kit/kit.js";
import { makeDial, makeInferred } from "./dial.js";

const FEW = 3; // options that stand side by side
const BRIEF = 24; // characters that they may take together

/**
 * The control for a field, chosen by its type.
 *
 * @returns {{root: HTMLElement, set: (field) => void, focus: () => void}}
 */
export function makeControl(field, words, hand) {
  if (field.inferred !== undefined) return makeInferred(field, words, hand);
  return MAKERS[field.type](field, words, hand);
}

const MAKERS = {
  whole: makeDial,
  size: makeDial,
  real: makeDial,
  switch: makeSwitch,
  choice: makeChoice,
  numbers: makeNumbers,
};

function makeSwitch(field, _, hand) {
  const box = tick({ label: field.label, value: field.value, settle: hand.settle });
  const root = h("div", { class: "control", title: field.help }, box.root);
  return { root, set: (now) => box.set(now.value), focus: () => root.querySelector("input").focus() };
}

function makeChoice(field, _, hand) {
  const letters = field.options.reduce((sum, [, word]) => sum + word.length, 0);
  if (field.options.length > FEW || letters > BRIEF) return makeSelect(field, hand);
  const choice = segmented({
    label: field.label,
    options: field.options,
    value: field.value,
    settle: hand.settle,
  });
  const root = h(
    "div",
    { class: "control", title: field.help },
    h("span", { class: "label" }, field.label),
    choice.root,
  );
  return {
    root,
    set: (now) => choice.set(now.value),
    focus: () => root.querySelector('[aria-checked="true"]').focus(),
  };
}

function makeSelect(field, hand) {
  const box = selectField({
    label: field.label,
    options: field.options,
    value: field.value,
    settle: hand.settle,
  });
  box.root.title = field.help;
  box.root.classList.add("control");
  return { root: box.root, set: (now) => box.set(now.value), focus: () => box.input.focus() };
}

/** A list of whole numbers, typed with commas between. What is no list goes to Python as it is, which says the rule. */
function makeNumbers(field, words, hand) {
  const box = h("input", {
    type: "text",
    "aria-label": field.label,
    spellcheck: "false",
    autocomplete: "off",
  });
  const root = h(
    "label",
    { class: "field control", title: field.help },
    h("span", { class: "label" }, field.label),
    box,
  );
  const optional = field.start !== undefined;

  box.addEventListener("change", () => {
    const pieces = box.value.split(/[\s,×]+/).filter(Boolean);
    if (!pieces.length && optional) hand.settle(null);
    else if (pieces.every((piece) => /^-?\d+$/.test(piece))) hand.settle(pieces.map(Number));
    else hand.settle(box.value);
  });

  function set(now) {
    const shown = now.value === null ? "" : [now.value].flat().join(", ");
    if (box.value !== shown) box.value = shown;
    box.dataset.settled = shown;
    box.placeholder = optional ? words.none : "";
  }

  set(field);
  return { root, set, focus: () => box.focus() };
}
