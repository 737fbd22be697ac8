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
  const state = { pieces: [], open: null, drawn: "" };

  scroller.addEventListener("scroll", markEdges);
  svg.addEventListener("click", (event) => {
    const path = pathOf(event.target);
    if (path !== null) desk.open(path);
  });
  svg.addEventListener("pointermove", (event) => desk.point(pathOf(event.target)));
  svg.addEventListener("pointerleave", () => desk.point(null));

  function draw() {
    const room = scroller.clientWidth - 2 * MARGIN.x;
    const text = `${room}${JSON.stringify(state.pieces)}`;
    if (room <= 0 || text === state.drawn) return;
    state.drawn = text;
    let plan = layNetwork(state.pieces, room, 1);
    const high = plan.up + plan.down;
    if (high > HIGHEST) plan = layNetwork(state.pieces, room, Math.max(0.4, HIGHEST / high));
    const width = Math.max(room, plan.width) + 2 * MARGIN.x;
    const height = plan.up + plan.down + 2 * MARGIN.y;
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
    const { scrollLeft, clientWidth, scrollWidth } = scroller;
    scroller.classList.toggle("more-left", scrollLeft > 4);
    scroller.classList.toggle("more-right", scrollLeft + clientWidth < scrollWidth - 4);
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
    draw,
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
