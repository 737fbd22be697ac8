import { h, setText, significant, valueColour } from "../kit/kit.js";
import { looker } from "./acting.js";
import { makeDrawing } from "./drawing.js";
import { heatColours, levelsOf, paintHeat } from "./heat.js";
import { filled } from "./images.js";
import { heatScale } from "./kernels.js";

const TOP_LEVEL = 127;

/** A sample on its way through the network: the image with the verdict at the left, what the layers make of it beside. */
export function makeThrough(root, tools) {
  const lookAgain = looker(tools);
  const title = h("h2", {});
  const when = h("span", { class: "score when" });
  const why = h("p", { class: "caption", role: "status" });
  const verdict = h("div", { class: "verdict-bars" });
  const layers = h("div", { class: "through-layers" });
  const drawing = makeDrawing((drawn) => tools.settle({ run: data.run, drawn, when: Date.now() }));
  const left = h("div", { class: "through-left" }, drawing.root, verdict);
  const body = h("div", { class: "through" }, left, layers);
  root.append(h("section", { class: "panel" }, h("header", {}, title, when), why, body));
  let data;
  let drawn = "";
  let held = null; // what was found last, which stays while a worker is at the next

  function drawFound() {
    const colours = heatColours(root);
    const text = JSON.stringify([held, data.truth, data.words, colours[0], colours[TOP_LEVEL]]);
    if (text === drawn) return;
    drawn = text;
    verdict.replaceChildren(...(held?.bars.length ? [barsOf(held.bars, data)] : []));
    layers.replaceChildren(...(held?.layers ?? []).map((layer) => layerOf(layer, data, colours)));
  }

  return {
    update(now) {
      if (data && now.run !== data.run) held = null;
      data = now;
      lookAgain(data.look.every);
      setText(title, data.words.title);
      setText(when, data.when);
      const waits = Boolean(data.look.every);
      setText(why, data.why || (waits && !held ? data.words.waits : ""));
      body.hidden = !data.can;
      left.hidden = data.kind !== "image";
      body.classList.toggle("letters-only", data.kind !== "image");
      if (data.kind === "image") drawing.update(data);
      if (data.found || !waits) held = data.found;
      body.classList.toggle("stale", waits);
    },
    draw() {
      drawFound();
    },
  };
}

function barsOf(bars, { truth, words }) {
  return h(
    "div",
    { role: "group", "aria-label": words.says },
    bars.map(({ name, share, sure, said }) =>
      h(
        "div",
        { class: said ? "verdict-bar said" : "verdict-bar" },
        h("span", { class: "verdict-name" }, name),
        h("span", { class: "verdict-track", "aria-hidden": "true" }, h("i", { style: { "--share": share } })),
        h("span", { class: "verdict-share" }, sure),
        h("span", { class: "verdict-sign" }, name === truth ? "✓" : said && truth !== null ? "✗" : ""),
      ),
    ),
  );
}

function layerOf(layer, data, colours) {
  const { words } = data;
  const head = h(
    "div",
    { class: "through-head" },
    h("b", {}, layer.name),
    h("span", { class: "mono" }, layer.dims),
    h("span", {}, layer.cut),
    layer.bytes && heatScale("", layer.most),
  );
  if (!layer.bytes)
    return h("div", { class: "through-layer" }, head, h("p", { class: "caption" }, words.none));
  const levels = levelsOf(layer.bytes);
  const made = layer.kind === "steps" ? statesOf(layer, levels, data) : mapsOf(layer, levels, words, colours);
  return h("div", { class: "through-layer" }, head, made);
}

/** Feature maps side by side, or units as cells of one row. */
function mapsOf({ kind, name: layer, shape }, levels, words, colours) {
  if (kind === "units") {
    const canvas = h("canvas", { class: "unit-row", role: "img", "aria-label": layer });
    paintHeat(canvas, levels, { height: 1, width: shape[0] }, colours);
    return canvas;
  }
  const [count, height, width] = shape;
  return h(
    "div",
    { class: "map-strip" },
    Array.from({ length: count }, (_, number) => {
      const canvas = h("canvas", { "aria-hidden": "true" });
      const one = height * width;
      paintHeat(canvas, levels.subarray(number * one, (number + 1) * one), { height, width }, colours);
      const name = filled(words.map, { number: number + 1 });
      return h(
        "figure",
        { role: "img", "aria-label": name, title: name },
        canvas,
        h("figcaption", {}, number + 1),
      );
    }),
  );
}

/** A column for each letter that is read, a row for each unit of the state. */
function statesOf({ shape, scale }, levels, { letters, words }) {
  const [steps, units] = shape;
  const heads = Array.from({ length: steps }, (_, step) =>
    h("b", { class: "state-letter" }, letters ? (letters[step] === " " ? "␣" : letters[step]) : step + 1),
  );
  const rows = Array.from({ length: units }, (_, unit) => [
    h("span", { class: "state-unit" }, unit + 1),
    ...Array.from({ length: steps }, (_, step) => {
      const share = levels[step * units + unit] / TOP_LEVEL;
      const value = significant(share * scale, 2);
      return h("i", {
        class: "state-cell",
        style: { background: valueColour(share) },
        title: filled(words.cell, { step: step + 1, unit: unit + 1, value }),
      });
    }),
  ]);
  return h(
    "div",
    { class: "state-grid", tabindex: 0, role: "img", "aria-label": words.title, style: { "--steps": steps } },
    h("span", {}),
    heads,
    rows,
  );
}
