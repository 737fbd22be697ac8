import { button, h, icon, selectField, setText } from "../kit/kit.js";
import { looker, proposer } from "../training/acting.js";
import { makeOpened } from "./opened.js";

const NUMBERS = new Set(["params", "seed", "loss", "accuracy", "took"]);
const PAUSE = 250; // milliseconds after the last letter before it is looked for

/** The runs as a table to search, sort, and tick what is to be compared. */
export function makeList(root, tools) {
  const act = proposer(tools);
  const lookAgain = looker(tools);
  const search = makeSearch(act, tools);
  const filters = h("span", { class: "filters" });
  const count = h("span", { class: "count", role: "status" });
  const note = h("p", { class: "note", role: "status" });
  const table = h("table", {});
  const foot = h("div", { class: "foot" });
  const scroll = h("div", { class: "scroll" }, table, foot);
  const head = h("header", {}, search.root, filters, count);
  root.append(h("section", { class: "panel list" }, head, note, scroll));
  let opened;
  let offered;

  return {
    update(data) {
      const { words } = data;
      search.set(data.text, words.search);
      const offer = JSON.stringify([data.states, data.sets, data.state, data.data]);
      if (offer !== offered) filters.replaceChildren(...selects(data, act));
      offered = offer;
      setText(count, data.count);
      setText(note, data.note);
      note.hidden = !data.note;
      if (!data.opened || opened?.id !== data.opened.id)
        opened = data.opened && makeOpened(data.opened, words, act);
      opened?.set(data.opened);
      const focused = root.getRootNode().activeElement?.dataset.of;
      const body = h(
        "tbody",
        {},
        data.rows.map((row) => lines(row, data, opened, act)),
      );
      if (!data.rows.length) body.append(nothing(data, act));
      table.replaceChildren(header(data, act), body);
      if (focused) table.querySelector(`[data-of="${focused}"]`)?.focus();
      opened?.focusAgain();
      foot.replaceChildren(...(data.more ? [button(words.more, () => act({ do: "more" }))] : []));
      lookAgain(data.look);
    },
  };
}

function makeSearch(act, tools) {
  const box = h("input", { type: "search", maxlength: 80, spellcheck: "false" });
  const root = h("label", { class: "search" }, icon("search"), box);
  let timer = 0;
  const tell = () => {
    clearTimeout(timer);
    act({ do: "find", text: box.value });
  };
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(tell, PAUSE);
  });
  box.addEventListener("keydown", (event) => event.key === "Enter" && tell());
  tools.signal.addEventListener("abort", () => clearTimeout(timer));
  return {
    root,
    set(text, word) {
      box.placeholder = word;
      box.setAttribute("aria-label", word);
      if (!box.matches(":focus") && box.value !== text) box.value = text;
    },
  };
}

function selects({ words, states, sets, state, data }, act) {
  return [
    selectField({
      label: words.state,
      options: states,
      value: state,
      settle: (value) => act({ do: "state", value }),
    }).root,
    selectField({
      label: words.data,
      options: sets,
      value: data,
      settle: (value) => act({ do: "data", value }),
    }).root,
  ];
}

function header({ columns, sort, down }, act) {
  const cells = columns.map(([name, word]) => {
    const here = name === sort;
    const press = h("button", { type: "button", onclick: () => act({ do: "sort", by: name }) }, word);
    press.dataset.of = `sort ${name}`;
    if (here) press.append(icon(down ? "down" : "up"));
    return h(
      "th",
      {
        scope: "col",
        class: `column-${name}${NUMBERS.has(name) ? " number-cell" : ""}`,
        "aria-sort": here && (down ? "descending" : "ascending"),
      },
      press,
    );
  });
  return h("thead", {}, h("tr", {}, h("th", { class: "column-tick" }), cells));
}

function nothing({ words, columns, count, text, state, data }, act) {
  const filtered = text || state || data;
  const says = filtered
    ? words.none
    : [`${count} `, button(words.train, () => act({ do: "train" }), { icon: "play", kind: "primary" })];
  return h("tr", {}, h("td", { class: "nothing", colspan: columns.length + 1 }, says));
}

function lines(row, data, opened, act) {
  const { words, columns, full } = data;
  const open = opened?.id === row.id;
  const box = h("input", {
    type: "checkbox",
    "aria-label": words.compare.replace("{run}", row.name),
    onchange: () => act({ do: "choose", run: row.id }),
    disabled: full && row.curve === null,
  });
  box.checked = row.curve !== null;
  box.dataset.of = `tick ${row.id}`;
  const swatch = row.curve !== null && h("i", { class: `swatch curve-${row.curve}`, "aria-hidden": "true" });
  const line = h(
    "tr",
    { class: open ? "open" : "", "data-run": row.id },
    h("td", { class: "column-tick" }, h("label", {}, box, swatch)),
    columns.map(([name]) =>
      h(
        "td",
        { class: `column-${name}${NUMBERS.has(name) ? " number-cell" : ""}` },
        cell(name, row, words, act, open),
      ),
    ),
  );
  if (!open) return line;
  return [line, h("tr", { class: "opened" }, h("td", { colspan: columns.length + 1 }, opened.root))];
}

function cell(name, row, words, act, open) {
  switch (name) {
    case "name": {
      const press = h(
        "button",
        {
          class: `open${row.named ? "" : " id"}`,
          type: "button",
          title: words.open.replace("{run}", row.name),
          "aria-expanded": String(open),
          onclick: () => act({ do: "open", run: row.id }),
        },
        icon("chevron"),
        h("span", {}, row.name),
      );
      press.dataset.of = `open ${row.id}`;
      return [press, row.noted && h("span", { class: "noted", title: row.noted }, row.noted)];
    }
    case "state":
      return h(
        "span",
        { class: `state ${row.tone}`, title: row.why },
        h("i", { "aria-hidden": "true" }),
        row.state,
      );
    case "network":
      return [row.network, h("span", { class: "caption" }, row.settings)];
    case "params":
      return h("span", { title: row.exactly }, row.params);
    case "accuracy":
      return [
        row.accuracy,
        h("span", { class: "share", style: { "--share": row.share }, "aria-hidden": "true" }),
      ];
    default:
      return row[name];
  }
}
