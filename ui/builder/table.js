import { h, setText } from "../kit/kit.js";
import { makePanel } from "./panel.js";
import { kindOf, makeFault, makeRow } from "./rows.js";

/** The network as a table of rows, changed in place: what a person holds or has focused stays. */
export function makeTable(words, desk) {
  const heads = new Map();
  const layer = h("span", { class: "label", role: "columnheader" });
  const output = h("span", { class: "label right", role: "columnheader" });
  const totals = h("div", { class: "totals" });
  const head = h(
    "div",
    { class: "head", role: "row" },
    h("span"),
    h("span", { class: "label middle", role: "columnheader" }, words.channels),
    layer,
    output,
    totals,
  );
  const body = h("div", { class: "body", role: "rowgroup" });
  const remarks = h("p", { class: "remarks caption" });
  const grid = h("div", { role: "treegrid", "aria-label": words.network }, head, body);
  const root = h("section", { class: "table panel" }, grid, remarks);
  const panel = makePanel(words, desk);
  let made = new Map();
  let current = "input";

  function set(data) {
    const focused = focusedRow();
    setText(layer, data.ok ? words.layer : words.endsAbove);
    setText(output, `${words.output} ${data.rows[0].axes}`);
    setTotals(data.totals);
    setText(remarks, data.remarks.join(" "));
    const order = setRows(data);
    markOpen(data.open?.path ?? null);
    place(order);
    if (!made.has(current)) current = data.open?.path ?? "input";
    rove(current, focused !== null && focusedRow() === null);
    if (data.open?.focus) panel.focusOn(data.open.focus);
  }

  /** Makes or changes the element of every row; gives everything that stands in the table, in order. */
  function setRows(data) {
    const next = new Map();
    const order = [];
    for (const row of data.rows) {
      const known = made.get(row.path);
      const usable = known && known.kind === kindOf(row);
      const element = usable ? known : makeRow(row, words, desk);
      if (usable) known.set(row);
      next.set(row.path, element);
      order.push(element.root, ...below(row, data));
    }
    made = next;
    return order;
  }

  /** The address of the row that has the focus. */
  function focusedRow() {
    return root.getRootNode().activeElement?.closest?.(".row")?.dataset.path ?? null;
  }

  /** What follows a row: its fault, and its panel where it is open. */
  function below(row, data) {
    const pieces = [];
    if (row.problem) pieces.push(makeFault(row, words, desk));
    if (data.open?.path === row.path) {
      panel.set(data.open);
      pieces.push(panel.root);
    }
    return pieces;
  }

  function markOpen(path) {
    for (const [own, { root: row }] of made) {
      row.classList.toggle("selected", own === path);
      if (row.classList.contains("thin")) continue;
      row.setAttribute("aria-selected", String(own === path));
    }
    panel.root.classList.toggle(
      "problem",
      path !== null && made.get(path)?.root.classList.contains("problem"),
    );
  }

  /** Puts the elements in order. Those that stay are not moved, so that they keep the focus and the hand. */
  function place(order) {
    const wanted = new Set(order);
    for (const element of [...body.children]) if (!wanted.has(element)) element.remove();
    let at = body.firstChild;
    for (const element of order) {
      if (element === at) at = at.nextSibling;
      else body.insertBefore(element, at);
    }
  }

  function setTotals(list) {
    for (const total of list) {
      if (!heads.has(total.about)) {
        heads.set(total.about, makeTotal(total));
        totals.append(heads.get(total.about).root);
      }
      heads.get(total.about).set(total);
    }
  }

  /** Lets one row take part in the order of the tab key; the arrow keys move it. */
  function rove(path, focus) {
    made.get(current)?.root.setAttribute("tabindex", "-1");
    current = path;
    const row = made.get(path)?.root;
    row?.setAttribute("tabindex", "0");
    if (focus) row?.focus({ preventScroll: false });
  }

  function paths() {
    return [...made].filter(([, { root: row }]) => !row.classList.contains("thin")).map(([path]) => path);
  }

  return {
    root,
    set,
    rove,
    markOpen,
    /** The row that the focus is on, or was last. */
    current: () => current,
    /** Moves the focus by so many rows. */
    step(by) {
      const list = paths();
      const now = Math.max(0, list.indexOf(current));
      rove(list[Math.max(0, Math.min(list.length - 1, now + by))], true);
    },
    hover(path) {
      for (const [own, { root: row }] of made) row.classList.toggle("pointed", own === path);
    },
    show(path) {
      made.get(path)?.root.scrollIntoView({ block: "nearest" });
    },
    /** Puts the focus on the first control of the open row. */
    enterPanel() {
      panel.root.querySelector("input:not([hidden]):not(:disabled), select, button:not(:disabled)")?.focus();
    },
    element: (path) => made.get(path)?.root,
    body,
  };
}

function makeTotal({ about }) {
  const value = h("b", {});
  const name = h("i", {});
  const change = h("span", { class: "news" });
  const root = h("span", { class: `total of-${about}`, role: "columnheader" }, change, value, name);
  return {
    root,
    set(total) {
      setText(value, total.shown);
      setText(name, total.name);
      setText(change, total.change ?? "");
      change.title = total.kept ? `A: ${total.kept}` : "";
      root.title = total.exactly;
    },
  };
}
