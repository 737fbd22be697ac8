"""A run's curves as the picture draws them while it goes: whole, thinned, a few kilobytes a time."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy import floating
from numpy.typing import ArrayLike, NDArray

from netlib.training import RunSpec
from netlib.training.states import CALLED
from netlib.training.store.records import Event
from netlib.training.store.thin import thin
from ui.home.run import curves as recorded
from ui.training.rates import written
from ui.training.reading import Reading, smoothed
from ui.words import tr

RAW_POINTS = 500
POINTS = 240
LONG = 4096
"""Steps up to which the axis has room for the whole run at once; that of a longer one grows with it."""
FIRST = 256
MOST_EVENTS = 12

PAUSED, DIVERGED = CALLED["paused"], CALLED["diverged"]

Points = list[list[float | None]]


def curves(reading: Reading | None, data: str, steps: int | None) -> dict[str, Any]:
    """What the picture draws.

    Args:
        reading: the run, None before the first.
        data: the name of the data set, which may have a recorded run to compare with.
        steps: how many steps the run is to have.
    """
    empty = reading is None or not len(reading.loss)
    end = reach(reading.row.step if reading else 0, steps)
    good = until(reference(data), end)
    found: dict[str, Any] = {
        "part": "curves",
        "words": words(reading.spec if reading else None),
        "end": end,
        "epoch": reading.epoch_steps if reading else None,
        "reference": good,
        "invitation": tr("The curves appear here.") if empty and good is None else "",
    }
    if reading is not None:
        found |= {
            "raw": points(reading.loss.steps, reading.loss.values, RAW_POINTS),
            "training": spread(reading.loss.steps, reading.smoothed, POINTS),
            "validation": spread(reading.validation.steps, reading.validation.values, POINTS),
            "accuracy": spread(reading.accuracy.steps, reading.accuracy.values, POINTS),
            "earlier": until(spread(reading.earlier.steps, smoothed(reading.earlier), POINTS), end),
            "events": marks(reading),
        }
    return found


def reach(step: int, steps: int | None) -> int:
    """The last step on the axis: the run's own, or for a long one twice what is done, in powers of two."""
    if steps is not None and (steps <= LONG or step > steps / 4):
        return max(steps, step, 1)
    grown = FIRST
    while grown < 2 * step:
        grown *= 2
    return min(grown, steps) if steps else grown


def points(steps: ArrayLike, values: ArrayLike, most: int) -> Points:
    """Two lists, steps and values, with every spike of the curve in it."""
    index, kept = thin(values, most)
    return [np.asarray(steps)[index].tolist(), _numbers(kept)]


def spread(steps: ArrayLike, values: ArrayLike, most: int) -> Points:
    """Two lists, steps and values, at equal distances: for a curve without spikes."""
    steps, values = np.asarray(steps), np.asarray(values, dtype=float)
    index = np.unique(np.linspace(0, len(values) - 1, min(most, len(values))).round().astype(int))
    return [steps[index].tolist(), _numbers(values[index])]


def _numbers(values: NDArray[floating]) -> list[float | None]:
    """Four digits are more than a pixel; what is no number leaves a gap.

    The last value is whole: it is written at the curve's end, and rounded twice it could differ from the same number
    elsewhere on the page.
    """
    rounded = [float(f"{value:.4g}") for value in values[:-1]] + values[-1:].tolist()
    return [value if math.isfinite(value) else None for value in rounded]


def reference(data: str) -> Points | None:
    """The validation loss of a run that learnt these data well, where one was recorded."""
    if data != "digits":
        return None
    steps, values = zip(*recorded()["validation"], strict=True)
    return [list(steps), list(values)]


def until(points: Points | None, end: int) -> Points | None:
    """The points up to a step; None where there are none."""
    kept = (
        [(step, value) for step, value in zip(*points, strict=True) if (step or 0) <= end] if points else []
    )
    return [list(column) for column in zip(*kept, strict=True)] if kept else None


def marks(reading: Reading) -> list[dict[str, Any]]:
    """What happened on the way, at its step: a changed learning rate, a pause, the end in a divergence.

    Of several things of one kind at one step the last counts; things of two kinds stand at one mark.
    """
    at: dict[int, dict[str, str]] = {}
    for event in reading.events:
        if event.generation == reading.row.generation and (says := _said(event)):
            at.setdefault(event.step or 0, {})[event.kind] = says
    found = [
        {"step": step, "says": tr(", ").join(kinds.values()), "about": "event"} for step, kinds in at.items()
    ]
    if reading.row.state == "diverged":
        found.append({"step": reading.row.step, "says": tr(DIVERGED), "about": "problem"})
    return found[-MOST_EVENTS:]


def _said(event: Event) -> str:
    match event.kind:
        case "learning_rate":
            return tr("learning rate {rate}", rate=_rate(event.detail))
        case "pause":
            return tr(PAUSED)
        case "continued":
            return tr("continued")
    return ""


def _rate(detail: Mapping[str, Any]) -> str:
    value = detail.get("value")
    return written(float(value)) if isinstance(value, int | float) else "?"


def loss_title(spec: RunSpec | None) -> str:
    """What the loss axis shows: that of a word may be the sum over its letters."""
    if spec is not None and spec.data.is_word and spec.loss == "sum":
        return tr("loss summed over the letters, nats (log)")
    return tr("loss, nats (log)")


def words(spec: RunSpec | None) -> dict[str, str]:
    """What stands in the picture of a run with these settings."""
    return {
        "loss": loss_title(spec),
        "accuracy": tr("validation accuracy"),
        "steps": tr("{steps} steps"),
        "training": tr("training"),
        "validation": tr("validation"),
        "earlier": tr("before it went back"),
        "reference": tr("a good run"),
        "comma": tr(", "),
        "at": tr("step {step}"),
        "inEpoch": tr("step {step}, epoch {epoch}"),
        "picture": tr("Training and validation loss by step, and validation accuracy below"),
    }
