import { button, h, setText } from "../kit/kit.js";

const ACTIONS = [
  ["again", "redo", "again"],
  ["seed", "seed", "newSeed"],
  ["builder", "file", "builder"],
  ["training", "play", "training"],
];

/** What stands under an unfolded row: name, note, what can be done with the run. */
export function makeOpened({ id }, words, act) {
  // No maxlength: it would cut what is pasted without a word, and the page says the rule.
  const name = h("input", { type: "text", "aria-label": words.name, spellcheck: "false" });
  const rule = h("span", { class: "rule", role: "alert" });
  const note = h("textarea", { rows: 1, maxlength: 2000, "aria-label": words.note });
  name.addEventListener("change", () => act({ do: "rename", run: id, name: name.value }));
  name.addEventListener("keydown", (event) => event.key === "Enter" && name.blur());
  note.addEventListener("change", () => act({ do: "annotate", run: id, note: note.value }));
  const about = h("p", { class: "caption" });
  const closed = h("p", { class: "caption" });
  const unrepeated = h("p", { class: "caption" });
  const presses = Object.fromEntries(
    ACTIONS.map(([does, sign, word]) => [
      does,
      button(words[word], () => act({ do: does, run: id }), { icon: sign }),
    ]),
  );
  const remove = button(words.delete, () => act({ do: "ask", run: id }), { icon: "trash" });
  const question = h("span", { class: "label" });
  const asked = h(
    "span",
    { class: "asked", role: "alert" },
    question,
    button(words.deleteNow, () => act({ do: "delete", run: id }), { icon: "trash", kind: "fix" }),
    button(words.keep, () => act({ do: "keep", run: id })),
  );
  const field = (word, ...parts) =>
    h("label", { class: "field" }, h("span", { class: "label" }, word), parts);
  const root = h(
    "div",
    { class: "about" },
    h("div", { class: "fields" }, field(words.name, name, rule), field(words.note, note)),
    about,
    unrepeated,
    closed,
    h("div", { class: "actions" }, Object.values(presses), h("span", { class: "space" }), remove, asked),
  );
  let held = null;
  let isFresh = true;

  /** Taking the elements to another place takes the focus away; whoever typed goes on typing. */
  function focusAgain() {
    held?.focus();
  }

  /** A name that was refused stays as it was typed; after a look at another page it comes back. */
  function setName({ name: stored, typed, rule: says }) {
    const refused = typed !== null;
    if (!refused) fill(name, stored);
    else if (isFresh) fill(name, typed);
    isFresh = false;
    setText(rule, says);
    rule.hidden = !refused;
    name.setAttribute("aria-invalid", String(refused));
  }

  function fill(box, value) {
    if (box !== held && box.value !== value) box.value = value;
  }

  function set(data) {
    held = [name, note].find((box) => box.matches(":focus")) ?? null;
    for (const box of [name, note]) box.disabled = !data.mine;
    setName(data);
    fill(note, data.note);
    setText(about, data.about);
    setText(unrepeated, data.unrepeated);
    unrepeated.hidden = !data.unrepeated;
    presses.again.title = data.unrepeated;
    setText(closed, data.closed);
    closed.hidden = !data.closed;
    for (const does of ["again", "seed"]) presses[does].disabled = !data.again;
    presses.builder.disabled = !data.builder;
    setText(question, data.question);
    remove.hidden = data.asked || !data.mine;
    remove.disabled = !data.delete;
    asked.hidden = !data.asked;
  }
  return { id, root, set, focusAgain };
}
