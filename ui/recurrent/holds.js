import { h, say, segmented } from "../lab/lab.js";
import { HOLDABLE } from "./math.js";

/** "What if": a row of gates that can be held shut or open; what kind has none, has no row. */
export function makeHolds(bench) {
  const root = h(
    "div",
    { class: "holds", role: "group", "aria-label": say("holdTitle"), title: say("holdSays") },
    h("span", { class: "label" }, say("holdTitle")),
  );
  const choices = Object.fromEntries(
    [...new Set(Object.values(HOLDABLE).flat())].map((gate) => [gate, makeHold(bench, gate)]),
  );
  root.append(...Object.values(choices).map((one) => one.root));
  return {
    root,
    set(state) {
      const gates = HOLDABLE[state.kind];
      root.hidden = gates.length === 0;
      for (const [gate, one] of Object.entries(choices)) {
        one.root.hidden = !gates.includes(gate);
        one.set(state[`hold_${gate}`]);
      }
    },
  };
}

function makeHold(bench, gate) {
  const choice = segmented({
    label: say("holdGate", { gate: `${gate}, ${say(`gate_${gate}`)}` }),
    options: [
      ["free", "σ"],
      ["0", "0"],
      ["1", "1"],
    ],
    value: "free",
    settle: (value) => bench.take({ [`hold_${gate}`]: value }),
  });
  return {
    root: h("span", { class: "hold" }, h("b", { class: "mono" }, gate), choice.root),
    set: choice.set,
  };
}
