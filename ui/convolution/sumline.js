import { fixed, h, say } from "../lab/lab.js";
import { tapColour, valueText } from "./cells.js";
import { isPool } from "./math.js";
import { rightCellOf } from "./scene.js";
import { nameOf } from "./sentences.js";

const MOST_TERMS = 25; // terms that are written out

/** An output cell as the sum that makes it, term by term, each in the colour of its weight. */
export function makeSum() {
  const root = h("div", { class: "sum-line mono", "aria-live": "polite" });
  return {
    root,
    /** Shows the sum of an output cell; nothing where the view shows no numbers or the place is no output. */
    set(scene, place) {
      const cell = scene.values && outputOf(scene, place);
      root.hidden = !scene.values;
      root.replaceChildren(...(cell ? sumPieces(scene, cell) : [say("pointAtOutput")]));
    },
  };
}

/** The output cell that a place is about, or null. */
function outputOf(scene, place) {
  if (place.grid !== "right") return null;
  const { kind, index } = rightCellOf(scene, place.row, place.column);
  return kind === "out" ? { ...place, index } : null;
}

function sumPieces(scene, { row, column, index }) {
  const { value, terms, divisor } = scene.values.right(row, column);
  const [open, between, close] = signsOf(scene.state, divisor);
  const shown = terms.slice(0, MOST_TERMS);
  const pieces = shown.flatMap((term, place) => [place ? between : "", termPiece(scene, term)]);
  const more = terms.length > shown.length ? `${between}…` : "";
  const result = h("b", { class: "result" }, preciseText(value));
  const equals = Number.isInteger(Math.round(value * 1e9) / 1e6) ? " = " : " ≈ ";
  return [
    h("b", {}, nameOf(scene, "y", index)),
    " = ",
    open,
    ...pieces,
    terms.length ? more : "0",
    close,
    equals,
    result,
  ];
}

/** What stands before, between and behind the terms. */
function signsOf({ layer }, divisor) {
  if (layer === "max") return ["max(", ", ", ")"];
  if (layer === "average") return ["(", " + ", `) / ${divisor}`];
  return ["", " + ", ""];
}

function termPiece(scene, { x, w, tap }) {
  const words = isPool(scene.state) ? valueText(x) : `${bracketed(x)}·${bracketed(w)}`;
  return h("span", { class: "sum-term", style: { background: tapColour(scene, tap) } }, words);
}

/** A mean to three decimals. */
const preciseText = (value) =>
  Number.isInteger(value) ? valueText(value) : fixed(value, 3).replace(/0+$/, "");

const bracketed = (value) => (value < 0 ? `(${valueText(value)})` : valueText(value));
