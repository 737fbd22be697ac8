/**
 * The state in the hand: `now`, and `kept` (what was kept as A, or null).
 *
 * Python has the state too, and is told only of what has settled. Fields are replaced, never changed in place, and keep
 * Python's order, so that an echo is recognised.
 *
 * @param {object} tools of `mount`
 * @param {() => void} changed redraws; called for every change made here, not for what Python sends
 */
export function makeBench(tools, changed) {
  let counted = "";
  let moved = false; // since the last settling
  let lent = ""; // the state that an exercise has put in the place of the person's own
  const bench = {
    now: null,
    kept: null,
    mine: null, // what the person had before an exercise took its place

    /** Changes fields under the hand, and tells nobody. */
    propose(fields) {
      bench.now = { ...bench.now, ...fields };
      moved = true;
      changed();
    },

    /** Tells Python that the hand has come to rest. */
    settle() {
      moved = false;
      tools.settle({ now: bench.now, kept: bench.kept });
    },

    /** Changes fields and settles. */
    take(fields) {
      bench.propose(fields);
      bench.settle();
    },

    /** Takes the setting of an exercise, and remembers what the person had. */
    borrow(fields) {
      if (JSON.stringify(bench.now) !== lent) bench.mine = bench.now;
      lent = JSON.stringify({ ...bench.now, ...fields });
      bench.take(fields);
    },

    /** Puts what the person had before the exercises back. */
    giveBack() {
      const { mine } = bench;
      bench.mine = null;
      bench.take(mine);
    },

    /** Whether there is something of the person's to go back to. */
    hasMine: () => bench.mine !== null && JSON.stringify(bench.now) !== JSON.stringify(bench.mine),

    /** Keeps the state now as A. */
    keep() {
      bench.kept = bench.now;
      changed();
      bench.settle();
    },

    /** Shows one setting beside another, which is kept as A. */
    compare(now, kept) {
      bench.now = { ...bench.now, ...now };
      bench.kept = { ...bench.now, ...kept };
      changed();
      bench.settle();
    },

    /** Forgets A. */
    forget() {
      bench.kept = null;
      changed();
      bench.settle();
    },

    /** Puts A in the place of the state now, and keeps what was there as A. */
    back() {
      const now = bench.now;
      bench.now = bench.kept;
      bench.kept = now;
      changed();
      bench.settle();
    },

    /**
     * Takes what Python sends: `data.state`, which is what `data.counted` was counted for. What the hand has moved and
     * not settled yet stays.
     */
    receive(data) {
      counted = JSON.stringify(data.state.now);
      if (moved) return;
      bench.now = data.state.now;
      bench.kept = data.state.kept;
    },

    /** Whether Python has counted the state now, or still an older one. */
    isCounted: () => JSON.stringify(bench.now) === counted,

    /** Whether the state now is A. */
    isKept: () => bench.kept !== null && JSON.stringify(bench.now) === JSON.stringify(bench.kept),
  };
  return bench;
}
