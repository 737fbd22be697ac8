import { exact, h, range, s, say, significant, superscript, text } from "../lab/lab.js";
import { lastStill, powersAround, spreadOf } from "./axis.js";

const LEFT = 46;
const RIGHT = 128;
const TOP = 16;
const FOOT = 30;
const BELOW = 18; // pixels under the least value, for its number
const APART = 17; // pixels between two names at the ends
const STEPS = { ArrowLeft: -1, ArrowRight: 1, Home: -1000, End: 1000 };
const NETS = ["plain", "residual"];

/**
 * Gradient norm at each layer, stem at the left: the median over seeds, with a band from the least to the most. Layers
 * whose weights a step would not move at all stand on grey.
 *
 * `set(gradients, look)` takes what measured.py sends; look is { width, height, sent, stale }.
 */
export function makeChart(changed) {
  const svg = s("svg", { class: "chart-svg", tabindex: 0, role: "img" });
  const readout = h("span", { class: "readout", role: "status" });
  const shown = { layer: 0, count: 0 };

  svg.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || !shown.count) return;
    event.preventDefault();
    choose(shown.layer + step);
  });
  svg.addEventListener("pointermove", (event) => {
    if (!shown.place) return;
    choose(shown.place.layerAt(event.clientX - svg.getBoundingClientRect().left));
  });

  function choose(layer) {
    const wanted = Math.max(0, Math.min(shown.count - 1, layer));
    if (wanted === shown.layer) return;
    shown.layer = wanted;
    changed();
  }

  return {
    svg,
    readout,
    set(gradients, look) {
      svg.setAttribute("viewBox", `0 0 ${look.width} ${look.height}`);
      svg.setAttribute("height", look.height);
      svg.classList.toggle("stale", look.stale);
      if (!gradients?.plain) {
        Object.assign(shown, { count: 0, place: null });
        svg.replaceChildren(
          text(look.width / 2, look.height / 2, look.waiting, { class: "waiting", "text-anchor": "middle" }),
        );
        svg.setAttribute("aria-label", look.waiting);
        readout.replaceChildren();
        return;
      }
      const series = seriesOf(gradients);
      shown.count = series[0].spreads.length;
      shown.layer = Math.min(shown.layer, shown.count - 1);
      shown.place = placeOf(series, look);
      svg.setAttribute("aria-label", say("chartLabel", { n: shown.count }));
      svg.replaceChildren(...drawChart(gradients, series, shown.place, shown.layer, look.sent));
      readout.replaceChildren(...readoutOf(series, shown.layer, gradients.plain.names));
    },
  };
}

function seriesOf(gradients) {
  return NETS.filter((name) => gradients[name]).map((name) => ({
    name,
    spreads: gradients[name].norms.map(spreadOf),
  }));
}

/** Pixels of layers and norms. */
function placeOf(series, { width, height }) {
  const ends = series.flatMap(({ spreads }) =>
    spreads.flatMap((spread) => (spread ? [spread.least, spread.most] : [])),
  );
  const { low, high, grid } = powersAround(ends);
  const count = series[0].spreads.length;
  const bottom = height - FOOT;
  const step = (width - LEFT - RIGHT - 12) / Math.max(1, count - 1);
  return {
    grid,
    step,
    bottom,
    left: LEFT,
    right: width - RIGHT + 8,
    x: (layer) => LEFT + 12 + step * layer,
    y: (value) =>
      value > 0
        ? Math.min(bottom, TOP + ((bottom - BELOW - TOP) * (high - Math.log10(value))) / (high - low))
        : bottom,
    layerAt: (x) => Math.round((x - LEFT - 12) / step),
  };
}

function drawChart(gradients, series, place, layer, sent) {
  const count = series[0].spreads.length;
  const seen = count - 1 - Math.round(sent * (count - 1));
  return [
    ...stillness(gradients, place),
    ...rules(place),
    ...ticks(count, place),
    s("path", { class: "cursor", d: `M${place.x(layer)} ${TOP}V${place.bottom}` }),
    ...series.flatMap((one) => band(one, place, seen)),
    ...series.flatMap((one) => line(one, place, seen, layer)),
    ...ends(series, place),
    ...(seen === 0 ? stems(series, place) : []),
  ];
}

/** The front that stands still: measured, not estimated. */
function stillness({ plain, rate }, { x, step, left, bottom }) {
  const last = lastStill(plain.moved);
  if (last < 0) return [];
  const right = x(last) + step / 2;
  const words = say(right - left > 300 ? "standsStill" : "still", { rate });
  return [
    s("rect", { class: "still", x: left, y: TOP, width: right - left, height: bottom - TOP }),
    s("path", { class: "still-edge", d: `M${right} ${TOP}V${bottom}` }),
    text(left + 44, TOP + (bottom - TOP) * 0.36, words, { class: "still-words" }),
  ];
}

function rules({ grid, y, left, right }) {
  return grid.flatMap((power) => [
    s("path", { class: "rule", d: `M${left} ${y(10 ** power)}H${right}` }),
    text(left - 8, y(10 ** power) + 4, `10${superscript(power)}`, {
      class: "tick",
      "text-anchor": "end",
    }),
  ]);
}

function ticks(count, { x, bottom }) {
  const every = count > 30 ? 10 : count > 12 ? 5 : 2;
  const named = range(count).filter(
    (layer) => (layer + 1) % every === 0 && layer > 0 && count - 1 - layer > every * 0.6,
  );
  const at = (layer, words, anchor) =>
    text(x(layer) - (anchor === "start" ? 10 : 0), bottom + 22, words, {
      class: "tick",
      "text-anchor": anchor,
    });
  return [
    at(0, say("stemLayer", { n: 1 }), "start"),
    ...named.map((layer) => at(layer, String(layer + 1), "middle")),
    at(count - 1, say("headLayer", { n: count }), "middle"),
  ];
}

function band({ name, spreads }, { x, y }, seen) {
  const drawn = spreads
    .map((spread, layer) => [layer, spread])
    .filter(([layer, spread]) => spread && layer >= seen);
  if (drawn.length < 2) return [];
  const over = drawn.map(([layer, { most }]) => `${x(layer)} ${y(most)}`);
  const under = drawn.map(([layer, { least }]) => `${x(layer)} ${y(least)}`).reverse();
  return [s("path", { class: `band ${name}`, d: `M${[...over, ...under].join("L")}Z` })];
}

function line({ name, spreads }, { x, y, step }, seen, layer) {
  const drawn = spreads
    .map((spread, index) => [index, spread])
    .filter(([index, spread]) => spread && index >= seen);
  const radius = Math.min(4, step * 0.36);
  const d = drawn.map(([index, { median }], at) => `${at ? "L" : "M"}${x(index)} ${y(median)}`).join("");
  return [
    s("path", { class: `curve ${name}`, d }),
    ...drawn.map(([index, { median }]) =>
      s("circle", {
        class: `dot ${name}`,
        cx: x(index),
        cy: y(median),
        r: index === layer ? radius + 1.8 : radius,
      }),
    ),
  ];
}

/** Names and values at the right, moved apart where they would touch. */
function ends(series, { x, y }) {
  const last = series[0].spreads.length - 1;
  const found = series
    .filter(({ spreads }) => spreads[last])
    .map(({ name, spreads }) => ({ name, value: spreads[last].median, y: y(spreads[last].median) + 4 }))
    .sort((one, other) => one.y - other.y);
  if (found.length === 2) {
    const near = Math.max(0, APART - (found[1].y - found[0].y)) / 2;
    found[0].y -= near;
    found[1].y += near;
  }
  return found.map(({ name, value, y: at }) =>
    text(x(last) + 12, at, `${say(`${name}Name`)} ${significant(value, 2)}`, { class: `end ${name}` }),
  );
}

/** Values at the stem: the upper one above the dots around it, the lower one under them. */
function stems(series, { x, y, bottom }) {
  const found = series
    .filter(({ spreads }) => spreads[0])
    .map(({ name, spreads }) => ({ name, value: spreads[0].median, near: nearby(spreads, y) }))
    .sort((one, other) => y(other.value) - y(one.value));
  return found.map(({ name, value, near }, index) => {
    const above = index === found.length - 1 && found.length > 1;
    const place = above ? Math.max(11, Math.min(...near) - 10) : Math.min(bottom - 5, Math.max(...near) + 20);
    return text(x(0) - 4, place, significant(value, 2), { class: `end ${name}` });
  });
}

/** Heights of the dots that a number at the stem could touch. */
function nearby(spreads, y) {
  return spreads.slice(0, 4).flatMap((spread) => (spread ? [y(spread.median)] : []));
}

function readoutOf(series, layer, names) {
  const words = series.flatMap(({ name, spreads }) => [
    ` ${say(`${name}Name`)} `,
    h("b", {}, spreads[layer] ? significant(spreads[layer].median, 2) : "–"),
  ]);
  return [h("span", { title: names[layer] }, `${say("layerN", { n: exact(layer + 1) })}:`), ...words];
}
