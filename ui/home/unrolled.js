import { rectangle, s, text, valueColour } from "../kit/kit.js";

const CELL = { width: 54, height: 46, top: 66 };
const LETTER_TOP = 158;

/** The recurrent page's miniature: the state of one cell after each letter, which fills in step by step. */
export function unrolled(svg, { letters, states }, width) {
  const room = width / letters.length;
  const steps = states.map((state, index) =>
    makeStep(letters[index], state, room * (index + 0.5), index > 0 && room),
  );
  svg.append(...steps.map((step) => step.root));

  return (phase) => {
    const reached = phase === 0 ? steps.length : Math.floor(phase * (steps.length + 1.2));
    steps.forEach((step, index) => {
      step.set(index < reached, index === reached - 1 && phase > 0 && phase < 1);
    });
  };
}

/** A letter, the cell above it, its state, and the arrow from the step before. */
function makeStep(letter, state, middle, reach) {
  const { width, height, top } = CELL;
  const left = middle - width / 2;
  const step = (width - 8) / state.length;
  const units = state.map((value, index) =>
    rectangle(
      left + 4 + index * step,
      top + 4,
      step - 1,
      height - 8,
      { style: { fill: valueColour(value) } },
      1.5,
    ),
  );
  const inside = s("g", {}, units);
  const frame = rectangle(left, top, width, height, { class: "state" }, 7);
  const y = top + height / 2;
  const root = s(
    "g",
    { class: "step of-weight" },
    reach && s("path", { class: "flow", d: `M${left - (reach - width)} ${y}H${left - 2}m-6 -4l6 4l-6 4` }),
    s("path", { class: "flow", d: `M${middle} ${LETTER_TOP - 4}V${top + height + 2}m-4 6l4 -6l4 6` }),
    s("path", { class: "flow out", d: `M${middle} ${top}V${top - 26}m-4 6l4 -6l4 6` }),
    frame,
    inside,
    rectangle(middle - 15, LETTER_TOP, 30, 30, { class: "read" }, 7),
    text(middle, LETTER_TOP + 21, letter, { class: "letter mono", "text-anchor": "middle" }),
  );
  return {
    root,
    set(known, here) {
      inside.style.opacity = known ? 1 : 0;
      root.classList.toggle("here", here);
    },
  };
}
