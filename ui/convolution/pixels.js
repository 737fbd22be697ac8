/** Pixels between bytes, base64 and canvas. */

/** The bytes behind a base64 text. */
export function bytesOf(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

/** A base64 text of bytes. */
export function base64Of(raw) {
  let text = "";
  for (let at = 0; at < raw.length; at += 8192) text += String.fromCharCode(...raw.subarray(at, at + 8192));
  return btoa(text);
}

/** Draws a picture of three bytes a pixel. */
export function paintColours(canvas, { width, height, bytes }) {
  paint(canvas, width, height, bytesOf(bytes), 3, (raw, at, pixel, to) => {
    pixel.set(raw.subarray(at, at + 3), to);
  });
}

/** Draws a map of one byte a pixel through 256 colours. */
export function paintLevels(canvas, { width, height, bytes }, colours) {
  paint(canvas, width, height, bytesOf(bytes), 1, (raw, at, pixel, to) => {
    pixel.set(colours[raw[at]], to);
  });
}

function paint(canvas, width, height, raw, each, put) {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  for (let at = 0; at < width * height; at++) {
    put(raw, at * each, image.data, at * 4);
    image.data[at * 4 + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/**
 * 256 colours from the lowest to the highest value: signed values run from --negative through --zero to --positive, with
 * equal colours for equal sizes; others from --panel to --output. `colourOf` reads a token as [r, g, b].
 */
export function scaleOf(low, high, colourOf) {
  const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const ends = low < 0 ? ["negative", "zero", "positive"] : ["panel", "panel", "output"];
  const [below, middle, above] = ends.map(colourOf);
  return Array.from({ length: 256 }, (_, level) => {
    const value = low + ((high - low) * level) / 255;
    const share = low < 0 ? value / most : (value - low) / (high - low || 1);
    return mixed(middle, share < 0 ? below : above, Math.abs(share));
  });
}

function mixed(from, to, share) {
  return from.map((part, index) => Math.round(part + (to[index] - part) * share));
}

/** Reads a file as a picture of at most `side` pixels: { width, height, bytes }; null where it is none. */
export async function pictureOf(file, side) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return null;
  }
  const share = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((length) =>
    Math.max(1, Math.round(length * share)),
  );
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  context.drawImage(bitmap, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const raw = new Uint8Array(3 * width * height);
  for (let at = 0; at < width * height; at++) raw.set(data.subarray(4 * at, 4 * at + 3), 3 * at);
  return { width, height, bytes: base64Of(raw) };
}
