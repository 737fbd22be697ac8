import { s, text } from "../kit/kit.js";
import { FRAME, STRIP } from "./axes.js";

const LETTER = 7; // pixels at the size of these words; a Chinese character is as wide as two letters
const GAP = 14;
const MOST_WORDS = 2; // that marks which stand too close share, the latest ones

/** Dashed lines at the steps of events, and their words: those of marks that stand too close share one label. */
export function eventMarks(marks, x, comma) {
  const ordered = [...marks].sort((a, b) => a.step - b.step);
  return [
    ...ordered.map((mark) => eventLine(mark, x)),
    ...grouped(ordered, x, comma).map((group) => label(group, x, comma)),
  ];
}

function eventLine(mark, x) {
  return s("path", {
    class: kindOf(mark),
    d: `M${x.at(mark.step)} ${FRAME.top - 10}V${STRIP + FRAME.accuracy}`,
  });
}

function label(group, x, comma) {
  return text(x.at(group[0].step) + 5, FRAME.top - 8, wordsOf(group, comma), { class: kindOf(group.at(-1)) });
}

function grouped(marks, x, comma) {
  const groups = [];
  for (const mark of marks) {
    const before = groups.at(-1);
    if (before && x.at(before[0].step) + widthOf(wordsOf(before, comma)) + GAP > x.at(mark.step))
      before.push(mark);
    else groups.push([mark]);
  }
  return groups;
}

function kindOf(mark) {
  return mark.about === "problem" ? "event problem" : "event";
}

function wordsOf(group, comma) {
  const words = [...new Set(group.map((mark) => mark.says))];
  const latest = words.slice(-MOST_WORDS).join(comma);
  return words.length > MOST_WORDS ? `…${comma}${latest}` : latest;
}

function widthOf(words) {
  return LETTER * [...words].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x2e7f ? 2 : 1), 0);
}
