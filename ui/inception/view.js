import {
  exact,
  h,
  labPage,
  makeAway,
  makeBench,
  makeDesk,
  makeExercises,
  makeFault,
  makeKeep,
  say,
  setText,
  short,
} from "../lab/lab.js";
import { makeControls } from "./controls.js";
import { makeFigures } from "./figures.js";
import { scaleOf } from "./geometry.js";
import { faultOf, moduleOf } from "./math.js";
import { makePicture } from "./picture.js";
import { makeProgram } from "./program.js";
import { faultSentence } from "./sentences.js";
import { makeWayDown } from "./waydown.js";

const SIDES = ["without", "with"];
const TALL = 560; // pixels of a picture beside the controls
const LOW = 470; // and under them

export default labPage((root, tools, first) => {
  const redraw = () => tools.frame(draw);
  const bench = makeBench(tools, redraw);
  const desk = makeDesk(root, tools);
  const controls = makeControls(bench, first.limits);
  const pictures = Object.fromEntries(SIDES.map((side) => [side, makePicture(side, look)]));
  const figures = makeFigures(look);
  const even = h("p", { class: "even", role: "status" });
  const keep = makeKeep(bench);
  const doors = makeAway(tools);
  const fault = makeFault(bench);
  const note = h("p", { class: "note", role: "status" });
  const program = makeProgram();
  const tasks = makeExercises(bench);
  let data = first;

  root.classList.add("comparison");
  desk.stage.classList.remove("panel");
  desk.controls.append(...controls.parts);
  desk.stage.append(
    note,
    h(
      "div",
      { class: "modules" },
      SIDES.map((side) => pictures[side].root),
    ),
    h("div", { class: "fault-room" }, fault.root),
  );
  desk.numbers.append(figures.root, even, h("div", { class: "doors" }, keep.root, doors.root));
  doors.root.append(makeWayDown());
  desk.below.append(tasks.root, program.root);

  function draw() {
    desk.arrange();
    const state = bench.now;
    const modules = Object.fromEntries(SIDES.map((side) => [side, moduleOf(state, side)]));
    const found = faultOf(state);
    controls.set(state, data.presets);
    drawPictures(state, modules, found);
    const counted = bench.isCounted() ? withLanes(data.counted, modules) : modules;
    figures.set(counted, bench.kept && keptCounts());
    setText(even, evenWords(state, counted));
    fault.set(found && { says: faultSentence(found, state), ...repairs() });
    keep.set(bench.kept ? keptWords(bench.kept) : "");
    setText(note, data.note);
  }

  function drawPictures(state, modules, found) {
    const width = Math.max(280, tools.width(pictures.with.root) - 28);
    const height = desk.isWide() ? TALL : LOW;
    const scale = scaleOf(Object.values(modules), state.channels, width);
    for (const side of SIDES)
      pictures[side].draw(modules[side], { state, scale, width, height, fault: found });
  }

  /** What is looked at, in both modules and all bars. */
  function look(lane) {
    if (lane) root.dataset.hot = lane;
    else delete root.dataset.hot;
    for (const side of SIDES) pictures[side].look(lane);
  }

  function repairs() {
    return bench.isCounted() ? { hint: data.hint, fixes: data.repairs } : {};
  }

  function keptCounts() {
    return data.keptCounted ?? Object.fromEntries(SIDES.map((side) => [side, moduleOf(bench.kept, side)]));
  }

  return {
    update(now) {
      bench.receive(now);
      data = now;
      doors.set(now.away);
      tasks.set(now.exercises);
      program.set(now.programs);
    },
    draw,
  };
});

/** Python's counts, with the branches' names. */
function withLanes(counted, modules) {
  const named = (side) => ({
    ...counted[side],
    lanes: counted[side].lanes.map((lane, index) => ({ ...lane, name: modules[side].lanes[index].name })),
  });
  return { without: named("without"), with: named("with") };
}

/** Whether the comparison is a fair one. */
function evenWords(state, counted) {
  const [bare, full] = [counted.without.channels, counted.with.channels];
  if (!counted.with.ok) return say("evenFault");
  if (counted.without.params === counted.with.params && bare === full) return say("evenSame");
  if (bare === full) return say("evenFair", { n: exact(full) });
  return say("evenUnfair", { bare: exact(bare), full: exact(full), passed: exact(state.channels) });
}

/** What A was, in short. */
function keptWords(state) {
  return `${exact(state.channels)} → ${[state.out1, state.out3, state.out5].map(exact).join(", ")} · ${short(
    moduleOf(state, "with").macs,
  )}`;
}
