import { between, h, mount, s, still } from "../kit/kit.js";
import { gradient } from "./gradient.js";
import { pipes } from "./pipes.js";
import { run } from "./run.js";
import { stack } from "./stack.js";
import { unrolled } from "./unrolled.js";
import { sweep } from "./window.js";

/**
 * Each miniature draws into an SVG of 400 × 214 and returns a function of a phase in [0, 1]; 0 and 1 are the same
 * picture, at rest.
 */
const MINIATURES = {
  builder: stack,
  convolution: sweep,
  inception: pipes,
  residual: gradient,
  recurrent: unrolled,
  training: run,
};
const WIDTH = 400;
const HEIGHT = 214;
const SPAN = 3600; // milliseconds of one miniature's turn
const REST = 900; // milliseconds between two turns

export default mount((root, tools) => {
  const grid = h("nav", { class: "doors" });
  root.append(grid);
  let turns = null;
  return {
    update({ doors }) {
      turns?.stop();
      const made = doors.map((door) => makeDoor(door, tools));
      grid.replaceChildren(...made.map((door) => door.link));
      grid.style.setProperty("--columns", columns(doors.length));
      turns = takeTurns(made.filter((door) => door.frame));
    },
    destroy: () => turns?.stop(),
  };
});

/** At most three doors in a row, and no row with a single door left over where two rows of two will do. */
function columns(count) {
  return count === 4 ? 2 : Math.min(3, Math.max(1, count));
}

function makeDoor({ name, title, says, address, picture, words }, tools) {
  const svg = s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
  const frame = picture && MINIATURES[name]?.(svg, { ...picture, words }, WIDTH, HEIGHT);
  frame?.(0);
  const caption = h("div", { class: "says" }, h("h2", {}, title), h("p", {}, says), arrow());
  const link = h("a", { class: "door panel", href: address }, frame && svg, caption);
  link.addEventListener("click", (event) => {
    const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
    if (elsewhere) return; // a new tab or window: the link's own way
    event.preventDefault();
    tools.fire("open", name);
  });
  return { link, frame };
}

function arrow() {
  const path = s("path", { d: "M8 15h13M16 9.5l5.5 5.5-5.5 5.5" });
  return s("svg", { class: "arrow", viewBox: "0 0 30 30", "aria-hidden": "true" }, path);
}

/** Lets one door move at a time: they take turns, and the pointer or the focus takes the turn. */
function takeTurns(doors) {
  const state = { moving: null, wanted: null, began: 0, next: 0, request: 0 };
  for (const door of doors) {
    for (const name of ["pointerenter", "focus"]) door.link.addEventListener(name, () => want(door));
    for (const name of ["pointerleave", "blur"]) door.link.addEventListener(name, () => want(null));
  }

  function want(door) {
    state.wanted = door;
  }

  function rest(now) {
    state.moving?.frame(0);
    state.moving?.link.classList.remove("moving");
    state.moving = null;
    state.began = now;
  }

  function start(door, now) {
    state.moving = door;
    state.began = now;
    door.link.classList.add("moving");
  }

  function step(now) {
    if (state.wanted && state.moving !== state.wanted) {
      rest(now);
      start(state.wanted, now);
    }
    if (!state.moving && now - state.began > REST) start(doors[state.next++ % doors.length], now);
    if (!state.moving) return;
    const phase = (now - state.began) / SPAN;
    if (phase < 1) state.moving.frame(between(0, 1, phase));
    else rest(now);
  }

  function tick(now) {
    if (!still() && !document.hidden) step(now);
    else if (state.moving) rest(now);
    state.request = requestAnimationFrame(tick);
  }

  if (doors.length) state.request = requestAnimationFrame(tick);
  return { stop: () => cancelAnimationFrame(state.request) };
}
