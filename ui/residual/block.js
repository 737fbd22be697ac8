import { dimensions, exact, h, hatch, s, say, short, text } from "../lab/lab.js";
import { backward, gradientVeil } from "./backward.js";
import {
  ACTIVATION_WIDTH,
  arcPath,
  BOX_HEIGHT,
  halfPath,
  layBlock,
  middleX,
  outgoing,
  PLUS_RADIUS,
  pipeWidth,
} from "./lanes.js";
import { convParams, meetingOf, projectionConv, roadOf, weightCount } from "./math.js";

const MIDDLE = { "text-anchor": "middle" };
const HATCH = "residual-hatch";

/**
 * One block: blue comes in, amber is made, teal leaves; magenta runs back along the same roads, as thick as what is left.
 *
 * `set(state, look)` draws it; look is { width, reference, isWide, factor, sent }: what a plain block leaves, null while
 * nobody has measured, and how far the gradient has come, 1 for all the way.
 */
export function makeBlock(isResidual) {
  const svg = s("svg", { class: "block-svg", role: "img" });
  const name = isResidual ? "residual" : "plain";
  return {
    root: svg,
    set(state, look) {
      const lanes = layBlock(state, { isResidual, ...look });
      svg.setAttribute("viewBox", `0 0 ${lanes.width} ${lanes.height}`);
      svg.setAttribute("height", lanes.height);
      svg.setAttribute("aria-label", say(`${name}Picture`, spokenShapes(state, isResidual)));
      svg.replaceChildren(
        s("defs", {}, hatch(HATCH), gradientVeil(name, lanes, look.sent)),
        ...(isResidual ? shortcutPipes(state, lanes) : []),
        ...mainPipes(state, lanes, isResidual),
        backward(state, lanes, look, isResidual, name),
        ...lanes.boxes.map((box, index) => convBox(state, lanes, box, index)),
        ...(isResidual ? [...shortcutBox(state, lanes), plus(lanes, meetingOf(state).verdict)] : []),
        ...activationBox(state, lanes, isResidual),
        ...shapes(state, lanes, isResidual),
      );
    },
  };
}

function spokenShapes(state, isResidual) {
  const { branch, skip } = meetingOf(state);
  const out = outgoing(state, isResidual);
  return {
    input: dimensions([state.channels, state.size, state.size]),
    branch: dimensions(branch),
    skip: dimensions(skip),
    output: out ? dimensions(out) : "–",
  };
}

function pipe(d, width, about) {
  return [
    s("path", { d, class: "pipe", style: `stroke:var(--${about}-line);stroke-width:${width + 2}` }),
    s("path", { d, class: "pipe", style: `stroke:var(--${about}-wash);stroke-width:${width}` }),
  ];
}

function shortcutPipes(state, lanes) {
  const road = roadOf(state);
  const came = pipeWidth(state, state.channels);
  const leaves = pipeWidth(state, state.filters);
  const found = pipe(arcPath(lanes), came, "input");
  if (road === "projection") found.push(...pipe(halfPath(lanes), leaves, "weight"));
  if (road === "zeros" && state.filters > state.channels) {
    const d = halfPath(lanes);
    found.push(
      ...pipe(d, leaves, "padding"),
      s("path", { d, class: "pipe", style: `stroke:url(#${HATCH});stroke-width:${leaves}` }),
      ...pipe(d, came, "input"),
    );
  }
  return found;
}

function mainPipes(state, lanes, isResidual) {
  const { boxes, boxWidth, mainY, end, joinX, width, plusX } = lanes;
  const found = pipe(`M1 ${mainY}H${boxes[0].x}`, pipeWidth(state, state.channels), "input");
  boxes.slice(0, -1).forEach(({ conv, x }, index) => {
    const d = `M${x + boxWidth} ${mainY}H${boxes[index + 1].x}`;
    found.push(...pipe(d, pipeWidth(state, conv.to), "weight"));
  });
  found.push(...pipe(`M${end} ${mainY}H${joinX}`, pipeWidth(state, state.filters), "weight"));
  const out = outgoing(state, isResidual);
  if (!out) found.push(s("path", { class: "no-way", d: `M${plusX + PLUS_RADIUS} ${mainY}H${width - 2}` }));
  else
    found.push(
      ...pipe(
        `M${joinX} ${mainY}H${width - 1}`,
        pipeWidth(state, state.filters),
        isResidual ? "output" : "weight",
      ),
    );
  return found;
}

function convBox(state, { boxes, boxWidth, mainY }, { conv, x }, index) {
  const isLast = index === boxes.length - 1;
  const zero = isLast && state.zeroed;
  const stride =
    conv.kernel === 3 && boxes.findIndex((box) => box.conv.kernel === 3) === index && state.stride > 1;
  const size = `${conv.kernel}×${conv.kernel}`;
  const middle = x + boxWidth / 2;
  const tags = [state.norm && "BN", !isLast && say(`activation${state.activation}`)].filter(Boolean);
  const box = { x, y: mainY - BOX_HEIGHT / 2, width: boxWidth, height: BOX_HEIGHT, rx: 7 };
  return s(
    "g",
    {},
    s("rect", { ...box, class: zero ? "conv zero" : "conv" }),
    zero && s("rect", { ...box, style: `fill:url(#${HATCH})` }),
    text(middle, mainY - 13, stride ? `${size} /${state.stride}` : size, { class: "kernel", ...MIDDLE }),
    text(middle, mainY + 6, `${conv.from}→${conv.to}`, { class: "tiny", ...MIDDLE }),
    text(middle, mainY + 23, zero ? "0" : short(weightCount(conv)), { class: "mono tiny", ...MIDDLE }),
    tags.length && text(middle, mainY + 52, tags.join(", "), { class: "tag", ...MIDDLE }),
    s("title", {}, say("convSays", { size, from: conv.from, to: conv.to, n: exact(weightCount(conv)) })),
  );
}

function shortcutBox(state, lanes) {
  const road = roadOf(state);
  if (road !== "zeros" && road !== "projection") return [];
  const [x, y, width] = [middleX(lanes), lanes.skipY, 112];
  const box = { x: x - width / 2, y: y - 22, width, height: 44, rx: 7 };
  const [what, cost] = road === "projection" ? projectionWords(state) : paddingWords(state);
  return [
    s(
      "g",
      { class: "on-shortcut" },
      s("rect", { ...box, class: road === "projection" ? "conv" : "padding-box" }),
      road === "zeros" && s("rect", { ...box, style: `fill:url(#${HATCH})` }),
      text(x, y - 4, what, { class: "kernel small", ...MIDDLE }),
      text(x, y + 14, cost, { class: "mono tiny", ...MIDDLE }),
    ),
  ];
}

function projectionWords(state) {
  const params = convParams(projectionConv(state), state.norm);
  return [state.stride > 1 ? say("stridedProjection", { s: state.stride }) : "1×1", `+${exact(params)}`];
}

function paddingWords(state) {
  const more = state.filters - state.channels;
  const cells = state.stride > 1 ? say("everyCell", { s: state.stride }) : say("asItIs");
  return [cells, say("moreZeros", { n: exact(more) })];
}

function plus({ plusX, mainY }, verdict) {
  const about = verdict === "same" ? "output" : "problem";
  return s(
    "g",
    { class: `plus of-${about}`, "data-verdict": verdict },
    s("circle", { cx: plusX, cy: mainY, r: PLUS_RADIUS }),
    s("path", { d: `M${plusX - 9} ${mainY}h18M${plusX} ${mainY - 9}v18` }),
  );
}

function activationBox(state, { activationX, mainY }, isResidual) {
  if (!outgoing(state, isResidual)) return [];
  return [
    s("rect", {
      x: activationX,
      y: mainY - 14,
      width: ACTIVATION_WIDTH,
      height: 28,
      rx: 7,
      class: "activation",
    }),
    text(activationX + ACTIVATION_WIDTH / 2, mainY + 5, say(`activation${state.activation}`), {
      class: "tag strong",
      ...MIDDLE,
    }),
  ];
}

/** Shapes, in the colour of what they are; both sides of a plus that does not fit are in the colour of faults. */
function shapes(state, lanes, isResidual) {
  const { width, height, mainY } = lanes;
  const input = `x  ${dimensions([state.channels, state.size, state.size])}`;
  const found = [text(1, height - 8, input, { class: "at of-input" })];
  if (isResidual) found.push(...sides(state, lanes));
  const out = outgoing(state, isResidual);
  const about = isResidual ? "output" : "weight";
  const y = mainY - (isResidual ? 26 : 44);
  found.push(
    out
      ? text(width - 2, y, dimensions(out), { class: `at of-${about}`, "text-anchor": "end" })
      : text(width - 2, mainY - 12, say("noSum"), { class: "at of-problem", "text-anchor": "end" }),
  );
  return found;
}

function sides(state, { plusX, mainY, skipY }) {
  const { branch, skip, verdict } = meetingOf(state);
  const road = roadOf(state);
  const fits = verdict === "same";
  const about = road === "projection" ? "weight" : "input";
  const bend = Math.max(
    pipeWidth(state, state.channels),
    road === "refused" ? 0 : pipeWidth(state, state.filters),
  );
  const x = plusX + bend / 2 + 10;
  const y = mainY + pipeWidth(state, state.filters) / 2 + 2;
  return [
    text(x, skipY + 16, say(`${road}Name`), { class: `at of-${about}` }),
    text(x, skipY + 34, dimensions(skip), { class: `at side of-${fits ? about : "problem"}` }),
    s("path", { class: "leader", d: `M${plusX - 30} ${y}V${mainY + 40}` }),
    text(plusX - 36, mainY + 54, `F(x)  ${dimensions(branch)}`, {
      class: `at side of-${fits ? "weight" : "problem"}`,
    }),
  ];
}

/** Title, note, and the number to read first: what a block leaves of the gradient. */
export function makeHead(name) {
  const factor = h("b", {});
  const unit = h("span", {}, say("eachBlock"));
  const root = h(
    "div",
    { class: "head" },
    h("div", {}, h("h3", {}, say(`${name}Title`)), h("p", {}, say(`${name}Note`))),
    h("div", { class: "factor" }, factor, unit),
  );
  return {
    root,
    set(words) {
      factor.textContent = words;
    },
  };
}
