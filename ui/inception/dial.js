import { h, say, setText } from "../lab/lab.js";
import { placeOf, shareOf, stopsOf } from "./detents.js";

/**
 * A whole number under a slider that goes from stop to stop, and that can be typed between them.
 *
 * @param {{name: string, label: string, about: string, symbol?: string, most: number, least?: number}} wish
 *   `about` is a class that colours it
 * @param {object} bench
 * @param {{box?: HTMLElement, mark?: {press: () => void}}} [more] a box before the label; a mark on the track, shown by
 *   `set`, that takes its value when pressed
 */
export function makeDial({ name, label, about, symbol, most, least = 1 }, bench, { box, mark } = {}) {
  const stops = stopsOf(name).filter((stop) => stop >= least && stop <= most);
  const range = h("input", { type: "range", min: 0, max: stops.length - 1, step: 1, "aria-label": label });
  const typed = h("input", {
    type: "number",
    class: "typed",
    min: least,
    max: most,
    step: 1,
    required: true,
    "aria-label": label,
  });
  const words = h("span", {}, label);
  const tick = mark && h("button", { class: "even-mark", type: "button", onclick: mark.press });
  const root = h(
    "div",
    { class: `slider dial ${about}` },
    h("span", { class: "label" }, box, words, symbol && h("b", {}, symbol)),
    typed,
    h("span", { class: "track" }, range, tick),
  );

  range.addEventListener("input", () => bench.propose({ [name]: stops[Number(range.value)] }));
  range.addEventListener("change", () => bench.settle());
  typed.addEventListener("change", () => {
    if (typed.reportValidity()) bench.take({ [name]: Number(typed.value) });
  });

  return {
    root,
    /** @param {number} value @param {{disabled?: boolean, at?: number, says?: string}} [shown] where the mark stands */
    set(value, { disabled = false, at, says } = {}) {
      const place = String(placeOf(stops, value));
      if (range.value !== place) range.value = place;
      if (typed.value === "" || Number(typed.value) !== value) typed.value = value;
      range.setAttribute("aria-valuetext", String(value));
      range.disabled = disabled;
      typed.disabled = disabled;
      root.classList.toggle("off", disabled);
      root.style.setProperty("--filled", trackPlace(shareOf(stops, value)));
      if (tick) setMark(tick, at === undefined ? null : shareOf(stops, at), says);
    },
  };
}

/** A share of the track, which the middle of a thumb of 16 px can reach. */
const trackPlace = (share) => `calc(8px + (100% - 16px) * ${share})`;

function setMark(tick, share, says) {
  tick.style.visibility = share === null ? "hidden" : ""; // its room stays, so that nothing jumps
  if (share === null) return;
  tick.parentNode.style.setProperty("--at", trackPlace(share));
  tick.style.setProperty("--shift", `${-Math.round(100 * share)}%`);
  setText(tick, says);
  tick.title = say("evenTitle");
}
