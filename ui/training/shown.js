import { h } from "../kit/kit.js";
import { makeImages } from "./images.js";
import { makeTold } from "./told.js";
import { makeTyped } from "./typed.js";

const KINDS = { images: makeImages, told: makeTold, typed: makeTyped };

/**
 * What the network says, step by step. The slider goes back; left at its end, it follows the run.
 *
 * Each kind gives two panels and draws one frame into them: `make(words…) -> { panels, show(data, index) }`.
 */
export function makeShown(root) {
  let kind;
  let made;
  let data;
  let follows = true;
  let index = 0;

  const scrub = h("input", { type: "range", min: 0, step: 1 });
  const label = h("span", { class: "caption" });
  const slide = h("label", { class: "scrub slider of-nothing" }, label, scrub);
  scrub.addEventListener("input", () => {
    index = Number(scrub.value);
    follows = index === data.frames.length - 1;
    show();
  });

  function build() {
    kind = data.kind;
    made = KINDS[kind]();
    made.head.append(slide);
    root.replaceChildren(h("div", { class: `two ${kind}` }, made.panels));
  }

  function show() {
    const last = data.frames.length - 1;
    if (follows || index > last) index = Math.max(0, last);
    slide.hidden = last < 1;
    scrub.max = Math.max(0, last);
    if (Number(scrub.value) !== index) scrub.value = index;
    scrub.style.setProperty("--filled", `calc(8px + (100% - 16px) * ${last > 0 ? index / last : 0})`);
    label.textContent = data.steps[index]?.long ?? "";
    scrub.setAttribute("aria-label", data.words.scrub);
    scrub.setAttribute("aria-valuetext", label.textContent);
    made.show(data, index);
  }

  return {
    update(now) {
      data = now;
      if (data.kind !== kind) build();
      show();
    },
  };
}
