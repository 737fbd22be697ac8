/** Words: a picture holds none, Python hands them over in the reader's language. */

let spoken = {};

/** Sets the words that `say` says from now on. */
export function speak(words) {
  spoken = words;
}

/** A sentence by its name, with values for the names between braces: `say("itIs", { value: 8 })`. */
export function say(name, values = {}) {
  const template = spoken[name] ?? name;
  return template.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

/** Whether Python has handed over a sentence of that name. */
export function isSaid(name) {
  return name in spoken;
}

/** Axes' names in the reader's language: "C × H × W" is 通道 × 高 × 宽. */
export function axesNames(axes) {
  return axes
    .split(" × ")
    .map((name) => say(name))
    .join(" × ");
}
