import { exact, fixed, say } from "../lab/lab.js";
import { droppedOf, isPool, isTransposed, skippedOf, stepsOf } from "./math.js";
import { cellOf, leftCellOf, litBy, numberOf, rightCellOf } from "./scene.js";

/** What is pointed at, in a sentence: [the cell's name, what is said of it]. */
export function sentenceOf(scene, place) {
  const lit = litBy(scene, place);
  if (place.grid === "kernel") return kernelSentence(scene, place, lit);
  if (place.grid === "right")
    return scene.time === "right" ? readSentence(scene, place, lit) : gatherSentence(scene, place, lit);
  return scene.time === "left" ? stampSentence(scene, place, lit) : useSentence(scene, place, lit);
}

/** The name of a cell: x[2,3]; the axis that one-dimensional layers lack is left out. */
export function nameOf(scene, letter, [row, column]) {
  return scene.stacked ? `${letter}[${column}]` : `${letter}[${row},${column}]`;
}

function readSentence(scene, place, lit) {
  const counts = { data: 0, pad: 0, copy: 0, zero: 0, over: 0 };
  for (const key of lit.left.keys()) counts[leftCellOf(scene, ...cellOf(key)).kind]++;
  const values = { n: exact(lit.left.size), ...counts };
  return [
    nameOf(scene, "y", [place.row, place.column]),
    `${say(readKind(counts), values)} · ${placeIn(scene, place)}`,
  ];
}

/** Which sentence fits: zeros put between, cells over the end, padding, or nothing of the kind. */
function readKind(counts) {
  if (counts.zero) return "readsZeros";
  if (counts.over) return "readsOver";
  if (counts.pad) return "readsPadding";
  if (counts.copy) return "readsCopies";
  return "reads";
}

function placeIn(scene, place) {
  return say("placeOf", { n: exact(numberOf(scene, place) + 1), all: exact(scene.windows) });
}

function useSentence(scene, place, lit) {
  const { kind, source } = leftCellOf(scene, place.row, place.column);
  const n = lit.right.size;
  const name = source ? nameOf(scene, "x", source) : say(kind === "zero" ? "insertedZero" : "paddingCell");
  if (kind === "copy") return [name, say(n ? "copyUsed" : "copyUnused", { n: exact(n) })];
  if (n === 0) return [name, say("unused")];
  return [name, say(n === 1 ? "usedOnce" : "used", { n: exact(n) })];
}

function stampSentence(scene, place, lit) {
  let cut = 0;
  for (const key of lit.right.keys()) if (rightCellOf(scene, ...cellOf(key)).kind === "cut") cut++;
  const words = say(cut ? "stampsCut" : "stamps", { n: exact(lit.right.size), cut: exact(cut) });
  return [nameOf(scene, "x", [place.row, place.column]), `${words} · ${placeIn(scene, place)}`];
}

function gatherSentence(scene, place, lit) {
  const { kind, index } = rightCellOf(scene, place.row, place.column);
  if (kind === "cut") return [say("cutCell"), say("isCut")];
  const n = lit.left.size;
  return [
    nameOf(scene, "y", index),
    say(n === 0 ? "gathersNone" : n === 1 ? "gathersOne" : "gathers", { n: exact(n) }),
  ];
}

function kernelSentence(scene, place, lit) {
  const n = exact(isTransposed(scene.state) ? scene.rows.axis.n * scene.columns.axis.n : scene.windows);
  const distinct = exact(lit.left.size);
  return [
    nameOf(scene, "w", [place.row, place.column]),
    say(isPool(scene.state) ? "poolTap" : "tapMeets", { n, distinct }),
  ];
}

/** What is lost, under the input: cells never read because of the floor, cells between windows, or nothing. */
export function lossSentence(scene) {
  if (scene.time !== "right" || scene.rows.flipped || scene.refusal) return { words: "", lost: false };
  const axes = scene.stacked ? [scene.columns] : [scene.rows, scene.columns];
  const dropped = axes.map(({ axis }) => droppedOf(axis));
  const counts = { rows: dropped[0].all, columns: dropped.at(-1).all };
  const skipped = axes.map(({ axis }) => skippedOf(axis));
  const unread = countUnread(axes, skipped);
  if (counts.rows || counts.columns)
    return { words: droppedWords(scene, dropped, counts, unread), lost: true };
  if (unread) return { words: say("betweenWindows", { n: exact(unread) }), lost: true };
  return { words: say("everyCellRead"), lost: false };
}

/** What the floor cuts off at the end, and what the windows and the taps leave out before it. */
function droppedWords(scene, dropped, counts, unread) {
  const onlyPadding = dropped.every(({ input }) => input === 0);
  const steps = stepsOf((counts.columns ? scene.columns : scene.rows).axis);
  return [
    say(lossName(scene, counts), counts),
    onlyPadding ? say("onlyPadding") : "",
    say("floorDrops", { from: shortNumber(steps), to: Math.floor(steps) }),
    unread ? say("betweenToo", { n: exact(unread) }) : "",
  ].join("");
}

function lossName(scene, { rows, columns }) {
  if (scene.stacked) return columns === 1 ? "lostCell" : "lostCells";
  const name = (n, one, many) => (n === 0 ? "" : n === 1 ? one : many);
  return `lost${name(rows, "Row", "Rows")}${name(columns, "Column", "Columns")}`;
}

/** Input cells that are unread because their row or their column is. */
function countUnread(axes, skipped) {
  const all = axes.reduce((product, { axis }) => product * axis.n, 1);
  const read = axes.reduce((product, { axis }, index) => product * (axis.n - skipped[index]), 1);
  return all - read;
}

const shortNumber = (value) => (Number.isInteger(value) ? String(value) : fixed(value, 2).replace(/0$/, ""));
