import { h, setText } from "./dom.js";
import { icon } from "./icons.js";

/**
 * A button. Its word is a verb; one with an icon alone needs a `label`.
 *
 * @param {string} word what it says, or "" for an icon alone
 * @param {(event: Event) => void} press
 * @param {{icon?: string, label?: string, kind?: "primary" | "fix" | ""}} [look]
 */
export function button(word, press, look = {}) {
  const classes = ["button", look.kind, word ? "" : "icon-only"].filter(Boolean).join(" ");
  return h(
    "button",
    {
      class: classes,
      type: "button",
      onclick: press,
      "aria-label": look.label,
      title: look.title ?? look.label,
    },
    look.icon && icon(look.icon),
    word,
  );
}

/**
 * A slider with its label, its symbol in formulas, and its value.
 *
 * `input` is called on every step of a drag and `settle` once, at its end or after one press of a key. `set` writes the
 * value only where it differs: writing it back during a drag would make the browser skip the end of the drag.
 *
 * @param {{label: string, symbol?: string, about?: string, min: number, max: number, step?: number, value: number,
 *   show?: (value: number) => string, input?: (value: number) => void, settle?: (value: number) => void}} wish
 *   `about` is what the slider is about: "weight", "padding", … (the classes of-… of the kit)
 * @returns {{root: HTMLElement, input: HTMLInputElement, set: Function, rename: Function}}
 */
export function slider({
  label,
  symbol,
  about = "nothing",
  min,
  max,
  step = 1,
  value,
  show = String,
  input,
  settle,
}) {
  const range = h("input", { type: "range", min, max, step, value, "aria-label": label });
  const output = h("span", { class: "value", "aria-hidden": "true" });
  const words = h("span", {}, label);

  function present() {
    const now = Number(range.value);
    const share = (now - Number(range.min)) / (Number(range.max) - Number(range.min) || 1);
    // The track is filled up to the middle of the thumb, which is 16 px wide.
    range.style.setProperty("--filled", `calc(8px + (100% - 16px) * ${share})`);
    range.setAttribute("aria-valuetext", show(now));
    setText(output, show(now));
  }

  range.addEventListener("input", () => {
    present();
    input?.(Number(range.value));
  });
  range.addEventListener("change", () => settle?.(Number(range.value)));
  present();
  return {
    root: h(
      "label",
      { class: `slider of-${about}` },
      h("span", { class: "label" }, words, symbol && h("b", {}, symbol)),
      output,
      range,
    ),
    input: range,
    set(now, least = range.min, most = range.max) {
      range.min = least;
      range.max = most;
      if (Number(range.value) !== Number(now)) range.value = now;
      present();
    },
    rename(name) {
      setText(words, name);
      range.setAttribute("aria-label", name);
    },
  };
}

/**
 * A choice of one among few, as a group of radio buttons under the arrow keys.
 *
 * @param {{label: string, options: [string, string][], value: string, settle: (value: string) => void}} wish
 *   options are pairs of value and word
 */
export function segmented({ label, options, value, settle }) {
  const buttons = options.map(([name, word]) =>
    h("button", { class: "button", type: "button", role: "radio", onclick: () => choose(name, true) }, word),
  );
  const root = h("div", { class: "segmented", role: "radiogroup", "aria-label": label }, buttons);
  let chosen = value;

  function present() {
    options.forEach(([name], index) => {
      buttons[index].setAttribute("aria-checked", String(name === chosen));
      buttons[index].tabIndex = name === chosen ? 0 : -1;
    });
  }

  function choose(name, tell) {
    const news = name !== chosen;
    chosen = name;
    present();
    if (news && tell) settle(name);
  }

  root.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const now = options.findIndex(([name]) => name === chosen);
    const next = (now + step + options.length) % options.length;
    choose(options[next][0], true);
    buttons[next].focus();
  });
  present();
  return { root, set: (name) => choose(name, false) };
}

/** A box to tick, with its words beside it. */
export function tick({ label, value, settle }) {
  const box = h("input", { type: "checkbox", onchange: () => settle(box.checked) });
  box.checked = value;
  return {
    root: h("label", { class: "switch" }, box, h("span", {}, label)),
    set(now) {
      box.checked = now;
    },
  };
}

/**
 * A whole number to type, between two bounds. What is out of bounds is not settled: the box shows it as wrong.
 *
 * @param {{label: string, min: number, max: number, step?: number, value: number, settle: (value: number) => void}} wish
 */
export function numberField({ label, min, max, step = 1, value, settle }) {
  const box = h("input", { type: "number", min, max, step, value, required: true, "aria-label": label });
  box.addEventListener("change", () => {
    if (box.reportValidity()) settle(Number(box.value));
  });
  return {
    root: h("label", { class: "field" }, h("span", { class: "label" }, label), box),
    input: box,
    set(now) {
      if (Number(box.value) !== now) box.value = now;
    },
  };
}

/**
 * A choice of one among many.
 *
 * @param {{label: string, options: [string, string][], value: string, settle: (value: string) => void}} wish
 */
export function selectField({ label, options, value, settle }) {
  const box = h(
    "select",
    { "aria-label": label, onchange: () => settle(box.value) },
    options.map(([name, word]) => h("option", { value: name }, word)),
  );
  box.value = value;
  return {
    root: h("label", { class: "field" }, h("span", { class: "label" }, label), box),
    input: box,
    set(now) {
      if (box.value !== now) box.value = now;
    },
  };
}
