import {
  h,
  labPage,
  makeAsking,
  makeAway,
  makeBench,
  makeCode,
  makeDesk,
  makeExercises,
  makeFault,
  makeKeep,
  makeNumbers,
  say,
  segmented,
  setText,
} from "../lab/lab.js";
import { programOf } from "./codeline.js";
import { makeControls } from "./controls.js";
import { countedHere } from "./counted.js";
import { makeFormula } from "./formulaline.js";
import { makeImageView } from "./imageview.js";
import { makeLook } from "./look.js";
import { makeMapPicture } from "./mappicture.js";
import { isTransposed } from "./math.js";
import { makePicture } from "./picture.js";
import { makePlanes } from "./planes.js";
import { layOut, sceneOf, windowOf } from "./scene.js";
import { sentenceOf } from "./sentences.js";
import { makeSolver } from "./solve.js";
import { stackRefusal } from "./stack.js";
import { makeStackPicture } from "./stackpicture.js";
import { makeSum } from "./sumline.js";
import { makeTape } from "./tape.js";
import { makeUsage } from "./usage.js";

const TALL = 478; // pixels of the picture beside the controls
const LOW = 350; // and under them
const LOW_STACKED = 440; // with one axis
const VIEWS = ["window", "values", "stack", "map", "image"];
const REST = 500; // milliseconds after which a moved window is worth telling Python

export default labPage((root, tools, first) => {
  const redraw = () => tools.frame(draw);
  const bench = makeBench(tools, redraw);
  const desk = makeDesk(root, tools);
  const time = makeTime(bench, tools, redraw);
  const numbers = makeNumbers();
  const planes = makePlanes();
  const keep = makeKeep(bench);
  const doors = makeAway(tools);
  const usage = makeUsage();
  const controls = makeControls(bench, first.limits);
  const picture = makePicture(time.look, (fields) => bench.take(fields));
  const views = makeViews(bench);
  const sum = makeSum();
  const fault = makeFault(bench);
  const formula = makeFormula();
  const code = makeCode();
  const tasks = makeExercises(bench);
  const note = h("p", { class: "note", role: "status" });
  let data = first;

  const row = makeStackPicture(bench, redraw);
  const asking = makeAsking(tools);
  const image = makeImageView(bench, {
    side: first.side,
    again: asking.again,
    own(picture) {
      tools.fire("own", picture);
      bench.take({ image: "own" });
    },
  });
  const map = makeMapPicture(bench, redraw, faultWords);
  const solver = makeSolver(bench);
  desk.controls.append(...controls.parts, solver.root);
  desk.stage.append(
    note,
    views.root,
    picture.root,
    row.root,
    map.root,
    image.root,
    time.tape.root,
    fault.root,
    sum.root,
    formula.root,
    code.root,
    doors.root,
  );
  const aside = h("div", { class: "aside" }, planes.root, usage.root);
  desk.numbers.append(numbers.root, aside, keep.root);
  desk.below.append(tasks.root);

  /** What of the stage a view has. */
  function showParts(view) {
    row.root.hidden = view !== "stack";
    map.root.hidden = view !== "map";
    image.root.hidden = view !== "image";
    aside.hidden = view === "stack";
    picture.root.hidden = time.tape.root.hidden = !["window", "values"].includes(view);
  }

  function draw() {
    const scene = time.scene();
    desk.arrange();
    standAside();
    const width = Math.max(280, tools.width(views.root));
    const height = desk.isWide() ? TALL : scene.stacked ? LOW_STACKED : LOW;
    const place = time.look.place(scene);
    controls.set(scene.state, data.presets);
    solver.set(scene.state, data.offers, bench.isCounted());
    views.set(scene.state);
    showParts(scene.state.view);
    if (scene.state.view === "stack") row.draw(scene.state, width, height - 40);
    else if (scene.state.view === "map") map.draw(scene.state, bench.kept, width, height - 26);
    else if (scene.state.view === "image") image.draw(scene.state, data.image);
    else picture.draw(scene, width, height);
    usage.set(scene, layOut(scene, windowOf(scene), null, width, height));
    planes.set(scene);
    time.tape.set(scene, windowOf(scene), scene.refusal ? ["", ""] : sentenceOf(scene, place));
    sum.set(scene, place);
    formula.set(
      formulaState(scene.state, data.image),
      refusalNow(scene) || scene.values || scene.state.view === "stack",
    );
    code.set(programOf(scene.state));
    drawCounts(scene);
  }

  /** Channels and the map stand under the numbers, or where there is no room, under the picture. */
  function standAside() {
    const place = desk.isWide() ? desk.numbers : desk.below;
    if (aside.parentNode === place) return;
    if (place === desk.below) place.prepend(aside);
    else place.insertBefore(aside, keep.root);
  }

  function drawCounts(scene) {
    const counted = bench.isCounted() ? data.counted : countedHere(scene.state);
    const fresh = counted.ok === false ? countedHere(scene.state) : counted;
    numbers.set(fresh, bench.kept && countedHere(bench.kept));
    numbers.root.classList.toggle("uncounted", !bench.isCounted());
    const refusal = refusalNow(scene);
    fault.set(refusal && { says: faultWords(refusal), ...repairs() });
    keep.set(bench.kept ? keptWords(bench.kept) : "");
    setText(note, data.note);
  }

  /** Repairs come from Python, once it has counted this very state. */
  function repairs() {
    const problem = bench.isCounted() ? data.counted.problem : null;
    return problem ? { hint: problem.hint, fixes: problem.fixes } : {};
  }

  return {
    update(now) {
      bench.receive(now);
      data = now;
      doors.set(now.away);
      asking.set(now.image?.is === "asking");
      tasks.set(now.exercises);
    },
    draw,
  };
});

/** The views of the stage. */
function makeViews(bench) {
  const choice = segmented({
    label: say("viewField"),
    options: VIEWS.map((name) => [name, say(`${name}View`)]),
    value: VIEWS[0],
    settle: (name) => bench.take({ view: name }),
  });
  const spread = segmented({
    label: say("spreadField"),
    options: [
      ["scatter", say("scatter")],
      ["zeros", say("insert")],
    ],
    value: "scatter",
    settle: (name) => bench.take({ spread: name }),
  });
  const caption = h("span", { class: "caption" });
  return {
    root: h("div", { class: "views" }, choice.root, spread.root, caption),
    set(state) {
      choice.set(state.view);
      spread.set(state.spread);
      spread.root.hidden = !isTransposed(state);
      setText(caption, say(`${state.view}ViewSays`));
    },
  };
}

/** The scene of the bench, where one looks, and the tape: what moves without a slider. */
function makeTime(bench, tools, redraw) {
  const kept = { text: "", scene: null };
  let timer = 0;

  /** The scene of the state now; the same object while nothing but the window changes. */
  function scene() {
    const text = JSON.stringify({ ...bench.now, at: null });
    if (text !== kept.text) Object.assign(kept, { text, scene: sceneOf(bench.now) });
    kept.scene.state = bench.now;
    return kept.scene;
  }

  function at({ row, column }, settles = true) {
    bench.propose({ at: [row, column] });
    clearTimeout(timer);
    if (settles) timer = setTimeout(() => bench.settle(), REST);
  }

  const look = makeLook({
    changed: redraw,
    at: (place) => at(place),
    pause: () => tape.pause(),
    toggle: () => tape.toggle(),
  });
  const tape = makeTape({
    scene,
    window: () => windowOf(scene()),
    at,
    settle: () => bench.settle(),
    free: () => look.free(),
    waits: () => look.pointed() !== null,
    signal: tools.signal,
  });
  tools.signal.addEventListener("abort", () => clearTimeout(timer));
  return { scene, look, tape };
}

/** The state that the formula is about: in the view of a picture, the layer on that picture. */
function formulaState(state, image) {
  if (state.view !== "image" || image?.is !== "ready") return state;
  const { height, width } = image.answer.picture;
  return { ...state, size: [height, width] };
}

/** Why PyTorch would refuse what the view shows: the layer, or one of the row. */
function refusalNow(scene) {
  return scene.state.view === "stack" ? stackRefusal(scene.state) : scene.refusal;
}

/** A refusal in words: the rule, and what came. */
function faultWords(refusal) {
  const where = refusal.axis ? say("alongAxis", { axis: say(refusal.axis) }) : "";
  const name = refusal.rule === "fit" && refusal.d > 1 ? "fitDilated" : refusal.rule;
  const words = say(`refused_${name}`, { ...refusal, which: say(refusal.which ?? ""), where });
  return refusal.place > 1 ? say("inLayer", { n: refusal.place, words }) : words;
}

/** What A was, in short: k 3, s 1, p 1. */
function keptWords({ kernel, stride, padding, pad, dilation, axes }) {
  const size = (pair) => (axes === 1 || pair[0] === pair[1] ? pair[1] : pair.join("×"));
  const parts = [`k ${size(kernel)}`, `s ${size(stride)}`, `p ${pad === "number" ? size(padding) : pad}`];
  if (dilation[1] > 1) parts.push(`d ${size(dilation)}`);
  return parts.join(", ");
}
