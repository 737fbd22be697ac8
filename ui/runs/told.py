"""A run's settings in a line, the learning rates that were set by hand on the way among them."""

from collections.abc import Mapping

from ui.numbers import exact
from ui.runs.catalogue import Plain
from ui.training.rates import written
from ui.words import tr

NAMED = 3
"""Learning rates that are written out; of more of them the first and the last ones."""


def settings(plain: Plain, changed: Mapping[int, float] | None = None) -> str:
    """What people compare runs by: `SGD 0.05 → 0.01, batch 64, cosine schedule, clipped at 1`."""
    if plain.rate is None or plain.batch is None:
        return tr("Settings that this version no longer reads")
    parts = [f"{plain.optimiser} {rates(plain.rate, changed or {})}"]
    if not plain.words:  # one word is every batch
        parts.append(tr("batch {batch}", batch=exact(plain.batch)))
    if plain.schedule:
        parts.append(tr("{schedule} schedule", schedule=plain.schedule))
    if plain.clip is not None:
        parts.append(tr("clipped at {norm}", norm=written(plain.clip)))
    return tr(", ").join(parts)


def rates(first: float, changed: Mapping[int, float]) -> str:
    """The rates that a run has had: `0.05 → 0.01`."""
    values = [written(value) for value in (first, *changed.values())]
    if len(values) > NAMED:
        values = [values[0], "…", *values[-NAMED + 1 :]]
    return " → ".join(values)


def steps(first: float, changed: Mapping[int, float]) -> str:
    """The same with the steps: `0.05 → 0.01 at step 300`."""
    found, last = [], written(first)
    for step, rate in changed.items():
        found.append(
            tr("{before} → {after} at step {step}", before=last, after=written(rate), step=exact(step))
        )
        last = written(rate)
    return tr(", ").join(found)


def unrepeated(plain: Plain, changed: Mapping[int, float]) -> str:
    """What running the run again leaves out, "" where nothing is."""
    if not changed or plain.rate is None:
        return ""
    return tr(
        "Running it again starts with its first learning rate, {rate}: what was changed by hand on the way ({changes}) "
        "is not repeated.",
        rate=written(plain.rate),
        changes=steps(plain.rate, changed),
    )
