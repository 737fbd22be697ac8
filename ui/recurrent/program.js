import { copyText } from "../builder/clipboard.js";
import { button, h, say, setText } from "../lab/lab.js";

const THANKS_FOR = 1600; // milliseconds that "Copied" stands

/** The program that prints the page's numbers; Python writes it for the state that it has counted. */
export function makeProgram() {
  const text = h("pre", { class: "code", tabindex: 0 });
  const copy = button(say("copyProgram"), press, { icon: "copy" });
  const words = copy.lastChild;
  let timer = 0;

  async function press() {
    if (!(await copyText(text.textContent))) return;
    words.data = say("copied");
    clearTimeout(timer);
    timer = setTimeout(() => {
      words.data = say("copyProgram");
    }, THANKS_FOR);
  }

  return {
    root: h(
      "section",
      { class: "section program" },
      h(
        "header",
        {},
        h("h2", {}, say("programTitle")),
        h("span", { class: "caption" }, say("programSays")),
        copy,
      ),
      text,
    ),
    set: (program) => setText(text, program),
  };
}
