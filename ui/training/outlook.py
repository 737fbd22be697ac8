"""How long a run that waits will wait, and when one that should go on has gone silent."""

import time
from dataclasses import dataclass

from netlib.errors import NetlibError
from netlib.training.accelerators import compete, slots_for
from netlib.training.run.estimate import estimate
from netlib.training.store import queue
from netlib.training.store.history import History
from netlib.training.store.records import RunRow
from netlib.training.workers.pool import Pool
from ui.training.pace import load_now, pace
from ui.training.reading import planned_steps, readable

LOADING_SECONDS = 15.0
"""PyTorch loads in about five seconds on a quiet machine."""
SILENT_SECONDS = 30.0
SILENT_STEPS = 20
"""A worker writes ten times a second, and while it waits every ten seconds; a step may take its time."""


@dataclass(frozen=True)
class Wait:
    """A run's place in the queue, 1 for the next, and about how many seconds until it starts.

    `seconds` is None where nobody can know: a run before it is paused, or has no end but a person's.
    """

    place: int
    seconds: float | None
    paused: bool = False


def wait(pool: Pool, run: str) -> Wait | None:
    """How long a run waits; None when it does not wait."""
    ahead = queue.ahead(pool.history.database, run)
    row = _row(pool.history, run)
    if ahead is None or row is None:
        return None
    place, wants = len(ahead) + 1, _wants(row)
    going = [
        other
        for name in pool.status().running
        if (other := _row(pool.history, name)) and compete(other.device or _wants(other), wants)
    ]
    before = [other for name in ahead if (other := _row(pool.history, name))]
    left = [_left(pool.history, row) for row in (*going, *before)]
    known = [seconds for seconds in left if seconds is not None]
    paused = any(row.state == "paused" for row in going)
    if paused or len(known) < len(left):
        return Wait(place, None, paused)
    return Wait(place, sum(known) / slots_for(wants, pool.slots, pool.machine().devices))


def is_silent(row: RunRow, seconds_a_step: float | None) -> bool:
    """Whether a run that should be going has not been heard of for too long."""
    if not row.live or row.beat is None:
        return False
    patience = max(SILENT_SECONDS, SILENT_STEPS * (seconds_a_step or 0.0))
    return time.time() - row.beat > patience


def _wants(row: RunRow) -> str:
    spec = readable(row)
    return spec.device if spec is not None else "cpu"


def _row(history: History, run: str) -> RunRow | None:
    try:
        return history.state(run)
    except NetlibError:  # deleted by somebody meanwhile
        return None


def _left(history: History, row: RunRow) -> float | None:
    """Seconds that a run still needs: by its own pace, or as estimated where it has not begun."""
    spec, steps = readable(row), planned_steps(readable(row))
    if spec is None or steps is None:
        return None
    if not row.step:
        estimated = estimate(spec).seconds
        return estimated and estimated * pace(history, spec, spec.device, load_now()).middle
    return history.seconds(row.id) / row.step * max(0, steps - row.step)
