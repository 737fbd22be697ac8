import {
  button,
  h,
  labPage,
  makeAsking,
  makeAway,
  makeBench,
  makeDesk,
  makeExercises,
  makeFault,
  makeKeep,
  say,
  setText,
  still,
} from "../lab/lab.js";
import { makeBlock, makeHead } from "./block.js";
import { makeChart } from "./chart.js";
import { makeControls } from "./controls.js";
import { makeCosts } from "./costs.js";
import { makePrograms } from "./program.js";
import { factorWords, faultOf, lawOf, moralOf } from "./sentences.js";

const LOOKS = { last: 500 }; // milliseconds between two looks for what workers measure
const RUN = 1500; // milliseconds that the gradient takes from head to stem when it is sent
const CHART_TALL = 236;
const CHART_LOW = 190;
const NARROW = 300;
const MOST_SEED = 9_999;
const NEXT_SEEDS = 5;

export default labPage((root, tools, first) => {
  const redraw = () => tools.frame(draw);
  const bench = makeBench(tools, redraw);
  const desk = makeDesk(root, tools);
  const controls = makeControls(bench, first.limits);
  const sides = { plain: makeSide(tools, "plain"), residual: makeSide(tools, "residual") };
  const fault = makeFault({ take: repair });
  const chart = makeGradientPanel(tools, redraw, bench, again);
  const costs = makeCosts();
  const keep = makeKeep(bench);
  const programs = makePrograms();
  const tasks = makeExercises(bench);
  const note = h("p", { class: "note", role: "status" });
  const asking = makeAsking(tools, LOOKS);
  const doors = makeDoors(tools);
  let data = first;

  sides.residual.root.append(fault.root);
  desk.controls.append(...controls.parts);
  desk.stage.classList.remove("panel");
  desk.stage.append(note, h("div", { class: "blocks" }, sides.plain.root, sides.residual.root), chart.root);
  desk.numbers.append(costs.root, h("div", { class: "doors" }, keep.root, doors.root));
  desk.below.append(tasks.root, programs.root);

  /** Takes a repair, and puts the focus where it has changed something. */
  function repair(state) {
    const changed = Object.keys(state).find((name) => state[name] !== bench.now[name]);
    bench.take(state);
    requestAnimationFrame(() => controls.focus(changed)); // after the redraw, which moves the choice
  }

  function again() {
    asking.again();
  }

  /** What was measured for the state now; null while older curves stand in for it. */
  function measuredNow() {
    const { gradients } = data;
    return bench.isCounted() && gradients?.plain && !gradients.stale ? gradients : null;
  }

  function draw() {
    const state = bench.now;
    const current = measuredNow();
    desk.arrange();
    controls.set(state, data.presets);
    drawSides(state, current);
    drawFault(state);
    chart.set(data.gradients, { isWide: desk.isWide(), stale: !current });
    costs.set(state, bench.kept);
    keep.set(bench.kept ? describe(bench.kept) : "");
    setText(note, data.note);
  }

  function drawSides(state, current) {
    const look = {
      isWide: desk.isWide(),
      reference: Math.max(NARROW, tools.width(sides.residual.canvas)),
      factor: current?.plain.factor ?? null,
      sent: chart.sent(),
    };
    const zeros = bench.isCounted() ? data.zeros : null;
    const pending = !current && !data.gradients?.says;
    const lost = faultOf(state) !== null;
    sides.plain.set(state, look, { factor: factorWords(current?.plain, pending), zeros });
    sides.residual.set(state, look, { factor: factorWords(current?.residual, pending && !lost), zeros });
  }

  /** The words at once; repairs once Python has tried them. */
  function drawFault(state) {
    const says = faultOf(state);
    const problem = bench.isCounted() ? data.counted.problem : null;
    fault.set(says && { says, fixes: problem?.fixes ?? [] });
    sides.residual.root.classList.toggle("faulty", Boolean(says));
  }

  return {
    update(now) {
      const news = JSON.stringify(now.gradients) !== JSON.stringify(data.gradients);
      bench.receive(now);
      // While a new setting is measured, the old curves stay, faint.
      const old = data.gradients?.plain ? data.gradients : null;
      data = { ...now, gradients: now.gradients ?? (old && { ...old, stale: true }) };
      if (news) chart.rest();
      doors.set(now.away);
      programs.set(now.programs);
      tasks.set(now.exercises);
      asking.set(now.waits, now.state);
    },
    draw,
  };
});

/** A panel with one block: head, picture, law. */
function makeSide(tools, name) {
  const head = makeHead(name);
  const picture = makeBlock(name === "residual");
  const outputs = h("span", {});
  const slopes = h("span", {});
  const words = h("p", {});
  const canvas = h("div", { class: "block-canvas" }, picture.root);
  const law = h("div", { class: "law" }, h("div", {}, outputs, slopes), words);
  return {
    root: h(
      "section",
      { class: `block panel ${name}`, "aria-label": say(`${name}Title`) },
      head.root,
      canvas,
      law,
    ),
    canvas,
    set(state, look, found) {
      head.set(found.factor);
      picture.set(state, { ...look, width: Math.max(NARROW - 60, tools.width(canvas)) });
      const said = lawOf(state, name, found.zeros);
      outputs.replaceChildren(...said.outputs.filter(Boolean));
      slopes.replaceChildren(...said.slopes);
      setText(words, said.words);
    },
  };
}

/** The chart with its title, what is pointed at, the gradient's run, and what it says. */
function makeGradientPanel(tools, redraw, bench, again) {
  const chart = makeChart(redraw);
  const title = h("h3", {});
  const send = button(say("sendBack"), play, { icon: "rewind" });
  const seeds = button(say("newSeeds"), draw, { icon: "seed" });
  const retry = button(say("measureAgain"), again);
  const moral = h("p", { class: "moral" });
  const how = h("p", { class: "caption" });
  const canvas = h("div", { class: "chart-canvas" }, chart.svg);
  const run = { sent: 1, began: 0 };

  function draw() {
    const next = bench.now.seed + NEXT_SEEDS;
    bench.take({ seed: next > MOST_SEED - NEXT_SEEDS ? 0 : next });
  }

  /** Lets the gradient run from the head to the stem once; both curves appear as it passes. */
  function play() {
    run.began = performance.now();
    const step = (now) => {
      if (tools.signal.aborted || !run.began) return;
      run.sent = Math.min(1, Math.max(0, (now - run.began) / RUN));
      redraw();
      if (run.sent < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  function rest() {
    Object.assign(run, { sent: 1, began: 0 });
  }

  return {
    root: h(
      "section",
      { class: "chart panel" },
      h("div", { class: "chart-head" }, title, chart.readout, send, seeds, retry),
      canvas,
      moral,
      how,
    ),
    sent: () => run.sent,
    rest,
    set(gradients, { isWide, stale }) {
      const measured = gradients?.plain ? gradients : null;
      const faint = stale || gradients?.stale === true;
      const count = measured?.plain.norms.length;
      setText(title, measured ? say("chartTitle", { n: count }) : say("chartTitleWaiting"));
      chart.set(measured, {
        width: Math.max(NARROW, tools.width(canvas)),
        height: isWide ? CHART_TALL : CHART_LOW,
        sent: run.sent,
        stale: faint,
        waiting: gradients?.says ?? say("measuring"),
      });
      send.hidden = still() || !measured;
      retry.hidden = !gradients?.says;
      moral.replaceChildren(...(measured ? moralWords(measured) : []));
      moral.classList.toggle("stale", faint);
      setText(how, measured ? howWords(measured, bench.now, faint) : "");
    },
  };
}

function moralWords(gradients) {
  return moralOf(gradients).map(([words, strong]) => h(strong ? "b" : "span", {}, `${words} `));
}

function howWords({ samples, seeds, depth }, state, faint) {
  if (faint) return say("measuring");
  const how = say("how", { samples, seeds, depth, first: state.seed, last: state.seed + seeds - 1 });
  return state.zeroed ? `${how} ${say("zeroedAbove")}` : how;
}

/** The doors: into the builder, and to the training page with either stack. */
function makeDoors(tools) {
  const away = makeAway(tools);
  let count = 0;
  const plain = button(
    say("trainPlain"),
    () => tools.fire("leave", { to: "training", net: "plain", time: `plain ${++count}` }),
    { icon: "play" },
  );
  away.root.append(plain);
  return {
    root: away.root,
    set(open) {
      away.set(open);
      plain.hidden = !open.trainingPage;
      plain.disabled = !open.plainTrains;
    },
  };
}

/** What A was, in short: basic 64→64, B, BN. */
function describe({ block, channels, filters, stride, shortcut, norm }) {
  const parts = [`${say(block)} ${channels}→${filters}`];
  if (stride > 1) parts.push(`/${stride}`);
  parts.push(say(`${shortcut}Option`));
  if (norm) parts.push("BN");
  return parts.join(", ");
}
