import { button, h } from "../kit/kit.js";
import { proposer } from "./acting.js";

const COLUMNS = ["run", "data", "network", "settings", "steps", "loss", "accuracy", "state"];
const NUMBERS = new Set(["steps", "loss", "accuracy"]);

/** The runs there have been, newest first. */
export function makeRuns(root, tools) {
  const act = proposer(tools);
  const title = h("h2", {});
  const none = h("p", { class: "caption" });
  const table = h("table", {});
  const foot = h("div", { class: "foot" });
  const every = h("span", {});
  const all = button(every, () => act({ do: "runs" }));
  root.append(h("section", { class: "panel runs" }, h("header", {}, title, none, all), table, foot));
  return {
    update({ rows, more, words }) {
      title.textContent = words.title;
      none.textContent = words.none;
      every.textContent = words.all;
      table.hidden = rows.length === 0;
      const focused = table.querySelector(":focus")?.dataset.of;
      table.replaceChildren(
        head(words),
        h(
          "tbody",
          {},
          rows.map((row) => line(row, words, act)),
        ),
      );
      if (focused) table.querySelector(`[data-of="${focused}"]`)?.focus();
      foot.replaceChildren(...(more ? [button(words.more, () => act({ do: "more" }))] : []));
    },
  };
}

function head(words) {
  const cells = COLUMNS.map((name) =>
    h("th", { scope: "col", class: NUMBERS.has(name) && "number-cell" }, words[name]),
  );
  return h("thead", {}, h("tr", {}, cells, h("th", {})));
}

function line(row, words, act) {
  const open = () => act({ do: "open", run: row.id });
  const name = h(
    "button",
    { class: "open", type: "button", onclick: open, title: words.open.replace("{run}", row.name) },
    row.name,
  );
  name.dataset.of = row.id;
  const cells = {
    run: [name, h("span", { class: "caption" }, row.when)],
    data: row.data,
    network: row.network,
    settings: row.settings,
    steps: row.steps,
    loss: row.loss,
    accuracy: [
      row.accuracy,
      h("span", { class: "share", style: { "--share": row.share }, "aria-hidden": "true" }),
    ],
    state: [h("span", { class: `state ${row.tone}` }, h("i", { "aria-hidden": "true" }), row.state)],
  };
  const again =
    row.again && button("", () => act({ do: "again", run: row.id }), { icon: "redo", label: words.again });
  return h(
    "tr",
    { "aria-current": row.current && "true" },
    COLUMNS.map((column) => h("td", { class: NUMBERS.has(column) && "number-cell" }, cells[column])),
    h("td", { class: "again" }, again),
  );
}
