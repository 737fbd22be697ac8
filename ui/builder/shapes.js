import { s, text } from "../kit/kit.js";

/**
 * The pieces that a diagram is made of, drawn around a middle line: a box for a layer, a dot for one that changes
 * nothing, signs and bars where branches join. `scale` is 1 on the network's own line and less inside branches.
 */

/** How large a box is: height by the side of the feature map, width by its channels, both by their logarithm. */
export function boxSize({ channels, side }, scale) {
  if (side === null || side === undefined)
    return { width: Math.max(5, 8 * scale), height: scale * (20 + log(channels) * 9), depth: 3 * scale };
  return {
    width: Math.max(5, scale * (7 + log(channels) * 3.4)),
    height: scale * (26 + log(side) * 18),
    depth: scale * (4 + log(side) * 2),
  };
}

function log(value) {
  return Math.log2(Math.max(1, value));
}

/** A box with two of its other faces, in the colours of what it is about. */
export function drawBox(x, y, { width, height, depth }) {
  const top = y - height / 2;
  const rise = depth * 0.62;
  return [
    s("path", { class: "face front", d: `M${x} ${top}h${width}v${height}h${-width}z` }),
    s("path", { class: "face top", d: `M${x} ${top}l${depth} ${-rise}h${width}l${-depth} ${rise}z` }),
    s("path", {
      class: "face side",
      d: `M${x + width} ${top}l${depth} ${-rise}v${height}l${-depth} ${rise}z`,
    }),
  ];
}

/** What a folded block hides, on its front: a small skip for a sum, stripes for branches side by side. */
export function drawGlyph(x, y, { width, height, depth }, glyph) {
  const middle = x + (width + depth) / 2;
  const top = y - height / 2 - depth * 0.62;
  if (glyph === "add")
    return [
      s("path", {
        class: "glyph skip",
        d: `M${x - 4} ${y}V${top - 4}q0 -5 5 -5H${middle + width / 2}q5 0 5 5V${y}`,
      }),
    ];
  if (glyph !== "concat") return [];
  return [1, 2, 3].map((part) =>
    s("path", {
      class: "glyph",
      d: `M${x + 2} ${y - height / 2 + (height * part) / 4}h${Math.max(2, width - 4)}`,
    }),
  );
}

/** A layer that changes neither shape nor weights. */
export function drawDot(x, y, scale) {
  return [
    s("circle", { class: "hit", cx: x, cy: y, r: 9 }),
    s("circle", { class: "dot", cx: x, cy: y, r: 2.6 + scale }),
  ];
}

/** The sign in a circle where branches are added or multiplied. */
export function drawSign(x, y, radius, merge) {
  const arm = radius * 0.55;
  const turned = merge === "multiply" ? `rotate(45 ${x} ${y})` : undefined;
  return [
    s("circle", { class: "sign-ring", cx: x, cy: y, r: radius }),
    s("path", {
      class: "sign-arms",
      d: `M${x - arm} ${y}h${2 * arm}M${x} ${y - arm}v${2 * arm}`,
      transform: turned,
    }),
  ];
}

/** The bar where branches are joined along channels: a segment a branch, as long as its share. */
export function drawConcat(x, top, height, widths) {
  const all = widths.reduce((sum, width) => sum + width, 0) || 1;
  let y = top;
  return widths.map((width, index) => {
    const long = (height * width) / all;
    const piece = s("rect", {
      class: `segment branch-${(index % 4) + 1}`,
      x,
      y,
      width: 9,
      height: Math.max(0, long - 1),
    });
    y += long;
    return piece;
  });
}

/** Words under a piece, in the middle. */
export function drawLabel(x, y, words, className = "") {
  return text(x, y, words, { class: className, "text-anchor": "middle" });
}
