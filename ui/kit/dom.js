/** Elements. Text is always text: nothing here reads a string as markup. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Sets attributes: `onclick` and the like become listeners, `style` may be an object of properties, and an attribute
 * that is undefined, null or false is left out.
 */
export function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.replace(/^on/, ""), value);
    else if (name === "style" && typeof value === "object") setStyle(node, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  return node;
}

/** Sets CSS properties, custom ones included. */
export function setStyle(node, properties) {
  for (const [name, value] of Object.entries(properties)) node.style.setProperty(name, value);
  return node;
}

function fill(node, attributes, children) {
  setAttributes(node, attributes);
  node.append(
    ...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return node;
}

/** An HTML element: `h("p", { class: "caption" }, "text", h("b", {}, "bold"))`. */
export function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element, made like `h`. */
export function s(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** A word in a picture: `text(x, y, "32²", { class: "mono", "text-anchor": "middle" })`. */
export function text(x, y, words, attributes) {
  return s("text", { x, y, ...attributes }, String(words));
}

/** A rectangle; `radius` rounds its corners. */
export function rectangle(x, y, width, height, attributes, radius = 3) {
  return s("rect", { x, y, width, height, rx: radius, ...attributes });
}

/** Replaces text only where it differs, so that what did not change is not announced again. */
export function setText(node, words) {
  const wanted = String(words);
  if (node.textContent !== wanted) node.textContent = wanted;
  return node;
}

/** The whole numbers 0 … count − 1. */
export function range(count) {
  return Array.from({ length: Math.max(0, count) }, (_, index) => index);
}

/**
 * Moves the numbers where they are seen: after a wide picture, before it when stacked. Only they move, so the focus
 * stays, and the order of the tab key is the order on the screen.
 */
export function arrange(numbers, stage, wide) {
  const grid = stage.parentNode;
  const placed = wide ? grid.lastChild === numbers : numbers.nextSibling === stage;
  if (!placed) grid.insertBefore(numbers, wide ? null : stage);
}
