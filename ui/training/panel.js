import { button, h, setText, slider } from "../kit/kit.js";
import { looker, proposer } from "./acting.js";

const PATIENCE = 4000; // milliseconds that a run may take to take another learning rate

/** Buttons and learning rate, the state in words, the numbers of the run. */
export function makePanel(root, tools) {
  const act = proposer(tools);
  const buttons = h("div", { class: "buttons", tabindex: -1 });
  const rate = h("div", { class: "rate" });
  const state = h("div", { class: "state", role: "status" });
  const sentence = h("p", { class: "sentence" });
  const readings = h("div", { class: "readings" });
  const spent = h("p", { class: "caption spent" });
  const alarm = h("div", { class: "place" });
  const left = h("div", { class: "left" }, h("div", { class: "steering" }, buttons, rate), readings);
  const right = h("div", { class: "beside" }, state, sentence);
  root.append(h("div", { class: "panel steer" }, h("div", { class: "sides" }, left, right), spent, alarm));

  const seen = {};
  const once = (name, value, draw) => {
    const text = JSON.stringify(value);
    if (seen[name] === text) return;
    seen[name] = text;
    draw(value);
  };
  const drawRate = makeRate(rate, act);
  const drawReadings = makeReadings(readings);
  const lookAgain = looker(tools);

  return {
    update(data) {
      lookAgain(data.look.every);
      once("buttons", data.buttons, (wanted) => drawButtons(buttons, wanted, act));
      drawRate(data.rate);
      once("state", [data.status.tone, data.status.word], ([tone, word]) => drawState(state, tone, word));
      once("sentence", data.status, (status) => drawSentence(sentence, alarm, status, act));
      drawReadings(data.numbers);
      setText(spent, data.spent);
    },
  };
}

/**
 * Draws the buttons anew and keeps the focus: on the same button where there is one still, else on the main one. Where
 * there is neither, their place holds it meanwhile, so that a second press does not stop what the first has started.
 */
function drawButtons(place, wanted, act) {
  const held = place.querySelector(":focus");
  const had = held !== null || place.matches(":focus");
  const made = wanted.map((look) => {
    const { do: name, word, icon, label, title, primary, disabled } = look;
    const kind = primary ? "primary" : "";
    const node = button(word, () => act({ do: name }), { icon, label, title, kind });
    node.dataset.do = name;
    node.disabled = Boolean(disabled);
    return node;
  });
  place.replaceChildren(...made);
  if (!had) return;
  const same = made.find((node) => node.dataset.do === held?.dataset.do);
  (same ?? made.find((node) => node.classList.contains("primary")) ?? place).focus();
}

/** What is well stands beside the state; what is not has a strip of its own, with ways on. */
function drawSentence(calm, alarm, { tone, says, advice, ways }, act) {
  const loud = tone === "problem" && Boolean(says);
  setText(calm, loud ? "" : says);
  const words = [loud && says, advice].filter(Boolean).join(" ");
  const strip = warning(words, ways, act);
  strip.classList.toggle("calm", !loud);
  alarm.replaceChildren(...(words || ways.length ? [strip] : []));
}

/** A sentence about what is wrong, and buttons for what can be done. */
export function warning(says, ways, act) {
  const buttons = ways.map((way) => button(way.word, () => act({ do: way.do }), { kind: "fix" }));
  return h("div", { class: "alarm" }, says && h("p", {}, says), h("div", { class: "ways" }, buttons));
}

function drawState(place, tone, word) {
  place.className = `state ${tone}`;
  place.replaceChildren(h("i", { "aria-hidden": "true" }), word);
}

/**
 * The slider stops at round rates; what it settles on is a proposal, and the run's own rate is what it shows. Under the
 * hand, and until the run has taken a proposal or some time has passed, it stays where the hand has put it.
 */
function makeRate(place, act) {
  let made;
  let stops = "";
  let held = false;
  let proposed = null;
  place.addEventListener("pointerdown", () => {
    held = true;
  });
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"])
    place.addEventListener(name, () => {
      held = false;
    });

  function build(rate) {
    made = slider({
      label: rate.label,
      min: 0,
      max: rate.rates.length - 1,
      value: rate.now,
      show: (index) => rate.shown[index],
      settle: (index) => {
        proposed = { rate: rate.rates[index], until: performance.now() + PATIENCE };
        act({ do: "rate", value: rate.rates[index] });
      },
    });
    place.replaceChildren(made.root);
  }

  function waits(rate) {
    if (!proposed) return false;
    if (proposed.rate === rate.rates[rate.now] || performance.now() > proposed.until) proposed = null;
    return proposed !== null;
  }

  return (rate) => {
    place.hidden = !rate;
    if (!rate || held || waits(rate)) return;
    const text = JSON.stringify([rate.label, rate.rates]);
    if (text !== stops) build(rate);
    stops = text;
    made.set(rate.now);
  };
}

function makeReadings(place) {
  let nodes = [];
  return (numbers) => {
    if (nodes.length !== numbers.length) {
      nodes = numbers.map(makeReading);
      place.replaceChildren(...nodes.map((node) => node.root));
    }
    numbers.forEach((number, index) => {
      nodes[index].set(number);
    });
  };
}

function makeReading() {
  const name = h("span", { class: "label" });
  const value = h("span", {});
  const news = h("span", { class: "news" });
  const root = h("div", { class: "number" }, name, h("span", { class: "value" }, value, news));
  return {
    root,
    set(number) {
      setText(name, number.name);
      setText(value, number.value);
      setText(news, number.news);
      news.classList.toggle("good", number.tone === "good");
    },
  };
}
