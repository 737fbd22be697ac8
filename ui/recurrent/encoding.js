import { button, exact, h, range, say, setText, significant, valueColour } from "../lab/lab.js";
import { scaleBar } from "./cells.js";
import { encodingCosts, GATE_COUNTS, isEmbedded, lettersOf, vocabularyOf } from "./math.js";

const MOST_ROWS = 12;
const MOST_WIDE = 16;
const MANY = 10_000;
const TABLE_SCALE = 2; // standard deviations of a fresh table that have a colour of their own

/**
 * One-hot beside the embedding: the letter's one-hot row, the table, and the row that comes out; what both cost.
 *
 * @param {(letter: string) => void} pick shows the first step with this letter
 */
export function makeEncoding(bench, pick) {
  const tables = h("div", { class: "tables" });
  const sentence = h("p", { class: "caption" });
  const costs = h("div", { class: "costs" });
  const use = button(say("useEmbedding"), () =>
    bench.take({ letters: isEmbedded(bench.now) ? "one-hot" : "embedding" }),
  );
  const root = h(
    "section",
    { class: "section encoding", "aria-label": say("encodingTitle") },
    h(
      "header",
      {},
      h("h2", {}, say("encodingTitle")),
      h("span", { class: "caption" }, say("encodingSays")),
      use,
    ),
    h(
      "div",
      { class: "panel encoded" },
      tables,
      costs,
      h("div", { class: "under" }, sentence, scaleBar(`−${TABLE_SCALE}`, TABLE_SCALE, true)),
    ),
  );
  let known = {};

  function set(scene, letter) {
    const { state, answer } = scene;
    const text = JSON.stringify({ ...state, at: null });
    if (known.letter === letter && known.answer === answer && known.text === text) return;
    known = { text, answer, letter };
    use.lastChild.data = say(isEmbedded(state) ? "useOneHot" : "useEmbedding");
    setCosts(costs, state);
    const letters = lettersOf(state.word);
    tables.replaceChildren(...makeTables(state, letters, letter, answer?.table, pick));
    const difference = answer?.tableDifference;
    setText(
      sentence,
      difference === undefined
        ? say("recomputing")
        : say("lookUpEquals", { difference: difference === 0 ? "0" : significant(difference, 2) }),
    );
  }

  return { root, set };
}

function makeTables(state, letters, letter, table, pick) {
  const size = vocabularyOf(state);
  const id = letters.indexOf(letter);
  const hot = range(size).map((index) => (index === id ? 1 : 0));
  const known = (rows) => rows.slice(0, MOST_ROWS).map((row) => row.slice(0, MOST_WIDE));
  const row = table?.[id];
  return [
    grid(say("oneHotRow", { letter, n: size }), known([hot]), [letter], { scale: 1 }),
    h("span", { class: "times" }, "×"),
    grid(
      say("tableNamed", { n: size, width: state.width }),
      known(table ?? blank(size, state.width)),
      range(size).map((index) => letters[index] ?? "·"),
      { chosen: id, pick },
    ),
    h("span", { class: "times" }, "="),
    grid(say("rowNamed", { letter, n: state.width }), known([row ?? blank(1, state.width)[0]]), [letter]),
  ];
}

const blank = (rows, columns) => range(rows).map(() => range(columns).map(() => null));

/** Numbers as coloured cells, each with its value one hover away. */
function grid(title, rows, names, { scale = TABLE_SCALE, chosen = -1, pick = null } = {}) {
  const wide = rows[0].length;
  const cells = rows.flatMap((row, index) => [
    nameCell(names[index], pick),
    ...row.map((value) =>
      h("i", {
        class: chosen === index ? "on" : "",
        title: value === null ? undefined : String(value),
        style: value !== null && { background: valueColour(value / scale) },
      }),
    ),
  ]);
  return h(
    "figure",
    {},
    h("figcaption", { class: "caption" }, title),
    h("div", { class: "grid", style: { "--wide": wide } }, cells),
  );
}

function nameCell(name, pick) {
  if (!pick || name === "·") return h("span", { class: "mono" }, name);
  return h("button", { class: "mono", type: "button", onclick: () => pick(name) }, name === " " ? "␣" : name);
}

/** Weights of the first layer and of the table, now and with ten thousand words. */
function setCosts(costs, state) {
  const line = (vocabulary) => {
    const { hot, embedded } = encodingCosts(state, vocabulary);
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, say("vocabularyOf", { n: exact(vocabulary) })),
      h("td", {}, exact(hot)),
      h("td", {}, exact(embedded)),
    );
  };
  const head = h(
    "tr",
    {},
    h("th", {}, say("costsTitle")),
    h("th", { scope: "col" }, say("oneHot")),
    h("th", { scope: "col" }, say("embedding")),
  );
  const gates = GATE_COUNTS[state.kind];
  costs.replaceChildren(
    h("table", {}, h("thead", {}, head), h("tbody", {}, line(vocabularyOf(state)), line(MANY))),
    h("p", { class: "caption" }, say("costsSays", { gates, hidden: state.hidden_size, width: state.width })),
  );
}
