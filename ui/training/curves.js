import { exact, h, percent, s, setText, significant, text } from "../kit/kit.js";
import { accuracyAt, apart, FRAME, HEIGHT, lossAxis, lossLabel, pathOf, STRIP, stepAxis } from "./axes.js";
import { eventMarks } from "./events.js";
import { filled } from "./images.js";

const EMPTY = [[], []];
const END = FRAME.top + FRAME.loss;

/** The curves of a run while it goes: whole at every look, drawn at once, so that nothing flickers. */
export function makeCurves(root) {
  const svg = s("svg", { class: "plot", tabindex: 0, role: "img", height: HEIGHT });
  const read = h("p", { class: "readout caption", "aria-hidden": "true" });
  const spoken = h("p", { class: "spoken", role: "status" });
  const invitation = h("p", { class: "invitation" });
  root.append(h("div", { class: "panel curves" }, read, svg, invitation, spoken));
  let data;
  let width = 0;
  let x;
  let cursor = null; // the index of the training point that is looked at

  function redraw() {
    if (!data || !width) return;
    x = stepAxis(width, data.end);
    drawPlot(svg, data, x, width);
    setText(invitation, data.invitation);
    svg.setAttribute("aria-label", said(data));
    point();
  }

  function point() {
    svg.querySelector(".cursor")?.remove();
    const [steps] = data.training ?? EMPTY;
    if (cursor === null || !steps.length) {
      setText(read, "");
      return;
    }
    cursor = Math.max(0, Math.min(steps.length - 1, cursor));
    svg.append(crosshair(data, cursor, x));
    setText(read, readout(data, cursor));
  }

  svg.addEventListener("pointermove", (event) => {
    const [steps] = data?.training ?? EMPTY;
    const step = x?.step(event.clientX - svg.getBoundingClientRect().left);
    cursor = steps.length ? nearest(steps, step) : null;
    point();
  });
  svg.addEventListener("pointerleave", () => {
    cursor = null;
    point();
  });
  svg.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: 10, PageDown: -10 }[event.key];
    const [steps] = data?.training ?? EMPTY;
    if (event.key === "Escape") cursor = null;
    else if (by && steps.length) cursor = (cursor ?? steps.length - 1) + by;
    else return;
    event.preventDefault();
    point();
    setText(spoken, read.textContent);
  });
  svg.addEventListener("blur", () => {
    cursor = null;
    if (data) point();
  });

  return {
    update(now) {
      data = now;
      redraw();
    },
    draw() {
      const now = svg.clientWidth;
      if (now === width) return;
      width = now;
      redraw();
    },
  };
}

function drawPlot(svg, data, x, width) {
  const series = (name) => data[name] ?? EMPTY;
  const strong = ["training", "validation", "reference", "earlier"].flatMap(
    (name) => (data[name] ?? EMPTY)[1],
  );
  const y = lossAxis(strong);
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  svg.replaceChildren(
    s(
      "defs",
      {},
      s("clipPath", { id: "inside" }, s("rect", { x: 0, y: FRAME.top - 2, width, height: FRAME.loss + 4 })),
    ),
    ...grid(data, x, y, width),
    ...eventMarks(data.events ?? [], x, data.words.comma),
    curve("reference", data.reference ?? EMPTY, x.at, y.at),
    curve("earlier", series("earlier"), x.at, y.at),
    s("g", { "clip-path": "url(#inside)" }, curve("raw", series("raw"), x.at, y.at)),
    curve("validation", series("validation"), x.at, y.at),
    curve("training", series("training"), x.at, y.at),
    curve("validation", series("accuracy"), x.at, accuracyAt),
    ...dots(series("validation"), x.at, y.at),
    ...dots(series("accuracy"), x.at, accuracyAt),
    ...names(data, x, y, width),
  );
}

function curve(kind, points, x, y) {
  return s("path", { class: `curve ${kind}`, d: pathOf(points, x, y) });
}

/** Points that were measured one by one, where there are few enough to be told apart. */
function dots([steps, values], x, y) {
  if (steps.length > 40) return [];
  return steps
    .map((step, index) => [step, values[index]])
    .filter(([, value]) => value !== null)
    .map(([step, value]) => s("circle", { class: "dot", cx: x(step), cy: y(value), r: 2.6 }));
}

function grid(data, x, y, width) {
  const right = width - FRAME.right;
  const floor = STRIP + FRAME.accuracy;
  const horizontal = (at) => s("path", { class: "line", d: `M${FRAME.left} ${at}H${right}` });
  const left = { class: "mono tick", "text-anchor": "end" };
  const lines = y.ticks.flatMap((tick) => [
    horizontal(y.at(tick)),
    text(FRAME.left - 8, y.at(tick) + 4, lossLabel(tick), left),
  ]);
  const shares = [0, 0.5, 1].map((share) => horizontal(accuracyAt(share)));
  const ends = [0, 1].map((share) =>
    text(FRAME.left - 8, accuracyAt(share) + 4, percent(share, 0).replace(" ", ""), left),
  );
  const steps = x.ticks.map((step, index) => {
    const last = index === x.ticks.length - 1;
    const words = last ? filled(data.words.steps, { steps: exact(step) }) : exact(step);
    return text(x.at(step), floor + 20, words, { class: "mono tick", "text-anchor": "middle" });
  });
  const titles = [
    text(0, 14, data.words.loss, { class: "title" }),
    text(0, STRIP - 16, data.words.accuracy, { class: "title" }),
  ];
  return [...lines, ...shares, ...ends, ...steps, ...titles];
}

/** The names of the curves at their ends, with the last value of each. */
function names(data, x, y, width) {
  const labels = [];
  const add = (kind, points, at, words) => {
    const [step, value] = lastOf(points ?? EMPTY);
    if (value === undefined) return;
    labels.push({ kind, x: x.at(step), y: at(value), point: [x.at(step), at(value)], words: words(value) });
  };
  const { words } = data;
  const [done = 0] = lastOf(data.training ?? EMPTY);
  const [learnt = 0] = lastOf(data.reference ?? EMPTY);
  add("reference", data.reference, y.at, () => (done > learnt ? `··· ${words.reference}` : words.reference));
  // A run that has passed the end of the one it is compared with writes its own names there.
  if (done > learnt && labels.length) labels[0].x = width - FRAME.right;
  add("earlier", data.earlier, y.at, () => words.earlier);
  add("validation", data.validation, y.at, (value) => `${words.validation} ${significant(value)}`);
  add("training", data.training, y.at, (value) => `${words.training} ${significant(value)}`);
  const low = [];
  const share = lastOf(data.accuracy ?? EMPTY);
  if (share[1] !== undefined)
    low.push({
      kind: "validation",
      x: x.at(share[0]),
      y: accuracyAt(share[1]),
      point: [x.at(share[0]), accuracyAt(share[1])],
      words: percent(share[1]),
    });
  return [...apart(labels), ...low]
    .flatMap((label) => [
      !["reference", "earlier"].includes(label.kind) &&
        s("circle", { class: `end ${label.kind}`, cx: label.point[0], cy: label.point[1], r: 4 }),
      text(
        Math.min(label.x, width - FRAME.right) + 10,
        Math.min(label.y, label.kind ? END + 200 : END) + 4,
        label.words,
        { class: `name ${label.kind}` },
      ),
    ])
    .filter(Boolean);
}

function lastOf([steps, values]) {
  for (let index = values.length - 1; index >= 0; index -= 1)
    if (values[index] !== null) return [steps[index], values[index]];
  return [];
}

function nearest(steps, step) {
  return steps.reduce(
    (best, at, index) => (Math.abs(at - step) < Math.abs(steps[best] - step) ? index : best),
    0,
  );
}

/** The value of a curve that was measured now and then: the latest up to a step. */
function valueAt([steps, values], step) {
  const index = steps.findLastIndex((at) => at <= step);
  return index < 0 ? null : values[index];
}

function readout(data, index) {
  const step = data.training[0][index];
  const epoch = data.epoch ? Math.ceil(step / data.epoch) : null;
  const where = filled(epoch ? data.words.inEpoch : data.words.at, {
    step: exact(step),
    epoch: exact(epoch ?? 0),
  });
  const parts = [
    [data.words.training, data.training[1][index], significant],
    [data.words.validation, valueAt(data.validation, step), significant],
    [data.words.accuracy, valueAt(data.accuracy, step), percent],
  ];
  const values = parts
    .filter(([, value]) => value !== null)
    .map(([name, value, write]) => `${name} ${write(value)}`);
  return `${where}: ${values.join(" · ")}`;
}

function crosshair(data, index, x) {
  const at = x.at(data.training[0][index]);
  return s("path", { class: "cursor", d: `M${at} ${FRAME.top}V${STRIP + FRAME.accuracy}` });
}

/** What a person hears who does not see the picture. */
function said(data) {
  const last = (data.training ?? EMPTY)[0].length - 1;
  return last < 0 ? data.words.picture : `${data.words.picture}. ${readout(data, last)}`;
}
