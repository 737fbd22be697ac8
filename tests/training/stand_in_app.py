"""An app whose workers are stand-ins: keeps two runs going and prints how far their curves reach, as a page would show.

`python -m tests.training.stand_in_app HISTORY`; one JSON object a line, {"run", "shown"}: the step of the last loss that
was read from the history.
"""

import json
import sys
import time
from pathlib import Path

from netlib.training.store.history import History
from netlib.training.workers.pool import Pool
from tests.training import stand_in
from tests.training.recorded import small_spec

SLOTS = 2
LOOK_SECONDS = 0.005
PROGRAM = (sys.executable, "-m", "tests.training.stand_in")


def main(path: Path) -> None:
    history = History.open(path)
    assert history.message is None, history.message
    pool = Pool(history, slots=SLOTS, program=PROGRAM)
    shown: dict[str, int] = {}
    while True:
        # Those that an app before this one has left in the queue are this one's now.
        going = [row.id for row in history.runs() if not row.ended]
        going += [pool.submit(small_spec(seed=stand_in.NEVER_ENDS)) for _ in range(SLOTS - len(going))]
        for run in going:
            steps = history.metrics(run, "loss").steps
            reached = int(steps[-1]) if len(steps) else 0
            if reached != shown.get(run):
                shown[run] = reached
                print(json.dumps({"run": run, "shown": reached}), flush=True)
        time.sleep(LOOK_SECONDS)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
