/** The numbers that a slider for channels stops at; a number typed or taken from a paper may lie between two. */

const CHANNELS = [
  1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224,
  256, 288, 320, 384, 448, 512, 576, 640, 704, 768, 832, 896, 960, 1024,
];
const SIZES = [
  1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 96, 112, 128, 160, 192, 224, 256,
];
const MOST_REDUCTION = 512;

/** The stops of a field; those of a reduction end at 512. */
export function stopsOf(name) {
  if (name === "size") return SIZES;
  return name === "red3" || name === "red5" ? CHANNELS.filter((stop) => stop <= MOST_REDUCTION) : CHANNELS;
}

/** Where a number lies among stops, as a share of the way from the first to the last. */
export function shareOf(stops, value) {
  const last = stops.length - 1;
  if (value <= stops[0]) return 0;
  if (value >= stops[last]) return 1;
  const next = stops.findIndex((stop) => stop > value);
  const [low, high] = [stops[next - 1], stops[next]];
  return (next - 1 + (value - low) / (high - low)) / last;
}

/** The place of the stop that comes nearest to a number. */
export function placeOf(stops, value) {
  return Math.round(shareOf(stops, value) * (stops.length - 1));
}
