import { h } from "../kit/kit.js";

/** A formula's text with what follows an underscore set low: C_out. */
export function subscripts(formula) {
  return formula
    .split(/_([A-Za-z]+)/)
    .map((piece, index) => (index % 2 ? h("sub", {}, piece) : piece))
    .filter(Boolean);
}
