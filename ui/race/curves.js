import { exact, s, text } from "../kit/kit.js";

const EDGE = { left: 46, top: 14, bottom: 30 };
const NAMES = 130; // pixels at the right for the names at the curves' ends
const APART = 17; // between two names
const STROKES = ["", "7 4"]; // the first solid, the second dashed: never by colour alone

/** Two training curves with their names at their ends. */
export function drawRace(svg, { lines, steps, words }, width, height) {
  const right = width - NAMES;
  const floor = height - EDGE.bottom;
  const stride = strideOf(lines);
  const most = Math.max(...lines.flatMap((line) => line.loss[1]), stride);
  const highest = stride * Math.ceil(most / stride);
  const x = (step) => EDGE.left + ((right - EDGE.left) * step) / steps;
  const y = (loss) => floor - ((floor - EDGE.top) * Math.min(loss, highest)) / highest;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("height", height);
  svg.replaceChildren(
    ...gridOf(stride, highest, x, y, { right, steps }),
    text(EDGE.left, EDGE.top - 3, words.loss, { class: "unit" }),
    text(right, floor + 20, words.step, { class: "unit", "text-anchor": "end" }),
    ...lines.map((line, index) => curveOf(line.raw, x, y, `race-curve raw run-${index}`)),
    ...lines.map((line, index) => curveOf(line.loss, x, y, `race-curve run-${index}`, STROKES[index])),
    ...namesOf(lines, x, y),
  );
}

/** The distance of two lines of the grid: 1, 2 or 5 of a power of ten, about four of them to the top. */
function strideOf(lines) {
  const values = lines.flatMap((line) => line.loss[1]).filter((value) => value !== null);
  const wanted = Math.max(0.02, ...values) / 4;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= wanted);
}

function gridOf(stride, highest, x, y, { right, steps }) {
  const levels = Array.from({ length: Math.round(highest / stride) + 1 }, (_, index) => index * stride);
  const marks = [0, Math.round(steps / 2)];
  return [
    ...levels.flatMap((level) => [
      s("path", { class: "race-grid", d: `M${EDGE.left} ${y(level)}H${right}` }),
      text(EDGE.left - 8, y(level) + 4, Number(level.toPrecision(3)), {
        class: "mono tick",
        "text-anchor": "end",
      }),
    ]),
    ...marks.map((step) =>
      text(x(step), y(0) + 20, exact(step), { class: "mono tick", "text-anchor": "middle" }),
    ),
    text(x(steps) - 34, y(0) + 20, exact(steps), { class: "mono tick", "text-anchor": "end" }),
  ];
}

function curveOf([steps, values], x, y, kind, dash) {
  let path = "";
  let pen = "M";
  steps.forEach((step, index) => {
    if (values[index] === null) {
      pen = "M";
      return;
    }
    path += `${pen}${x(step).toFixed(1)} ${y(values[index]).toFixed(1)}`;
    pen = "L";
  });
  return s("path", { class: kind, d: path, "stroke-dasharray": dash });
}

/** Each curve's name where it ends, moved apart where two ends meet. */
function namesOf(lines, x, y) {
  const ends = lines.map((line, index) => {
    const [steps, values] = line.loss;
    return { line, index, x: x(steps.at(-1) ?? 0), y: y(values.at(-1) ?? 0), shown: steps.length > 0 };
  });
  const shown = ends.filter((end) => end.shown).sort((one, other) => one.y - other.y);
  if (shown.length === 2 && shown[1].y - shown[0].y < APART) {
    const middle = (shown[0].y + shown[1].y) / 2;
    [shown[0].y, shown[1].y] = [middle - APART / 2, middle + APART / 2];
  }
  return shown.map((end) =>
    text(end.x + 8, end.y + 4, end.line.name, {
      class: `race-name run-${end.index}`,
      "text-anchor": "start",
    }),
  );
}
