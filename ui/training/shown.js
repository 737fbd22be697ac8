import { h } from "../kit/kit.js";
import { makeImages } from "./images.js";
import { makeTold } from "./told.js";
import { makeTyped } from "./typed.js";

const KINDS = { images: makeImages, told: makeTold, typed: makeTyped };
const CALM = 120; // milliseconds between two steps that the page is told of while the slider moves

/**
 * What the network says, step by step. The slider goes back; left at its end, it follows the run. The page is told of
 * the step and of the image that was picked, since what else it shows is of that step and of that image.
 *
 * Each kind gives two panels and draws one frame into them: `make(pick) -> { head, panels, show(data, index, picked) }`.
 */
export function makeShown(root, tools) {
  let kind;
  let made;
  let data;
  let at = null; // the step that is looked at, null where the newest is followed
  let picked = null;
  let when = 0; // it was picked, by this browser's clock
  let timer;

  const scrub = h("input", { type: "range", min: 0, step: 1 });
  const label = h("span", { class: "caption" });
  const slide = h("label", { class: "scrub slider of-nothing" }, label, scrub);
  scrub.addEventListener("input", () => {
    const index = Number(scrub.value);
    at = index === data.frames.length - 1 ? null : data.steps[index].at;
    show();
    timer ??= setTimeout(tell, CALM);
  });
  tools.signal.addEventListener("abort", () => clearTimeout(timer));

  function tell() {
    timer = undefined;
    tools.settle({ run: data.run, at, picked, when });
  }

  function pick(number) {
    picked = number;
    when = Date.now();
    show();
    tell();
  }

  function build() {
    kind = data.kind;
    made = KINDS[kind](pick);
    made.head.append(slide);
    root.replaceChildren(h("div", { class: `two ${kind}` }, made.panels));
  }

  /** The frame of that step, or the nearest where it is no longer among them. */
  function indexNow() {
    const last = Math.max(0, data.frames.length - 1);
    if (at === null || !data.frames.length) return last;
    const away = data.steps.map((step) => Math.abs(step.at - at));
    return away.indexOf(Math.min(...away));
  }

  function show() {
    const last = data.frames.length - 1;
    const index = indexNow();
    slide.hidden = last < 1;
    scrub.max = Math.max(0, last);
    if (Number(scrub.value) !== index) scrub.value = index;
    scrub.style.setProperty("--filled", `calc(8px + (100% - 16px) * ${last > 0 ? index / last : 0})`);
    label.textContent = data.steps[index]?.long ?? "";
    scrub.setAttribute("aria-label", data.words.scrub);
    scrub.setAttribute("aria-valuetext", label.textContent);
    made.show(data, index, picked);
  }

  return {
    update(now) {
      if (data && now.run !== data.run) {
        at = null;
        picked = null;
      }
      data = now;
      if (data.kind !== kind) build();
      show();
    },
  };
}
