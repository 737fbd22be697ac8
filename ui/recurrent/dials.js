import { slider } from "../lab/lab.js";

/**
 * A slider that goes from one sensible number to the next; a number in between, from a link, has its place too.
 *
 * @param {{label: string, symbol: string, about: string, choices: number[], least?: (state) => number,
 *   value: (state) => number, fields: (value: number, state) => object}} wish
 */
export function makeDial(wish, bench) {
  let list = wish.choices;
  const change = (index) => bench.propose(wish.fields(list[index], bench.now));
  const view = slider({
    label: wish.label,
    symbol: wish.symbol,
    about: wish.about,
    min: 0,
    max: list.length - 1,
    value: 0,
    show: (index) => String(list[index]),
    input: change,
    settle: (index) => {
      if (wish.value(bench.now) !== list[index]) change(index);
      bench.settle();
    },
  });
  return {
    root: view.root,
    set(state) {
      const now = wish.value(state);
      const least = wish.least?.(state) ?? list[0];
      const wanted = [...new Set([...wish.choices.filter((one) => one >= least), least, now])];
      list = wanted.sort((a, b) => a - b);
      view.set(list.indexOf(now), 0, list.length - 1);
    },
  };
}

const upTo = (most) => Array.from({ length: most }, (_, index) => index + 1);

/** The numbers that the sliders stop at, up to a bound. */
export const STOPS = {
  steps: (most) => [...upTo(12), 15, 20, 25, 30, 40, 50].filter((one) => one <= most),
  batch: (most) => [...upTo(10), 16, 32, 64].filter((one) => one <= most),
  width: (most) => [...upTo(16), 20, 24, 32, 48, 64, 96, 100, 128].filter((one) => one <= most),
  all: (most) => upTo(most),
};
