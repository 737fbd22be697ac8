import { fixed, say } from "../lab/lab.js";
import { heldOf } from "./math.js";

/** The maps of each kind in the order of the work, with the gates' ranges. "x" and "u" are an RNN's two sums. */
export const MAPS = {
  RNN: ["x", "u", "h"],
  GRU: ["r", "z", "n", "h"],
  LSTM: ["i", "f", "g", "o", "c", "h"],
};
const OPEN = new Set(["i", "f", "o", "r", "z"]);

/** Whether a map holds gates, between 0 and 1; the others are signed. */
export const isGate = (name) => OPEN.has(name);

/** A lane's values by the name of a map. */
export const seriesOf = (values, name) => values[{ x: "x_h", u: "h_h" }[name] ?? name];

const bracketed = (value, places) =>
  value < 0 && Number(value.toFixed(places)) !== 0 ? `(${fixed(value, places)})` : fixed(value, places);

/** The sum of two numbers as people write it: 0.31 − 0.10. */
function sum(a, b, places) {
  return Number(b.toFixed(places)) < 0
    ? `${fixed(a, places)} − ${fixed(-b, places)}`
    : `${fixed(a, places)} + ${fixed(Math.abs(b), places)}`;
}

/**
 * How each map's number comes about: [formula in symbols, the same with numbers, value] by the map's name.
 *
 * @param {object} state
 * @param {object} values of a lane
 */
export function equationsOf(state, values, column, unit, places) {
  const { kind, nonlinearity } = state;
  const held = heldOf(state);
  const of = (name) => values[name][column][unit];
  const n = (value) => fixed(value, places);
  const b = (value) => bracketed(value, places);
  const added = (name) => sum(of(`x_${name}`), of(`h_${name}`), places);
  const gate = (name, curve) =>
    name in held
      ? [say("held"), say("held"), n(of(name))]
      : [`${curve}(W x + U h′)`, `${curve}(${added(name)})`, n(of(name))];
  if (kind === "RNN")
    return {
      x: ["W x + b", "W x + b", n(of("x_h"))],
      u: ["U h′ + b′", "U h′ + b′", n(of("h_h"))],
      h: [`${nonlinearity}(W x + b + U h′ + b′)`, `${nonlinearity}(${added("h")})`, n(of("h"))],
    };
  if (kind === "GRU")
    return {
      r: gate("r", "σ"),
      z: gate("z", "σ"),
      n: [
        "tanh(W x + b + r·(U h′ + b′))",
        `tanh(${n(of("x_n"))} + ${n(of("r"))}·${b(of("h_n"))})`,
        n(of("n")),
      ],
      h: [
        "(1 − z)·n + z·h′",
        `${n(1 - of("z"))}·${b(of("n"))} + ${n(of("z"))}·${b(of("was_h"))}`,
        n(of("h")),
      ],
    };
  return {
    i: gate("i", "σ"),
    f: gate("f", "σ"),
    g: gate("g", "tanh"),
    o: gate("o", "σ"),
    c: ["f·c′ + i·g", `${n(of("f"))}·${b(of("was_c"))} + ${n(of("i"))}·${b(of("g"))}`, n(of("c"))],
    h: ["o·tanh(c)", `${n(of("o"))}·tanh(${n(of("c"))})`, n(of("h"))],
  };
}

/** The maps whose equations are written out above the maps. */
export const MAIN = { RNN: ["h"], GRU: ["n", "h"], LSTM: ["c", "h"] };
