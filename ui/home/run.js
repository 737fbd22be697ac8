import { ease, fixed, s, setAttributes, setText, text } from "../kit/kit.js";

const TOP = 16;
const SHARE = 16; // a smoothed loss is the mean of a sixteenth of the steps so far, as on the training page
const LINES = 3;

/**
 * The training miniature: one real run, its raw loss faint, smoothed and validation loss strong, and the last value of
 * each.
 */
export function run(svg, { training, validation, words }, width, height) {
  const bottom = height - 14;
  const last = training.length;
  const highest = Math.max(...training);
  const place = ([step, loss]) => [
    6 + ((width - 18) * step) / last,
    bottom - ((bottom - TOP) * loss) / highest,
  ];
  const measured = training.map((loss, index) => [index + 1, loss]);
  const curves = [
    makeCurve("branch-1", words.training, smoothed(measured), width, 38),
    makeCurve("branch-2", words.validation, validation, width, 60),
  ];
  const raw = s("path", { class: "curve raw", style: "stroke:var(--branch-1)" });

  for (let line = 0; line <= LINES; line += 1) {
    const y = bottom - ((bottom - TOP) * line) / LINES;
    svg.append(s("path", { class: "grid", d: `M6 ${y}H${width - 6}` }));
  }
  svg.append(raw, ...curves.map((curve) => curve.root));
  svg.append(text(width - 6, 78, words.loss, { class: "unit", "text-anchor": "end" }));

  return (phase) => {
    const until = phase === 0 ? last : Math.max(1, last * ease(1.1 * phase));
    const seen = ([step]) => step <= until;
    setAttributes(raw, { d: line(measured.filter(seen).map(place)) });
    for (const curve of curves) drawCurve(curve, curve.points.filter(seen), place);
  };
}

function makeCurve(colour, name, points, width, y) {
  const path = s("path", { class: "curve", style: `stroke:var(--${colour})` });
  const end = s("circle", { class: "end", r: 4.5, style: `fill:var(--${colour})` });
  const value = text(width - 6, y, "", { class: "total mono", "text-anchor": "end" });
  const label = text(width - 62, y, name, {
    class: "name",
    "text-anchor": "end",
    style: `fill:var(--${colour})`,
  });
  return { root: s("g", {}, path, end, label, value), path, end, value, points };
}

function drawCurve({ path, end, value }, points, place) {
  if (!points.length) return;
  const [x, y] = place(points.at(-1));
  setAttributes(path, { d: line(points.map(place)) });
  setAttributes(end, { cx: x, cy: y });
  setText(value, fixed(points.at(-1)[1], 2));
}

function line(points) {
  return points.map(([x, y], index) => `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}

/** Each loss as the mean of itself and those shortly before it, so that the curve does not move before its cause. */
function smoothed(points) {
  return points.map(([step], index) => {
    const latest = points.slice(Math.max(0, index - Math.floor(step / SHARE)), index + 1);
    return [step, latest.reduce((sum, [, loss]) => sum + loss, 0) / latest.length];
  });
}
