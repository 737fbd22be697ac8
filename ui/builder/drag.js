import { h } from "../kit/kit.js";

const START = 4; // pixels until a press becomes a drag
const EDGE_SCROLL = 60; // pixels from the window's edge where dragging scrolls
const STEP = 10; // pixels that it scrolls by at every move

/**
 * Moving rows by their grip: a line shows where the row would go; letting go puts it there, Escape does not.
 *
 * @param {() => {root: HTMLElement, row: object}[]} rows the rows as they stand
 * @param {(path: string, place: [string, number]) => void} drop
 */
export function makeDrag(body, rows, drop) {
  const line = h("div", { class: "drop-line", "aria-hidden": "true" });

  return function begin(event, row) {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    const grip = event.currentTarget;
    grip.setPointerCapture(event.pointerId);
    const from = event.clientY;
    const abort = new AbortController();
    const own = rows().find((each) => each.row.path === row.path)?.root;
    const scroller = scrollerOf(body);
    let target = null;

    function move(now) {
      if (Math.abs(now.clientY - from) < START && !target) return;
      own?.classList.add("dragged");
      target = nearest(now.clientY, row);
      showLine(target);
      if (now.clientY < EDGE_SCROLL) scroller?.scrollBy(0, -STEP);
      if (now.clientY > innerHeight - EDGE_SCROLL) scroller?.scrollBy(0, STEP);
    }

    function end(keep) {
      abort.abort();
      own?.classList.remove("dragged");
      line.remove();
      if (keep && target) drop(row.path, target.place);
    }

    const { signal } = abort;
    grip.addEventListener("pointermove", move, { signal });
    grip.addEventListener("pointerup", () => end(true), { signal });
    grip.addEventListener("pointercancel", () => end(false), { signal });
    addEventListener("keydown", (key) => key.key === "Escape" && end(false), { signal });
  };

  /** The gap between two rows that the pointer is nearest to, those inside the dragged block left out. */
  function nearest(y, dragged) {
    let best = null;
    for (const { root, row } of rows()) {
      if (row.path.startsWith(`${dragged.path}.`)) continue;
      for (const gap of gaps(root, row)) {
        const distance = Math.abs(gap.y - y);
        if (!best || distance < best.distance) best = { ...gap, distance };
      }
    }
    return best;
  }

  function gaps(root, row) {
    const box = root.getBoundingClientRect();
    if (row.place) {
      const [where, index] = row.place;
      const found = [{ y: box.top + 2, place: [where, index], depth: row.rails.length }];
      if (row.folded !== false) found.push({ y: box.bottom - 2, place: row.after, depth: row.rails.length });
      return found;
    }
    if (row.type === "empty" || row.type === "input")
      return [{ y: box.bottom - 3, place: row.after, depth: row.rails.length }];
    return [];
  }

  function showLine({ y, depth }) {
    const box = body.getBoundingClientRect();
    line.style.top = `${y - box.top}px`;
    line.style.setProperty("--depth", depth);
    if (!line.isConnected) body.append(line);
  }
}

/** What scrolls the page: the first box around a node that does, shadow roots crossed. */
function scrollerOf(node) {
  for (let box = node; box; box = box.parentNode ?? box.host) {
    if (!(box instanceof Element) || box.scrollHeight <= box.clientHeight) continue;
    if (/auto|scroll/.test(getComputedStyle(box).overflowY)) return box;
  }
  return document.scrollingElement;
}
