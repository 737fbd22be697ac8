/** Where the unrolled picture lies: time left to right, layers bottom to top, the backward lane above the forward one. */

const LEFT = 112;
const RIGHT = 104;
const TOP = 48;
const BOTTOM = 62;
const WIDEST_CELL = 116;

/** Places of cells and rails in pixels for a picture of this size. */
export function layOut(scene, width, height) {
  const both = scene.directions === 2;
  const slots = scene.columns.length + (scene.fold < 0 ? 0 : 1);
  const columnWidth = (width - LEFT - RIGHT) / slots;
  const rowHeight = (height - TOP - BOTTOM) / scene.lanes.length;
  const cellWidth = Math.min(columnWidth * (both ? 0.54 : 0.64), WIDEST_CELL);
  const cellHeight = Math.min(46, Math.max(14, rowHeight * 0.48));
  const shift = both ? Math.min(columnWidth * 0.17, cellWidth * 0.36) : 0;
  const slotOf = (column) => (scene.fold >= 0 && column >= scene.fold ? column + 1 : column);
  const middle = (column) => LEFT + columnWidth * (slotOf(column) + 0.5);
  const y = (row) => height - BOTTOM - rowHeight * (row + 0.5);
  const x = (column, direction) => middle(column) + (direction ? shift : -shift);
  const gap = Math.min(15, rowHeight * 0.2);
  return {
    width,
    height,
    columnWidth,
    rowHeight,
    cellWidth,
    cellHeight,
    both,
    gap,
    left: LEFT,
    right: RIGHT,
    middle,
    x,
    y,
    foldAt: scene.fold < 0 ? null : LEFT + columnWidth * (scene.fold + 0.5),
    top: (row) => y(row) - cellHeight / 2,
    bottom: (row) => y(row) + cellHeight / 2,
    inputTop: height - BOTTOM + 10,
    /** Where the joined states of a layer lie, from which the layer above reads. */
    rail: (layer) => y(layer * scene.directions + scene.directions - 1) - cellHeight / 2 - (both ? gap : 0),
    outputTop: y(scene.lanes.length - 1) - cellHeight / 2 - 24,
  };
}

/** Where the line that a cell reads comes in, and where the one that it hands up goes out: apart for two directions. */
export function portsOf(places, column, direction) {
  const centre = places.x(column, direction);
  const w = places.cellWidth;
  if (!places.both) return { reads: centre, hands: centre };
  return direction
    ? { reads: centre + w * 0.36, hands: centre + w * 0.16 }
    : { reads: centre - w * 0.16, hands: centre - w * 0.36 };
}
