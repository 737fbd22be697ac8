import { copyText } from "../builder/clipboard.js";
import { button, h, say, segmented, setText } from "../lab/lab.js";

const COPIED_FOR = 1600; // milliseconds

/** The whole PyTorch program of either side, folded, with a button that copies it. */
export function makeProgram() {
  const code = h("pre", { class: "code", tabindex: 0, "aria-label": say("program") });
  const copy = button(say("copyCode"), press, { icon: "copy" });
  const words = copy.lastChild;
  const side = segmented({
    label: say("program"),
    options: ["with", "without"].map((name) => [name, say(`${name}Title`)]),
    value: "with",
    settle(name) {
      chosen = name;
      show();
    },
  });
  const root = h(
    "details",
    { class: "program task" },
    h("summary", {}, h("span", {}), h("b", {}, say("program")), h("span", {}, say("programSays"))),
    h("div", { class: "inside" }, h("div", { class: "act" }, side.root, copy), code),
  );
  let chosen = "with";
  let programs = null;
  let timer = 0;

  async function press() {
    if (!(await copyText(code.textContent))) return;
    words.data = say("copied");
    clearTimeout(timer);
    timer = setTimeout(() => {
      words.data = say("copyCode");
    }, COPIED_FOR);
  }

  function show() {
    setText(code, programs?.[chosen] ?? say("programWaits"));
    copy.disabled = !programs;
  }

  return {
    root,
    /** @param {{with: string, without: string} | null} now null behind a fault */
    set(now) {
      programs = now;
      show();
    },
  };
}
