import { exact, superscript } from "../kit/kit.js";

/** Where the curves' picture puts things, in pixels. */
export const FRAME = { left: 46, right: 136, top: 34, loss: 196, gap: 38, accuracy: 46, bottom: 26 };
export const HEIGHT = FRAME.top + FRAME.loss + FRAME.gap + FRAME.accuracy + FRAME.bottom;

/** A linear axis of steps from 0 to `end` over the width between the margins. */
export function stepAxis(width, end) {
  const span = Math.max(1, width - FRAME.left - FRAME.right);
  return {
    at: (step) => FRAME.left + (span * step) / end,
    step: (x) => ((x - FRAME.left) / span) * end,
    ticks: stepTicks(end, span),
  };
}

function stepTicks(end, span) {
  const wanted = Math.max(2, Math.min(6, Math.floor(span / 110)));
  const rough = end / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = Math.max(
    1,
    [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= rough) ?? rough,
  );
  const ticks = [];
  const room = (64 * end) / span; // what the last label takes
  for (let step = 0; step <= end - Math.max(room, size / 2); step += size) ticks.push(step);
  return [...ticks, end];
}

/** A logarithmic axis that holds all values above 0, its ends at 1 or 3 times a power of ten. */
export function lossAxis(values) {
  const known = values.filter((value) => value > 0 && Number.isFinite(value));
  const low = known.length ? Math.min(...known) : 0.1;
  const high = known.length ? Math.max(...known) : 3;
  let bottom = below(low);
  const top = above(Math.max(high, bottom * 1.01));
  if (top / bottom < 9.9) bottom = below(bottom * 0.99);
  const span = Math.log10(top / bottom);
  const place = (value) => {
    const share = Math.log10(Math.max(bottom, Math.min(top, value)) / bottom) / span;
    return FRAME.top + FRAME.loss * (1 - share);
  };
  return { at: place, ticks: lossTicks(bottom, top) };
}

function stops(value) {
  const power = Math.floor(Math.log10(value));
  return [power - 1, power, power + 1].flatMap((at) => [10 ** at, 3 * 10 ** at]);
}

function below(value) {
  return stops(value).findLast((stop) => stop <= value * 1.0001);
}

function above(value) {
  return stops(value).find((stop) => stop >= value * 0.9999);
}

function lossTicks(bottom, top) {
  const first = Math.floor(Math.log10(bottom));
  const last = Math.ceil(Math.log10(top));
  const every = Math.max(1, Math.ceil((last - first) / 6));
  const digits = last - first <= 3 ? [1, 3] : [1];
  const ticks = [];
  for (let power = first; power <= last; power += every)
    for (const digit of digits) ticks.push(digit * 10 ** power);
  return ticks.filter((tick) => tick >= bottom * 0.999 && tick <= top * 1.001);
}

/** 0.003 to 1,000 as they are, powers of ten beyond. */
export function lossLabel(value) {
  if (value >= 0.00099 && value < 9999)
    return value >= 1 ? exact(value) : String(Number(value.toPrecision(1)));
  const power = Math.floor(Math.log10(value) + 1e-9);
  const digit = Math.round(value / 10 ** power);
  return `${digit === 1 ? "" : `${digit} × `}10${superscript(power)}`;
}

/** The top of the strip below, and where a share between 0 and 1 lies in it. */
export const STRIP = FRAME.top + FRAME.loss + FRAME.gap;
export function accuracyAt(share) {
  return STRIP + FRAME.accuracy * (1 - share);
}

/** The path through points; what is no number leaves a gap. */
export function pathOf([steps, values], x, y) {
  let path = "";
  let pen = "M";
  for (const [index, value] of values.entries()) {
    if (value === null) {
      pen = "M";
      continue;
    }
    path += `${pen}${x(steps[index]).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = "L";
  }
  return path;
}

/** Moves labels that would lie on each other apart, keeping their order from top to bottom. */
export function apart(labels, least = 17) {
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  for (let round = 0; round < 8; round += 1)
    for (let index = 1; index < sorted.length; index += 1) {
      const [upper, lower] = [sorted[index - 1], sorted[index]];
      const missing = least - (lower.y - upper.y);
      if (missing <= 0 || Math.abs(upper.x - lower.x) > 150) continue;
      upper.y -= missing / 2;
      lower.y += missing / 2;
    }
  return sorted;
}
