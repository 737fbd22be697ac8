import { h, setText } from "../kit/kit.js";

/** Twenty images with what is said of them, each to be picked, and how often each class is taken for which. */
export function makeImages(pick) {
  const title = h("h2", {});
  const score = h("span", { class: "score" });
  const head = h("header", {}, title, score);
  const tiles = h("div", { class: "tiles" });
  const confusion = h("div", { class: "confusion" });
  const table = h("h2", {});
  const panels = [
    h("section", { class: "panel" }, head, tiles),
    h("section", { class: "panel" }, h("header", {}, table), confusion),
  ];
  let sheet;
  return {
    head,
    panels,
    show(data, index, picked) {
      const { words, frames, targets, names } = data;
      setText(title, words.title);
      setText(table, words.confusion);
      if (sheet !== data.sheet) {
        sheet = data.sheet;
        tiles.replaceChildren(...targets.map((_, number) => tile(number, targets.length, sheet, pick)));
      }
      [...tiles.children].forEach((node, number) => {
        node.firstChild.setAttribute("aria-pressed", String(number === picked));
        node.firstChild.disabled = !data.run;
      });
      const frame = frames[index];
      if (!frame) {
        for (const [number, node] of [...tiles.children].entries())
          leave(node, names[targets[number]], words);
        setText(score, "");
        drawConfusion(confusion, data, index);
        return;
      }
      setText(score, filled(words.score, { right: frame.right, wrong: targets.length - frame.right }));
      [...tiles.children].forEach((node, number) => {
        judge(
          node,
          { truth: names[targets[number]], said: names[frame.said[number]], sure: frame.sure[number] },
          words,
        );
      });
      drawConfusion(confusion, data, index);
    },
  };
}

function tile(number, count, sheet, pick) {
  const face = h("button", { class: "face", type: "button", onclick: () => pick(number) });
  face.style.backgroundImage = `url("${sheet}")`;
  face.style.backgroundSize = `100% ${100 * count}%`;
  face.style.backgroundPosition = `0 ${(100 * number) / Math.max(1, count - 1)}%`;
  return h("figure", {}, face, h("figcaption", { "aria-hidden": "true" }));
}

/** An image of which nothing has been said yet. */
function leave(node, truth, words) {
  node.className = "plain";
  const sentence = filled(words.plain, { truth });
  node.title = sentence;
  node.firstChild.setAttribute("aria-label", sentence);
  setText(node.lastChild, truth);
}

function judge(node, { truth, said, sure }, words) {
  const right = truth === said;
  node.className = right ? "right" : "wrong";
  const sentence = filled(right ? words.right : words.wrong, { truth, said, sure });
  node.title = sentence;
  node.firstChild.setAttribute("aria-label", sentence);
  setText(node.lastChild, right ? truth : `${brief(truth)}→${brief(said)}`);
}

/** The counts at a frame, or at the latest one before it that has them. */
function countedBy(frames, index) {
  for (let at = index; at >= 0; at -= 1) if (frames[at]?.confusion) return frames[at].confusion;
  return null;
}

/** A row for each true class, a column for each that is said; blank until the first epoch has been counted. */
export function drawConfusion(place, { frames, names, words }, index) {
  const counted = countedBy(frames, index);
  const counts = counted ?? names.map(() => names.map(() => 0));
  const most = Math.max(1, ...counts.flatMap((row, truth) => row.filter((_, said) => said !== truth)));
  const cells = counts.flatMap((row, truth) => [
    h("b", { class: "axis" }, brief(names[truth])),
    ...row.map((count, said) =>
      counted ? cell(count, truth, said, { most, names, words }) : h("span", { class: "none" }),
    ),
  ]);
  const corner = h("b", { class: "axis corner" }, `${words.rows} ↓ ${words.columns} →`);
  const heads = names.map((name) => h("b", { class: "axis" }, brief(name)));
  place.title = counted ? "" : words.later;
  place.style.setProperty("--classes", names.length);
  place.replaceChildren(corner, ...heads, ...cells);
}

function cell(count, truth, said, { most, names, words }) {
  const kind = truth === said ? "hit" : count ? "miss" : "none";
  const sentence = filled(words.cell, { truth: names[truth], said: names[said], count });
  const node = h("span", { class: kind, title: sentence }, count || (kind === "hit" ? "0" : ""));
  if (kind === "miss") node.style.setProperty("--share", Math.max(0.25, count / most));
  return node;
}

function brief(name) {
  return name.length > 3 ? name.slice(0, 3) : name;
}

/** A sentence with its places filled in. */
export function filled(sentence, values) {
  return Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), sentence);
}
