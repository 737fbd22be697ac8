import { atOf, moved, placeIn } from "./scene.js";

/**
 * Where one looks: a place that is kept (clicked, or reached by the arrow keys), and one under the pointer, which
 * passes.
 *
 * @param {{scene: () => object, at: (at: number[]) => void, changed: () => void}} hand
 */
export function makeLook({ scene, at, changed }) {
  let pointed = null;

  const place = (of) => (pointed ? moved(of, pointed, {}) : placeIn(of, of.state.at));

  function point(next) {
    if (JSON.stringify(next) === JSON.stringify(pointed)) return;
    pointed = next;
    changed();
  }

  function choose(next) {
    pointed = null;
    at(atOf(scene(), next));
  }

  /** The place that an element stands for: `data-place="row column unit"`; a map leaves the row to the place now. */
  function placeOf(target) {
    const words = target.closest?.("[data-place]")?.getAttribute("data-place");
    if (!words) return null;
    const [row, column, unit] = words.split(" ").map(Number);
    return { row: row < 0 ? place(scene()).row : row, column, unit };
  }

  /** Lets an element be pointed at, clicked, and walked over; `keys` are steps beside those along time. */
  function listen(element, keys) {
    const steps = { ArrowLeft: { columns: -1 }, ArrowRight: { columns: 1 }, ...keys };
    element.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse") point(placeOf(event.target) ?? pointed);
    });
    element.addEventListener("pointerleave", () => point(null));
    element.addEventListener("click", (event) => {
      const wanted = placeOf(event.target);
      if (wanted) choose(wanted);
    });
    element.addEventListener("keydown", (event) => {
      const step = steps[event.key];
      if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      choose(moved(scene(), place(scene()), step));
    });
  }

  return { place, listen };
}
