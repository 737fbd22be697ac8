let latest = 0;

/**
 * Proposes what a person has done, each time under a number of its own: on its way a proposal may be doubled, and then
 * the page does it once.
 */
export function proposer(tools) {
  return (proposed) => {
    latest = Math.max(latest + 1, Math.round(1000 * (performance.timeOrigin + performance.now())));
    tools.fire("act", { ...proposed, number: latest });
  };
}
