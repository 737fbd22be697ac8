import {
  h,
  labPage,
  makeAsking,
  makeAway,
  makeBench,
  makeCode,
  makeDesk,
  makeExercises,
  makeKeep,
  say,
  setText,
} from "../lab/lab.js";
import { codeOf } from "./codeline.js";
import { makeControls } from "./controls.js";
import { makeEncoding } from "./encoding.js";
import { makeExplain } from "./explain.js";
import { makeHolds } from "./holds.js";
import { makeLook } from "./look.js";
import { makeMaps } from "./maps.js";
import { directionsOf, HOLDABLE, inputSizeOf, isCell, layersOf } from "./math.js";
import { makeMemory } from "./memory.js";
import { makePicture } from "./picture.js";
import { makeProgram } from "./program.js";
import { hasSameValues, sceneOf } from "./scene.js";
import { makeSums } from "./sums.js";

const TALL_PICTURE = 388; // pixels of the picture beside the controls,
const HOLDS = 34; // less the row of gates to hold where there is one
const LOW_PICTURE = 330; // and under them
const REST = 500; // milliseconds after which a new place to look at is worth telling Python
const ASKING = { is: "asking" };
const LOOKS = { first: 220, last: 700 }; // milliseconds until the worker is asked, and between two looks for its answer

export default labPage((root, tools, first) => {
  const redraw = () => tools.frame(draw);
  const bench = makeBench(tools, redraw);
  const desk = makeDesk(root, tools);
  const scenes = makeScenes(bench);
  const asking = makeAsking(tools, LOOKS);
  let timer = 0;
  const look = makeLook({ scene: () => scenes.now(), at: lookAt, changed: redraw });
  const picture = makePicture(look);
  const explain = makeExplain(() => asking.again());
  const holds = makeHolds(bench);
  const maps = makeMaps(look);
  const code = makeCode();
  const sums = makeSums();
  const keep = makeKeep(bench);
  const doors = makeAway(tools);
  const controls = makeControls(bench, first.limits, tools.signal);
  const encoding = makeEncoding(bench, showLetter);
  const memory = makeMemory();
  const program = makeProgram();
  const tasks = makeExercises(bench);
  const note = h("p", { class: "note", role: "status" });
  let data = first;
  tools.signal.addEventListener("abort", () => clearTimeout(timer));

  desk.controls.append(...controls.parts);
  desk.stage.append(note, picture.root, explain.root, holds.root, maps.root, code.root);
  desk.numbers.append(sums.root, h("div", { class: "ways" }, keep.root, doors.root));
  desk.below.append(memory.root, encoding.root, tasks.root, program.root);

  function lookAt(at) {
    bench.propose({ at });
    clearTimeout(timer);
    timer = setTimeout(() => bench.settle(), REST);
  }

  /** Looks at the first step that reads a letter. */
  function showLetter(letter) {
    const scene = scenes.now();
    const step = scene.columns.find((t) => scene.letters[t] === letter);
    const [layer, direction, , unit] = bench.now.at;
    if (step !== undefined) lookAt([layer, direction, step, unit]);
  }

  function draw() {
    const scene = scenes.now();
    const place = look.place(scene);
    desk.arrange();
    controls.set(scene.state, data.presets);
    const tall = TALL_PICTURE - (HOLDABLE[scene.state.kind].length ? HOLDS : 0);
    picture.draw(scene, Math.max(300, tools.width(picture.root)), desk.isWide() ? tall : LOW_PICTURE);
    explain.set(scene, place, scenes.values());
    asking.set(scenes.values().is === "asking", bench.now);
    holds.set(scene.state);
    maps.set(scene, place);
    memory.set(scene);
    code.set(codeOf(scene.state));
    sums.set(scene.state, bench.kept, bench.isCounted() ? data.counted : null);
    keep.set(bench.kept ? keptWords(bench.kept) : "");
    encoding.set(scene, scene.letters[scene.columns[place.column]]);
    setText(note, data.note);
  }

  return {
    update(now) {
      bench.receive(now);
      data = now;
      scenes.receive(now);
      doors.set(now.away);
      tasks.set(now.exercises);
      program.set(now.program);
    },
    draw,
  };
});

/** The scene of the bench: the same object while nothing but the place, where one looks, changes. */
function makeScenes(bench) {
  const kept = { text: "", scene: null, answer: undefined };
  let received = { values: ASKING, now: null };

  /** The worker's values, where they are those of the state in the hand. */
  function values() {
    return received.now && hasSameValues(bench.now, received.now) ? received.values : ASKING;
  }

  function now() {
    const answer = values().answer ?? null;
    const text = JSON.stringify({ ...bench.now, at: null });
    if (text !== kept.text || answer !== kept.answer)
      Object.assign(kept, { text, answer, scene: sceneOf(bench.now, answer) });
    kept.scene.state = bench.now;
    return kept.scene;
  }

  return {
    now,
    values,
    receive(data) {
      const same = JSON.stringify(data.values) === JSON.stringify(received.values);
      received = { values: same ? received.values : data.values, now: data.state.now };
    },
  };
}

/** What A was, in short: LSTM 4→8, L 2. */
function keptWords(state) {
  const parts = [`${state.kind}${isCell(state) ? "Cell" : ""} ${inputSizeOf(state)}→${state.hidden_size}`];
  if (layersOf(state) > 1) parts.push(`L ${layersOf(state)}`);
  if (directionsOf(state) === 2) parts.push(say("bothShort"));
  return parts.join(", ");
}
