import { button, h, icon, setText } from "../kit/kit.js";
import { makeMenu } from "./menus.js";

/**
 * The presets: known networks by family, to search and pick from. The button says which one is on the desk.
 *
 * @param {(slug: string) => void} pick
 */
export function makePresets(words, pick) {
  const menu = makeMenu(words.presets, "presets");
  const search = h("input", {
    type: "search",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: words.searchPresets,
    "aria-label": words.searchPresets,
  });
  const families = h("div", {});
  const nothing = h("p", { class: "about", hidden: true }, words.noPreset);
  menu.root.append(h("label", { class: "search" }, icon("search"), search), families, nothing);
  const name = h("span", { class: "preset-name" });
  const opener = button(words.presets, open, { icon: "file" });
  opener.append(name);
  let known = null;
  let entries = [];

  function open() {
    search.value = "";
    filter();
    menu.open(opener);
    search.focus();
  }

  function take(slug) {
    menu.close();
    pick(slug);
  }

  function makeFamily(family) {
    const label = h("h3", { class: "label" }, family.name);
    return h("section", {}, label, family.presets.map(makePreset));
  }

  function makePreset({ slug, title, about, params }) {
    const press = () => take(slug);
    const root = h(
      "button",
      { type: "button", class: "entry", "data-slug": slug, onclick: press },
      h("b", {}, title),
      h("span", { title: about }, about),
      h("em", { title: words.params }, params),
    );
    entries.push({ root, slug, title, text: `${slug} ${title} ${about}`.toLowerCase() });
    return root;
  }

  /** Shows what has all the words that are looked for. */
  function filter() {
    const wanted = search.value.toLowerCase().split(/\s+/);
    for (const { root, text } of entries) root.hidden = !wanted.every((word) => text.includes(word));
    const found = entries.filter(({ root }) => !root.hidden);
    for (const section of families.children) section.hidden = !section.querySelector(".entry:not([hidden])");
    nothing.hidden = found.length > 0;
    return found;
  }

  search.addEventListener("input", filter);
  search.addEventListener("keydown", (event) => {
    const [first] = event.key === "Enter" ? filter() : [];
    if (first) take(first.slug);
  });

  return {
    root: menu.root,
    opener,
    /** @param {string | null} now the slug of the one on the desk */
    set(presets, now) {
      const text = JSON.stringify(presets);
      if (text !== known) {
        known = text;
        entries = [];
        families.replaceChildren(...presets.map(makeFamily));
      }
      for (const { root, slug } of entries) root.setAttribute("aria-current", String(slug === now));
      setText(name, entries.find(({ slug }) => slug === now)?.title ?? "");
    },
  };
}
