import { h, segmented, setText } from "../kit/kit.js";
import { looker } from "./acting.js";

const PAUSE = 250; // milliseconds after the last key before the page is asked
const LONGEST_TYPED = 200;
const STAGES = ["codes", "padded", "sorted", "packed"];

/** How a batch of names becomes numbers, stage by stage; beside it, what the network says of a typed name. */
export function makeLetters(root, tools) {
  const lookAgain = looker(tools);
  const title = h("h2", {});
  const grid = h("div", { class: "batch", tabindex: 0 });
  const says = h("p", { class: "caption" });
  const choice = h("div", {});
  const asks = h("h2", {});
  const box = h("input", {
    type: "text",
    class: "typed-name",
    maxlength: LONGEST_TYPED,
    autocomplete: "off",
    spellcheck: "false",
  });
  const why = h("p", { class: "why", role: "status" });
  const lines = h("div", { class: "lines", "aria-live": "polite" });
  const foot = h("div", { class: "notes" });
  root.append(
    h(
      "div",
      { class: "two letters" },
      h("section", { class: "panel" }, h("header", {}, title, choice), grid, says),
      h("section", { class: "panel" }, h("header", {}, asks, box), why, lines, foot),
    ),
  );

  let data;
  let stage = "codes";
  let timer;
  let stages;
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => tools.settle({ name: box.value }), PAUSE);
  });
  tools.signal.addEventListener("abort", () => clearTimeout(timer));

  function drawStage() {
    says.textContent = data.stages.says[stage];
    grid.replaceChildren(...batch(data.stages, stage, data.words));
    grid.style.setProperty("--steps", data.stages.steps);
  }

  return {
    update(now) {
      data = now;
      const { words } = data;
      lookAgain(data.look.every);
      setText(title, words.title);
      setText(asks, words.guess);
      box.placeholder = words.placeholder;
      box.setAttribute("aria-label", words.guess);
      grid.setAttribute("aria-label", words.title);
      if (!stages) {
        stages = segmented({
          label: words.stage,
          options: STAGES.map((name) => [name, words[name]]),
          value: stage,
          settle: (chosen) => {
            stage = chosen;
            drawStage();
          },
        });
        choice.replaceChildren(stages.root);
        box.value = data.typed;
      }
      drawStage();
      setText(why, data.why);
      lines.replaceChildren(...guesses(data));
      foot.replaceChildren(...notes(data).map((line) => h("p", { class: "caption" }, line)));
    },
  };
}

/** A row a name; a cell is a letter over its code. Packed, the padding is gone and the columns are counted. */
function batch({ names, codes, order, steps, batchSizes }, stage, words) {
  const places = stage === "codes" || stage === "padded" ? names.map((_, place) => place) : order;
  const rows = places.flatMap((place) => [
    h("b", { class: "name" }, names[place]),
    ...Array.from({ length: steps }, (_, step) => letterCell(names[place][step], codes[place][step], stage)),
  ]);
  if (stage !== "packed") return rows;
  const counts = batchSizes.map((count) => h("span", { class: "count" }, count));
  return [...rows, h("b", { class: "name" }, words.batchSizes), ...counts];
}

function letterCell(letter, code, stage) {
  if (letter !== undefined)
    return h("span", { class: "letter" }, letter === " " ? "␣" : letter, h("small", {}, code));
  if (stage === "padded" || stage === "sorted") return h("span", { class: "pad" }, h("small", {}, 0));
  return h("span", { class: "void" });
}

/** What is said of each beginning of the name: the likeliest classes with their shares. */
function guesses({ guess, words, look }) {
  if (!guess) return look.every ? [h("p", { class: "caption" }, words.waits)] : [];
  return guess.lines.map((line, number) =>
    h(
      "div",
      { class: number === guess.lines.length - 1 ? "line whole" : "line" },
      h("b", { class: "read" }, line.read.replaceAll(" ", "␣")),
      line.best.map((one) =>
        h(
          "span",
          { class: "likely" },
          h("i", { style: { "--share": one.share } }),
          h("span", {}, one.class),
          h("span", { class: "sure" }, one.sure),
        ),
      ),
    ),
  );
}

function notes({ guess, can, words }) {
  if (guess) return [words.rough, words.caution, guess.says];
  return can ? [words.caution] : [words.none];
}
