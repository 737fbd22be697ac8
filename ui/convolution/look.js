import { placeOf, windowOf } from "./scene.js";

const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const CHOICES = { 1: "left", 2: "kernel", 3: "right" };

/**
 * What is pointed at: pinned by a click or the keys, else under the pointer, else the window that time has come to.
 *
 * @param {{changed: () => void, at: (place: object) => void, pause: () => void, toggle: () => void}} hand
 *   `at` moves time's window; `pause` and `toggle` are playing
 */
export function makeLook(hand) {
  let hover = null;
  let pinned = null;

  /** Pins a place; on the side that tells the time, it becomes time's window. */
  function hold(place, scene) {
    pinned = place;
    hand.pause();
    if (scene && place.grid === scene.time) hand.at(place);
    hand.changed();
  }

  function free() {
    pinned = null;
    hand.changed();
  }

  function move(scene, [down, across]) {
    const from = pinned ?? hover ?? windowOf(scene);
    const size = gridSize(scene, from.grid);
    const place = {
      grid: from.grid,
      row: clamp(from.row + down, size.rows),
      column: clamp(from.column + across, size.columns),
    };
    if (pinned || place.grid !== scene.time) hold(place, scene);
    else {
      hand.pause();
      hand.at(place);
      hand.changed();
    }
  }

  function meanings(name, scene) {
    if (MOVES[name]) return () => move(scene, MOVES[name]);
    if (CHOICES[name]) return () => hold(startOf(scene, { grid: CHOICES[name] }), scene);
    return {
      " ": hand.toggle,
      Escape: free,
      Enter: () => hold(pinned ?? windowOf(scene), scene),
      Home: () => hold(startOf(scene, pinned), scene),
    }[name];
  }

  return {
    pointed: () => pinned ?? hover,
    isPinned: () => pinned !== null,

    /** The place to show; one that a change has left behind is forgotten. */
    place(scene) {
      if (pinned && !isPlace(scene, pinned)) pinned = null;
      if (hover && !isPlace(scene, hover)) hover = null;
      return pinned ?? hover ?? windowOf(scene);
    },

    point(place) {
      if (isSamePlace(place, hover)) return;
      hover = place;
      if (!pinned) hand.changed();
    },

    /** A click: pins, and frees what was pinned. */
    pin(place, scene) {
      if (!place || isSamePlace(place, pinned)) free();
      else hold(place, scene);
    },

    free,

    /** Takes a key; says whether it meant anything. */
    key(name, scene) {
      const meaning = scene.refusal ? null : meanings(name, scene);
      meaning?.();
      return Boolean(meaning);
    },
  };
}

const clamp = (value, count) => Math.max(0, Math.min(value, count - 1));

/** Where the keys begin in a grid: time's window, the first input cell behind the padding, the first cell. */
function startOf(scene, place) {
  const grid = place?.grid ?? scene.time;
  if (grid === scene.time) return { grid, ...placeOf(scene, 0) };
  if (grid !== "left") return { grid, row: 0, column: 0 };
  return { grid, row: scene.rows.axis.left, column: scene.columns.axis.left };
}

function gridSize({ rows, columns }, grid) {
  if (grid === "kernel") return { rows: rows.axis.k, columns: columns.axis.k };
  return { rows: rows[grid], columns: columns[grid] };
}

function isPlace(scene, { grid, row, column }) {
  const size = gridSize(scene, grid);
  return !scene.refusal && row < size.rows && column < size.columns;
}

export function isSamePlace(one, other) {
  if (!one || !other) return one === other;
  return one.grid === other.grid && one.row === other.row && one.column === other.column;
}
