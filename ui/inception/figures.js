import { bytes, change, exact, fixed, h, say, setText, short } from "../lab/lab.js";
import { ratioOf } from "./math.js";

const ROWS = ["without", "with", "kept"];

/** What is compared: its name, the key of the counts, its colour's meaning, how it is written. The first is the large one. */
const COMPARED = [
  ["macs", "compute", short],
  ["params", "weight", short],
  ["memory", "memory", bytes],
  ["channels", "output", exact],
];

/** Four comparisons, each with its ratio and a bar a side, coloured by branch. */
export function makeFigures(look) {
  const figures = COMPARED.map(([key, about, show], index) =>
    makeFigure(key, about, show, index === 0, look),
  );
  const root = h(
    "div",
    { class: "figures" },
    figures.map((figure) => figure.root),
  );
  return {
    root,
    /** @param {{without: object, with: object}} counted of the state now, lanes included @param {object | null} kept of A */
    set(counted, kept) {
      for (const figure of figures) figure.set(counted, kept);
    },
  };
}

function makeFigure(key, about, show, isLarge, look) {
  const value = h("b", {});
  const word = h("small", {});
  const rows = Object.fromEntries(ROWS.map((side) => [side, makeRow(side, look)]));
  const root = h(
    "div",
    { class: `figure of-${about}${isLarge ? " large" : ""}`, "data-of": key },
    h("span", { class: "label", title: key === "memory" && say("memorySays") }, say(`${key}Compared`)),
    h("span", { class: "ratio" }, value, word),
    ROWS.map((side) => rows[side].root),
  );

  function set(counted, kept) {
    const [before, now] = [counted.without, counted.with];
    const known = key !== "channels" || (before.ok && now.ok);
    const [ratio, direction] = ratioOf(before[key], now[key]);
    setText(value, known ? `${fixed(ratio, 2)}×` : "–");
    setText(word, known ? say(`${direction}Word`) : say("noConcat"));
    const largest = Math.max(before[key], now[key], kept?.with[key] ?? 0) || 1;
    rows.without.set(before, key, largest, known ? show(before[key]) : "–");
    rows.with.set(now, key, largest, known ? show(now[key]) : "–");
    rows.kept.root.hidden = !kept;
    if (kept) rows.kept.set(kept.with, key, largest, show(kept.with[key]), change(now[key], kept.with[key]));
  }

  return { root, set };
}

/** One bar, a piece for each branch; that of A is hollow. */
function makeRow(side, look) {
  const stack = h("span", { class: "stack" });
  const number = h("b", { class: "amount" });
  const name = h("span", {}, say(`${side}Short`));
  const root = h("div", { class: `row ${side}`, "data-side": side }, name, stack, number);
  return {
    root,
    set(module, key, largest, written, differs = "") {
      const lanes = side === "kept" ? [{ name: "all", [key]: module[key] }] : module.lanes;
      fitPieces(stack, lanes.length, look);
      lanes.forEach((lane, index) => {
        const piece = stack.children[index];
        piece.className = `piece ${lane.name}`;
        piece.dataset.lane = lane.name;
        piece.style.setProperty("--part", `${(100 * lane[key]) / largest}%`);
      });
      setText(number, written);
      root.title = [exact(module[key]), differs && say("nowDiffers", { by: differs })]
        .filter(Boolean)
        .join(" · ");
    },
  };
}

function fitPieces(stack, count, look) {
  while (stack.children.length < count) {
    const piece = h("i", {});
    piece.addEventListener("pointerenter", () => look(piece.dataset.lane));
    piece.addEventListener("pointerleave", () => look(null));
    stack.append(piece);
  }
  while (stack.children.length > count) stack.lastChild.remove();
}
