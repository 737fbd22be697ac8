import { h, s, say, text } from "../lab/lab.js";
import { definitions, drawEnds, drawKernel, drawLeft, drawRight, tapAt } from "./cells.js";
import { makeEditor } from "./editor.js";
import { cellAt } from "./geometry.js";
import { outputSizes } from "./math.js";
import { drawOverlay } from "./overlay.js";
import { layOut, windowOf } from "./scene.js";
import { lossSentence, sentenceOf } from "./sentences.js";
import { sizeWords, titles } from "./titles.js";

const GRIDS = ["left", "kernel", "right"];

/**
 * The picture: padded input, kernel, output; what is pointed at lights up what belongs to it.
 *
 * @param {object} look what is pointed at, see look.js
 * @param {(fields: object) => void} take takes a number that was set in a cell
 */
export function makePicture(look, take) {
  const below = s("g", {});
  const above = s("g", { class: "overlay" });
  const svg = s(
    "svg",
    { class: "picture-svg", tabindex: 0, role: "application", "aria-roledescription": say("picture") },
    definitions(),
    below,
    above,
  );
  const hint = h("p", { class: "keys" }, say("keys"));
  const shown = { scene: null, grids: null, layout: "" };
  const editor = makeEditor({ take, scene: () => shown.scene, back: () => svg.focus() });
  const root = h("div", { class: "canvas" }, svg, editor.root, hint);

  svg.addEventListener("pointermove", (event) => look.point(placeUnder(event)));
  svg.addEventListener("pointerleave", () => look.point(null));
  svg.addEventListener("click", (event) => {
    const place = placeUnder(event);
    if (!editor.open(shown.scene, shown.grids, place)) look.pin(place, shown.scene);
  });
  svg.addEventListener("keydown", (event) => {
    if (!shown.scene) return;
    const edits = event.key === "Enter" && editor.open(shown.scene, shown.grids, look.place(shown.scene));
    if (edits || look.key(event.key, shown.scene)) event.preventDefault();
  });

  function placeUnder(event) {
    if (!shown.grids || shown.scene.refusal) return null;
    const box = svg.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    for (const name of GRIDS) {
      const cell = cellAt(shown.grids[name], x, y);
      if (cell) return placeAt(shown.scene, name, cell);
    }
    return null;
  }

  return {
    root,
    svg,

    /** Draws a scene into width × height; only what moves is drawn anew where the rest is as it was. */
    draw(scene, width, height) {
      const place = look.place(scene);
      const pointed = look.pointed();
      const grids = layOut(scene, windowOf(scene), pointed, width, height);
      const layout = JSON.stringify([grids, width, height]);
      if (scene !== shown.scene || layout !== shown.layout) {
        svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
        svg.setAttribute("height", height);
        below.replaceChildren(...drawBelow(scene, grids));
      }
      Object.assign(shown, { scene, grids, layout });
      above.replaceChildren(...(scene.refusal ? [] : drawOverlay(scene, grids, place)));
      above.classList.toggle("pinned", look.isPinned());
      svg.classList.toggle("numbers-view", scene.values !== null);
      svg.setAttribute("aria-label", labelOf(scene, place));
    },
  };
}

/** A cell of a grid as a place; in the kernel's grid the tap that lies there, nothing in a gap. */
function placeAt(scene, grid, cell) {
  if (grid !== "kernel") return { grid, ...cell };
  const tap = tapAt(scene, cell.row, cell.column);
  return tap && { grid, row: tap[0], column: tap[1] };
}

function labelOf(scene, place) {
  const [name, words] = scene.refusal ? ["", ""] : sentenceOf(scene, place);
  const sizes = {
    input: sizeWords(scene, scene.state.size),
    output: sizeWords(scene, outputSizes(scene.state)),
  };
  return `${say("pictureOf", sizes)} ${name} ${words}`;
}

function drawBelow(scene, grids) {
  const { left, kernel, right } = grids;
  return [
    group("left", left, [...drawLeft(scene, left), ...drawEnds(left, lengthsOf(scene, "left"))]),
    group("kernel", kernel, drawKernel(scene, kernel)),
    scene.refusal
      ? refusedOutput(right)
      : group("right", right, [...drawRight(scene, right), ...drawEnds(right, lengthsOf(scene, "right"))]),
    ...titles(scene, grids),
    ...loss(scene, left),
  ];
}

/** How many cells a side has in all. */
const lengthsOf = ({ rows, columns }, side) => ({ rows: rows[side], columns: columns[side] });

function group(name, { rows, columns, x, y, size }, children) {
  const place = { "data-rows": rows, "data-columns": columns, "data-x": x, "data-y": y, "data-size": size };
  return s("g", { class: `grid ${name}`, "data-grid": name, ...place }, children);
}

/** Where the output would be: nothing but a word, since there is none. */
function refusedOutput({ x, y, size, rows, columns }) {
  const [width, height] = [Math.max(size * columns, 64), Math.max(size * rows, 64)];
  const [left, top] = [x + (size * columns - width) / 2, y + (size * rows - height) / 2];
  return s(
    "g",
    { class: "grid right refused", "data-grid": "right" },
    s("rect", { x: left, y: top, width, height, rx: 6 }),
    text(left + width / 2, top + height / 2 + 5, say("noOutput"), { "text-anchor": "middle" }),
  );
}

/** What nobody reads, under the input. */
function loss(scene, grid) {
  const { words, lost } = lossSentence(scene);
  if (!words) return [];
  const y = grid.y + grid.rows * grid.size + (scene.stacked ? 42 : 24); // with one axis, under the stride's arrow
  const middle = Math.max(grid.x + (grid.columns * grid.size) / 2, words.length * 3.3);
  return [text(middle, y, words, { class: lost ? "lost-words" : "sub", "text-anchor": "middle" })];
}
