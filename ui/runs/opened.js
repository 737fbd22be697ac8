import { button, h, setText } from "../kit/kit.js";

const ACTIONS = [
  ["again", "redo", "again"],
  ["seed", "seed", "newSeed"],
  ["builder", "file", "builder"],
  ["training", "play", "training"],
];

/** What stands under an unfolded row: name, note, what can be done with the run. */
export function makeOpened({ id }, words, act) {
  const name = h("input", { type: "text", maxlength: 80, "aria-label": words.name, spellcheck: "false" });
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
  const field = (word, box) => h("label", { class: "field" }, h("span", { class: "label" }, word), box);
  const root = h(
    "div",
    { class: "about" },
    h("div", { class: "fields" }, field(words.name, name), field(words.note, note)),
    about,
    unrepeated,
    closed,
    h("div", { class: "actions" }, Object.values(presses), h("span", { class: "space" }), remove, asked),
  );
  let held = null;

  /** Taking the elements to another place takes the focus away; whoever typed goes on typing. */
  function focusAgain() {
    held?.focus();
  }

  function set(data) {
    held = [name, note].find((box) => box.matches(":focus")) ?? null;
    for (const [box, value] of [
      [name, data.name],
      [note, data.note],
    ]) {
      box.disabled = !data.mine;
      if (box !== held && box.value !== value) box.value = value;
    }
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
