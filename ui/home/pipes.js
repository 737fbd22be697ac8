import { bandPath } from "../inception/band.js";
import { ease, s, setAttributes, setText, short, text } from "../kit/kit.js";

const PIPE_SOURCE = { y: 8, height: 9 };
const PIPE_FLOOR = 20; // room under the joined bar
const PIPE_BAR = 10;
const PIPE_SPREAD = 284; // the four pipes take so much of the width; the number stands beside them

/** The inception miniature: four pipes, as wide as their channels, while the 1×1 layers widen and the MACs with them. */
export function pipes(svg, { channels, frames, words }, width, height) {
  const total = text(width - 2, 22, "", { class: "total mono", "text-anchor": "end" });
  const lanes = frames[0].lanes.map(({ name, widths }) => makeLane(name, widths.length - 1));
  const step = PIPE_SPREAD / lanes.length;
  const scale = (step - 12) / channels;
  const source = s("rect", {
    class: "flow-in",
    x: PIPE_SPREAD / 2 - (channels * scale) / 2,
    y: PIPE_SOURCE.y,
    width: channels * scale,
    height: PIPE_SOURCE.height,
    rx: 2,
  });
  svg.append(
    ...lanes.map((lane) => lane.root),
    source,
    total,
    text(width - 2, 39, words.macs, { class: "unit", "text-anchor": "end" }),
  );

  function place(frame) {
    const joined = frame.lanes.reduce((sum, { widths }) => sum + widths.at(-1), 0) * scale;
    let end = PIPE_SPREAD / 2 - joined / 2;
    frame.lanes.forEach(({ widths }, index) => {
      const wide = widths.at(-1) * scale;
      placeLane(
        lanes[index],
        widths.map((one) => one * scale),
        step * (index + 0.5),
        end + wide / 2,
        height,
      );
      end += wide;
    });
    setText(total, short(frame.macs));
  }

  return (phase) => {
    const grown = ease(1.5 * Math.sin(Math.PI * phase));
    place(frames[Math.round(grown * (frames.length - 1))]);
  };
}

function makeLane(name, count) {
  const path = (kind) => s("path", { class: kind });
  const parts = {
    streams: Array.from({ length: count + 2 }, () => path("lane-stream")),
    pieces: Array.from({ length: count }, () => path("lane-piece")),
    end: s("rect", { class: "lane-piece", height: PIPE_BAR, rx: 1.5 }),
  };
  return { root: s("g", { class: `home-lane ${name}` }, parts.streams, parts.pieces, parts.end), ...parts };
}

/** Fans in from the source, narrows and widens from layer to layer, and bends to its place in the bar. */
function placeLane({ streams, pieces, end }, widths, x, x2, height) {
  const [top, bottom] = [64, height - 72];
  const count = pieces.length;
  const tall = count === 1 ? 34 : 24;
  const free = (bottom - top - count * tall) / (count + 1);
  let y = top;
  const first = {
    x1: PIPE_SPREAD / 2,
    w1: widths[0],
    y1: PIPE_SOURCE.y + PIPE_SOURCE.height,
    x2: x,
    w2: widths[0],
    y2: y,
  };
  const paths = [first];
  pieces.forEach((piece, index) => {
    paths.push({ x1: x, w1: widths[index], y1: y, x2: x, w2: widths[index], y2: y + free });
    y += free;
    setAttributes(piece, {
      d: bandPath({ x1: x, w1: widths[index], y1: y, x2: x, w2: widths[index + 1], y2: y + tall }),
    });
    y += tall;
  });
  const last = widths.at(-1);
  const bar = height - PIPE_FLOOR - PIPE_BAR;
  paths.push({ x1: x, w1: last, y1: y, x2, w2: last, y2: bar });
  streams.forEach((stream, index) => {
    setAttributes(stream, { d: paths[index] ? bandPath(paths[index]) : "" });
  });
  setAttributes(end, { x: x2 - last / 2, y: bar, width: Math.max(1, last - 0.8) });
}
