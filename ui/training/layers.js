import { h, setText, superscript } from "../kit/kit.js";

const SIDES = ["gradient", "update"];

/** A row for each layer: its name, and on two logarithmic axes its gradient norm and how far it was moved. */
export function makeLayers() {
  const title = h("h2", {});
  const when = h("span", { class: "score when" });
  const table = h("div", { class: "gauge-table", tabindex: 0, role: "table" });
  const notes = h("div", { class: "gauge-notes" });
  const root = h("section", { class: "panel" }, h("header", {}, title, when), table, notes);
  return {
    root,
    update(data) {
      const { words, rows } = data;
      setText(title, words.title);
      setText(when, data.when);
      table.setAttribute("aria-label", words.title);
      if (rows.length) table.replaceChildren(headRow(data), ...rows.map((row) => layerRow(row, data)));
      else table.replaceChildren(h("p", { class: "caption" }, words.none));
      notes.replaceChildren(...[words.about, words.signs].map((line) => h("p", { class: "caption" }, line)));
    },
  };
}

function headRow({ axes, words }) {
  return h(
    "div",
    { class: "gauge-row heads", role: "row" },
    h("span", { role: "columnheader" }, words.layer),
    SIDES.map((side) =>
      h(
        "span",
        { class: "gauge-head", role: "columnheader" },
        h("b", {}, words[side]),
        h(
          "span",
          { class: "ends", "aria-hidden": "true" },
          h("i", {}, `10${superscript(axes[side].low)}`),
          h("i", {}, `10${superscript(axes[side].high)}`),
        ),
      ),
    ),
  );
}

function layerRow(row, { axes, usual }) {
  return h(
    "div",
    { class: "gauge-row", role: "row" },
    h("span", { class: "gauge-name", role: "rowheader", title: row.where }, row.name),
    SIDES.map((side) => logBar(row[side], axes[side], side, side === "update" ? usual : null)),
  );
}

/** A bar as long as the value's logarithm; what is marked has a sign, and its bar is hatched. */
function logBar({ value, shown, mark }, { low, high }, side, usual) {
  const power = value > 0 ? Math.log10(value) : low;
  const share = value === null ? 1 : Math.max(0, Math.min(1, (power - low) / (high - low)));
  return h(
    "span",
    { class: `log-bar of-${side === "update" ? "weight" : "gradient"}`, role: "cell" },
    h(
      "span",
      { class: "log-track", "aria-hidden": "true", style: { "--powers": high - low } },
      h("i", { class: mark ? "marked" : "", style: { "--share": share } }),
      usual !== null && h("u", { style: { "--at": usual } }),
    ),
    h("span", { class: mark ? "log-value marked" : "log-value" }, mark && `${mark} `, shown),
  );
}
