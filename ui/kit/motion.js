/** Movement, where it explains. */

/** Whether the person asked for no movement. */
export function still() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Starts and ends gently: 0 to 1 over 0 to 1, constant outside. */
export function ease(progress) {
  const t = Math.min(1, Math.max(0, progress));
  return t * t * (3 - 2 * t);
}

/** The point between two numbers. */
export function between(from, to, progress) {
  return from + (to - from) * progress;
}
