/**
 * Looks for a worker's answer until it is there, less and less often: `tools.ask("look", …)` runs the page's fragment
 * once more.
 *
 * @param {{first?: number, last?: number}} pauses milliseconds until the first look, and between two in the end
 */
export function makeAsking(tools, { first = 250, last = 1500 } = {}) {
  let timer = 0;
  let pause = first;
  let count = 0;
  let about;

  function look() {
    tools.ask("look", { time: ++count });
    pause = Math.min(last, pause * 1.5);
    timer = setTimeout(look, pause);
  }

  function stop() {
    clearTimeout(timer);
    timer = 0;
    pause = first;
  }

  tools.signal.addEventListener("abort", stop);
  return {
    /** Looks while `waits`; another question (`of`, an object) begins with short pauses again. */
    set(waits, of = null) {
      if (!waits || of !== about) stop();
      about = of;
      if (waits && !timer) timer = setTimeout(look, pause);
    },

    /** Asks anew for what came to nothing. */
    again: () => tools.ask("look", { again: true, time: ++count }),
  };
}
