/** Letters, shapes and sums of a state: pure. A test holds them equal to netlib and to torch. */

export const GATE_COUNTS = { RNN: 1, GRU: 3, LSTM: 4 };
export const KINDS = ["RNN", "GRU", "LSTM"];
export const MOST_LETTERS = 12;
const MOST_COLUMNS = 10;
const HEAD_COLUMNS = 6;
const MOST_UNITS = 24;
const INVISIBLE = /[\p{C}\p{Z}]/u;

const codePoint = (letter) => letter.codePointAt(0);

/** A typed text as a word that Python takes: printable letters, at most twelve. */
export const wordOf = (typed) =>
  [...typed]
    .filter((letter) => letter === " " || !INVISIBLE.test(letter))
    .slice(0, MOST_LETTERS)
    .join("");

/** The different letters by code point: a letter's place is its id. */
export const lettersOf = (word) => [...new Set(word)].sort((a, b) => codePoint(a) - codePoint(b));

/** The letter of every step: the word, repeated or cut. */
export function stepsText({ word, steps }) {
  const all = [...word];
  return Array.from({ length: steps }, (_, t) => all[t % all.length]);
}

export const vocabularyOf = ({ vocabulary, word }) => Math.max(vocabulary, lettersOf(word).length);

export const isEmbedded = ({ letters }) => letters === "embedding";

export const isCell = ({ form }) => form === "cell";

export const inputSizeOf = (state) => (isEmbedded(state) ? state.width : vocabularyOf(state));

export const layersOf = (state) => (isCell(state) ? 1 : state.num_layers);

export const directionsOf = (state) => (state.bidirectional && !isCell(state) ? 2 : 1);

/** What a layer reads at every step: the letter, or all directions of the layer below. */
export const readsOf = (state, layer) =>
  layer ? directionsOf(state) * state.hidden_size : inputSizeOf(state);

/** x, output, h_n and c_n as torch shapes them, with the letters of their axes; those of one step for a cell. */
export function shapesOf(state) {
  const { batch, steps, hidden_size: hidden, batch_first: first, kind } = state;
  const both = directionsOf(state) === 2;
  const found = {};
  if (isCell(state)) {
    found.x = { dims: [batch, inputSizeOf(state)], axes: "N × I" };
    found.h_n = { dims: [batch, hidden], axes: "N × H" };
  } else {
    const time = first ? [batch, steps] : [steps, batch];
    const names = first ? "N × T" : "T × N";
    found.x = { dims: [...time, inputSizeOf(state)], axes: `${names} × I` };
    found.output = { dims: [...time, directionsOf(state) * hidden], axes: `${names} × ${both ? "2H" : "H"}` };
    found.h_n = {
      dims: [directionsOf(state) * layersOf(state), batch, hidden],
      axes: `${both ? "2L" : "L"} × N × H`,
    };
  }
  if (kind === "LSTM") found.c_n = found.h_n;
  return found;
}

/** The steps that are drawn: all of a short sequence, the first and the last ones of a long one. */
export function shownSteps(steps) {
  const all = Array.from({ length: steps }, (_, t) => t);
  if (steps <= MOST_COLUMNS) return all;
  return [...all.slice(0, HEAD_COLUMNS), ...all.slice(steps - (MOST_COLUMNS - HEAD_COLUMNS - 1))];
}

/** Units of a state that are drawn. */
export const unitsOf = ({ hidden_size: hidden }) => Math.min(hidden, MOST_UNITS);

/** The parameters of one layer in one direction. */
export function laneParams(state, layer, kind = state.kind) {
  const { hidden_size: hidden, bias } = state;
  return GATE_COUNTS[kind] * (hidden * (readsOf(state, layer) + hidden) + (bias ? 2 * hidden : 0));
}

/** One row of the sum for each layer: its value, and the numbers it comes from. */
export function paramRows(state) {
  const { hidden_size: hidden, bias } = state;
  return Array.from({ length: layersOf(state) }, (_, layer) => {
    const terms = [`${hidden}·${readsOf(state, layer)}`, `${hidden}·${hidden}`];
    if (bias) terms.push(String(hidden), String(hidden));
    const factors = [directionsOf(state), GATE_COUNTS[state.kind]].filter((factor) => factor > 1);
    const sum = terms.join(" + ");
    return {
      value: directionsOf(state) * laneParams(state, layer),
      text: factors.length ? `${factors.join("·")}·(${sum})` : sum,
    };
  });
}

/** The parameters of the embedding in front. */
export const tableParams = (state) => (isEmbedded(state) ? vocabularyOf(state) * state.width : 0);

/** All recurrent parameters, also as another kind. */
export function recurrentParams(state, kind = state.kind) {
  let total = 0;
  for (let layer = 0; layer < layersOf(state); layer++)
    total += directionsOf(state) * laneParams(state, layer, kind);
  return total;
}

export const paramCount = (state) => recurrentParams(state) + tableParams(state);

/** Multiply-adds of one sample: every weight but the biases once a step. */
export function macCount(state) {
  const bare = { ...state, bias: false };
  return state.steps * recurrentParams(bare);
}

/** The sum behind the multiply-adds: steps times the weights without biases. */
export function macText(state) {
  const weights = recurrentParams({ ...state, bias: false });
  return [state.steps, weights];
}

/** What a first layer and its letters cost with another vocabulary: one-hot, or through an embedding. */
export function encodingCosts(state, vocabulary) {
  const first = { ...state, bias: true };
  const hot = laneParams({ ...first, letters: "one-hot", vocabulary }, 0);
  const embedded = laneParams({ ...first, letters: "embedding" }, 0) + vocabulary * state.width;
  return { hot, embedded };
}

/** The gates that can be held, between 0 and 1. */
export const HOLDABLE = { RNN: [], GRU: ["r", "z"], LSTM: ["i", "f", "o"] };

/** The gates of a state's kind that are held, and at what: { f: "1" }. */
export function heldOf(state) {
  const pairs = HOLDABLE[state.kind].map((gate) => [gate, state[`hold_${gate}`]]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== "free"));
}
