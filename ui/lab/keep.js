import { button, h, setText } from "../kit/kit.js";
import { say } from "./say.js";

/** The buttons of A: keep the state now, go back to it, forget it. `set(described)` says in short what A is. */
export function makeKeep(bench) {
  const keep = button(say("keep"), () => bench.keep());
  keep.title = say("keepSays");
  const back = button(say("backToA"), () => bench.back());
  const forget = button("", () => bench.forget(), { icon: "cross", label: say("forgetA") });
  const mine = button(say("backToMine"), () => bench.giveBack(), { icon: "undo" });
  const caption = h("span", { class: "caption" });
  return {
    root: h("div", { class: "keep" }, h("div", { class: "buttons" }, keep, back, forget, mine), caption),
    set(described = "") {
      const kept = bench.kept !== null;
      keep.disabled = bench.isKept();
      back.hidden = !kept || bench.isKept();
      forget.hidden = !kept;
      mine.hidden = !bench.hasMine();
      setText(caption, kept ? (bench.isKept() ? say("isA") : wordsOf(described)) : "");
    },
  };
}

function wordsOf(described) {
  return described ? say("wasA", { value: described }) : say("comparedWithA");
}
