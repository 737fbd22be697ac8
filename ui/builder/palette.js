import { h, icon, setText } from "../kit/kit.js";
import { makeMenu } from "./menus.js";

/**
 * The palette: every kind of layer, by category, to search and pick from. Kinds that do not take what flows at the
 * place are pale but can be picked: the fault then says what would lead there.
 *
 * @param {(kind: string, place: [string, number]) => void} pick
 */
export function makePalette(pick) {
  const menu = makeMenu("", "palette");
  const search = h("input", { type: "search", autocomplete: "off", spellcheck: "false" });
  const groups = h("div", { class: "groups" });
  const about = h("p", { class: "about" });
  menu.root.append(h("label", { class: "search" }, icon("search"), search), groups, about);
  let entries = [];
  let words = {};
  let place = ["", 0];
  let layout = null;
  let known = null;

  function set(palette, phrases) {
    words = phrases;
    search.placeholder = words.search;
    search.setAttribute("aria-label", words.search);
    menu.root.setAttribute("aria-label", words.add);
    const text = JSON.stringify(palette);
    if (text === known) return;
    known = text;
    entries = [];
    groups.replaceChildren(...palette.map(makeGroup));
  }

  function makeGroup({ name, kinds }) {
    const items = kinds.map(makeEntry);
    return h("section", {}, h("h3", { class: "label" }, name), items);
  }

  function makeEntry(kind) {
    const root = h(
      "button",
      { type: "button", class: "entry", "data-kind": kind.kind },
      h("b", {}, kind.kind),
      h("span", {}, kind.label === kind.kind ? "" : kind.label),
    );
    const explain = () => setText(about, fits(kind) ? kind.about : `${kind.about} — ${words.unfit}`);
    root.addEventListener("pointerenter", explain);
    root.addEventListener("focus", explain);
    root.addEventListener("click", () => choose(kind));
    entries.push({ root, kind, text: `${kind.kind} ${kind.label} ${kind.about}`.toLowerCase() });
    return root;
  }

  const fits = (kind) => !layout || kind.accepts.includes(layout);

  function choose(kind) {
    menu.close();
    pick(kind.kind, place);
  }

  function filter() {
    const wanted = search.value.trim().toLowerCase();
    let first = null;
    for (const { root, kind, text } of entries) {
      root.hidden = Boolean(wanted) && !text.includes(wanted);
      root.classList.toggle("unfit", !fits(kind));
      if (!root.hidden) first ??= kind;
    }
    for (const section of groups.children) section.hidden = !section.querySelector(".entry:not([hidden])");
    setText(about, first ? (wanted ? first.about : words.pale) : words.nothingFound);
    return first;
  }

  function best() {
    const wanted = search.value.trim().toLowerCase();
    const exact = entries.find(({ kind }) => kind.kind.toLowerCase() === wanted);
    const starts = entries.find(({ kind }) => wanted && kind.kind.toLowerCase().startsWith(wanted));
    return exact?.kind ?? starts?.kind ?? filter();
  }

  search.addEventListener("input", filter);
  search.addEventListener("keydown", (event) => {
    const kind = event.key === "Enter" ? best() : null;
    if (kind) choose(kind);
  });

  return {
    root: menu.root,
    set,
    open(anchor, where, flows) {
      place = where;
      layout = flows;
      search.value = "";
      filter();
      menu.open(anchor);
      search.focus();
    },
  };
}
