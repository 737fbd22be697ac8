"""What people take away of a run: its weights, its curves, its settings. Nothing in these files runs when it is read."""

import csv
import io
import json

import numpy as np
import safetensors.numpy
from numpy import float64, ndarray
from numpy.typing import NDArray

from netlib.training.store.history import History
from netlib.training.store.records import SnapshotRow

MODEL = "model."
"""What the names of the weights begin with in a checkpoint, which holds the optimiser and the random streams as well."""


def weights_of(history: History, run: str) -> SnapshotRow | None:
    """The snapshot that holds the run's latest weights, None where there is none (any more).

    Raises:
        NetlibError: when there is no such run, or the file cannot be read.
    """
    generation = history.state(run).generation
    kept = [
        row
        for row in history.snapshots(run)
        if row.kind in ("checkpoint", "weights") and row.generation == generation
    ]
    return max(kept, key=lambda row: (row.step, row.kind == "checkpoint"), default=None)


def weights(history: History, run: str) -> bytes | None:
    """The latest weights in safetensors format, under the names they have in the module's `state_dict`.

    The file says of itself which run and step it is of, and what the network is.

    Raises:
        NetlibError: when there is no such run, or the file cannot be read.
    """
    row, held = history.state(run), weights_of(history, run)
    if held is None:
        return None
    arrays = history.snapshot(run, held.kind, held.step, held.generation)
    if arrays is None:
        return None
    if held.kind == "checkpoint":
        arrays = {name.removeprefix(MODEL): array for name, array in arrays.items() if name.startswith(MODEL)}
    about = {"run": run, "step": str(held.step), "spec": row.spec_text, "format": "pt"}
    return safetensors.numpy.save(arrays, metadata=about)


def curves(history: History, run: str) -> str:
    """Every curve of the run as CSV: a row a step, a column a curve, empty where nothing was measured.

    `generation` counts rewinds, `seconds` are of training, losses are in nats.

    Raises:
        NetlibError: when there is no such run, or the file cannot be read.
    """
    last = history.state(run).generation
    names = sorted({name for generation in range(last + 1) for name in history.metric_names(run, generation)})
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["generation", "step", "seconds", *names])
    for generation in range(last + 1):
        steps, seconds, columns = _table(history, run, generation, names)
        for index, step in enumerate(steps):
            cells = ["" if np.isnan(column[index]) else f"{column[index]:.9g}" for column in columns]
            rows.writerow([generation, step, f"{seconds[index]:.6g}", *cells])
    return text.getvalue()


def _table(
    history: History, run: str, generation: int, names: list[str]
) -> tuple[ndarray, NDArray[float64], list[NDArray[float64]]]:
    """The steps at which anything was measured, their times, and each curve at them, NaN where it has no value.

    A value that was measured as NaN is left empty as well.
    """
    series = [history.metrics(run, name, generation=generation) for name in names]
    steps = np.unique(np.concatenate([[], *(one.steps for one in series)])).astype(int)
    seconds = np.zeros(len(steps))
    columns = []
    for one in series:
        places = np.searchsorted(steps, one.steps)
        column = np.full(len(steps), np.nan)
        column[places] = one.values
        seconds[places] = np.maximum(seconds[places], one.seconds)
        columns.append(column)
    return steps, seconds, columns


def settings(history: History, run: str) -> str:
    """The run's settings, its network included, as JSON; `RunSpec.from_json` reads it.

    Raises:
        NetlibError: when there is no such run, or the file cannot be read.
    """
    return json.dumps(json.loads(history.state(run).spec_text), indent=2, ensure_ascii=False) + "\n"
