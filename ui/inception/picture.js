import { dimensions, exact, h, s, say, setText, text } from "../lab/lab.js";
import { bandPath, piecePath } from "./band.js";
import { layOut } from "./geometry.js";
import { branchSentence, briefCount, layerName } from "./sentences.js";

const ROOMY = 46; // pixels of a piece that its words fit into
const NUMBERED = 26; // and of a pipe or a segment

/** One module: a panel with its title, its pipes, and a sentence about the branch that is looked at. */
export function makePicture(side, look) {
  const svg = s("svg", { class: "pipes", tabindex: 0, role: "img" });
  const detail = h("p", { class: "detail" });
  const total = h("b", { class: "joined" });
  const root = h(
    "section",
    { class: "module panel", "data-side": side },
    h("header", {}, h("h3", {}, say(`${side}Title`)), h("span", {}, say(`${side}Says`))),
    svg,
    detail,
  );
  let shown = null;

  svg.addEventListener("pointermove", (event) =>
    look(event.target.closest("[data-lane]")?.dataset.lane ?? null),
  );
  svg.addEventListener("pointerleave", () => look(null));
  svg.addEventListener("blur", () => look(null));
  svg.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Escape") look(null);
    if (!by || !shown) return;
    event.preventDefault();
    look(neighbour(shown.module.lanes, shown.hot, by));
  });

  function tell() {
    const lane = shown.module.lanes.find((one) => one.name === shown.hot);
    setText(detail, lane ? branchSentence(lane) : say(`${side}Detail`));
    detail.className = lane ? `detail lane ${lane.name}` : "detail";
  }

  return {
    root,
    total,
    /** Draws the module; what is looked at stays. */
    draw(module, { state, scale, width, height, fault }) {
      shown = { ...shown, module };
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      svg.setAttribute("height", height);
      svg.setAttribute("aria-label", moduleSentence(side, module));
      svg.replaceChildren(...pictureOf(module, { state, scale, width, height, fault, side }));
      tell();
    },
    look(hot) {
      if (!shown) return;
      shown.hot = hot;
      tell();
    },
  };
}

function neighbour(lanes, hot, by) {
  const now = lanes.findIndex((lane) => lane.name === hot);
  if (now < 0) return lanes[by > 0 ? 0 : lanes.length - 1].name;
  return lanes[(now + by + lanes.length) % lanes.length].name;
}

function moduleSentence(side, module) {
  return [say(`${side}Title`), ...module.lanes.map(branchSentence)].join(". ");
}

function pictureOf(module, { state, scale, width, height, fault, side }) {
  const place = layOut(module, state.channels, scale, width, height);
  const { input, bar } = place;
  const odd = new Set(fault?.odd ?? []);
  const middle = width / 2;
  const shape = dimensions([state.channels, state.size, state.size]);
  const joined = module.ok ? dimensions([module.channels, module.size, module.size]) : say("noConcat");
  return [
    s(
      "defs",
      {},
      place.lanes.map((lane) => fadeOf(side, lane.name)),
    ),
    ...place.lanes.map((lane) => drawLane(lane, { side, isOdd: odd.has(lane.name) })),
    ...place.lanes.map((lane, index) =>
      labelLane(lane, { fault, isOdd: odd.has(lane.name), isLast: index === place.lanes.length - 1 }),
    ),
    s("rect", {
      class: "source",
      x: middle - input.width / 2,
      y: input.y,
      width: Math.max(2, input.width),
      height: input.height,
      rx: 3,
    }),
    text(middle, input.y - 11, shape, { class: "shape-in mono", "text-anchor": "middle" }),
    fault &&
      s("rect", {
        class: "gap",
        x: bar.x,
        y: bar.y,
        width: Math.max(40, bar.width),
        height: bar.height,
        rx: 3,
      }),
    text(middle, height - 8, `concat  ${joined}`, {
      class: `shape-out mono${fault ? " broken-join" : ""}`,
      "text-anchor": "middle",
    }),
  ].filter(Boolean);
}

/** From the input's colour into the branch's own. */
function fadeOf(side, name) {
  return s(
    "linearGradient",
    { id: `fade-${side}-${name}`, x1: 0, x2: 0, y1: 0, y2: 1 },
    s("stop", { offset: 0, class: "fade-in" }),
    s("stop", { offset: 1, class: `fade-out lane ${name}` }),
  );
}

function drawLane(place, { side, isOdd }) {
  const { name, lane, bands, pieces, segment } = place;
  return s(
    "g",
    { class: `pipe lane ${name}${isOdd ? " odd" : ""}`, "data-lane": name },
    s("path", { class: "mouth", d: bandPath(place.mouth), fill: `url(#fade-${side}-${name})` }),
    bands.map((band) => s("path", { class: "stream", d: bandPath(band) })),
    place.join.map((band) => s("path", { class: "stream join", d: bandPath(band) })),
    pieces.map((piece) => s("path", { class: "piece", d: piecePath(piece) })),
    segmentOf(segment, lane),
  );
}

/** The words of a branch, over all pipes: a neighbour may be wide where this one is thin. */
function labelLane(place, { fault, isOdd, isLast }) {
  return s(
    "g",
    { class: `pipe words lane ${place.name}`, "data-lane": place.name },
    place.pieces.map((piece) => wordsOn(piece, isLast)),
    place.counts.map((count, index) =>
      // The size of what the branch gives stands above its channels.
      countOn(fault && index === place.counts.length - 1 ? { ...count, y: place.end + 31 } : count),
    ),
    fault && sizeUnder(place, isOdd),
  );
}

/** A layer's name and its MACs, at the wide end of its piece where that has the room, else beside it. */
function wordsOn(piece, isLast) {
  const inside = Math.max(piece.w1, piece.w2) >= ROOMY;
  const tall = piece.y2 - piece.y1;
  const lean = piece.w1 > piece.w2 ? 0.42 : 0.58;
  const y = piece.y1 + tall * (inside && Math.min(piece.w1, piece.w2) < ROOMY ? lean : 0.5);
  const away = (Math.max(piece.w1, piece.w2) / 2 + 6) * (isLast ? -1 : 1);
  const x = inside ? piece.x1 : piece.x1 + away;
  const anchor = inside ? "middle" : isLast ? "end" : "start";
  const macs = piece.layer.kind === "conv" ? briefCount(piece.layer.macs) : say("free");
  const kind = inside ? "on" : "beside";
  return [
    text(x, y - 2, layerName(piece.layer), { class: `layer ${kind}`, "text-anchor": anchor }),
    text(x, y + 13, macs, { class: `cost mono ${kind}`, "text-anchor": anchor }),
  ];
}

function countOn({ x, y, width, channels }) {
  const inside = width >= NUMBERED;
  return text(inside ? x : x + width / 2 + 6, y + 5, exact(channels), {
    class: "count mono",
    "text-anchor": inside ? "middle" : "start",
  });
}

function segmentOf({ x, y, width, height }, lane) {
  const wide = Math.max(1.5, width - 1);
  return [
    s("rect", { class: "segment", x, y, width: wide, height, rx: 2 }),
    // What is narrow is easier to point at than it is to see.
    s("rect", {
      class: "reach",
      x: x - Math.max(0, (12 - wide) / 2),
      y: y - 4,
      width: Math.max(12, wide),
      height: height + 12,
    }),
    width >= NUMBERED &&
      text(x + width / 2, y + height + 16, exact(lane.channels), {
        class: "under mono",
        "text-anchor": "middle",
      }),
  ];
}

/** With a fault, the height and width of what each branch gives. */
function sizeUnder({ x, lane, end }, isOdd) {
  const words = lane.size ? dimensions([lane.size, lane.size]) : say("noFit");
  return text(x, end + 17, words, { class: `size mono${isOdd ? " wrong" : ""}`, "text-anchor": "middle" });
}
