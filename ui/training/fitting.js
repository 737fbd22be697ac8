import { h } from "../kit/kit.js";
import { proposer } from "./acting.js";
import { warning } from "./panel.js";

/** Below the network: what stands between the settings and a run, with ways out; else what is worth knowing. */
export function makeFitting(root, tools) {
  const act = proposer(tools);
  const place = h("div", { class: "fitting", "aria-live": "polite" });
  root.append(place);
  return {
    update({ problem, ways, notes, note }) {
      const said = problem || note;
      const alarm = said && warning(said, ways, act);
      place.replaceChildren(
        ...[alarm, ...notes.map((line) => h("p", { class: "caption" }, line))].filter(Boolean),
      );
    },
  };
}
