import { h, icon, setText } from "../kit/kit.js";
import { makeMenu } from "./menus.js";

const SETTLED = 450; // milliseconds that a network must stay the same before anybody counts it
const LOOK = 350; // milliseconds between two looks

/**
 * The seal: a word for whether torch and torchinfo count as the page does, and the three columns behind it.
 *
 * While its data say "counting" it asks again and again; they stop saying so when the verdict is there.
 */
export function makeSeal(words, tools) {
  const mark = h("span", { class: "mark" });
  const says = h("span", {});
  const root = h(
    "button",
    { class: "stamp", type: "button", "aria-live": "polite", onclick: press },
    mark,
    says,
  );
  const menu = makeMenu(words.sealTitle, "referee");
  const state = { data: null, known: "", timer: 0, looks: 0 };
  tools.signal.addEventListener("abort", () => clearTimeout(state.timer));

  function set(data) {
    const text = JSON.stringify(data);
    if (text === state.known) return;
    state.known = text;
    state.data = data;
    clearTimeout(state.timer);
    root.className = `stamp ${data.state}`;
    setText(says, words[data.state]);
    mark.replaceChildren(...markOf(data.state));
    root.disabled = data.state === "counting" || data.state === "faulty";
    root.title = data.says ?? "";
    if (data.rows) menu.root.replaceChildren(...makeVerdict(data, words, menu));
    else menu.close();
    if (data.state === "counting") state.timer = setTimeout(look, SETTLED);
  }

  function look() {
    tools.ask("look", { of: state.data.of, time: ++state.looks });
    state.timer = setTimeout(look, LOOK);
  }

  function press() {
    if (state.data.rows) menu.open(root);
    else tools.ask("look", { of: state.data.of, again: true, time: ++state.looks });
  }

  return { root, menu: menu.root, set };
}

function markOf(state) {
  if (state === "sealed") return [icon("check")];
  if (state === "otherwise" || state === "unanswered") return [icon("cross")];
  return [h("i", {})];
}

function makeVerdict(data, words, menu) {
  const close = h(
    "button",
    { class: "close", type: "button", "aria-label": words.close, onclick: menu.close },
    icon("cross"),
  );
  return [
    h("header", {}, h("h2", {}, words.sealTitle), close),
    h("p", { class: "explains" }, words.sealExplains),
    h(
      "div",
      { class: "scroll" },
      h("table", {}, verdictHead(words), h("tbody", {}, data.rows.map(verdictLine), verdictSum(data, words))),
    ),
    h(
      "details",
      {},
      h("summary", {}, words.sealSummary),
      h("pre", { class: "code", tabindex: 0 }, data.summary),
    ),
  ];
}

function verdictHead(words) {
  const columns = [words.ours, "torch", "torchinfo"];
  const named = (name, about) => h("th", { colspan: 3, class: `group of-${about}`, scope: "colgroup" }, name);
  return h(
    "thead",
    {},
    h(
      "tr",
      {},
      h("th", { rowspan: 2 }, words.layer),
      h("th", { rowspan: 2 }, words.output),
      named(words.params, "weight"),
      named(words.macs, "compute"),
    ),
    h(
      "tr",
      {},
      [...columns, ...columns].map((name, index) =>
        h("th", { scope: "col", class: index % 3 ? "" : "first" }, name),
      ),
    ),
  );
}

function verdictLine(row) {
  const counts = (values) =>
    values.map((value, index) => h("td", { class: countClass(values, index) }, value));
  const line = h(
    "tr",
    { class: row.agrees ? "" : "wrong" },
    h("th", { scope: "row" }, row.layer),
    h("td", {}, row.shape),
    counts(row.params),
    counts(row.macs),
  );
  if (!row.reason) return [line];
  return [line, h("tr", { class: "reason" }, h("td", { colspan: 8 }, row.reason))];
}

function countClass(values, index) {
  const differs = index > 0 && values[index] !== values[0] ? "differs" : "";
  return index === 0 ? "first" : differs;
}

function verdictSum({ params, macs }, words) {
  const counts = (values) =>
    values.map((value, index) => h("td", { class: countClass(values, index) }, value));
  return h(
    "tr",
    { class: "sum" },
    h("th", { scope: "row" }, words.total),
    h("td", {}),
    counts(params),
    counts(macs),
  );
}
