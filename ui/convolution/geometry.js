/** Where the three grids lie in a picture of a given size. Pure. */

const TITLE_ROOM = 56; // pixels for a grid's title
const CAPTION_ROOM = 56; // pixels for what is said under a grid
const WIDEST_CELL = 46; // pixels of a cell
const WIDEST_SPAN = 13; // cells up to which the kernel is drawn with its gaps

/** A grid: `rows` × `columns` cells of `size` pixels from (x, y), the first being cell (row0, column0). */
function gridAt(name, x, y, size, { rows, columns, row0 = 0, column0 = 0 }) {
  return { name, x, y, size, rows, columns, row0, column0 };
}

/** The left edge of a column, or the top of a row, of a grid. */
export const columnX = (grid, column) => grid.x + (column - grid.column0) * grid.size;
export const rowY = (grid, row) => grid.y + (row - grid.row0) * grid.size;

/** Whether a cell is drawn. */
export function isDrawn(grid, row, column) {
  const r = row - grid.row0;
  const c = column - grid.column0;
  return r >= 0 && c >= 0 && r < grid.rows && c < grid.columns;
}

/** The cell under a point, or null. */
export function cellAt(grid, x, y) {
  const row = Math.floor((y - grid.y) / grid.size) + grid.row0;
  const column = Math.floor((x - grid.x) / grid.size) + grid.column0;
  return isDrawn(grid, row, column) ? { row, column } : null;
}

/** Whether a kernel of this span is drawn with the gaps of its dilation, or its cells side by side. */
export const isSpread = (span) => span <= WIDEST_SPAN;

/**
 * The grids { left, kernel, right } of a picture of width × height, side by side, or one under the other (`stacked`).
 *
 * @param {{left: object, kernel: object, right: object}} counts rows and columns of each, and where they begin
 */
export function gridsOf(counts, width, height, stacked) {
  return stacked ? oneUnderTheOther(counts, width, height) : sideBySide(counts, width, height);
}

function sideBySide({ left, kernel, right }, width, height) {
  const gap = Math.max(44, Math.min(76, width * 0.085));
  const columns = left.columns + kernel.columns + right.columns;
  const rows = Math.max(left.rows, kernel.rows, right.rows);
  const room = height - TITLE_ROOM - CAPTION_ROOM;
  const size = Math.floor(Math.min(WIDEST_CELL, (width - 2 * gap - 8) / columns, room / rows) * 4) / 4;
  const middle = TITLE_ROOM + room / 2;
  let x = (width - columns * size - 2 * gap) / 2;
  const place = (name, counts) => {
    const grid = gridAt(name, x, middle - (counts.rows * size) / 2, size, counts);
    x += counts.columns * size + gap;
    return grid;
  };
  return { left: place("left", left), kernel: place("kernel", kernel), right: place("right", right), gap };
}

function oneUnderTheOther({ left, kernel, right }, width, height) {
  const columns = Math.max(left.columns, kernel.columns, right.columns);
  const size = Math.floor(Math.min(WIDEST_CELL, (width - 40) / columns) * 4) / 4;
  const gap = (height - 3 * size) / 4;
  const place = (name, counts, order) =>
    gridAt(name, (width - counts.columns * size) / 2, gap * (order + 1) + size * order, size, counts);
  return {
    left: place("left", left, 0),
    kernel: place("kernel", kernel, 1),
    right: place("right", right, 2),
    gap,
  };
}
