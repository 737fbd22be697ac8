const KEPT = 8;
const SILENCE = 8000; // milliseconds after which a look that was not answered is asked for again
let latest = 0;

/**
 * Proposes what a person has done, each time under a number of its own and together with what was done just before:
 * on its way a message may be lost or doubled, and the page does each number once.
 */
export function proposer(tools) {
  const proposals = [];
  return (proposed) => {
    latest = Math.max(latest + 1, Math.round(1000 * (performance.timeOrigin + performance.now())));
    proposals.push({ ...proposed, number: latest });
    proposals.splice(0, proposals.length - KEPT);
    tools.settle({ proposals: [...proposals] });
  };
}

/**
 * Asks the page to look again, so many milliseconds after its last answer: a busy server is asked less often, and one
 * that has nothing to tell any more is not asked at all.
 */
export function looker(tools) {
  let timer;
  let count = 0;
  const ask = () => {
    tools.ask("look", ++count);
    timer = setTimeout(ask, SILENCE);
  };
  tools.signal.addEventListener("abort", () => clearTimeout(timer));
  return (every) => {
    clearTimeout(timer);
    if (every) timer = setTimeout(ask, every);
  };
}
