"""How a run that has ended can go on: from which step, under which limits, at which learning rate, and what the button says."""

from dataclasses import dataclass

from pydantic import ValidationError

from netlib.training import Limits, RunSpec
from netlib.training.run.estimate import planned_steps
from netlib.training.store.going_on import last_checkpoint
from netlib.training.store.history import History
from ui.numbers import exact, seconds
from ui.training.bench import unsettled
from ui.training.rates import written
from ui.training.reading import Reading
from ui.words import tr


@dataclass(frozen=True)
class Further:
    """A way for a run to go on; `rate` is another learning rate from there on."""

    step: int
    limits: Limits
    word: str
    rate: float | None = None


def further(history: History, reading: Reading, wanted: RunSpec) -> Further | None:
    """The way on of a run; None where there is none.

    Args:
        history: that holds it.
        reading: the run.
        wanted: the settings in the form: where only their limits differ from the run's and reach further, they count.
    """
    spec = reading.spec
    step = last_checkpoint(history, reading.row.id) if spec is not None else None
    if spec is None or step is None:
        return None
    try:
        limits = _limits(reading, spec, step, wanted)
    except ValidationError:  # as far again is further than a limit may be
        return None
    if reading.row.state == "diverged":
        return _slower(reading, step, limits)
    if reading.row.state == "lost":
        return Further(step, limits, tr("Continue from step {step}", step=exact(step)))
    return Further(step, limits, _word(limits, reading.seconds))


def _limits(reading: Reading, spec: RunSpec, step: int, wanted: RunSpec) -> Limits:
    same = unsettled(spec).with_(limits=wanted.limits) == wanted
    if same and wanted.limits != spec.limits and _reaches(spec, wanted.limits, step, reading.seconds):
        return wanted.limits
    if reading.row.state == "finished" or not _reaches(spec, spec.limits, step, reading.seconds):
        return spec.limits.further(step, reading.epoch_steps or 1, reading.seconds)
    return spec.limits


def _reaches(spec: RunSpec, limits: Limits, step: int, spent: float) -> bool:
    bounded = limits.epochs is not None or limits.steps is not None
    if bounded and planned_steps(spec.with_(limits=limits)) <= step:
        return False
    return limits.seconds is None or limits.seconds > spent


def _word(limits: Limits, spent: float) -> str:
    if limits.epochs is not None:
        return tr("Continue to epoch {epoch}", epoch=exact(limits.epochs))
    if limits.steps is not None:
        return tr("Continue to step {step}", step=exact(limits.steps))
    if limits.seconds is not None:
        return tr("Continue for {time}", time=seconds(max(0.0, limits.seconds - spent)))
    return tr("Continue")


def _slower(reading: Reading, step: int, limits: Limits) -> Further | None:
    """A run that diverged would do so again, bit for bit: it goes on at the smaller learning rate that its end names."""
    rate = reading.row.reason.values.get("rate") if reading.row.reason else None
    if not isinstance(rate, float):
        return None
    word = tr("Continue from step {step} at learning rate {rate}", step=exact(step), rate=written(rate))
    return Further(step, limits, word, rate)
