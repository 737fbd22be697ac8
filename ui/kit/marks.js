import { h, s, setText } from "./dom.js";
import { dimensions } from "./numbers.js";

/** A shape in a chip, with its axes' names under it: `shapeChip([20, 8, 8], "C × H × W", "output")`. */
export function shapeChip(dims, axes, about = "nothing") {
  const size = h("b", {}, dimensions(dims));
  const names = h("i", {}, axes);
  return {
    root: h("span", { class: `shape of-${about}` }, size, names),
    set(now, axesNow = axes) {
      setText(size, dimensions(now));
      setText(names, axesNow);
    },
  };
}

/**
 * A number with its name, the change that is news, the exact value one hover away, and the sum it comes from.
 *
 * @param {string} name what it counts, with its unit
 * @param {string} about what it is about: "weight", "compute", "memory", …
 */
export function number(name, about = "nothing") {
  const value = h("span", {});
  const news = h("span", { class: "news" });
  const sum = h("span", { class: "sum" });
  const root = h(
    "div",
    { class: `number of-${about}` },
    h("span", { class: "label" }, name),
    h("span", { class: "value" }, value, news),
    sum,
  );
  return {
    root,
    set(shown, { exactly = "", change = "", formula = "" } = {}) {
      setText(value, shown);
      setText(news, change);
      setText(sum, formula);
      if (exactly && exactly !== shown) root.title = exactly;
      else root.removeAttribute("title");
    },
  };
}

/** A thin bar that shows a share of the largest, 0 to 1; nothing at all for 0. */
export function bar(about) {
  const piece = h("span", {});
  const root = h("div", { class: `bar of-${about}`, "aria-hidden": "true" }, piece);
  return {
    root,
    set(share) {
      root.classList.toggle("none", !(share > 0));
      piece.style.setProperty("--share", `${Math.round(1000 * Math.min(1, Math.max(0, share))) / 10}%`);
    },
  };
}

/** The pattern of what is added and no data; put it into <defs> and fill with `url(#name)`. */
export function hatch(name) {
  return s(
    "pattern",
    { id: name, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    s("line", {
      x1: 0,
      y1: 0,
      x2: 0,
      y2: 6,
      "stroke-width": 1.4,
      style: "stroke:var(--padding);stroke-opacity:.45",
    }),
  );
}

/** The colour of a signed value between −1 and 1; both themes follow the tokens. */
export function valueColour(value) {
  const side = value < 0 ? "negative" : "positive";
  return `color-mix(in oklab, var(--${side}) ${Math.round(100 * Math.min(1, Math.abs(value)))}%, var(--zero))`;
}
