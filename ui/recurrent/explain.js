import { button, h, icon, say, setText, significant } from "../lab/lab.js";
import { equationsOf, MAIN } from "./equation.js";
import { heldOf } from "./math.js";

const PLACES = 3;
const EXACT = 1e-5; // the difference up to which a recomputation in float32 is called equal

/** The equation of the unit that one looks at, with its numbers, and the seal of the recomputation. */
export function makeExplain(again) {
  const who = h("span", { class: "who" });
  const lines = h("div", { class: "lines mono" });
  const badge = makeBadge(again);
  const root = h(
    "div",
    { class: "explain" },
    h("header", {}, who, badge.root),
    h("div", { role: "status", "aria-live": "polite" }, lines),
  );
  let known = "";

  function set(scene, place, values) {
    badge.set(scene, values);
    setText(who, whoWords(scene, place));
    const lane = scene.lanes[place.row].values;
    const { kind } = scene.state;
    const found = lane && equationsOf(scene.state, lane, place.column, place.unit, PLACES);
    const text = JSON.stringify([kind, found && MAIN[kind].map((name) => found[name])]);
    if (text === known) return;
    known = text;
    lines.replaceChildren(...MAIN[kind].map((name) => makeLine(name, found?.[name])));
    lines.classList.toggle("single", MAIN[kind].length === 1);
  }

  return { root, set };
}

function makeLine(name, equation) {
  const about = name === "h" ? "h" : "";
  if (!equation) return h("p", {}, h("b", { class: about }, name), " = …");
  const [symbols, numbers, value] = equation;
  return h(
    "p",
    {},
    h("b", { class: about }, name),
    " = ",
    h("span", { class: "symbols" }, symbols),
    " = ",
    h("span", { class: "numbers-in" }, numbers),
    " = ",
    h("b", { class: `result ${about}` }, value),
  );
}

/** Which unit: layer and lane, step and letter, number. */
export function whoWords(scene, place) {
  const { layer, direction } = scene.lanes[place.row];
  const step = scene.columns[place.column];
  const arrow = scene.directions === 2 ? (direction ? " ←" : " →") : "";
  const lane = scene.isCell ? say("theCell") : say("layerNamed", { n: layer }) + arrow;
  const which = say("whichUnit", { lane, t: step, letter: scene.letters[step], unit: place.unit });
  const all = scene.state.hidden_size;
  return all > scene.units ? `${which} ${say("unitsShown", { n: scene.units, all })}` : which;
}

/** Whether torch's own module gives the same, and how nearly. */
function makeBadge(again) {
  const mark = h("span", { class: "mark" });
  const words = h("span", {});
  const press = button(say("tryAgain"), again);
  const root = h("span", { class: "badge" }, mark, words);
  const holder = h("span", { class: "badge-holder" }, root, press);

  function set(scene, values) {
    const is = values.is;
    const verdict = is === "ready" ? verdictOf(scene, values.answer) : "";
    root.className = `badge ${is} ${verdict}`;
    mark.replaceChildren(verdict ? icon(verdict === "good" ? "check" : "cross") : h("i", {}));
    setText(words, badgeWords(scene, values));
    root.title = is === "ready" ? say("badgeSays") : "";
    press.hidden = is !== "refused";
  }

  return { root: holder, set };
}

/** "good" or "bad"; a held gate is no module's, and differs by right. */
function verdictOf(scene, answer) {
  if (Object.keys(heldOf(scene.state)).length) return "";
  return answer.difference < EXACT ? "good" : "bad";
}

function badgeWords(scene, values) {
  if (values.is === "asking") return say("recomputing");
  if (values.is === "refused") return values.says;
  const { difference, layerDifference } = values.answer;
  const written = (value) => (value === 0 ? "0" : significant(value, 2));
  const { kind } = scene.state;
  const held = Object.entries(heldOf(scene.state));
  if (held.length) {
    const gates = held.map(([gate, value]) => `${gate} = ${value}`).join(", ");
    return say("heldDiffers", { kind, gates, difference: written(difference) });
  }
  if (scene.isCell)
    return say("equalsLoop", { kind, difference: written(difference), layer: written(layerDifference) });
  return say(difference < EXACT ? "equalsModule" : "differsFromModule", {
    kind,
    difference: written(difference),
  });
}
