import { copyText } from "../builder/clipboard.js";
import { button, h } from "../kit/kit.js";
import { say } from "./say.js";

const THANKS = 1600; // milliseconds that "Copied" stands

/**
 * A line of PyTorch with a button that copies it. `set` takes a text, or pieces [[text, about], …] whose `about` colours
 * them like the number they stand for.
 */
export function makeCode() {
  const line = h("code", { class: "code line" });
  const copy = button(say("copyCode"), press, { icon: "copy" });
  const words = copy.lastChild;
  let timer = 0;

  async function press() {
    if (!(await copyText(line.textContent))) return;
    words.data = say("copied");
    clearTimeout(timer);
    timer = setTimeout(() => {
      words.data = say("copyCode");
    }, THANKS);
  }

  return {
    root: h("div", { class: "code-line" }, line, copy),
    set(pieces) {
      const now = typeof pieces === "string" ? [[pieces, ""]] : pieces;
      const same = line.textContent === now.map(([text]) => text).join("");
      if (same && line.childElementCount === now.length) return;
      line.replaceChildren(
        ...now.map(([text, about]) => h("span", { class: about && `of-${about} piece` }, text)),
      );
    },
  };
}
