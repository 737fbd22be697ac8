import { s, say, text } from "../lab/lab.js";
import { isPool, outputSizes } from "./math.js";

/** Height and width as words; the axis that one-dimensional layers lack is left out. */
export function sizeWords({ stacked }, [rows, columns]) {
  return stacked ? String(columns) : `${rows} × ${columns}`;
}

/** Name, size, and what surrounds it, over each grid. */
export function titles(scene, { left, kernel, right }) {
  const { state, rows, columns } = scene;
  const taps = sizeWords(scene, [rows.axis.k, columns.axis.k]);
  const output = scene.refusal ? "–" : sizeWords(scene, outputSizes(state));
  const turned = columns.flipped ? say("turnedRound") : "";
  return [
    title(left, say("input"), sizeWords(scene, state.size), leftNote(scene, left), "input"),
    title(kernel, say(isPool(state) ? "window" : "kernel"), taps, turned, "weight", 6),
    title(right, say("output"), output, rightNote(scene, right), "output", scene.refusal ? 18 : 0),
  ];
}

function title(grid, name, size, note, about, lift = 0) {
  const middle = grid.x + (grid.columns * grid.size) / 2;
  const y = grid.y - 11 - lift;
  const line = text(middle, note ? y - 17 : y, name, { class: `title of-${about}`, "text-anchor": "middle" });
  line.append(s("tspan", { class: "mono size", dx: 7 }, size));
  return s("g", {}, line, note && text(middle, y, note, { class: "sub", "text-anchor": "middle" }));
}

function leftNote(scene, grid) {
  const around = scene.rows.flipped ? insertedNote(scene) : scene.time === "right" ? paddedNote(scene) : "";
  return joinNotes(around, croppedNote(scene, grid, "left"));
}

function rightNote(scene, grid) {
  const cut = scene.time === "left" && !scene.refusal ? cutNote(scene) : "";
  return joinNotes(cut, croppedNote(scene, grid, "right"));
}

const joinNotes = (...notes) => notes.filter(Boolean).join(" · ");

function shownAxes(scene) {
  return scene.stacked ? [scene.columns] : [scene.rows, scene.columns];
}

function paddedNote(scene) {
  const axes = shownAxes(scene).map(({ axis }) => axis);
  if (axes.every(({ left, right }) => left === 0 && right === 0)) return "";
  const [first] = axes;
  const alike = axes.every(({ left, right }) => left === first.left && right === first.right);
  if (alike && first.left === first.right) return say("paddedBy", { n: first.left });
  if (alike) return say("paddedUneven", { before: first.left, after: first.right });
  const [h, w] = axes.map(({ left, right }) => (left === right ? left : `${left}+${right}`));
  return say("paddedPerAxis", { h, w });
}

function insertedNote(scene) {
  const between = shownAxes(scene).map(({ axis }) => axis.s - 1);
  const around = shownAxes(scene).map(({ axis, span }) => Math.max(0, span - 1 - axis.left));
  const alike = (numbers) => numbers.every((number) => number === numbers[0]);
  const words = (numbers) => (alike(numbers) ? numbers[0] : numbers.join(", "));
  return say("zerosInserted", { between: words(between), around: words(around) });
}

function cutNote(scene) {
  const cuts = shownAxes(scene).map(({ axis }) => axis.left);
  if (cuts.every((cut) => cut === 0)) return "";
  return cuts.every((cut) => cut === cuts[0])
    ? say("cutBy", { n: cuts[0] })
    : say("cutPerAxis", { h: cuts[0], w: cuts[1] });
}

/** Which cells of a long axis are drawn. */
function croppedNote(scene, grid, side) {
  if (scene.refusal) return "";
  const parts = [];
  if (!scene.stacked && grid.rows < scene.rows[side])
    parts.push(part("rowsShown", grid.row0, grid.rows, scene.rows[side]));
  if (grid.columns < scene.columns[side])
    parts.push(part("columnsShown", grid.column0, grid.columns, scene.columns[side]));
  return parts.join(", ");
}

const part = (name, first, count, all) => say(name, { from: first, to: first + count - 1, all });
