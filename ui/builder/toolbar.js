import { button, h, saveText, setText } from "../kit/kit.js";
import { copyText, openText } from "./clipboard.js";
import { makeMenu } from "./menus.js";
import { makePresets } from "./presets.js";

const NEWS = 1600; // milliseconds that "Copied" stands on a button

/** The row of buttons over everything: add, presets, undo and redo; A, file, link, train. */
export function makeToolbar(words, desk, seal) {
  const add = button(words.add, () => desk.addAtEnd(add), { icon: "plus" });
  const presets = makePresets(words, (slug) => desk.propose({ do: "preset", slug }));
  const undo = button("", () => desk.propose({ do: "undo" }), { icon: "undo", label: words.undo });
  const redo = button("", () => desk.propose({ do: "redo" }), { icon: "redo", label: words.redo });
  const keep = button(words.keep, () => desk.propose({ do: "keep" }));
  const back = button(words.back, () => desk.propose({ do: "back" }));
  const forget = button("", () => desk.propose({ do: "forget" }), { icon: "cross", label: words.forget });
  const file = makeFile(words, desk);
  const link = makeCopier(words, words.link, "link", () => desk.address());
  const train = button(words.train, () => desk.train(), { icon: "play", kind: "primary" });
  const pair = h("span", { class: "pair" }, back, forget);
  const left = [add, presets.opener, undo, redo, seal.root];
  const right = [keep, pair, file.opener, link.root, train];
  const root = h(
    "div",
    { class: "toolbar" },
    left,
    h("span", { class: "space" }),
    right,
    presets.root,
    file.root,
    seal.menu,
  );

  function set(data) {
    undo.disabled = !data.undo;
    redo.disabled = !data.redo;
    keep.hidden = data.kept;
    pair.hidden = !data.kept;
    back.disabled = data.isKept;
    link.root.disabled = !data.link;
    link.root.title = data.link ? "" : words.noLink;
    train.disabled = !data.ok || !data.trains;
    train.title = data.ok ? "" : words.fixFirst;
    presets.set(data.presets, data.preset);
  }
  return { root, set };
}

/** A button that copies what `text` gives, and says so for a moment. */
export function makeCopier(words, label, iconName, text) {
  const says = h("span", {}, label);
  const root = button("", copy, { icon: iconName });
  root.classList.remove("icon-only");
  root.append(says);
  root.setAttribute("aria-live", "polite");
  let timer = 0;

  async function copy() {
    if (!(await copyText(text()))) return;
    setText(says, words.copied);
    clearTimeout(timer);
    timer = setTimeout(() => setText(says, label), NEWS);
  }
  return { root };
}

function makeFile(words, desk) {
  const menu = makeMenu(words.share, "files");
  const opener = button(words.share, () => menu.open(opener), { icon: "download" });
  const download = entry(words.downloadJson, () => saveText(desk.json(), "network.json", "application/json"));
  const upload = entry(words.uploadJson, () =>
    openText(
      ".json,application/json",
      (text, file) => desk.propose({ do: "load", text, file: file.slice(0, 60) }),
      () => desk.say(words.tooLarge),
    ),
  );

  function entry(word, act) {
    const press = () => {
      menu.close();
      act();
    };
    return h("button", { type: "button", class: "entry", onclick: press }, h("b", {}, word));
  }

  const name = h("input", {
    type: "text",
    placeholder: words.saveName,
    "aria-label": words.saveName,
    spellcheck: "false",
  });
  const save = button(words.save, keep);
  name.addEventListener("keydown", (event) => event.key === "Enter" && keep());

  function keep() {
    if (!name.value.trim()) return name.focus();
    menu.close();
    desk.propose({ do: "save", name: name.value });
  }

  menu.root.append(h("div", { class: "save" }, name, save), download, upload);
  return { root: menu.root, opener };
}
