import { makeMenu } from "../builder/menus.js";
import { h, icon, mount, setText } from "../kit/kit.js";

const SETTLED = 450; // milliseconds that a network must stay the same before anybody counts it
const LOOK = 350; // milliseconds between two looks

/**
 * The seal: a word for whether torch and torchinfo count as the page does, and the three columns behind it.
 *
 * While its data say "counting" it asks again and again; they stop saying so when the verdict is there.
 */
export default mount((root, tools) => {
  const mark = h("span", { class: "mark" });
  const says = h("span", {});
  const seal = h(
    "button",
    { class: "stamp", type: "button", "aria-live": "polite", onclick: press },
    mark,
    says,
  );
  const menu = makeMenu("", "verdict");
  root.append(seal, menu.root);
  const state = { data: null, timer: 0, looks: 0 };

  function update(data) {
    state.data = data;
    clearTimeout(state.timer);
    const { words } = data;
    seal.className = `stamp ${data.state}`;
    setText(says, words[data.state]);
    mark.replaceChildren(...markOf(data.state));
    seal.disabled = data.state === "counting" || data.state === "faulty";
    seal.title = data.says ?? "";
    menu.root.setAttribute("aria-label", words.title);
    if (data.rows) menu.root.replaceChildren(...makeVerdict(data, menu));
    else menu.close();
    if (data.state === "counting") state.timer = setTimeout(look, SETTLED);
  }

  function look() {
    tools.fire("look", { of: state.data.of, time: ++state.looks });
    state.timer = setTimeout(look, LOOK);
  }

  function press() {
    if (state.data.rows) menu.open(seal);
    else tools.fire("look", { of: state.data.of, again: true, time: ++state.looks });
  }

  return { live: true, update, destroy: () => clearTimeout(state.timer) };
});

function markOf(state) {
  if (state === "sealed") return [icon("check")];
  if (state === "differs" || state === "unanswered") return [icon("cross")];
  return [h("i", {})];
}

function makeVerdict(data, menu) {
  const { words } = data;
  const close = h(
    "button",
    { class: "close", type: "button", "aria-label": words.close, onclick: menu.close },
    icon("cross"),
  );
  return [
    h("header", {}, h("h2", {}, words.title), close),
    h("p", { class: "explains" }, words.explains),
    h(
      "div",
      { class: "scroll" },
      h("table", {}, makeHead(words), h("tbody", {}, data.rows.map(makeLine), makeSum(data))),
    ),
    h("details", {}, h("summary", {}, words.summary), h("pre", { class: "code", tabindex: 0 }, data.summary)),
  ];
}

function makeHead(words) {
  const columns = [words.ours, "torch", "torchinfo"];
  const named = (name, about) => h("th", { colspan: 3, class: `group of-${about}`, scope: "colgroup" }, name);
  return h(
    "thead",
    {},
    h(
      "tr",
      {},
      h("th", { rowspan: 2 }, words.layer),
      h("th", { rowspan: 2 }, words.shape),
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

function makeLine(row) {
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

function makeSum({ words, params, macs }) {
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
