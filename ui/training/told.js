import { h, setText } from "../kit/kit.js";
import { drawConfusion, filled } from "./images.js";

/** Names, and what is said of them; how often each class is taken for which. */
export function makeTold() {
  const title = h("h2", {});
  const score = h("span", { class: "score" });
  const head = h("header", {}, title, score);
  const rows = h("div", { class: "sayings" });
  const table = h("h2", {});
  const share = h("span", { class: "score" });
  const confusion = h("div", { class: "confusion" });
  const panels = [
    h("section", { class: "panel" }, head, rows),
    h("section", { class: "panel" }, h("header", {}, table, share), confusion),
  ];
  return {
    head,
    panels,
    show(data, index) {
      const { words, frames, targets, names, texts } = data;
      const frame = frames[index];
      setText(title, words.title);
      setText(table, words.confusion);
      setText(share, words.baseline);
      const wrong = targets.length - (frame?.right ?? 0);
      setText(score, frame ? filled(words.score, { right: frame.right, wrong }) : "");
      rows.replaceChildren(
        ...texts.map((text, number) =>
          judged(text, names[targets[number]], frame && verdict(frame, number, names)),
        ),
      );
      drawConfusion(confusion, data, index);
    },
  };
}

function verdict(frame, number, names) {
  return { kind: names[frame.said[number]], sure: frame.sure[number] };
}

function judged(text, truth, said) {
  const right = said?.kind === truth;
  const tail = !said ? truth : right ? `✓ ${truth} ${said.sure}` : `✗ ${truth} → ${said.kind} ${said.sure}`;
  return h(
    "p",
    { class: !said ? "" : right ? "right" : "wrong", title: `${text}: ${tail}` },
    h("b", {}, text),
    h("span", {}, tail),
  );
}
