import { h, s, say, setText, text } from "../lab/lab.js";

const SIDE = 104; // pixels of the map
const LEVELS = 5; // steps of its scale

/** How often each cell is read, or how many stamps land on it: what the borders get less of, and what nobody reads. */
export function makeUsage() {
  const words = h("span", { class: "label" });
  const map = s("svg", { class: "usage-map", viewBox: `0 0 252 ${SIDE + 4}`, role: "img" });
  const root = h("div", { class: "usage" }, words, map);
  const shown = { scene: null, crop: "" };
  return {
    root,
    /** @param {object} grids of the picture: the map shows the same cells */
    set(scene, grids) {
      const stamped = scene.time === "left";
      const side = stamped ? "right" : "left";
      const { row0, column0 } = grids[side];
      if (scene === shown.scene && shown.crop === `${row0},${column0}`) return;
      Object.assign(shown, { scene, crop: `${row0},${column0}` });
      setText(words, say(stamped ? "stampsLanding" : "readsOfCells"));
      map.setAttribute("aria-label", words.textContent);
      map.replaceChildren(...(scene.refusal ? [] : drawUsage(scene, grids[side], side, stamped)));
    },
  };
}

function drawUsage({ rows, columns, stacked }, grid, side, stamped) {
  const count = (relation, first, number) =>
    Array.from(
      { length: number },
      (_, at) => (side === "left" ? relation.byLeft : relation.byRight)[first + at].length,
    );
  const down = count(rows, grid.row0, grid.rows);
  const across = count(columns, grid.column0, grid.columns);
  const size = Math.min(16, SIDE / grid.rows, (stacked ? 252 : 150) / grid.columns);
  const most = Math.max(...down) * Math.max(...across);
  const levels = new Map();
  down.forEach((r, row) => {
    across.forEach((c, column) => {
      const d = `M${column * size} ${row * size}h${size - 1}v${size - 1}h-${size - 1}z`;
      levels.set(r * c, (levels.get(r * c) ?? "") + d);
    });
  });
  const found = [...levels].map(([n, d]) =>
    s("path", { d, ...shade(n, most, stamped) }, s("title", {}, String(n))),
  );
  return [
    ...found,
    ...(stacked
      ? scaleUnder(most, grid.rows * size + 22, levels.has(0), stamped)
      : scale(most, grid.columns * size + 18, levels.has(0), stamped)),
  ];
}

function shade(n, most, stamped) {
  if (!n) return { class: "never" };
  const share = Math.round(14 + (86 * n) / most);
  return {
    style: `fill:color-mix(in oklab, var(--${stamped ? "output" : "input"}) ${share}%, var(--panel))`,
  };
}

/** The scale beside the map: always drawn, the largest count at its top. */
function scale(most, x, never, stamped) {
  const steps = Math.min(LEVELS, most);
  const found = Array.from({ length: steps }, (_, level) =>
    s("rect", {
      x,
      y: 6 + level * 15,
      width: 12,
      height: 14,
      rx: 2,
      ...shade(most - (level * (most - 1)) / Math.max(1, steps - 1), most, stamped),
    }),
  );
  found.push(text(x + 18, 17, say("times", { n: most })));
  if (most > 1) found.push(text(x + 18, 17 + (steps - 1) * 15, say("times", { n: 1 })));
  if (!never) return found;
  const y = 12 + steps * 15;
  return [
    ...found,
    s("rect", { x, y, width: 12, height: 14, rx: 2, class: "never" }),
    text(x + 18, y + 11, say("never")),
  ];
}

function scaleUnder(most, y, never, stamped) {
  const found = [
    s("rect", { x: 0, y: y - 11, width: 12, height: 14, rx: 2, ...shade(most, most, stamped) }),
    text(18, y, say("times", { n: most })),
  ];
  if (most > 1)
    found.push(
      s("rect", { x: 76, y: y - 11, width: 12, height: 14, rx: 2, ...shade(1, most, stamped) }),
      text(94, y, say("times", { n: 1 })),
    );
  if (never)
    found.push(
      s("rect", { x: 140, y: y - 11, width: 12, height: 14, rx: 2, class: "never" }),
      text(158, y, say("never")),
    );
  return found;
}
