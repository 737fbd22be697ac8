import { h, icon, setText } from "../kit/kit.js";
import { subscripts } from "./symbols.js";

/**
 * A number that can be dragged and typed, with what torch takes in its place: a word ("same"), one value for each axis,
 * or nothing. It shows `field.value` and proposes a new one.
 *
 * @param {object} field a field of type "whole", "size" or "real"
 * @param {object} words
 * @param {{settle: (value) => void, live: (value) => void, busy: () => boolean}} hand
 */
export function makeDial(field, words, hand) {
  const state = { field, held: false };
  const typed = h("input", { class: "typed", type: "number", "aria-label": spoken(field) });
  const slide = h("input", { class: "slide", type: "range", "aria-label": spoken(field) });
  const axes = makeAxes(field, (value) => hand.settle(value));
  const keywords = makeKeywords(state, words, hand);
  const split = makeSplit(state, words, hand);
  const label = h(
    "span",
    { class: "label", title: field.help },
    h("span", {}, field.label),
    field.symbol && h("b", {}, subscripts(field.symbol)),
    keywords.root,
    split.root,
  );
  const root = h(
    "div",
    { class: `dial slider of-${field.about ?? "nothing"}` },
    label,
    typed,
    axes.root,
    slide,
  );

  typed.addEventListener("change", () => {
    if (typed.value === "" && state.field.start !== undefined) hand.settle(null);
    else if (typed.reportValidity()) hand.settle(Number(typed.value));
  });
  slide.addEventListener("input", () => {
    typed.value = slide.value;
    fillTrack(slide);
    hand.live(Number(slide.value));
  });
  slide.addEventListener("change", () => hand.settle(Number(slide.value)));
  slide.addEventListener("pointerdown", () => {
    state.held = true;
  });
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"])
    slide.addEventListener(name, () => {
      state.held = false;
    });

  function set(now) {
    state.field = now;
    const number = typeof now.value === "number";
    const perAxis = Array.isArray(now.value);
    setTyped(now, number);
    setSlide(now, number);
    root.classList.toggle("per-axis", perAxis);
    root.classList.toggle("idle", !number && !perAxis);
    slide.hidden = perAxis || now.slides === false;
    typed.hidden = perAxis;
    axes.root.hidden = !perAxis;
    if (perAxis) axes.set(now.value, now);
    keywords.set(now.value);
    split.set(perAxis, number);
  }

  function setTyped(now, number) {
    bound(typed, now.lo, now.hi, now.type === "real" ? "any" : 1);
    typed.required = now.start === undefined;
    write(typed, number ? now.value : "");
    typed.placeholder = typeof now.value === "string" ? now.value : words.none;
  }

  function setSlide(now, number) {
    if (state.held) return; // under the hand neither its bounds nor its value may jump
    bound(slide, now.lo, sliderEnd(now), now.step ?? 1);
    write(slide, number ? now.value : (now.start ?? now.lo));
    fillTrack(slide);
    slide.disabled = typeof now.value === "string";
  }

  set(field);
  return { root, set, focus: () => typed.focus() };
}

function spoken(field) {
  return field.symbol ? `${field.label} ${field.symbol}` : field.label;
}

function sliderEnd(field) {
  return field.type === "real" ? field.hi : field.to;
}

/** Sets bounds only where they differ: a slider that is being dragged keeps its own. */
function bound(input, min, max, step) {
  for (const [name, value] of Object.entries({ min, max, step }))
    if (input.getAttribute(name) !== String(value)) input.setAttribute(name, value);
}

/** Writes a value only where it differs: writing during a drag would make the browser skip the end of the drag. */
function write(input, value) {
  const differs = value === "" ? input.value !== "" : input.value === "" || Number(input.value) !== value;
  if (differs) input.value = value;
  input.dataset.settled = input.value;
}

function fillTrack(slide) {
  const least = Number(slide.min);
  const share = (Number(slide.value) - least) / (Number(slide.max) - least || 1);
  // The track is filled up to the middle of the thumb, which is 16 px wide.
  slide.style.setProperty("--filled", `calc(8px + (100% - 16px) * ${share})`);
}

/** One number box an axis. */
function makeAxes(field, settle) {
  const names = field.axes ?? [];
  const boxes = names.map((name) =>
    h("input", {
      type: "number",
      class: "typed",
      required: !field.holes,
      "aria-label": `${field.label} ${name}`,
    }),
  );
  const root = h(
    "span",
    { class: "axes" },
    names.map((name, index) => h("label", {}, h("i", {}, name), boxes[index])),
  );
  for (const box of boxes)
    box.addEventListener("change", () => {
      if (boxes.every((each) => each.reportValidity()))
        settle(boxes.map((each) => (each.value === "" ? null : Number(each.value))));
    });
  return {
    root,
    set(values, now) {
      boxes.forEach((box, index) => {
        bound(box, now.lo, now.hi, 1);
        write(box, values[index] ?? "");
      });
    },
  };
}

/** Words that stand for a number, and "none" where the field may be left out; pressed while they hold. */
function makeKeywords(state, words, hand) {
  const { keywords = [], start } = state.field;
  const options = keywords.map((word) => [word, word]);
  if (start !== undefined) options.push([null, words.none]);
  const buttons = options.map(([value, word]) =>
    h("button", { type: "button", class: "word", onclick: () => toggle(value) }, word),
  );

  function toggle(value) {
    const back = state.field.start ?? state.field.lo;
    hand.settle(state.field.value === value ? back : value);
  }

  return {
    root: h("span", { class: "words" }, buttons),
    set(value) {
      for (const [index, [option]] of options.entries())
        buttons[index].setAttribute("aria-pressed", String(option === value));
    },
  };
}

/** Parts one value into one an axis, and joins them again. */
function makeSplit(state, words, hand) {
  const several = (state.field.axes ?? []).length > 1;
  const names = (state.field.axes ?? []).join(" ");
  const root = h("button", { type: "button", class: "word split", onclick: press }, names);

  function press() {
    const { value, axes } = state.field;
    if (Array.isArray(value)) hand.settle(value.find((size) => size !== null) ?? state.field.lo);
    else if (typeof value === "number") hand.settle(axes.map(() => value));
  }

  return {
    root: several ? root : null,
    set(perAxis, number) {
      root.setAttribute("aria-pressed", String(perAxis));
      root.disabled = !perAxis && !number;
      root.title = perAxis ? words.oneForAll : words.perAxis;
      root.setAttribute("aria-label", root.title);
    },
  };
}

/** A field that the input decides: locked with what was read, or stated and checked. */
export function makeInferred(field, words, hand) {
  const value = h("span", { class: "value" });
  const typed = h("input", { class: "typed", type: "number", required: true, "aria-label": field.label });
  const press = h("button", { type: "button", class: "word" });
  const label = h("span", { class: "label", title: field.help }, h("span", {}, field.label));
  const note = h("span", { class: "caption" }, icon("lock"), words.readOff);
  const foot = h("span", { class: "foot" }, note, press);
  const root = h("div", { class: "dial inferred" }, label, value, typed, foot);
  const state = { field };

  typed.addEventListener("change", () => {
    if (typed.reportValidity()) hand.settle(Number(typed.value));
  });
  press.addEventListener("click", () => {
    const { value: stated, inferred } = state.field;
    hand.settle(stated === null ? (inferred ?? state.field.lo) : null);
  });

  function set(now) {
    state.field = now;
    const locked = now.value === null;
    setText(value, now.inferred ?? "–");
    setText(press, locked ? words.unlock : words.lock);
    bound(typed, now.lo, now.hi, 1);
    write(typed, locked ? "" : now.value);
    value.hidden = !locked;
    note.hidden = !locked;
    typed.hidden = locked;
    root.classList.toggle("wrong", !locked && now.inferred !== null && now.value !== now.inferred);
  }

  set(field);
  return { root, set, focus: () => (typed.hidden ? press : typed).focus() };
}
