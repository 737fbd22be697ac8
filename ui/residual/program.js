import { copyText } from "../builder/clipboard.js";
import { button, h, say, setText } from "../lab/lab.js";

const THANKS_SHOWN = 1600; // milliseconds that "Copied" stands

/** The programs of both blocks, each with a button that copies it. */
export function makePrograms() {
  const sides = ["plain", "residual"].map(makeProgram);
  return {
    root: h(
      "details",
      { class: "programs" },
      h("summary", {}, h("h2", {}, say("programs")), h("span", { class: "caption" }, say("programsSay"))),
      h(
        "div",
        { class: "sides" },
        sides.map((side) => side.root),
      ),
    ),
    set(programs) {
      for (const side of sides) side.set(programs[side.name]);
    },
  };
}

function makeProgram(name) {
  const code = h("pre", { class: "code", tabindex: 0, "aria-label": say(`${name}Title`) });
  const copy = button(say("copyCode"), press, { icon: "copy" });
  let timer = 0;

  async function press() {
    if (!(await copyText(code.textContent))) return;
    copy.lastChild.data = say("copied");
    clearTimeout(timer);
    timer = setTimeout(() => {
      copy.lastChild.data = say("copyCode");
    }, THANKS_SHOWN);
  }

  return {
    name,
    root: h(
      "section",
      { class: "program", "data-net": name },
      h("header", {}, h("h3", {}, say(`${name}Title`)), copy),
      code,
    ),
    set(text) {
      setText(code, text || say("noProgram"));
      copy.disabled = !text;
    },
  };
}
