/**
 * Actions on their way to Python: each has a number and is sent again and again until Python says that it was done, so
 * that none is lost and none is done twice, however fast they come.
 *
 * While a slider is held, its values go as one action at a time: the newest waits until the one before is answered.
 */
export function makeOutbox(tools) {
  let desk = null;
  let number = 0;
  let waiting = [];
  let held = null;

  function send(action) {
    waiting = [...waiting, { number: ++number, action }];
    tools.settle({ desk, actions: waiting });
  }

  return {
    /** Proposes an action; a value that a drag still holds back is overtaken by it. */
    propose(action) {
      held = null;
      send(action);
    },

    /** Proposes a value that may change again at once. */
    proposeLive(action) {
      if (waiting.length) held = action;
      else send({ ...action, live: true });
    },

    /** Asks to leave for the page that trains. */
    leave() {
      tools.settle({ desk, actions: waiting, train: true, at: performance.now() });
    },

    /** Takes note of the last number that Python has done; says which of our actions those were. */
    heard(token, done) {
      if (token !== desk) waiting = []; // another session: it knows nothing of them
      if (token !== desk || done > number) number = done;
      desk = token;
      const answered = waiting.filter((sent) => sent.number <= done).map((sent) => sent.action);
      waiting = waiting.filter((sent) => sent.number > done);
      if (held && !waiting.length) {
        const action = held;
        held = null;
        send({ ...action, live: true });
      }
      return answered;
    },

    /** Whether an answer is still awaited, so that what is shown is not the last word. */
    busy: () => waiting.length > 0 || held !== null,
  };
}
