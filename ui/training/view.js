import { mount } from "../kit/kit.js";
import { makeChanges } from "./changes.js";
import { makeCurves } from "./curves.js";
import { makeFinder } from "./finder.js";
import { makeFitting } from "./fitting.js";
import { makeInside } from "./inside.js";
import { makeLetters } from "./letters.js";
import { makePanel } from "./panel.js";
import { makeProgram } from "./program.js";
import { makeRuns } from "./runs.js";
import { makeShown } from "./shown.js";
import { makeThrough } from "./through.js";

/** The page is made of several pictures; each is one of these parts for as long as it lives. */
const PARTS = {
  changes: makeChanges,
  curves: makeCurves,
  finder: makeFinder,
  fitting: makeFitting,
  inside: makeInside,
  letters: makeLetters,
  panel: makePanel,
  program: makeProgram,
  runs: makeRuns,
  shown: makeShown,
  through: makeThrough,
};

export default mount((root, tools) => {
  let part;
  return {
    live: true, // data come while a pointer is down; what the hand holds is left alone by the part itself
    update(data) {
      part ??= PARTS[data.part](root, tools);
      part.update(data);
    },
    draw(width) {
      part?.draw?.(width);
    },
  };
});
