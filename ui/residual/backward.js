import { s } from "../lab/lab.js";
import { ACTIVATION_WIDTH, middleX, outgoing, PLUS_RADIUS } from "./lanes.js";
import { roadOf } from "./math.js";

/** The gradient on its way back through a block. */

const FULL = 9; // pixels of the gradient as it comes in
const UNKNOWN = 3; // and while nobody has measured
const THINNEST_LINE = 1.2;
const THICKEST_LINE = 11;

/** What the gradient has not reached yet is cut off. */
export function gradientVeil(name, { width, height }, sent) {
  return s(
    "clipPath",
    { id: `veil-${name}` },
    s("rect", { x: width * (1 - sent), y: -10, width, height: height + 20 }),
  );
}

/** The gradient: each convolution leaves an equal share of what the block leaves; the sum hands it to both roads. */
export function backward(state, lanes, look, isResidual, name) {
  const known = look.factor !== null;
  const group = s("g", {
    class: known ? "backward" : "backward unknown",
    "clip-path": `url(#veil-${name})`,
  });
  if (!outgoing(state, isResidual) || (isResidual && roadOf(state) === "refused")) return group;
  const { mainY, end, plusX, activationX, width } = lanes;
  const full = known ? FULL : UNKNOWN;
  const join = isResidual ? plusX + PLUS_RADIUS + 2 : end + 2;
  group.append(
    ...arrow(width - 1, activationX + ACTIVATION_WIDTH + 2, mainY, full),
    ...arrow(activationX - 1, join, mainY, full),
    ...(isResidual ? skipArrows(state, lanes, full) : []),
    ...branchArrows(state, lanes, known ? look.factor : 1, full, isResidual ? lanes.forkX : 3),
  );
  return group;
}

function branchArrows({ zeroed }, { boxes, boxWidth, mainY }, factor, full, home) {
  const share = zeroed ? 0 : factor ** (1 / boxes.length); // weights of 0 hand nothing on
  return boxes.flatMap((box, index) => {
    const to = index ? boxes[index - 1].x + boxWidth + 2 : home;
    return arrow(box.x, to, mainY, full * share ** (boxes.length - index));
  });
}

/** Back over the shortcut: whole, for an identity has slope 1. What a projection leaves was not measured by itself. */
function skipArrows(state, lanes, full) {
  const { plusX, end, mainY, skipY, forkX, turn } = lanes;
  const projected = roadOf(state) === "projection";
  const line = projected ? UNKNOWN : lineWidth(full);
  const down = `V${skipY + turn}Q${plusX} ${skipY} ${plusX - turn} ${skipY}H${forkX + turn}Q${forkX} ${skipY} ${forkX} ${skipY + turn}`;
  const home = `M${plusX} ${mainY - PLUS_RADIUS}${down}V${mainY - 9}Q${forkX} ${mainY} ${forkX - 8} ${mainY}H14`;
  return [
    ...arrow(plusX - PLUS_RADIUS, end + 2, mainY, full),
    s(
      "g",
      { class: projected ? "backward unknown" : "" },
      s("path", { class: "gradient-line", d: home, style: `stroke-width:${line}` }),
      tip(2, mainY, line),
      tip(middleX(lanes) - 64, skipY, line),
    ),
  ];
}

const lineWidth = (wanted) => Math.min(THICKEST_LINE, Math.max(THINNEST_LINE, wanted));

function arrow(from, to, y, wanted) {
  if (wanted === 0) return [];
  const line = lineWidth(wanted);
  return [
    s("path", { class: "gradient-line", d: `M${from} ${y}H${to + 6}`, style: `stroke-width:${line}` }),
    tip(to, y, line),
  ];
}

function tip(x, y, line) {
  const half = 4 + line * 0.75;
  return s("path", { class: "gradient-tip", d: `M${x + half * 1.4} ${y - half}V${y + half}L${x} ${y}Z` });
}
