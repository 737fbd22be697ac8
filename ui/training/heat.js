/** Signed levels, −127 to 127, as pixels of the page's own colours. */

const LEVELS = 127;

/** The signed bytes behind a base64 text. */
export function levelsOf(text) {
  return Int8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

/**
 * The colours of all levels, from the tokens as they are in the present theme: --negative, through --zero, to
 * --positive.
 */
export function heatColours(place) {
  const [below, zero, above] = ["negative", "zero", "positive"].map((token) => tokenColour(place, token));
  return Array.from({ length: 2 * LEVELS + 1 }, (_, index) => {
    const share = (index - LEVELS) / LEVELS;
    const end = share < 0 ? below : above;
    return zero.map((part, at) => Math.round(part + (end[at] - part) * Math.abs(share)));
  });
}

function tokenColour(place, token) {
  const probe = document.createElement("i");
  probe.style.color = `var(--${token})`;
  place.append(probe);
  const [red, green, blue] = getComputedStyle(probe)
    .color.match(/[\d.]+/g)
    .map(Number);
  probe.remove();
  return [red, green, blue];
}

/**
 * Paints planes of height × width below each other, with an empty row between two.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Int8Array} levels of all planes
 * @param {{planes?: number, height: number, width: number}} size
 * @param {number[][]} colours of the levels
 */
export function paintHeat(canvas, levels, { planes = 1, height, width }, colours) {
  canvas.width = width;
  canvas.height = planes * height + planes - 1;
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  levels.forEach((level, at) => {
    const row = Math.floor(at / width) + Math.floor(at / (width * height));
    const pixel = 4 * (row * width + (at % width));
    image.data.set([...colours[level + LEVELS], 255], pixel);
  });
  context.putImageData(image, 0, 0);
}
