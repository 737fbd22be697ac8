import { button, h, setText } from "../kit/kit.js";

/**
 * A fault in words, with its repairs as buttons. `set(problem)` takes what ui/lab/counts.py sends, with the states that
 * the repairs lead to, or `{ says }` alone while the hand moves; null clears it, and keeps its room where CSS does.
 */
export function makeFault(bench) {
  const says = h("p", { class: "says" });
  const hint = h("p", { class: "hint" });
  const fixes = h("div", { class: "fixes" });
  const root = h("div", { class: "fault", role: "status" }, says, hint, fixes);
  let known = "";
  return {
    root,
    set(problem) {
      const text = JSON.stringify(problem);
      if (text === known) return;
      known = text;
      root.classList.toggle("none", !problem);
      setText(says, problem?.says ?? "");
      setText(hint, problem?.hint ?? "");
      fixes.replaceChildren(
        ...(problem?.fixes ?? []).map(({ label, state }) =>
          button(label, () => bench.take(state), { kind: "fix" }),
        ),
      );
    },
  };
}
