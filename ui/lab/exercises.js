import { button, exact, h, icon, setText, still } from "../kit/kit.js";
import { say } from "./say.js";

/**
 * Exercises: a setting in words, a guess for each question, then the answers, and the page takes the setting. What the
 * person guessed stays with the page, not with the link.
 */
export function makeExercises(bench) {
  const list = h("div", { class: "tasks" });
  const progress = h("span", { class: "caption" });
  const back = button(say("backToMine"), () => bench.giveBack(), { icon: "undo" });
  const root = h(
    "section",
    { class: "exercises", "aria-label": say("exercises") },
    h(
      "header",
      {},
      h("h2", {}, say("exercises")),
      h("span", { class: "caption" }, say("predictFirst")),
      progress,
      back,
    ),
    list,
  );
  const revealed = new Set();
  let known = "";
  let cards = [];

  function tell() {
    back.hidden = !bench.hasMine();
    setText(progress, revealed.size ? say("done", { done: revealed.size, all: cards.length }) : "");
  }

  /** Takes a setting and brings the page's picture into view. */
  function show(state) {
    bench.borrow(state);
    root.parentNode.parentNode.scrollIntoView({ behavior: still() ? "auto" : "smooth", block: "start" });
  }

  function reveal(task, shown) {
    if (shown) revealed.add(task.name);
    if (shown) bench.borrow(task.state);
    tell();
  }

  return {
    root,
    set(exercises) {
      tell();
      const text = JSON.stringify(exercises);
      if (text === known) return;
      known = text;
      cards = exercises.map((task) => makeTask(task, show, reveal));
      const half = Math.ceil(cards.length / 2);
      list.replaceChildren(h("div", {}, cards.slice(0, half)), h("div", {}, cards.slice(half)));
      tell();
    },
  };
}

function makeTask(task, show, reveal) {
  const rows = task.questions.map((question) =>
    makeQuestion(question, () => show(question.state ?? task.state)),
  );
  const because = h("p", { class: "because", hidden: true }, task.because);
  const press = button(say("reveal"), toggle, { kind: "primary" });
  let shown = false;

  function toggle() {
    shown = !shown;
    press.lastChild.data = say(shown ? "again" : "reveal");
    press.classList.toggle("primary", !shown);
    because.hidden = !shown;
    for (const row of rows) row.reveal(shown);
    reveal(task, shown);
  }

  const form = h(
    "form",
    { onsubmit: (event) => event.preventDefault() },
    rows.map((row) => row.root),
    h("div", { class: "act" }, press),
    because,
  );
  return h(
    "details",
    { class: "task", "data-name": task.name },
    h(
      "summary",
      {},
      h("span", { class: "turn" }, icon("chevron")),
      h("b", {}, task.title),
      h("span", {}, task.setting),
    ),
    form,
  );
}

function makeQuestion({ asks, answer }, show) {
  const guess = h("input", {
    type: "text",
    inputmode: "numeric",
    autocomplete: "off",
    maxlength: 60,
    placeholder: say("yourGuess"),
    "aria-label": `${asks} ${say("yourGuess")}`,
  });
  const verdict = h("output", { class: "verdict" });
  const look = button("", show, { icon: "search", label: say("showIt") });
  look.hidden = true;
  return {
    root: h("div", { class: "question" }, h("label", {}, h("span", {}, asks), guess), verdict, look),
    reveal(shown) {
      const guessed = numbersIn(guess.value, answer.length);
      const right = guessed.length > 0 && isSame(guessed, answer);
      verdict.className = `verdict ${shown && guess.value ? (right ? "right" : "wrong") : ""}`;
      const value = answer.map(exact).join(" × ");
      setText(verdict, shown ? (right ? `${value} · ${say("right")}` : say("itIs", { value })) : "");
      guess.disabled = shown;
      look.hidden = !shown;
    },
  };
}

/** The whole numbers in what a person has typed: "10×5×3×3", "10, 5, 3, 3"; "1,849,688,064" where one is asked for. */
export function numbersIn(text, wanted) {
  const plain = wanted === 1 ? text.replace(/(\d)[, _\u00a0\u202f](?=\d{3})/g, "$1") : text;
  return (plain.match(/\d+/g) ?? []).map(Number);
}

function isSame(guessed, answer) {
  return guessed.length === answer.length && guessed.every((value, index) => value === answer[index]);
}
