import { button, h, saveText, setText } from "../kit/kit.js";
import { makeCopier } from "./toolbar.js";

const PYTHON =
  /(#.*$)|("{3}.*|"(?:[^"\\]|\\.)*")|\b(\d[\d_.]*(?:e-?\d+)?)\b|\b(class|def|return|import|from|if|for|in|not|else|self|super|None|True|False)\b/g;
const CLASSES = ["comment", "string", "digits", "keyword"];

/** The PyTorch program, with the lines of the open row marked. */
export function makeProgram(words, desk) {
  const code = h("pre", { class: "code", tabindex: 0, "aria-label": words.program });
  const remark = h("p", { class: "caption" });
  const copy = makeCopier(words, words.copy, "copy", wholeText);
  const download = button("", () => saveText(wholeText(), "model.py", "text/x-python"), {
    icon: "download",
    label: words.download,
  });
  const root = h(
    "section",
    { class: "program panel" },
    h(
      "header",
      {},
      h("span", { class: "label" }, "model.py"),
      h("span", { class: "deeds" }, copy.root, download),
    ),
    remark,
    code,
  );
  let lines = [];
  let known = []; // the lines that are shown, as text

  function wholeText() {
    return `${lines.map((line) => line.text).join("\n")}\n`;
  }

  function set(data) {
    lines = data.program;
    setText(remark, data.ok ? "" : words.endsAboveProgram);
    remark.hidden = data.ok;
    const keys = lines.map((line) => JSON.stringify(line));
    for (const [index, key] of keys.entries()) {
      if (key === known[index]) continue;
      const line = makeLine(lines[index], desk);
      if (code.children[index]) code.children[index].replaceWith(line);
      else code.append(line);
    }
    while (code.children.length > keys.length) code.lastChild.remove();
    known = keys;
  }

  function mark(path, show) {
    let first = null;
    for (const line of code.children) {
      const own = path !== null && line.dataset.path === path;
      line.classList.toggle("marked", own);
      if (own) first ??= line;
    }
    if (first && show) scrollTo(first);
  }

  /** Scrolls the code alone, never the page. */
  function scrollTo(line) {
    const top = line.offsetTop - code.offsetTop;
    if (top < code.scrollTop || top + line.offsetHeight > code.scrollTop + code.clientHeight)
      code.scrollTop = Math.max(0, top - code.clientHeight / 3);
  }

  return { root, set, mark };
}

function makeLine({ text, path, problem }, desk) {
  const line = h("span", { class: problem ? "line fault-line" : "line" }, ...colours(text));
  if (path === undefined || path === "") return line;
  line.dataset.path = path;
  line.addEventListener("click", () => desk.open(path));
  return line;
}

/** A line's words in their colours. */
function colours(text) {
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(PYTHON)) {
    pieces.push(text.slice(end, match.index));
    const which = CLASSES.findIndex((_, index) => match[index + 1] !== undefined);
    pieces.push(h("span", { class: CLASSES[which] }, match[0]));
    end = match.index + match[0].length;
  }
  pieces.push(text.slice(end));
  return pieces;
}
