import { ease, s, setAttributes, setText, significant, text } from "../kit/kit.js";

const ROAD = 34; // height of the shortcut
const MAIN = 72; // and of the main road
const CHART_TOP = 112;
const LOSES = 0.5; // thickness of a line that is gone, as a share of a whole one

/**
 * The residual miniature: a block whose shortcut hands the gradient on, and under it what reached each layer of two real
 * nets, the stem at the left. The gradient runs from right to left.
 */
export function gradient(svg, { plain, residual, words }, width, height) {
  const place = placeOf([plain, residual], width, height - 34);
  const curves = [makeNet("residual", residual, words, place), makeNet("plain", plain, words, place)];
  const runner = s("circle", { class: "runner", r: 5 });
  svg.append(
    ...blockOf(width),
    ...curves.flatMap((curve) => [curve.path, curve.dot, curve.value, curve.name]),
    runner,
  );

  return (phase) => {
    const gone = phase === 0 ? 1 : ease(1.25 * phase);
    for (const curve of curves) drawNet(curve, place, gone);
    const [x, y] = along(gone, width);
    setAttributes(runner, { cx: x, cy: y, opacity: gone < 1 ? 1 : LOSES });
  };
}

/** Two layers on the main road, the shortcut over them, and the plus. */
function blockOf(width) {
  const box = (x) => s("rect", { class: "layer", x, y: MAIN - 20, width: 56, height: 40, rx: 6 });
  return [
    s("path", { class: "road main", d: `M8 ${MAIN}H${width - 8}` }),
    s("path", { class: "road", d: shortcut(width) }),
    box(width * 0.28),
    box(width * 0.52),
    s("circle", { class: "sum", cx: width - 70, cy: MAIN, r: 14 }),
    s("path", { class: "sum", d: `M${width - 77} ${MAIN}h14m-7 -7v14` }),
  ];
}

function shortcut(width) {
  return `M50 ${MAIN}V${ROAD}Q50 ${ROAD - 18} 68 ${ROAD - 18}H${width - 88}Q${width - 70} ${ROAD - 18} ${width - 70} ${ROAD}V${MAIN - 14}`;
}

/** The gradient's way back over the shortcut: from the right end to the left, 0 to 1. */
function along(gone, width) {
  const corners = [
    [width - 8, MAIN],
    [width - 70, MAIN],
    [width - 70, ROAD - 18],
    [50, ROAD - 18],
    [50, MAIN],
    [8, MAIN],
  ];
  const lengths = corners
    .slice(1)
    .map(([x, y], index) => Math.hypot(x - corners[index][0], y - corners[index][1]));
  let left = gone * lengths.reduce((sum, length) => sum + length, 0);
  for (let index = 0; index < lengths.length; index += 1) {
    if (left <= lengths[index])
      return pointBetween(corners[index], corners[index + 1], left / lengths[index]);
    left -= lengths[index];
  }
  return corners.at(-1);
}

function pointBetween([x, y], [toX, toY], share) {
  return [x + (toX - x) * share, y + (toY - y) * share];
}

function placeOf(nets, width, bottom) {
  const powers = nets.flat().map(Math.log10);
  const [least, most] = [Math.min(...powers), Math.max(...powers)];
  const last = nets[0].length - 1;
  return {
    last,
    x: (layer) => 10 + ((width - 100) * layer) / last,
    y: (norm) => CHART_TOP + ((bottom - CHART_TOP) * (most - Math.log10(norm))) / (most - least),
  };
}

function makeNet(name, norms, words, { last, x, y }) {
  return {
    norms,
    above: name === "residual",
    path: s("path", { class: `curve back ${name}` }),
    dot: s("circle", { class: `end back ${name}`, r: 4.5 }),
    value: s("text", { class: "name back" }),
    name: text(x(last) + 12, y(norms[last]) + (name === "plain" ? 20 : 3), words[name], {
      class: "name back",
    }),
  };
}

function drawNet({ norms, path, dot, value, above }, { last, x, y }, gone) {
  const reached = Math.max(0, Math.round(last * (1 - gone)));
  const seen = norms.map((norm, layer) => [x(layer), y(norm)]).slice(reached);
  const [first] = seen;
  const d = seen.map(([px, py], at) => `${at ? "L" : "M"}${px.toFixed(1)} ${py.toFixed(1)}`).join("");
  setAttributes(path, { d });
  setAttributes(dot, { cx: first[0], cy: first[1] });
  setAttributes(value, { x: first[0] - 4, y: first[1] + (above ? -10 : 22) });
  setText(value, significant(norms[reached], 2));
}
