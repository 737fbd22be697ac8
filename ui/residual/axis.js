/** A logarithmic axis of powers of ten, and what several seeds say of one layer; no DOM. */

const LOWEST = -45; // float32 holds nothing smaller
const LEAST_SPAN = 3;

/** The whole powers of ten around all positive values, and a grid of at most seven of them. */
export function powersAround(values) {
  const powers = values.filter((value) => value > 0).map((value) => Math.log10(value));
  if (!powers.length) return { low: -3, high: 0, grid: [-3, -2, -1, 0] };
  const high = Math.ceil(Math.max(...powers));
  const low = Math.max(LOWEST, Math.min(high - LEAST_SPAN, Math.floor(Math.min(...powers))));
  const step = [1, 2, 5, 10].find((size) => (high - low) / size <= 6) ?? 10;
  const grid = [];
  for (let power = Math.ceil(low / step) * step; power <= high; power += step) grid.push(power);
  return { low, high, grid };
}

/** Median, least and most of what the seeds found; null where some seed found no finite number. */
export function spreadOf(values) {
  if (!values.length || values.some((value) => value === null)) return null;
  const sorted = [...values].sort((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
  return { median, least: sorted[0], most: sorted.at(-1) };
}

/** How many layers no seed moves at all. */
export const standingStill = (moved) => moved.filter((shares) => shares.every((share) => share === 0)).length;

/** Index of the last such layer, −1 where all move. */
export const lastStill = (moved) =>
  moved.map((shares) => shares.every((share) => share === 0)).lastIndexOf(true);
