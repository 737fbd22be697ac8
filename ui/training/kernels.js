import { h, setText } from "../kit/kit.js";
import { heatColours, levelsOf, paintHeat } from "./heat.js";
import { filled } from "./images.js";

const FEW = 12; // kernels that are drawn large

/** The first layer's kernels, each with its gradient below it, and what the colours stand for. */
export function makeKernels() {
  const title = h("h2", {});
  const count = h("span", { class: "score" });
  const when = h("span", { class: "score when" });
  const strip = h("div", { class: "kernel-strip", tabindex: 0, role: "group" });
  const scales = h("div", { class: "heat-scales" });
  const note = h("p", { class: "caption" });
  const root = h("section", { class: "panel" }, h("header", {}, title, count, when), strip, scales, note);
  let data;
  let painted = "";

  function paint() {
    const colours = heatColours(root);
    const text = JSON.stringify([data.weight, data.gradient, data.kept, colours[0], colours[127]]);
    if (text === painted) return; // the theme is the same, and so are the kernels
    painted = text;
    const size = { planes: data.channels, height: data.height, width: data.width };
    const one = size.planes * size.height * size.width;
    const layers = [data.weight, data.gradient].filter(Boolean).map(({ bytes }) => levelsOf(bytes));
    strip.replaceChildren(
      ...Array.from({ length: data.kept }, (_, number) => {
        const canvases = layers.map((levels) => {
          const canvas = h("canvas", { "aria-hidden": "true" });
          paintHeat(canvas, levels.subarray(number * one, (number + 1) * one), size, colours);
          return canvas;
        });
        const name = filled(data.words.kernel, { number: number + 1 });
        return h(
          "figure",
          { role: "img", "aria-label": name, title: name },
          canvases,
          h("figcaption", {}, number + 1),
        );
      }),
    );
  }

  return {
    root,
    update(now) {
      data = now;
      const { words } = data;
      setText(title, words.title);
      setText(count, words.count);
      setText(when, data.when);
      strip.setAttribute("aria-label", words.title);
      strip.style.setProperty("--size", data.kept > FEW ? "40px" : "56px");
      scales.replaceChildren(
        heatScale(words.weight, data.weight.most),
        ...(data.gradient ? [heatScale(words.gradient, data.gradient.most)] : []),
      );
      setText(note, [data.gradient ? "" : words.no_gradient, words.channels].filter(Boolean).join(" "));
    },
    paint,
  };
}

/** What the colours of signed values stand for: from −most through 0 to most. */
export function heatScale(name, most) {
  return h(
    "span",
    { class: "heat-scale" },
    name && h("b", {}, name),
    `−${most}`,
    h("i", { "aria-hidden": "true" }),
    most,
  );
}
