import { button, h } from "../kit/kit.js";

/** Chips of named settings: each sets some fields, and is pressed while all of them hold. */
export function makePresets(bench) {
  const root = h("div", { class: "chips" });
  let known = "";
  let chips = [];

  function build(presets) {
    chips = presets.map(({ label, says, changes }) => {
      const chip = button(label, () => bench.take(changes));
      chip.title = says;
      return { chip, changes };
    });
    root.replaceChildren(...chips.map(({ chip }) => chip));
  }

  return {
    root,
    set(presets) {
      const text = JSON.stringify(presets);
      if (text !== known) build(presets);
      known = text;
      for (const { chip, changes } of chips)
        chip.setAttribute("aria-pressed", String(holds(bench.now, changes)));
    },
  };
}

/** Whether a state has all these fields. */
export function holds(state, fields) {
  return Object.entries(fields).every(
    ([name, value]) => JSON.stringify(state[name]) === JSON.stringify(value),
  );
}
