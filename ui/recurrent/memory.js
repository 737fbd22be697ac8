import { h, range, say, setText, significant } from "../lab/lab.js";

const DECADES = 2; // powers of ten that have a colour of their own

/** How far each output hangs on each letter: the norms of a worker's ∂output[t] / ∂x[s], outputs in rows. */
export function makeMemory() {
  const grid = h("div", { class: "memory-grid" });
  const sentence = h("p", { class: "moral" });
  const root = h(
    "section",
    { class: "section memory", "aria-label": say("memoryTitle") },
    h("header", {}, h("h2", {}, say("memoryTitle")), h("span", { class: "caption" }, say("memorySays"))),
    h(
      "div",
      { class: "panel remembered" },
      grid,
      h("div", {}, sentence, h("p", { class: "caption" }, say("memoryHow", { decades: DECADES }))),
    ),
  );
  let known = null;

  function set(scene) {
    const norms = scene.answer?.memory ?? null;
    if (known?.scene === scene && known.norms === norms) return;
    const letters = scene.columns.map((step) => (scene.letters[step] === " " ? "␣" : scene.letters[step]));
    const shape = letters.join() + scene.fold;
    const stays = !norms && !scene.answer && shape === known?.shape; // seen, pale, until the next is there
    root.classList.toggle("stale", stays);
    known = { scene, norms, shape };
    if (stays) return setText(sentence, say("recomputing"));
    const shown = range(letters.length);
    if (scene.fold >= 0) shown.splice(scene.fold, 0, null); // null: steps that are left out
    grid.style.setProperty("--wide", shown.length);
    grid.replaceChildren(
      h("span", { class: "corner caption" }, say("memoryCorner")),
      ...shown.map((column) => h("span", { class: "mono of-input" }, letters[column] ?? "⋯")),
      ...shown.flatMap((row) => [
        h("span", { class: "mono of-output" }, letters[row] ?? "⋮"),
        ...shown.map((column) =>
          row === null || column === null ? h("b", {}) : memoryCell(scene, norms, row, column),
        ),
      ]),
    );
    const missing = say(scene.answer ? "memoryTooLarge" : "recomputing");
    setText(sentence, norms ? memoryWords(scene, norms, letters) : missing);
  }

  return { root, set };
}

function memoryCell(scene, norms, row, column) {
  const norm = norms?.[row][column] ?? null;
  const most = norms ? Math.max(...norms.flat()) : 1;
  const share = norm > 0 ? Math.max(0, 1 + Math.log10(norm / most) / DECADES) : 0;
  const [t, from] = [scene.columns[row], scene.columns[column]];
  return h("i", {
    title: norm === null ? undefined : `‖∂output[${t}]/∂x[${from}]‖ = ${norm ? significant(norm) : "0"}`,
    style: share > 0 && {
      background: `color-mix(in oklab, var(--gradient) ${Math.round(100 * share)}%, var(--zero))`,
    },
  });
}

/** What the last output keeps of the first letter, as a share of what it takes from its own. */
function memoryWords(scene, norms, letters) {
  if (letters.length < 2) return say("memoryShort");
  const last = norms.at(-1);
  if (!last.at(-1)) return say("memoryNothing");
  const share = last[0] / last.at(-1);
  return say(share ? "memoryKeeps" : "memoryForgets", {
    first: letters[0],
    last: letters.at(-1),
    back: scene.columns.at(-1) - scene.columns[0],
    share: significant(share, 2),
  });
}
