/** Streams as paths. A band { x1, w1, y1, x2, w2, y2 } is w1 wide around x1 and becomes w2 wide around x2. Pure. */

const SHORT_PIECE = 56; // pixels below which a piece's words leave it little to bend in

/** A band as the `d` of a path; `bend` is where on its way it changes its width. */
export function bandPath({ x1, w1, y1, x2, w2, y2 }, bend = 0.5) {
  const turn = hundredth(y1 + bend * (y2 - y1));
  const [l1, r1, l2, r2] = [x1 - w1 / 2, x1 + w1 / 2, x2 - w2 / 2, x2 + w2 / 2].map(hundredth);
  const [top, end] = [y1, y2].map(hundredth);
  return `M${l1} ${top}C${l1} ${turn} ${l2} ${turn} ${l2} ${end}H${r2}C${r2} ${turn} ${r1} ${turn} ${r1} ${top}Z`;
}

/** A layer's piece: it stays wide as long as it can, so that its words find room. */
export function piecePath(piece) {
  if (piece.w1 === piece.w2) return bandPath(piece);
  const late = piece.y2 - piece.y1 < SHORT_PIECE ? 0.94 : 0.78;
  return bandPath(piece, piece.w1 > piece.w2 ? late : 1 - late);
}

const hundredth = (value) => Math.round(value * 100) / 100;
