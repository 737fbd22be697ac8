"""How much longer runs take here than a quiet machine would need: from what earlier runs took, and how busy it is now."""

import functools
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import psutil
from pydantic import ValidationError

from netlib.errors import NetlibError
from netlib.training import Limits, RunSpec
from netlib.training.machine import usable_cores
from netlib.training.run.estimate import estimate
from netlib.training.store.history import History
from netlib.training.store.records import Filter, RunRow
from ui.numbers import seconds
from ui.training.bench import spec_of, unsettled
from ui.words import tr

LATEST, ALIKE = 5, 3
"""Runs that are learnt from: the latest ones of any kind, or, where there are some, of the same network and batch."""
LOOKED_THROUGH = 40
LEAST_STEPS, LEAST_SECONDS = 20, 0.3
"""What a run must have done for its pace to say anything."""
FRESH_SECONDS = 600.0
"""A run that ended so recently has met the machine as it is now."""
MOST_BUSY = 4.0
"""What waits for a core takes turns with the run, and most of it soon ends: no more of it is reckoned with."""
NARROW = 1.35
"""Two times within this factor of each other are one."""


@dataclass(frozen=True)
class Pace:
    """Factors on the estimate, from the least to the greatest; `known` where earlier runs have shown them."""

    low: float = 1.0
    high: float = 1.0
    known: bool = False

    @property
    def middle(self) -> float:
        """The factor to reckon with where one is needed."""
        return sqrt(self.low * self.high)


def pace(history: History, spec: RunSpec, device: str, load: float) -> Pace:
    """How fast a run is to be expected.

    Args:
        history: the runs there have been.
        spec: the settings of the run.
        device: on which it will be.
        load: processes that wanted a core on average, for each core there is; the run itself left out.
    """
    factors, ended = _factors(history, spec, device)
    busy = max(1.0, load + (spec.threads or 1) / usable_cores()) if device == "cpu" else 1.0
    if not factors:
        return Pace(1.0, min(MOST_BUSY, busy))
    if time.time() - ended < FRESH_SECONDS:  # it was as busy then
        return Pace(min(factors), max(factors), known=True)
    return Pace(min(factors), max(*factors, min(factors) * min(MOST_BUSY, busy)), known=True)


def load_now() -> float:
    """Processes that have wanted a core in the last minute, for each core of the machine."""
    return float(psutil.getloadavg()[0]) / (os.cpu_count() or 1)


def in_words(found: Pace, estimated: float, limit: float | None = None) -> str:
    """The time in words, with what it rests on; a time limit ends a run before."""
    low, high = (min(estimated * factor, limit or float("inf")) for factor in (found.low, found.high))
    if high < NARROW * low:
        said = tr("about {time}", time=seconds(sqrt(low * high)))
    else:
        said = tr("{low} to {high}", low=seconds(low), high=seconds(high))
    if found.known:
        return tr("{time} at the pace of the latest runs", time=said)
    if found.high > NARROW:
        return tr("{time} on this machine, as busy as it is now", time=said)
    return tr("{time} if this machine stays quiet", time=said)


def _factors(history: History, spec: RunSpec, device: str) -> tuple[Sequence[float], float]:
    """How many times the estimate earlier runs took, the newest first, and when the newest was last heard of."""
    try:
        rows = [
            row
            for row in history.runs(Filter(limit=LOOKED_THROUGH))
            if row.ended and row.device == device and row.step >= LEAST_STEPS and not row.generation
        ]
        taken = history.summaries(rows)
    except NetlibError:
        return [], 0.0
    found: list[tuple[bool, float]] = []
    for row in rows:
        took, a_step = taken[row.id].seconds if row.id in taken else 0.0, _estimated(row.spec_text)
        if took < LEAST_SECONDS or not a_step:
            continue
        found.append((_is_alike(row, spec), took / (a_step * row.step)))
    alike = [factor for same, factor in found if same]
    newest = max((row.beat or row.created for row in rows), default=0.0)
    return alike[:ALIKE] or [factor for _, factor in found[:LATEST]], newest


@functools.lru_cache(maxsize=512)
def _estimated(text: str) -> float | None:
    """Seconds a step of a run, evaluation included, as estimated; None for one that this version cannot read."""
    try:
        spec = spec_of(text)
        found = estimate(spec.with_(limits=Limits(epochs=1)))
    except (ValidationError, NetlibError):
        return None
    return found.seconds / found.steps if found.seconds and found.steps else None


def _is_alike(row: RunRow, spec: RunSpec) -> bool:
    run = unsettled(spec_of(row.spec_text))
    return (run.network, run.data, run.batch) == (spec.network, spec.data, spec.batch)
