import { fixed, h, say } from "../lab/lab.js";
import { formulaAxes, formulaOf, roundedOf } from "./formula.js";
import { axisIndices, axisNames } from "./math.js";

const LONG = 54; // signs from which a line is written smaller

/** The formula of the output size with the person's numbers, their names over them; a line for each axis that differs. */
export function makeFormula() {
  const root = h("div", { class: "formula" });
  let shown = "";
  return {
    root,
    set(state, refusal) {
      const text = JSON.stringify([state, refusal]);
      if (text === shown) return;
      shown = text;
      const axes = refusal ? [] : formulaAxes(state);
      root.hidden = Boolean(refusal);
      root.classList.toggle("two", axes.length > 1);
      root.classList.toggle("long", axes.length === 1 && lengthOf(state, axes[0]) > LONG);
      root.replaceChildren(...axes.map((index) => formulaLine(state, index, axes.length > 1)));
    },
  };
}

function lengthOf(state, index) {
  const rounded = roundedOf(state, index)?.changes ? 14 : 0;
  return formulaOf(state, index).reduce((length, { text }) => length + text.length, rounded);
}

function formulaLine(state, index, named) {
  const name = axisNames(state)[axisIndices(state).indexOf(index)];
  const pieces = formulaOf(state, index).map(({ text, about, name: over }) =>
    column(text, about, over && say(`term_${over}`)),
  );
  const rounded = roundedOf(state, index);
  return h(
    "div",
    { class: "formula-line" },
    named && h("span", { class: "axis" }, say(name)),
    pieces,
    rounded?.changes && roundedColumns(rounded),
  );
}

function roundedColumns({ steps, ceil, cut }) {
  const [open, close] = ceil ? ["⌈", "⌉"] : ["⌊", "⌋"];
  const number = fixed(steps, 2).replace(/\.?0+$/, "");
  return [
    column(` = ${open}`, "", ""),
    column(number, ceil ? "output" : "lost", say(ceil ? "roundedUp" : "roundedDown")),
    column(`${close} + 1${cut ? " − 1" : ""}`, "", ""),
  ];
}

function column(words, about, name) {
  return h("span", { class: about ? `term of-${about}` : "term sign" }, h("i", {}, name), h("b", {}, words));
}
