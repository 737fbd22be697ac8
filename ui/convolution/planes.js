import { exact, h, s, say, setText, text } from "../lab/lab.js";
import { isPool, outputChannels } from "./math.js";

const PLANES_WIDTH = 264;
const PLANES_HEIGHT = 150;
const PLANES_TOP = 26; // pixels for the counts
const FEW_THREADS = 160; // threads that are drawn one by one
const MOST_PLANES = 16; // planes of a side that are drawn one by one

/**
 * The channels: planes of the input at the left, of the output at the right, and which feed which. Groups are ribbons of
 * their own; a plane under the pointer shows the planes that feed it.
 */
export function makePlanes() {
  const svg = s("svg", { class: "planes-svg", viewBox: `0 0 ${PLANES_WIDTH} ${PLANES_HEIGHT}`, role: "img" });
  const caption = h("p", { class: "caption" });
  const root = h("div", { class: "planes" }, svg, caption);
  const shown = { scene: null, state: null, plane: 0 };

  svg.addEventListener("pointermove", (event) => {
    const plane = planeUnder(event, svg, shown.state);
    if (plane !== null && plane !== shown.plane) draw(shown.state, plane);
  });

  function draw(state, plane) {
    const groups = isPool(state) ? state.channels : state.groups;
    const channels = { left: state.channels, right: outputChannels(state), groups };
    Object.assign(shown, { state, plane: Math.min(plane, channels.right - 1) });
    const valid = channels.left % groups === 0 && channels.right % groups === 0;
    svg.replaceChildren(...(valid ? drawPlanes(channels, shown.plane) : []));
    const words = valid ? planeWords(channels, isPool(state)) : "";
    svg.setAttribute("aria-label", words);
    setText(caption, words);
  }

  return {
    root,
    set(scene) {
      if (scene === shown.scene) return;
      shown.scene = scene;
      draw(scene.state, shown.plane);
    },
  };
}

/** The output plane at the height of the pointer. */
function planeUnder(event, svg, state) {
  const box = svg.getBoundingClientRect();
  const y = ((event.clientY - box.top) * PLANES_HEIGHT) / box.height - PLANES_TOP;
  if (y < 0) return null;
  return Math.min(
    outputChannels(state) - 1,
    Math.floor((y / (PLANES_HEIGHT - PLANES_TOP)) * outputChannels(state)),
  );
}

function planeWords({ left, groups }, pools) {
  const each = left / groups;
  if (pools) return say("poolPlanes");
  if (each === left) return left === 1 ? say("readsThePlane") : say("readsAllPlanes", { n: exact(left) });
  return each === 1 ? say("readsOnePlane") : say("readsItsPlanes", { n: exact(each) });
}

function drawPlanes({ left, right, groups }, plane) {
  const fed = groupOf(plane, right, groups);
  const few = (left * right) / groups <= FEW_THREADS;
  const ribbons = Array.from({ length: Math.min(groups, 64) }, (_, index) => {
    const group = groups <= 64 ? index : Math.floor((index * groups) / 64);
    return group === fed ? null : ribbon(group, { left, right, groups }, "ribbon");
  });
  return [
    text(0, 13, say(left === 1 ? "planeIn" : "planesIn", { n: exact(left) }), { class: "count of-input" }),
    text(PLANES_WIDTH, 13, say(right === 1 ? "planeOut" : "planesOut", { n: exact(right) }), {
      class: "count of-output",
      "text-anchor": "end",
    }),
    ...(few
      ? everyThread({ left, right, groups })
      : [...ribbons.filter(Boolean), ribbon(fed, { left, right, groups }, "ribbon fed")]),
    ...threads(plane, fed, { left, right, groups }, "thread"),
    ...planesOf(left, 14, (index) => groupOf(index, left, groups) === fed, "input"),
    ...planesOf(right, PLANES_WIDTH - 58, (index) => index === plane, "output"),
  ];
}

const groupOf = (plane, count, groups) => Math.floor(plane / (count / groups));
const heightOf = (count) => (PLANES_HEIGHT - PLANES_TOP) / count;

/** The band between a group's input planes and its output planes. */
function ribbon(group, { left, right, groups }, name) {
  const [a, b] = [left, right].map((count) => {
    const size = (PLANES_HEIGHT - PLANES_TOP) / groups;
    const inset = Math.min(2, heightOf(count) / 6);
    return [PLANES_TOP + group * size + inset, PLANES_TOP + (group + 1) * size - inset];
  });
  const [x0, x1, bend] = [58, PLANES_WIDTH - 58, 60];
  const d = `M${x0} ${a[0]}C${x0 + bend} ${a[0]} ${x1 - bend} ${b[0]} ${x1} ${b[0]}V${b[1]}C${x1 - bend} ${b[1]} ${x0 + bend} ${a[1]} ${x0} ${a[1]}Z`;
  return s("path", { class: name, d });
}

/** One thread from every input plane that feeds an output plane. */
function threads(plane, group, { left, right, groups }, name) {
  const each = left / groups;
  const many = Math.min(each, 2 * MOST_PLANES);
  const end = PLANES_TOP + (plane + 0.5) * heightOf(right);
  return Array.from({ length: many }, (_, index) => {
    const from = group * each + (many === each ? index : (index * each) / many);
    const start = PLANES_TOP + (from + 0.5) * heightOf(left);
    return s("path", {
      class: name,
      d: `M58 ${start}C118 ${start} ${PLANES_WIDTH - 118} ${end} ${PLANES_WIDTH - 58} ${end}`,
    });
  });
}

/** Which plane feeds which, where they are few enough to be told apart. */
function everyThread(channels) {
  return Array.from({ length: channels.right }, (_, plane) =>
    threads(plane, groupOf(plane, channels.right, channels.groups), channels, "thread faint"),
  ).flat();
}

/** Planes one by one, or as one block where they are many, with those that are lit. */
function planesOf(count, x, isLit, about) {
  const size = heightOf(count);
  const box = (first, number, lit) => {
    const height = Math.max(1.5, Math.min(20, number * size - (size > 5 ? 3 : 0)));
    const tall = number > 1 ? number * size : height;
    const y = PLANES_TOP + first * size + (number * size - tall) / 2;
    return s("rect", {
      x,
      y,
      width: 44,
      height: tall,
      rx: Math.min(3, tall / 3),
      class: `plane of-${about}${lit ? " on" : ""}`,
    });
  };
  if (count <= MOST_PLANES) return Array.from({ length: count }, (_, index) => box(index, 1, isLit(index)));
  const lit = [];
  for (let index = 0; index < count; index++) if (isLit(index)) lit.push(index);
  const found = [box(0, count, false)];
  if (lit.length && lit.length < count) found.push(box(lit[0], lit.length, true));
  else if (lit.length) found[0].classList.add("on");
  return found;
}
