import { button, h, s, setText, text } from "../kit/kit.js";
import { proposer } from "./acting.js";
import { lossAxis, lossLabel, pathOf } from "./axes.js";

const SWEEP_HEIGHT = 270; // the loss axis of the curves, with room for the rates below
const SWEEP_LEFT = 46;
const SWEEP_RIGHT = 24;
const SWEEP_FLOOR = 230;

/** The loss at one learning rate after the other, the band of good ones, and the one to take. */
export function makeFinder(root, tools) {
  const act = proposer(tools);
  const title = h("h2", {});
  const tried = h("p", { class: "caption" });
  const deeds = h("span", { class: "deeds" });
  const says = h("p", { role: "status" });
  const svg = s("svg", { class: "plot", role: "img", height: SWEEP_HEIGHT });
  root.append(
    h("section", { class: "panel finder" }, h("header", {}, title, tried, deeds), says, h("div", {}, svg)),
  );
  let data;
  let width = 0;
  let shown = "";

  function redraw() {
    svg.toggleAttribute("hidden", !data.rates.length);
    svg.parentElement.hidden = !data.rates.length;
    if (data.rates.length && width) drawSweep(svg, data, width);
  }

  function drawDeeds() {
    const now = JSON.stringify([data.take, data.words.close]);
    if (now === shown) return;
    shown = now;
    const take = data.take;
    deeds.replaceChildren(
      ...(take
        ? [button(take.word, () => act({ do: "take_rate", value: take.rate }), { icon: "check" })]
        : []),
      button("", () => act({ do: "close_finder" }), { icon: "cross", label: data.words.close }),
    );
  }

  return {
    update(now) {
      data = now;
      setText(title, data.words.title);
      setText(tried, data.rates.length ? data.words.tried : "");
      setText(says, data.says);
      drawDeeds();
      redraw();
    },
    draw(now) {
      width = Math.max(240, now - 36); // the panel's padding
      redraw();
    },
  };
}

function drawSweep(svg, data, width) {
  const { rates, losses, smoothed, words } = data;
  const low = Math.floor(Math.log10(rates[0]) + 1e-9);
  const high = Math.ceil(Math.log10(rates.at(-1)) - 1e-9);
  const span = width - SWEEP_LEFT - SWEEP_RIGHT;
  const x = (rate) => SWEEP_LEFT + (span * (Math.log10(rate) - low)) / Math.max(1, high - low);
  const y = lossAxis(smoothed);
  svg.setAttribute("viewBox", `0 0 ${width} ${SWEEP_HEIGHT}`);
  svg.setAttribute("aria-label", words.picture);
  svg.replaceChildren(
    ...goodBand(data, x),
    ...y.ticks.flatMap((tick) => [
      s("line", { class: "grid", x1: SWEEP_LEFT, x2: width - SWEEP_RIGHT, y1: y.at(tick), y2: y.at(tick) }),
      text(SWEEP_LEFT - 8, y.at(tick) + 4, lossLabel(tick), { class: "tick", "text-anchor": "end" }),
    ]),
    ...decades(low, high).map((rate) =>
      text(x(rate), SWEEP_FLOOR + 16, lossLabel(rate), { class: "tick", "text-anchor": "middle" }),
    ),
    text(0, 12, words.loss, { class: "axis-name" }),
    text(width - SWEEP_RIGHT, SWEEP_HEIGHT - 2, words.rate, { class: "axis-name", "text-anchor": "end" }),
    s("path", { class: "raw", d: pathOf([rates, losses], x, y.at) }),
    s("path", { class: "smooth", d: pathOf([rates, smoothed], x, y.at) }),
  );
}

function goodBand({ low, high, suggested }, x) {
  if (suggested === null) return [];
  return [
    s("rect", { class: "good", x: x(low), y: 34, width: x(high) - x(low), height: SWEEP_FLOOR - 34 }),
    s("line", { class: "suggested", x1: x(suggested), x2: x(suggested), y1: 34, y2: SWEEP_FLOOR }),
  ];
}

function decades(low, high) {
  return Array.from({ length: high - low + 1 }, (_, index) => Number(`1e${low + index}`));
}
