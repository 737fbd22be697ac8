import { h, range, rectangle, s, text, valueColour } from "../lab/lab.js";
import { isDashed, laneColour } from "./wires.js";

const INSET = 3;
const MOST_BLOCKS = 128;

/** The cells with their units, the letters under them, and the names of the lanes. */
export function makeCells() {
  const root = s("g", { class: "cells" });
  const chosen = s("g", { class: "chosen" });

  function draw(scene, places) {
    root.replaceChildren(
      ...scene.lanes.flatMap((lane) =>
        scene.columns.map((_, column) => makeCell(scene, places, lane, column)),
      ),
      ...scene.columns.map((_, column) => makeLetter(scene, places, column)),
    );
  }

  /** Marks the cell and the unit at a place. */
  function mark(scene, places, place) {
    const { direction } = scene.lanes[place.row];
    const x = places.x(place.column, direction) - places.cellWidth / 2;
    const y = places.top(place.row);
    const unit = unitBox(scene, places, x, y, place.unit);
    chosen.replaceChildren(
      rectangle(x, y, places.cellWidth, places.cellHeight, { style: { stroke: laneColour(place.row) } }, 6),
      rectangle(unit.x, unit.y, unit.width, unit.height, { class: "unit" }, 2),
    );
  }

  return { root, chosen, draw, mark };
}

function unitBox(scene, places, x, y, unit) {
  const width = Math.max(1, places.cellWidth - 2 * INSET) / scene.units;
  return { x: x + INSET + unit * width, y: y + INSET, width, height: places.cellHeight - 2 * INSET };
}

function makeCell(scene, places, { direction, row, values }, column) {
  const x = places.x(column, direction) - places.cellWidth / 2;
  const y = places.top(row);
  const border = {
    fill: "var(--panel)",
    stroke: laneColour(row),
    "stroke-width": 2.2,
    "stroke-dasharray": isDashed(row) ? "5 3" : "none",
  };
  const units = range(scene.units).map((unit) => {
    const box = unitBox(scene, places, x, y, unit);
    const value = values?.h[column][unit];
    return rectangle(
      box.x,
      box.y,
      box.width,
      box.height,
      {
        class: "unit",
        "data-place": `${row} ${column} ${unit}`,
        style: value !== undefined && { fill: valueColour(value) },
      },
      2,
    );
  });
  return s(
    "g",
    { class: scene.units > 12 ? "cell dense" : "cell" },
    rectangle(x, y, places.cellWidth, places.cellHeight, { style: border }, 6),
    units,
  );
}

/** A step's letter, and the numbers that stand for it. */
function makeLetter(scene, places, column) {
  const x = places.middle(column);
  const wide = Math.min(places.cellWidth, 96);
  const numbers = scene.answer?.x[column] ?? [];
  const count = Math.min(scene.lanes[0].reads, MOST_BLOCKS);
  const step = wide / count;
  const blocks = range(count).map((index) =>
    rectangle(
      x - wide / 2 + index * step,
      places.inputTop,
      step > 3 ? step - 1 : step,
      9,
      { style: numbers[index] !== undefined && { fill: valueColour(numbers[index]) } },
      step > 3 ? 1.5 : 0,
    ),
  );
  const letter = scene.letters[scene.columns[column]];
  return s(
    "g",
    { class: "letter" },
    blocks,
    rectangle(x - wide / 2, places.inputTop, wide, 9, { class: "frame" }, 2),
    rectangle(x - 14, places.inputTop + 14, 28, 25, { class: "box" }, 6),
    text(x, places.inputTop + 32, letter === " " ? "␣" : letter, { class: "mono", "text-anchor": "middle" }),
  );
}

/** A bar of the colours from the least to the largest value, with its ends written. */
export function scaleBar(from, to, signed) {
  const colours = signed
    ? "linear-gradient(90deg in oklab, var(--negative), var(--zero), var(--positive))"
    : "linear-gradient(90deg in oklab, var(--zero), var(--memory))";
  return h("span", { class: "scale mono" }, from, h("i", { style: { background: colours } }), to);
}
