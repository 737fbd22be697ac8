import { h } from "../kit/kit.js";
import { proposer } from "./acting.js";
import { warning } from "./panel.js";

/** Which run is shown, where the settings are no longer its own, and the way back to them. */
export function makeChanges(root, tools) {
  const act = proposer(tools);
  const place = h("div", { class: "place changes", role: "status" });
  root.append(place);
  return {
    update({ says, needs, ways }) {
      const strip = warning(says, ways, act);
      if (needs) strip.firstChild.append(" ", h("span", { class: "needs" }, needs));
      strip.classList.add("calm");
      place.replaceChildren(strip);
    },
  };
}
