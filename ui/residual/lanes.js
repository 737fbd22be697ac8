import { bodyConvs, innerWidth, meetingOf } from "./math.js";

/** Where the parts of a block lie in a picture; no DOM. */

const TALL = 214;
const LOW = 190;
const TURN = 24; // radius of the shortcut's corners
const FORK_X = 27; // middle of the shortcut where it leaves the main road
const PLUS_ROOM = 152; // pixels right of the plus: the activation and the output
const WIDEST = 34; // pixels of a pipe with most channels
const THINNEST = 11;
export const BOX_HEIGHT = 70;
export const PLUS_RADIUS = 19;
export const ACTIVATION_WIDTH = 46;

/**
 * Lays a block out. `reference` is the width of the residual picture: the plain one takes over its places, so that both
 * stand alike.
 */
export function layBlock(state, { isResidual, isWide, width, reference }) {
  const shift = isWide ? 0 : 20;
  const convs = bodyConvs(state);
  const three = convs.length === 3;
  const start = three ? 46 : 54;
  const plusX = Math.max(300, reference - PLUS_ROOM);
  const boxWidth = boxWidthOf(three, plusX);
  const gap = (plusX - (three ? 34 : 44) - start - convs.length * boxWidth) / (convs.length - 1);
  const boxes = convs.map((conv, index) => ({ conv, x: start + index * (boxWidth + gap) }));
  const end = boxes.at(-1).x + boxWidth;
  return {
    width,
    height: isWide ? TALL : LOW,
    mainY: 132 - shift,
    skipY: 30 - shift / 4,
    turn: TURN,
    forkX: FORK_X,
    plusX,
    boxes,
    boxWidth,
    end,
    joinX: isResidual ? plusX : end + 20,
    activationX: isResidual ? plusX + 38 : end + (three ? 21 : 30),
  };
}

function boxWidthOf(three, plusX) {
  if (!three) return 68;
  return plusX < 330 ? 54 : 60;
}

/** Width of a pipe that carries so many channels, beside the widest of the block. */
export function pipeWidth(state, channels) {
  const most = Math.max(state.channels, state.filters, innerWidth(state));
  return Math.max(THINNEST, (WIDEST * channels) / most);
}

/** The shortcut's way from the main road to the plus, as a path. */
export function arcPath({ forkX, plusX, mainY, skipY, turn }) {
  return `M${forkX} ${mainY}V${skipY + turn}Q${forkX} ${skipY} ${forkX + turn} ${skipY}${downPath({ plusX, mainY, skipY, turn })}`;
}

/** The second half of that way: from `x`, where the shortcut's own layer stands, to the plus. */
export function halfPath(lanes) {
  return `M${middleX(lanes)} ${lanes.skipY}${downPath(lanes)}`;
}

function downPath({ plusX, mainY, skipY, turn }) {
  return `H${plusX - turn}Q${plusX} ${skipY} ${plusX} ${skipY + turn}V${mainY - PLUS_RADIUS + 3}`;
}

/** Where a layer on the shortcut stands. */
export const middleX = ({ forkX, plusX }) => (forkX + plusX) / 2;

/** Shape behind the plus, or behind F where there is none. */
export function outgoing(state, isResidual) {
  const { branch, sum } = meetingOf(state);
  return isResidual ? sum : branch;
}
