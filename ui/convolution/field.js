import { h, say, setText } from "../lab/lab.js";

/**
 * A number of the state under a slider that can also be typed; a pair [H, W] has two when it is not locked.
 *
 * @param {{name: string, label: string, symbol: string, about: string, lo: number, hi: number, top: number,
 *   pair?: boolean, choices?: (state) => number[], aside?: Node}} wish `top` is where the slider ends, `hi` what can be
 *   typed; with `choices`, the slider goes from one to the next
 * @param {{propose: (fields) => void, settle: () => void, more?: object}} hand `more` are fields that change with it
 */
export function makeField(wish, hand) {
  const parts = (wish.pair ? [0, 1] : [0]).map((index) => makePart(wish, index, change, hand.settle));
  const words = h("span", {}, wish.label);
  const label = h("span", { class: "label" }, words, h("b", {}, wish.symbol), wish.aside);
  const root = h(
    "div",
    { class: `slider dial of-${wish.about}` },
    label,
    h(
      "span",
      { class: "typed-values" },
      parts.map((part) => part.typed),
    ),
    h(
      "span",
      { class: "ranges" },
      parts.map((part) => part.range),
    ),
  );
  let now = null;
  let locked = true;

  function change(index, value) {
    hand.propose({ ...hand.more, [wish.name]: wish.pair ? pairWith(index, value) : value });
  }

  function pairWith(index, value) {
    if (locked && now.axes === 2) return [value, value];
    return index === 0 ? [value, now[wish.name][1]] : [now[wish.name][0], value];
  }

  return {
    root,

    /** Shows a state. `shown` is what stands in the place of the value where another field decides it. */
    set(state, isLocked, shown = state[wish.name]) {
      now = state;
      locked = isLocked;
      const values = wish.pair ? shown : [shown];
      const single = wish.pair && (isLocked || state.axes === 1);
      root.classList.toggle("double", wish.pair === true && !single);
      parts.forEach((part, index) => {
        part.hide(single && index === 0);
        part.set(values[index], wish.choices?.(state), wish.pair && !single ? say(index ? "W" : "H") : "");
      });
    },
    rename: (text) => setText(words, text),
  };
}

/** One slider and its number. */
function makePart(wish, index, change, settle) {
  const range = h("input", { type: "range", min: wish.lo, max: wish.top, step: 1 });
  const typed = h("input", {
    type: "number",
    class: "typed",
    min: wish.lo,
    max: wish.hi,
    step: 1,
    required: true,
  });
  let choices = null;
  let held = null; // the value that the state had when it was last shown

  const valueAt = (position) => (choices ? choices[position] : position);

  function fill() {
    const least = Number(range.min);
    const share = (Number(range.value) - least) / (Number(range.max) - least || 1);
    range.style.setProperty("--filled", `calc(8px + (100% - 16px) * ${share})`);
  }

  range.addEventListener("input", () => {
    const value = valueAt(Number(range.value));
    fill();
    typed.value = value;
    range.setAttribute("aria-valuetext", String(value));
    change(index, value);
  });
  range.addEventListener("change", settle);
  typed.addEventListener("change", () => {
    if (!typed.reportValidity()) return;
    change(index, Number(typed.value));
    settle();
  });

  typed.addEventListener("blur", () => {
    typed.value = held;
  });

  /** Sets the slider's ends: they move out for a value that lies beyond, and only then. */
  function bound(value) {
    const [least, most] = choices
      ? [0, choices.length - 1]
      : [wish.lo, value > wish.top ? Math.max(wish.hi, value) : wish.top];
    if (Number(range.min) !== least) range.min = least;
    if (Number(range.max) !== most) range.max = most;
  }

  return {
    range,
    typed,
    hide(hidden) {
      range.hidden = hidden;
      typed.hidden = hidden;
    },
    set(value, among, axis) {
      choices = among ?? null;
      bound(value);
      const position = choices ? nearest(choices, value) : value;
      if (Number(range.value) !== position) range.value = position;
      if (value !== held) typed.value = value; // what is being typed stays, whatever is drawn meanwhile
      held = value;
      const name = [wish.label, wish.symbol, axis].filter(Boolean).join(" ");
      range.setAttribute("aria-label", name);
      range.setAttribute("aria-valuetext", String(value));
      typed.setAttribute("aria-label", name);
      fill();
    },
  };
}

/** The place of the choice that comes nearest to a value. */
function nearest(choices, value) {
  let best = 0;
  choices.forEach((choice, place) => {
    if (Math.abs(choice - value) < Math.abs(choices[best] - value)) best = place;
  });
  return best;
}
