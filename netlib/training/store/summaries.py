"""What a list says of many runs at once: their best validation figures and how long they took, in two queries."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from sqlite3 import Connection

import numpy as np

from netlib.training.store.records import RunRow

VALIDATION = """
SELECT metrics.run, metrics.name, metrics.first, metrics.stride, metrics.vals FROM json_each(?) AS wanted
JOIN runs ON runs.id = wanted.value
JOIN metrics ON metrics.run = runs.id AND metrics.generation = runs.generation
  AND metrics.name IN ('val_loss', 'val_accuracy')"""
SECONDS = """
SELECT runs.id, max(coalesce((SELECT seconds FROM metrics WHERE run = runs.id AND generation = runs.generation
    AND name = 'loss' ORDER BY part DESC LIMIT 1), 0),
  coalesce((SELECT seconds FROM metrics WHERE run = runs.id AND generation = runs.generation
    AND name = 'val_loss' ORDER BY part DESC LIMIT 1), 0))
FROM json_each(?) AS wanted JOIN runs ON runs.id = wanted.value"""


@dataclass(frozen=True)
class Summary:
    """The least validation loss (nats) and the greatest validation accuracy (0 to 1), each with its step; None
    where none was measured. `seconds` of training, pauses left out.
    """

    loss: float | None = None
    loss_step: int | None = None
    accuracy: float | None = None
    accuracy_step: int | None = None
    seconds: float = 0.0


Stamp = tuple[int, int, float | None, str]
"""What changes with whatever is written of a run."""


class Summaries:
    """Summaries of runs; that of a run that has ended is worked out once, and again after it has gone on."""

    def __init__(self) -> None:
        self._ended: dict[str, tuple[Stamp, Summary]] = {}

    def read(self, connection: Connection, rows: Iterable[RunRow]) -> dict[str, Summary]:
        """The summary of each run, by its id."""
        rows = list(rows)
        found = {}
        for row in rows:
            stamp, held = self._ended.get(row.id, (None, None))
            if held is not None and stamp == _stamp(row):
                found[row.id] = held
        missing = [row for row in rows if row.id not in found]
        if missing:
            read = summaries(connection, [row.id for row in missing])
            ended = [row for row in missing if row.ended and row.id in read]
            self._ended |= {row.id: (_stamp(row), read[row.id]) for row in ended}
            found |= read
        return found


def _stamp(row: RunRow) -> Stamp:
    return row.generation, row.step, row.beat, row.state


def summaries(connection: Connection, runs: Iterable[str]) -> dict[str, Summary]:
    """The summary of each of these runs that there is, by its id."""
    wanted = json.dumps(list(runs))
    best: dict[tuple[str, str], tuple[float, int]] = {}
    for run, name, first, stride, blob in connection.execute(VALIDATION, (wanted,)):
        sign = -1.0 if name == "val_accuracy" else 1.0
        values = sign * np.frombuffer(blob, "<f4").astype(float)
        if not np.isfinite(values).any():
            continue
        at = int(np.nanargmin(np.where(np.isfinite(values), values, np.inf)))
        if (run, name) not in best or values[at] < sign * best[run, name][0]:
            best[run, name] = (float(sign * values[at]), first + stride * at)
    found = {}
    for run, seconds in connection.execute(SECONDS, (wanted,)):
        loss, loss_step = best.get((run, "val_loss"), (None, None))
        accuracy, accuracy_step = best.get((run, "val_accuracy"), (None, None))
        found[run] = Summary(loss, loss_step, accuracy, accuracy_step, float(seconds))
    return found
