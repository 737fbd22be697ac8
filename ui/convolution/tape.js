import { button, h, icon, say, setText } from "../lab/lab.js";
import { numberOf, placeOf } from "./scene.js";

const BEAT = 480; // milliseconds that a window stands, at speed 1
const SPEEDS = [1, 2, 4, 8, 0.5];

/**
 * Time: one window after the other. Step back, play, step, speed, scrub, and what the window does in a sentence.
 *
 * @param {{scene: () => object, window: () => object, at: (place) => void, waits: () => boolean, signal: AbortSignal}} hand
 *   `waits` is true while the pointer or a pin holds time still
 */
export function makeTape(hand) {
  const play = button("", toggle, { icon: "play", label: say("play") });
  const speed = button("1×", nextSpeed);
  speed.title = say("speed");
  const scrub = h("input", { type: "range", min: 0, max: 0, value: 0, "aria-label": say("scrub") });
  const name = h("b", {});
  const words = h("span", {});
  const sentence = h("p", { class: "sentence", "aria-live": "polite" }, name, " ", words);
  const root = h(
    "div",
    { class: "tape" },
    button("", () => step(-1), { icon: "previous", label: say("stepBack") }),
    play,
    button("", () => step(1), { icon: "next", label: say("step") }),
    speed,
    h("div", { class: "slider scrub of-output" }, scrub),
    sentence,
  );
  let playing = false;
  let pace = 0;
  let timer = 0;
  let last = 0;

  function go(number, settles) {
    const scene = hand.scene();
    if (scene.refusal || !scene.windows) return;
    hand.at(placeOf(scene, (number + scene.windows) % scene.windows), settles);
  }

  function step(by) {
    pause();
    hand.free();
    go(numberOf(hand.scene(), hand.window()) + by, true);
  }

  function tick(now) {
    timer = requestAnimationFrame(tick);
    if (now - last < BEAT / SPEEDS[pace]) return;
    last = now;
    if (!hand.waits() && !document.hidden) go(numberOf(hand.scene(), hand.window()) + 1, false);
  }

  function show() {
    play.replaceChildren(icon(playing ? "pause" : "play"));
    play.title = say(playing ? "pause" : "play");
    play.setAttribute("aria-label", play.title);
  }

  function pause() {
    if (!playing) return;
    playing = false;
    cancelAnimationFrame(timer);
    show();
    hand.settle();
  }

  function toggle() {
    if (playing) {
      pause();
      return;
    }
    hand.free();
    playing = true;
    last = performance.now();
    timer = requestAnimationFrame(tick);
    show();
  }

  function nextSpeed() {
    pace = (pace + 1) % SPEEDS.length;
    setText(speed, SPEEDS[pace] === 0.5 ? "½×" : `${SPEEDS[pace]}×`);
  }

  scrub.addEventListener("input", () => {
    pause();
    hand.free();
    go(Number(scrub.value), false);
  });
  scrub.addEventListener("change", () => hand.settle());
  hand.signal.addEventListener("abort", () => cancelAnimationFrame(timer));

  return {
    root,
    pause,
    toggle,
    set(scene, window, [cell, said]) {
      const most = Math.max(0, scene.windows - 1);
      const now = scene.refusal ? 0 : numberOf(scene, window);
      scrub.max = most;
      scrub.disabled = Boolean(scene.refusal) || most === 0;
      if (Number(scrub.value) !== now) scrub.value = now;
      scrub.style.setProperty("--filled", `calc(8px + (100% - 16px) * ${most ? now / most : 0})`);
      setText(name, cell);
      setText(words, said);
    },
  };
}
