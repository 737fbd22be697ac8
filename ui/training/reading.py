"""A run as the history has it at this moment: its row, its curves, what happened in it."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy import float64, intp
from numpy.typing import NDArray
from pydantic import ValidationError

from netlib.training import RunSpec
from netlib.training.data.arrays import DataUnavailable
from netlib.training.program.record import changes
from netlib.training.run.estimate import estimate
from netlib.training.store.history import History
from netlib.training.store.records import Event, RunRow, Series
from ui.training.bench import spec_of

SHARE, MOST = 16, 200
"""A smoothed value is the mean of itself and those of the steps before it: a sixteenth of all so far, at most so many.

So the first are as they are, and the line lags by about a thirty-second of the way at any length.
"""
PACE_POINTS = 400


@dataclass(frozen=True)
class Reading:
    """What is known of a run. Losses in nats; `earlier` is the training loss before the last rewind.

    `spec` is None for a run whose settings this version no longer reads.
    """

    row: RunRow
    spec: RunSpec | None
    loss: Series = field(default_factory=Series)
    validation: Series = field(default_factory=Series)
    accuracy: Series = field(default_factory=Series)
    earlier: Series = field(default_factory=Series)
    events: Sequence[Event] = ()

    @property
    def steps(self) -> int | None:
        """Steps the run is to have, None where only time ends it."""
        return planned_steps(self.spec)

    @property
    def epoch_steps(self) -> int | None:
        """Steps in one pass over the training samples."""
        return epoch_steps(self.spec)

    @property
    def smoothed(self) -> NDArray[float64]:
        """The training loss, smoothed, in nats: the last value is the number to read."""
        return smoothed(self.loss)

    @property
    def seconds(self) -> float:
        """How long the run has trained, pauses left out."""
        return max((float(s.seconds[-1]) for s in (self.loss, self.validation) if len(s)), default=0.0)

    @property
    def seconds_a_step(self) -> float | None:
        """Seconds between two of the latest steps, evaluation included; None before there are two."""
        if len(self.loss) < 2:
            return None
        first = max(0, len(self.loss) - PACE_POINTS)
        steps = int(self.loss.steps[-1] - self.loss.steps[first])
        passed = float(self.loss.seconds[-1] - self.loss.seconds[first])
        return passed / steps if steps and passed > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the run ends by itself, at its present pace; None where that is not known."""
        pace = self.seconds_a_step
        if pace is None or self.steps is None:
            return None
        left = max(0, self.steps - self.row.step) * pace
        limit = self.spec.limits.seconds if self.spec else None
        return left if limit is None else min(left, max(0.0, limit - self.seconds))

    @property
    def learning_rate(self) -> float | None:
        """The learning rate that was last set, a schedule left out."""
        first = self.spec.optimiser.learning_rate if self.spec else None
        return list(self.rates.values())[-1] if self.rates else first

    @functools.cached_property
    def rates(self) -> Mapping[int, float]:
        """The learning rates that were set by hand since the last rewind, by the number of steps done before."""
        return changes([event for event in self.events if event.generation == self.row.generation])[0]

    @property
    def scheduled_rate(self) -> float | None:
        """The learning rate of the next step where a schedule moves it; None where none does."""
        if self.spec is None or self.spec.schedule.name == "constant" or self.steps is None:
            return None
        factor, rate = self.spec.schedule.factor, self.spec.optimiser.learning_rate
        for step, value in self.rates.items():  # the rate of the step after; the schedule goes on from there
            rate = value / (factor(step, self.steps) or 1.0)
        return rate * factor(min(self.row.step, self.steps), self.steps)


def read(history: History, run: str) -> Reading:
    """The run with all its curves.

    Raises:
        NetlibError: when there is no such run, or the file cannot be read.
    """
    row = history.state(run)
    before = row.generation - 1
    return Reading(
        row=row,
        spec=readable(row),
        loss=history.metrics(run, "loss", generation=row.generation),
        validation=history.metrics(run, "val_loss", generation=row.generation),
        accuracy=history.metrics(run, "val_accuracy", generation=row.generation),
        earlier=history.metrics(run, "loss", generation=before) if before >= 0 else Series(),
        events=history.events(run),
    )


def readable(row: RunRow) -> RunSpec | None:
    """The run's settings, None where this version no longer reads them."""
    try:
        return spec_of(row.spec_text)
    except ValidationError:
        return None


def smoothed(series: Series) -> NDArray[float64]:
    """A curve smoothed: a value depends on those up to its step alone, so that what is drawn stays as the run goes on."""
    reach = np.minimum(series.steps // SHARE, MOST)
    first = np.searchsorted(series.steps, series.steps - reach)
    return trailing_means(series.values.astype(float64), first)


def trailing_means(values: NDArray[float64], first: NDArray[intp]) -> NDArray[float64]:
    """Of each value the mean of those from its `first` to itself; what is no number is left out of it.

    Each mean is summed by itself: in a running total a loss of 1e30 would swallow all that come after it.
    """
    if not len(values):
        return values
    known = np.isfinite(values)
    spans = np.column_stack([first, np.arange(1, len(values) + 1)]).ravel()

    def totals(counted: NDArray[float64]) -> NDArray[float64]:
        return np.add.reduceat(np.append(counted, 0.0), spans)[::2]

    count = totals(known.astype(float64))
    means: NDArray[float64] = np.full(len(values), np.nan)
    np.divide(totals(np.where(known, values, 0.0)), count, out=means, where=count > 0)
    return means


def planned_steps(spec: RunSpec | None) -> int | None:
    """Steps that the limits allow."""
    try:
        return estimate(spec).steps if spec else None
    except DataUnavailable:  # data that somebody had brought and that are gone
        return None


def epoch_steps(spec: RunSpec | None) -> int | None:
    """Steps in one pass over the training samples."""
    if spec is None:
        return None
    return planned_steps(spec.with_(limits=spec.limits.with_(epochs=1, steps=None, seconds=None)))
