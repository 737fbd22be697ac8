import { fixed, h, setText } from "../kit/kit.js";
import { filled } from "./images.js";

/** The word that the network types, epoch by epoch, and how likely it finds each letter at the chosen one. */
export function makeTyped() {
  const title = h("h2", {});
  const score = h("span", { class: "score" });
  const fixedRows = h("div", { class: "typed" });
  const rows = h("div", { class: "typed scroll", tabindex: 0 });
  const chances = h("div", { class: "chances" });
  const likely = h("h2", {});
  const head = h("header", {}, likely);
  const panels = [
    h("section", { class: "panel" }, h("header", {}, title, score), fixedRows, rows),
    h("section", { class: "panel" }, head, chances),
  ];
  return {
    head,
    panels,
    show(data, index) {
      const { words, frames, source, target } = data;
      setText(title, words.title);
      setText(likely, words.likely);
      for (const node of [fixedRows, rows]) node.style.setProperty("--letters", source.length);
      fixedRows.replaceChildren(
        ...row(
          words.reads,
          source.map((letter) => sign(letter, "in")),
        ),
        ...row(
          words.wants,
          target.map((letter) => sign(letter, "out")),
        ),
      );
      rows.setAttribute("aria-label", words.title);
      if (frames.length) {
        rows.replaceChildren(...frames.flatMap((frame, at) => typedRow(data, frame, at, at === index)));
        setText(score, filled(words.score, { right: frames[index].right, count: target.length }));
        keepInView(rows, rows.querySelector(".now"));
      } else {
        rows.replaceChildren(h("p", { class: "caption" }, words.empty));
        setText(score, "");
      }
      chances.replaceChildren(...(frames.length ? table(data, frames[index]) : []));
    },
  };
}

function row(name, signs, end = h("span", {}), mark = "") {
  return [h("span", { class: `epoch ${mark}` }, name), ...signs, end];
}

function typedRow({ steps, target, words }, frame, at, now) {
  const signs = frame.said.map((letter, place) => sign(letter, letter === target[place] ? "right" : "wrong"));
  const share = h(
    "span",
    { class: "mean", title: words.mean },
    h("i", { style: { "--share": frame.mean } }),
    fixed(frame.mean, 2),
  );
  return row(steps[at].short, signs, share, now ? "now" : "");
}

/** A letter; right and wrong are told by border and sign as well as by colour. */
function sign(letter, kind) {
  return h("span", { class: `sign ${kind}` }, letter === " " ? "␣" : letter);
}

function keepInView(box, node) {
  if (!node) return;
  const top = node.offsetTop - box.offsetTop;
  const bottom = top + node.offsetHeight;
  if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight + 4;
  if (top < box.scrollTop) box.scrollTop = top - 4;
}

/** A column for each letter that is read, a row for each letter that may be said. */
function table({ source, target, letters }, frame) {
  const heads = source.map((letter) => sign(letter, "in"));
  const lines = letters.flatMap((letter, number) => [
    h("b", { class: "mono" }, letter === " " ? "␣" : letter),
    ...source.map((_, place) => chance(frame, place, number, { letter, wanted: target[place] })),
  ]);
  const grid = h(
    "div",
    { class: "grid", style: { "--letters": source.length } },
    h("span", {}),
    ...heads,
    ...lines,
  );
  return [grid];
}

function chance(frame, place, number, { letter, wanted }) {
  const value = frame.probabilities[place][number];
  const said = frame.said[place] === letter;
  const classes = ["chance", letter === wanted && "wanted", said && "said"].filter(Boolean).join(" ");
  return h(
    "span",
    { class: classes },
    h("i", { style: { "--share": value } }),
    h("span", {}, fixed(value, 2)),
  );
}
