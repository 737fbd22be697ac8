/** What of a long axis is drawn: [first, count]. Pure. */

/**
 * The page of `most` cells that shows all of `focus` = [first, count]; the whole axis where it fits. Pages overlap by
 * the length of the focus, so that a window is never cut, and stay while it moves within one.
 */
export function cropOf(length, most, [first, count]) {
  if (length <= most) return [0, length];
  const step = most - count;
  const start = step > 0 ? Math.floor(first / step) * step : first + Math.floor((count - most) / 2);
  return [Math.max(0, Math.min(start, length - most)), most];
}
