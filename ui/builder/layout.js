import { s } from "../kit/kit.js";
import { boxSize, drawBox, drawConcat, drawDot, drawGlyph, drawLabel, drawSign } from "./shapes.js";

/**
 * Where everything in a diagram goes. Each function gives an item: its width, how far it reaches up and down from the
 * middle line, and `draw(x, y)`, which makes its elements with the item's left end at x and its line at y.
 */

const GAP = 17; // between two pieces
const WIDEST_GAP = 72;
const LABELS = 34; // two lines of words under the pieces of the network's own line
const SMALL_LABEL = 14;

/** The whole network on one line, spread over `room` pixels where it is shorter than that. */
export function layNetwork(pieces, room, scale) {
  const items = pieces.map((piece) => layPiece(piece, scale, true));
  const least = gapsOf(items, GAP * scale);
  const left = room - lineWidth(items, least);
  const more = Math.max(0, left / Math.max(1, items.length - 1));
  const gaps = least.map((gap) => Math.max(gap, Math.min(WIDEST_GAP, gap + more)));
  return layLine(items, gaps, { labels: LABELS, kind: "main" });
}

/** A branch: its pieces on a line, smaller. */
function layBranch(pieces, scale, kind) {
  const items = pieces.map((piece) => layPiece(piece, scale, false));
  return layLine(items, gapsOf(items, GAP * Math.max(0.6, scale)), { labels: 0, kind });
}

/** The gaps between pieces: wide enough that the words under two neighbours do not touch. */
function gapsOf(items, least) {
  return items.slice(1).map((item, index) => {
    const before = items[index];
    const apart = (before.words ?? 0) / 2 + (item.words ?? 0) / 2 + 6;
    const between = before.width - before.middle + item.middle;
    return before.words && item.words ? Math.max(least, apart - between) : least;
  });
}

function lineWidth(items, gaps) {
  const sum = (total, part) => total + part;
  return items.map((item) => item.width).reduce(sum, 0) + gaps.reduce(sum, 0);
}

/** Left ends of the pieces on their line. */
function startsOf(items, gaps) {
  let at = 0;
  return items.map((item, index) => {
    const start = at;
    at += item.width + (gaps[index] ?? 0);
    return start;
  });
}

function layLine(items, gaps, { labels, kind }) {
  const line = lineWidth(items, gaps);
  const starts = startsOf(items, gaps);
  const up = Math.max(6, ...items.map((item) => item.up));
  const low = Math.max(6, ...items.map((item) => item.down));
  const hanging = hang(items, starts, low + labels);
  return {
    width: Math.max(line, hanging.width),
    line,
    up,
    down: Math.max(low + labels, hanging.down),
    draw(x, y) {
      const drawn = [s("path", { class: `flow ${kind}`, d: `M${x} ${y}h${line}` })];
      for (const [index, item] of items.entries()) {
        drawn.push(item.draw(x + starts[index], y));
        if (labels && item.label) drawn.push(...item.label(x + starts[index] + item.middle, y + low + 14));
      }
      return group("", [...drawn, ...hanging.draw(x, y)]);
    },
  };
}

/** Auxiliary heads hang below the line, each in the first row where it has room. */
function hang(items, starts, top) {
  const rows = [];
  const placed = [];
  for (const [index, item] of items.entries()) {
    if (!item.hanging) continue;
    const row = rowFor(rows, starts[index], item.hanging);
    placed.push({ item, start: starts[index], row });
  }
  let y = top;
  for (const row of rows) {
    row.y = y + 12 + row.up;
    y = row.y + row.down;
  }
  return {
    width: Math.max(0, ...rows.map((row) => row.end)),
    down: rows.length ? y : 0,
    draw: (x, middle) => placed.map(({ item, start, row }) => item.drop(x + start, middle, middle + row.y)),
  };
}

/** The row below the line that has room for a head that begins at `start`; made where there is none. */
function rowFor(rows, start, { up, down, width }) {
  let row = rows.find((each) => each.end + 20 < start);
  if (!row) {
    row = { end: 0, up: 0, down: 0 };
    rows.push(row);
  }
  row.end = start + 24 + width;
  row.up = Math.max(row.up, up);
  row.down = Math.max(row.down, down);
  return row;
}

function layPiece(piece, scale, labelled) {
  if (piece.thin !== undefined) return layThin(piece, scale);
  if (piece.tap !== undefined) return layTap(piece, scale);
  if (piece.fork !== undefined)
    return piece.lanes.length === 2 && piece.merge !== "concat"
      ? laySum(piece, scale)
      : layFork(piece, scale);
  return layBox(piece, scale, labelled);
}

function layThin(piece, scale) {
  return {
    width: 6,
    middle: 3,
    up: 6,
    down: 6,
    draw: (x, y) => own(piece, piece.thin, drawDot(x + 3, y, scale), piece.name),
  };
}

function layBox(piece, scale, labelled) {
  const size = boxSize(piece, scale);
  const path = piece.box ?? piece.block;
  const rise = size.depth * 0.62;
  const above = piece.glyph === "add" ? 10 : 0;
  const says = `${piece.name} ${piece.size}`;
  return {
    width: size.width + size.depth,
    middle: size.width / 2,
    words: labelled ? Math.max(piece.name.length * 6.6, piece.size.length * 7.9) : piece.name.length * 5.6,
    up: size.height / 2 + rise + above,
    down: size.height / 2 + (labelled ? 0 : SMALL_LABEL),
    draw(x, y) {
      const drawn = [...drawBox(x, y, size), ...drawGlyph(x, y, size, piece.glyph)];
      if (!labelled) drawn.push(drawLabel(x + size.width / 2, y + size.height / 2 + 12, piece.name, "small"));
      return own(piece, path, drawn, says);
    },
    label: (x, y) => [drawLabel(x, y, piece.name), drawLabel(x, y + 16, piece.size, "mono faint")],
  };
}

/** A sum or product of two: the first branch stays on the line, the second goes over it. */
function laySum(piece, scale) {
  const [main, other] = piece.lanes;
  const body = layBranch(main, main.length ? scale * 0.9 : scale, "main");
  const over = other.length ? layBranch(other, scale * 0.55, "skip") : null;
  const entry = 16 * Math.max(0.7, scale);
  const radius = Math.max(7, 10 * scale);
  const span = Math.max(body.line, over ? over.width : 0, 18);
  const width = entry + span + radius * 2 + 8;
  const lift = body.up + 12 + (over ? over.down : 0);
  return {
    width,
    middle: width - radius,
    up: lift + (over ? over.up : 8),
    down: body.down,
    draw(x, y) {
      const from = x + 4;
      const to = x + width - radius;
      const top = y - lift;
      const arc = `M${from} ${y}V${top + 9}q0 -9 9 -9H${to - 9}q9 0 9 9V${y - radius}`;
      const drawn = [
        s("path", { class: "flow main", d: `M${x} ${y}H${to}` }),
        s("path", { class: "skip-line", d: arc }),
        s("circle", { class: "skip-dot", cx: from, cy: y, r: 3.5 }),
        body.draw(x + entry, y),
      ];
      if (over) drawn.push(over.draw(x + entry + (span - over.width) / 2, top));
      drawn.push(...drawSign(to, y, radius, piece.merge));
      return own(piece, piece.fork, drawn, piece.merge);
    },
  };
}

/** Branches above one another, and the bar or sign where they join. */
function layFork(piece, scale) {
  const share = scale * Math.min(0.62, 1.7 / piece.lanes.length);
  const lanes = piece.lanes.map((lane, index) => layBranch(lane, share, `branch-${(index % 4) + 1}`));
  const gap = 7;
  const all = lanes.reduce((sum, lane) => sum + lane.up + lane.down, 0) + gap * (lanes.length - 1);
  const span = Math.max(18, ...lanes.map((lane) => lane.width));
  const entry = 20;
  const width = entry + span + 24;
  return {
    width,
    middle: width - 5,
    up: all / 2,
    down: all / 2,
    draw(x, y) {
      const end = x + width - 9;
      let top = y - all / 2;
      const drawn = lanes.map((lane, index) => {
        const middle = top + lane.up;
        top += lane.up + lane.down + gap;
        return branch(lane, index, x, entry, end, y, middle);
      });
      drawn.push(s("circle", { class: "fork-dot", cx: x + 4, cy: y, r: 3.5 }));
      if (piece.merge === "concat") drawn.push(...drawConcat(end, y - all / 2, all, piece.widths));
      else drawn.push(...drawSign(end, y, 9, piece.merge));
      return own(piece, piece.fork, drawn, piece.merge);
    },
  };
}

function branch(lane, index, x, entry, end, y, middle) {
  const start = x + 4;
  const bend = `M${start} ${y}C${start + 10} ${y} ${start + 4} ${middle} ${x + entry} ${middle}`;
  return group("", [
    s("path", { class: `flow branch-${(index % 4) + 1}`, d: `${bend}H${end}` }),
    lane.draw(x + entry, middle),
  ]);
}

/** An auxiliary head: a dot on the line, and what hangs from it. */
function layTap(piece, scale) {
  const lane = piece.lane.length ? layBranch(piece.lane, scale * 0.5, "tap") : null;
  return {
    width: 8,
    middle: 4,
    up: 6,
    down: 6,
    hanging: lane ?? { up: 8, down: 8, width: 26 },
    draw: (x, y) => own(piece, piece.tap, drawDot(x + 4, y, scale), "AuxiliaryHead"),
    drop(x, y, below) {
      const drawn = [s("path", { class: "flow tap", d: `M${x + 4} ${y}V${below - 8}q0 8 8 8h10` })];
      drawn.push(
        lane
          ? lane.draw(x + 22, below)
          : s("rect", { class: "folded-tap", x: x + 22, y: below - 8, width: 26, height: 16, rx: 4 }),
      );
      return own(piece, piece.tap, drawn, "AuxiliaryHead");
    },
  };
}

/** The elements of a piece, with its address, its colours and its words for the pointer. */
function own({ about, state }, path, elements, says) {
  const root = group(`piece of-${about ?? "nothing"} ${state ?? ""}`, [s("title", {}, says), ...elements]);
  root.dataset.path = path;
  return root;
}

function group(className, children) {
  return s("g", { class: className }, children);
}
