import { h, s } from "../kit/kit.js";
import { layNetwork } from "./layout.js";

const MARGIN = { x: 26, y: 14 };
const HIGHEST = 330; // pixels; a higher picture is drawn smaller

/** The network from left to right; a long one scrolls sideways, and the open row's box is kept in view. */
export function makeDiagram(words, desk) {
  const svg = s("svg", { role: "img", "aria-label": words.diagram });
  const scroller = h(
    "div",
    { class: "scroller", tabindex: 0, role: "group", "aria-label": words.diagram },
    svg,
  );
  const root = h("section", { class: "diagram panel" }, scroller);
  const state = { pieces: [], open: null, drawn: "", width: 0, room: 0, total: 0, scrolled: 0 };

  scroller.addEventListener("scroll", () => {
    state.scrolled = scroller.scrollLeft;
    markEdges();
  });
  svg.addEventListener("click", (event) => {
    const path = pathOf(event.target);
    if (path !== null) desk.open(path);
  });
  svg.addEventListener("pointermove", (event) => desk.point(pathOf(event.target)));
  svg.addEventListener("pointerleave", () => desk.point(null));

  /** The room is measured only when the page's width has changed: asking costs a layout. */
  function measure(width) {
    if (width === state.width) return;
    state.width = width;
    state.room = scroller.clientWidth - 2 * MARGIN.x;
    draw();
  }

  function draw() {
    const { room } = state;
    const text = `${room}${JSON.stringify(state.pieces)}`;
    if (room <= 0 || text === state.drawn) return;
    state.drawn = text;
    let plan = layNetwork(state.pieces, room, 1);
    const high = plan.up + plan.down;
    if (high > HIGHEST) plan = layNetwork(state.pieces, room, Math.max(0.4, HIGHEST / high));
    const width = Math.max(room, plan.width) + 2 * MARGIN.x;
    const height = plan.up + plan.down + 2 * MARGIN.y;
    state.total = width;
    svg.setAttribute("width", width);
    svg.setAttribute("height", height);
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const start = MARGIN.x + Math.max(0, (room - plan.width) / 2);
    svg.replaceChildren(plan.draw(start, MARGIN.y + plan.up));
    markAll();
    markEdges();
  }

  /** Fades the edge behind which there is more. */
  function markEdges() {
    const seen = state.room + 2 * MARGIN.x;
    scroller.classList.toggle("more-left", state.scrolled > 4);
    scroller.classList.toggle("more-right", state.scrolled + seen < state.total - 4);
  }

  function markAll() {
    for (const piece of svg.querySelectorAll(".piece"))
      piece.classList.toggle("chosen", piece.dataset.path === state.open);
  }

  function keepInView() {
    const piece = svg.querySelector(".piece.chosen");
    if (!piece) return;
    const own = piece.getBoundingClientRect();
    const frame = scroller.getBoundingClientRect();
    if (own.left < frame.left || own.right > frame.right)
      scroller.scrollLeft += own.left - frame.left - (frame.width - own.width) / 2;
  }

  return {
    root,
    measure,
    set(data) {
      state.pieces = data.diagram;
      draw();
    },
    mark(path, show) {
      state.open = path;
      markAll();
      if (show) keepInView();
    },
    hover(path) {
      for (const piece of svg.querySelectorAll(".piece"))
        piece.classList.toggle("pointed", path !== null && piece.dataset.path === path);
    },
  };
}

function pathOf(target) {
  return target.closest(".piece")?.dataset.path ?? null;
}
