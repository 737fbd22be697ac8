/**
 * Where the pipes of a module lie. A pipe is as wide as its channels; both modules are drawn to one scale. Pure.
 *
 * Bands are { x1, w1, y1, x2, w2, y2 }: a stream of width w1 around x1 that becomes one of width w2 around x2.
 */

const MARGIN = 10;
const GAP = 22; // between two lanes at their widest
const INPUT = { y: 40, height: 14 };
const FAN = 0.155; // of the height, from the input to where the lanes begin
const JOIN = 0.125; // of the height, from the lanes' ends to the concat bar
const BAR = 18;
const FOOT = 46; // room for the numbers under the bar
const ONE_LAYER = 118;
const LAYER = 64;

/** Pixels for one channel, the same for both modules. */
export function scaleOf(modules, channels, width) {
  const lane = (width - 2 * MARGIN) / 4 - GAP;
  const widest = Math.max(
    channels,
    ...modules.flatMap(({ lanes }) =>
      lanes.flatMap(({ layers }) => layers.map((layer) => Math.max(layer.from, layer.to))),
    ),
  );
  const joined = Math.max(...modules.map(joinedOf));
  return Math.min(lane / widest, (width - 2 * MARGIN) / joined);
}

const joinedOf = ({ lanes }) =>
  Math.max(
    1,
    lanes.reduce((sum, lane) => sum + lane.channels, 0),
  );

/** Everything of one module's picture: { input, lanes: [{ name, x, bands, layers, counts, segment }], bar }. */
export function layOut(module, channels, scale, width, height) {
  const middle = width / 2;
  const bar = { y: height - FOOT - BAR, height: BAR, width: joinedOf(module) * scale };
  const top = INPUT.y + INPUT.height + FAN * height;
  const bottom = bar.y - JOIN * height;
  const step = (width - 2 * MARGIN) / module.lanes.length;
  const input = { x: middle, y: INPUT.y, height: INPUT.height, width: channels * scale };
  let end = middle - bar.width / 2;
  const lanes = module.lanes.map((lane, index) => {
    const x = MARGIN + step * (index + 0.5);
    const wide = lane.channels * scale;
    const placed = layOutLane(lane, { x, top, bottom, scale });
    const segment = { x: end, y: bar.y, width: wide, height: BAR };
    end += wide;
    const mouth = {
      x1: middle,
      w1: input.width,
      y1: input.y + input.height,
      x2: x,
      w2: input.width,
      y2: top,
    };
    const join = lane.channels
      ? [{ x1: x, w1: wide, y1: bottom, x2: segment.x + wide / 2, w2: wide, y2: bar.y }]
      : [];
    return { ...placed, name: lane.name, lane, x, mouth, join, segment };
  });
  return { input, lanes, bar: { ...bar, x: middle - bar.width / 2 } };
}

/** The straight part of a branch: thin stream, layer, thin stream, …; layers of one branch share its height. */
function layOutLane({ layers }, { x, top, bottom, scale }) {
  const tall = layers.length === 1 ? ONE_LAYER : Math.min(LAYER, (bottom - top) / (2 * layers.length + 0.6));
  const free = (bottom - top - tall * layers.length) / (layers.length + (layers.length === 1 ? 1 : 0.45));
  const lead = layers.length === 1 ? free : 0.45 * free;
  const bands = [];
  const pieces = [];
  const counts = [];
  let y = top;
  layers.forEach((layer, index) => {
    const from = layer.from * scale;
    const to = layer.to * scale;
    const start = y + (index ? free : lead);
    bands.push({ x1: x, w1: from, y1: y, x2: x, w2: from, y2: start });
    pieces.push({ x1: x, w1: from, y1: start, x2: x, w2: to, y2: start + tall, layer });
    if (index) counts.push({ x, y: (y + start) / 2, width: from, channels: layer.from });
    y = start + tall;
  });
  const last = layers.at(-1);
  if (last) {
    bands.push({ x1: x, w1: last.to * scale, y1: y, x2: x, w2: last.to * scale, y2: bottom });
    counts.push({ x, y: (y + bottom) / 2, width: last.to * scale, channels: last.to });
  }
  return { bands, pieces, counts, end: y };
}
