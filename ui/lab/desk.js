import { arrange, h } from "../kit/kit.js";

const WIDE = 1120; // pixels from which the three columns stand side by side

/**
 * The places of a page: controls at the left, the stage with the picture in the middle, numbers at the right; below
 * 1120 px controls, numbers and picture one under the other. What comes `below` needs scrolling.
 */
export function makeDesk(root, tools) {
  const controls = h("div", { class: "controls" });
  const stage = h("div", { class: "stage panel" });
  const numbers = h("div", { class: "numbers" });
  const below = h("div", { class: "below" });
  const grid = h("div", { class: "desk" }, controls, numbers, stage);
  root.append(grid, below);
  const isWide = () => tools.width(root) > WIDE;
  return { controls, stage, numbers, below, isWide, arrange: () => arrange(numbers, stage, isWide()) };
}
