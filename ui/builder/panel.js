import { button, h, s, setText } from "../kit/kit.js";
import { makeControl } from "./fields.js";
import { fillIn } from "./menus.js";
import { subscripts } from "./symbols.js";

const REACH = 66; // pixels of the small picture of the input

/**
 * What stands under the open row: its fields, its sums, what a unit sees, and what can be done with it. The controls
 * stay while their values change, so that a slider keeps the hand that holds it.
 */
export function makePanel(words, desk) {
  const title = h("span", { class: "about" });
  const deeds = h("span", { class: "deeds" });
  const main = h("div", { class: "controls" });
  const more = button("", () => unfold(more.getAttribute("aria-expanded") !== "true"), { icon: "chevron" });
  const count = h("span", {});
  const sums = h("div", { class: "sums" });
  const reach = h("figure", { class: "reach" });
  const notes = h("ul", { class: "notes" });
  const body = h("div", { class: "numbers" }, sums, reach);
  const cell = h(
    "div",
    { role: "gridcell", class: "panel-cell" },
    main,
    body,
    notes,
    h("footer", {}, title, deeds),
  );
  const root = h("div", { role: "row", class: "opened" }, cell);
  let controls = new Map();
  let rare = [];
  let built = "";
  more.classList.replace("icon-only", "more-fields");
  more.append(count);

  function set(open) {
    const key = signature(open);
    if (key !== built) build(open);
    built = key;
    for (const field of open.fields)
      if (!desk.holds(open.path, field.name)) controls.get(field.name).set(field);
    setText(title, open.label && open.label !== open.kind ? `${open.label} — ${open.about}` : open.about);
    sums.replaceChildren(...(open.sums ?? []).map(makeSum));
    sums.hidden = !open.sums?.length;
    cell.classList.toggle("brief", sums.hidden && Boolean(open.reach));
    reach.replaceChildren(...makeReach(open.reach, words));
    reach.hidden = !open.reach;
    notes.replaceChildren(...(open.notes ?? []).map((note) => h("li", {}, note)));
    notes.hidden = !open.notes?.length;
    setDeeds(open);
  }

  function build(open) {
    controls = new Map();
    const place = (field) => {
      const control = makeControl(field, words, desk.hand(open.path, field.name));
      controls.set(field.name, control);
      return control.root;
    };
    rare = open.fields.filter((field) => field.rare).map(place);
    const usual = open.fields.filter((field) => !field.rare).map(place);
    setText(count, fillIn(words.moreFields, { count: rare.length }));
    main.replaceChildren(...usual, ...(rare.length ? [more] : []), ...rare);
    unfold(false);
    main.hidden = !main.children.length;
  }

  function unfold(open) {
    more.setAttribute("aria-expanded", String(open));
    for (const control of rare) control.hidden = !open;
  }

  function setDeeds(open) {
    const made = [];
    if (open.inside)
      made.push(deed(words.addInside, "plus", (event) => desk.addAt(event.currentTarget, open.inside)));
    if (open.branches) made.push(addBranch(open));
    if (open.editable) made.push(...placing(open));
    replaceDeeds(deeds, made);
  }

  function addBranch(open) {
    const made = deed(words.addBranch, "branch", () => desk.propose({ do: "add branch", path: open.path }));
    made.disabled = open.branches.count >= open.branches.most;
    return made;
  }

  function placing(open) {
    const propose = (action) => () => desk.propose({ ...action, path: open.path });
    const up = deed("", "up", propose({ do: "move", by: -1 }), words.up);
    const down = deed("", "down", propose({ do: "move", by: 1 }), words.down);
    up.disabled = !open.up;
    down.disabled = !open.down;
    return [
      up,
      down,
      deed("", "duplicate", propose({ do: "duplicate" }), words.duplicate),
      deed("", "trash", propose({ do: "delete" }), words.delete),
    ];
  }

  function focusOn(name) {
    const control = controls.get(name);
    if (!control) return;
    if (rare.includes(control.root)) unfold(true);
    control.focus();
  }

  return { root, set, focusOn };
}

function deed(word, iconName, press, label) {
  return button(word, press, { icon: iconName, label });
}

/** Keeps the focus on the same deed when the buttons are made anew. */
function replaceDeeds(deeds, made) {
  const active = deeds.getRootNode().activeElement;
  const index = [...deeds.children].indexOf(active);
  deeds.replaceChildren(...made);
  if (index >= 0) made[Math.min(index, made.length - 1)]?.focus();
}

/** Which controls there are; while it stays the same they are kept. */
function signature(open) {
  const fields = open.fields.map(({ name, type, axes, options }) => [name, type, axes?.length, options]);
  return JSON.stringify([open.path, open.kind, fields]);
}

/** A number with the sum it comes from; the same in symbols stands under it. */
function makeSum({ about, name, text, symbols, value }) {
  return h(
    "div",
    { class: `sum-line of-${about}` },
    h("span", { class: "name" }, name),
    h("span", { class: "terms" }, text && `${text} = `, h("b", {}, value)),
    symbols && h("span", { class: "symbols" }, subscripts(symbols)),
  );
}

/** What a unit sees, in words, and where the place is drawn, as a window over the input. */
function makeReach(reach, words) {
  if (!reach) return [];
  const caption = h("figcaption", {}, h("span", { class: "label" }, words.reach), h("span", {}, reach.says));
  return reach.window?.length === 2 ? [drawReach(reach), caption] : [caption];
}

function drawReach({ input, window: [rows, columns] }) {
  const unit = REACH / Math.max(...input);
  const [height, width] = input.map((size) => Math.max(3, size * unit));
  const spanned = ([first, last]) => [first * unit, Math.max(2, (last - first + 1) * unit)];
  const [y, tall] = spanned(rows);
  const [x, wide] = spanned(columns);
  return s(
    "svg",
    {
      width: REACH + 8,
      height: REACH + 8,
      viewBox: `-4 -4 ${REACH + 8} ${REACH + 8}`,
      "aria-hidden": "true",
    },
    s("rect", { width, height, class: "whole" }),
    s("rect", { x, y, width: wide, height: tall, rx: 1.5, class: "window" }),
  );
}
