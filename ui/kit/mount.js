import { h } from "./dom.js";

/**
 * The life of a picture.
 *
 * Streamlit calls a component's function again, on the same element, for every change of its data (JSON, as bytes) or of
 * the theme, and calls the returned function once, when the picture leaves the page. `mount` turns that into one instance:
 *
 *     export default mount((root, tools) => {
 *       …build elements and listeners once…
 *       return { update(data) {…}, draw(width) {…}, destroy() {…} };     // each of them may be left out
 *     });
 *
 * `update` comes first with the first data, then whenever the data differ from what was last seen. `draw` comes after it
 * and whenever the width changes. The page keeps the state and a picture proposes a new one:
 *
 *     tools.settle(state)       the person has settled on a state: page gets it as `settled`
 *     tools.fire(name, value)   an event that lasts one run: page gets it as `name`
 *     tools.ask(name, value)    an event that only asks whether something has come; it gives way to what was fired
 *     tools.frame(work)         does the work in the next frame, once, however often it is asked
 *     tools.width(element)      its width as the page was last laid out, without laying it out anew; a change draws again
 *     tools.signal              ends with the picture: addEventListener(…, { signal })
 *
 * Where the page hands the state back as `data.state`, the hand wins over the wire: while a pointer is down, data wait;
 * the answer to what was just settled is an echo and changes nothing under the hand; an answer to something older,
 * overtaken by a later `settle`, is held back for a moment and forgotten when the echo comes. A picture that says
 * `live: true` takes data while a pointer is down, and itself leaves alone what the hand holds.
 */
export function mount(make) {
  return ({ data, parentElement, setStateValue, setTriggerValue }) => {
    let life = LIVES.get(parentElement);
    if (!life) {
      if (sheet) parentElement.getRootNode().adoptedStyleSheets.push(sheet);
      life = new Life(parentElement.querySelector(".picture"));
      LIVES.set(parentElement, life);
    }
    life.tell = setStateValue;
    life.tellOnce = setTriggerValue;
    life.guarded(() => {
      life.begin(make);
      life.receive(data ? READER.decode(data) : "{}");
    });
    return () => {
      life.end();
      LIVES.delete(parentElement);
    };
  };
}

/** Takes the styles of the pictures that follow; the loader (ui/component.py) ends every program with a call. */
export function dress(styles) {
  sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
}

let sheet;
const READER = new TextDecoder();
const LIVES = new WeakMap();
const HOLD = 400; // milliseconds that an answer which is no echo waits for a newer one
const TAKEN = 1000; // milliseconds after which an answer is one to what was fired before it
const UNTAKEN = 10_000; // milliseconds that a slow server is given to take what was fired
const BROKEN = {
  en: "This picture could not be drawn. Reload the page.",
  zh: "这幅图无法绘制。请重新加载页面。",
};

/** What is typed into a number's field takes the place of the number; the click that came with the focus is over then. */
function selectNumber(field) {
  if (field.type === "number") setTimeout(() => field.select(), 0);
}

class Life {
  constructor(root) {
    this.root = root;
    this.abort = new AbortController();
    this.seen = undefined; // the data last given to the picture, as text
    this.proposed = undefined; // the state last settled, as text, until its echo has come
    this.waiting = undefined; // data that came while they could not be shown, and their text
    this.pointerDown = false;
    this.fired = -UNTAKEN;
    this.answered = 0;
    this.frames = new Map();
    this.widths = new Map(); // as last laid out: to read them elsewhere would lay the page out once more
    this.redraw = () => this.draw();
    this.tools = {
      signal: this.abort.signal,
      settle: (state) => this.settle(state),
      fire: (name, value) => this.fire(name, value),
      ask: (name, value) => this.ask(name, value),
      frame: (work) => this.frame(work),
      width: (element) => this.width(element),
    };
  }

  begin(make) {
    if (this.picture) return;
    this.root.replaceChildren(); // a life before this one on the same element may have left its own
    this.observer = new ResizeObserver((entries) => this.resized(entries));
    this.picture = make(this.root, this.tools) ?? {};
    const { signal } = this.abort;
    this.root.addEventListener("pointerdown", () => this.press(), { signal });
    for (const name of ["pointerup", "pointercancel"])
      addEventListener(name, () => this.release(), { signal });
    this.root.addEventListener("focusin", ({ target }) => selectNumber(target), { signal });
  }

  resized(entries) {
    for (const { target } of entries) {
      if (this.widths.get(target) === target.clientWidth) continue;
      this.widths.set(target, target.clientWidth);
      this.frame(this.redraw);
    }
  }

  /** What has no width yet, being hidden, is measured again when it is asked for. */
  width(element) {
    const known = this.widths.get(element);
    if (known) return known;
    this.widths.set(element, element.clientWidth);
    this.observer.observe(element);
    return element.clientWidth;
  }

  press() {
    this.pointerDown = true;
  }

  release() {
    if (!this.pointerDown) return;
    this.pointerDown = false;
    // After the change event of a slider, which comes with the release and may settle a state.
    setTimeout(() => this.guarded(() => this.showWaiting()), 0);
  }

  settle(state) {
    const text = JSON.stringify(state);
    this.waiting = undefined;
    clearTimeout(this.timer);
    if (text === this.proposed) return;
    this.proposed = text;
    this.tell("settled", state);
  }

  fire(name, value) {
    this.fired = performance.now();
    this.tellOnce(name, value);
  }

  /** An event replaces the one before it that the server has not yet seen: what a person did must not be lost to this. */
  ask(name, value) {
    const since = performance.now() - this.fired;
    const taken = this.answered > this.fired && since > TAKEN;
    if (taken || since >= UNTAKEN) this.tellOnce(name, value);
  }

  receive(text) {
    this.answered = performance.now();
    if (text === this.seen) {
      this.draw(); // the theme changed, or nothing
      return;
    }
    const data = JSON.parse(text);
    this.lang = data.lang;
    // Which glyphs a Chinese character has, and how it is read aloud, depend on the language of the document.
    if (data.lang) document.documentElement.lang = data.lang === "zh" ? "zh-CN" : "en";
    const echo = data.state !== undefined && JSON.stringify(data.state) === this.proposed;
    const overtaken = data.state !== undefined && this.proposed !== undefined && !echo;
    if ((this.pointerDown && !this.picture.live) || overtaken) {
      this.waiting = { data, text };
      clearTimeout(this.timer);
      if (!this.pointerDown) this.timer = setTimeout(() => this.guarded(() => this.showWaiting()), HOLD);
      return;
    }
    this.show(data, text);
  }

  showWaiting() {
    if (this.waiting !== undefined && !this.abort.signal.aborted)
      this.show(this.waiting.data, this.waiting.text);
  }

  show(data, text) {
    clearTimeout(this.timer);
    this.waiting = undefined;
    this.proposed = undefined;
    this.seen = text;
    this.picture.update?.(data);
    this.draw();
  }

  draw() {
    this.picture.draw?.(this.width(this.root));
  }

  frame(work) {
    if (this.frames.has(work)) return;
    const run = () => {
      this.frames.delete(work);
      this.guarded(work);
    };
    this.frames.set(work, requestAnimationFrame(run));
  }

  /** Does the work; where it fails, the person reads a sentence and the console has the rest. */
  guarded(work) {
    if (this.broken) return;
    try {
      work();
    } catch (error) {
      console.error(error);
      this.broken = true;
      this.root.replaceChildren(h("p", { class: "broken", role: "alert" }, BROKEN[this.lang] ?? BROKEN.en));
    }
  }

  end() {
    this.abort.abort();
    this.observer?.disconnect();
    clearTimeout(this.timer);
    for (const frame of this.frames.values()) cancelAnimationFrame(frame);
    this.picture?.destroy?.();
  }
}
