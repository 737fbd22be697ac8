import { button, h, makePresets, numberField, say, segmented, setText, tick } from "../lab/lab.js";
import { makeDial, STOPS } from "./dials.js";
import { inputSizeOf, isCell, isEmbedded, lettersOf, MOST_LETTERS, wordOf } from "./math.js";

const TYPING = 220; // milliseconds after the last key until Python hears the word

/** What the layer is, what it reads, and which weights it has. */
export function makeControls(bench, limits, signal) {
  const presets = makePresets(bench);
  const kind = choice(bench, "kind", [
    ["RNN", "RNN"],
    ["GRU", "GRU"],
    ["LSTM", "LSTM"],
  ]);
  const form = choice(bench, "form", [
    ["layer", say("layerForm")],
    ["cell", say("cellForm")],
  ]);
  const word = makeWord(bench, signal);
  const letters = choice(bench, "letters", [
    ["one-hot", say("oneHot")],
    ["embedding", say("embedding")],
  ]);
  const dials = makeDials(bench, limits);
  const ticks = ["bidirectional", "batch_first", "bias"].map((name) => [
    name,
    tick({ label: name, value: false, settle: (on) => bench.take({ [name]: on }) }),
  ]);
  const curve = choice(bench, "nonlinearity", [
    ["tanh", "tanh"],
    ["relu", "relu"],
  ]);
  const weights = makeWeights(bench, limits);
  const group = (name, ...parts) => h("div", { class: `group ${name}` }, parts);
  const roots = (...names) => names.map((name) => dials[name].root);
  const parts = [
    presets.root,
    h("div", { class: "kinds" }, kind.root, form.root),
    group("reads", word.root, letters.root),
    group("time", ...roots("steps", "batch")),
    group("sizes", ...roots("inputs", "hidden_size", "num_layers")),
    h(
      "div",
      { class: "group ticks" },
      ticks.map(([, one]) => one.root),
      curve.root,
    ),
    weights.root,
  ];

  return {
    parts,
    set(state, chips) {
      presets.set(chips);
      for (const [name, one] of Object.entries({ kind, form, letters, nonlinearity: curve }))
        one.set(state[name]);
      word.set(state);
      for (const dial of Object.values(dials)) dial.set(state);
      for (const [name, one] of ticks) {
        one.set(state[name]);
        one.root.hidden = isCell(state) && name !== "bias";
      }
      dials.num_layers.root.hidden = isCell(state);
      curve.root.hidden = state.kind !== "RNN";
      weights.set(state);
    },
  };
}

function choice(bench, name, options) {
  return segmented({
    label: say(`${name}Field`),
    options,
    value: options[0][0],
    settle: (value) => bench.take({ [name]: value }),
  });
}

function makeDials(bench, limits) {
  const dial = (name, symbol, about, stops) =>
    makeDial(
      {
        label: say(`${name}Field`),
        symbol,
        about,
        choices: stops(limits[name].hi),
        value: (state) => state[name],
        fields: (value) => ({ [name]: value }),
      },
      bench,
    );
  const inputs = makeDial(
    {
      label: say("inputsField"),
      symbol: "I",
      about: "input",
      choices: STOPS.width(limits.vocabulary.hi),
      least: (state) => (isEmbedded(state) ? 1 : lettersOf(state.word).length),
      value: inputSizeOf,
      fields: (value, state) => (isEmbedded(state) ? { width: value } : { vocabulary: value }),
    },
    bench,
  );
  return {
    steps: dial("steps", "T", "input", STOPS.steps),
    batch: dial("batch", "N", "nothing", STOPS.batch),
    inputs,
    hidden_size: dial("hidden_size", "H", "output", STOPS.width),
    num_layers: dial("num_layers", "L", "weight", STOPS.all),
  };
}

/** The person's own word: its letters are the steps. */
function makeWord(bench, signal) {
  const box = h("input", { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
  const known = h("span", { class: "caption" });
  let timer = 0;
  let tooLong = false;
  box.addEventListener("input", (event) => {
    if (!event.isComposing) read();
  });
  box.addEventListener("compositionend", read);
  box.addEventListener("blur", () => set(bench.now));
  signal.addEventListener("abort", () => clearTimeout(timer));

  function read() {
    const word = wordOf(box.value);
    tooLong = [...box.value].length > MOST_LETTERS;
    if (box.value !== word) box.value = word;
    tellLetters(bench.now);
    if (!word || word === bench.now.word) return;
    const [layer, direction, , unit] = bench.now.at;
    const steps = [...word].length;
    bench.propose({ word, steps, at: [layer, direction, Math.min(bench.now.at[2], steps - 1), unit] });
    clearTimeout(timer);
    timer = setTimeout(() => bench.settle(), TYPING);
  }

  function set(state) {
    const typing = box.getRootNode().activeElement === box;
    if (box.value !== state.word && !(typing && wordOf(box.value) === "")) box.value = state.word;
    tellLetters(state);
  }

  function tellLetters(state) {
    const letters = lettersOf(state.word);
    const says = say("lettersKnown", { n: letters.length, letters: letters.join(" ") });
    setText(known, tooLong ? say("lettersMost", { n: MOST_LETTERS }) : says);
    known.title = says;
  }

  return {
    root: h("label", { class: "word" }, h("span", { class: "label" }, say("wordField"), known), box),
    set,
  };
}

/** Seed and size of the weights: untrained ones, as torch draws them. */
function makeWeights(bench, limits) {
  const seed = numberField({
    label: say("seedField"),
    min: limits.seed.lo,
    max: limits.seed.hi,
    value: 0,
    settle: (value) => bench.take({ seed: value }),
  });
  const next = button("", () => bench.take({ seed: (bench.now.seed + 1) % (limits.seed.hi + 1) }), {
    icon: "seed",
    label: say("nextSeed"),
  });
  const gain = makeDial(
    {
      label: say("gainField"),
      symbol: "×",
      about: "weight",
      choices: STOPS.all(limits.gain.hi),
      value: (state) => state.gain,
      fields: (value) => ({ gain: value }),
    },
    bench,
  );
  gain.root.title = say("gainSays");
  return {
    root: h("div", { class: "group weights" }, h("div", { class: "seed" }, seed.root, next), gain.root),
    set(state) {
      seed.set(state.seed);
      gain.set(state);
    },
  };
}
