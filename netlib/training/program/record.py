"""What a run has left in the history that its program needs: how far it came, what was changed on the way, its losses."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from netlib.training.store.history import History
from netlib.training.store.records import Event

CHECKED = 8
"""Losses at the beginning and at the end that a program holds to compare with."""


@dataclass(frozen=True)
class Record:
    """A run up to the step it has reached, since its last rewind.

    Attributes:
        name: what people call it.
        steps: how many were done.
        rates: learning rates set by hand, by the number of steps done before.
        plans: steps that a schedule was laid out for, by the number of steps done before; empty where they are
            those of the spec throughout.
        first: the losses of the first steps, by step, counted from 1.
        last: the same of the last ones.
        digest: SHA-256 over all losses as float32; None where some could not be stored.
        torch: the version that trained it.
    """

    name: str
    steps: int
    rates: Mapping[int, float] = field(default_factory=dict)
    plans: Mapping[int, int] = field(default_factory=dict)
    first: Mapping[int, float32] = field(default_factory=dict)
    last: Mapping[int, float32] = field(default_factory=dict)
    digest: str | None = None
    torch: str | None = None


def recorded(history: History, run: str) -> Record:
    """The record of a run as it stands in the history.

    Raises:
        NetlibError: when there is no such run, or the file cannot be read.
    """
    row = history.state(run)
    series = history.metrics(run, "loss", generation=row.generation)
    events = [e for e in history.events(run) if e.generation == row.generation and e.step is not None]
    rates, plans = changes(events)
    known = dict(zip(series.steps.tolist(), series.values, strict=True))
    steps = max(known, default=0)
    return Record(
        name=row.name or row.id,
        steps=steps,
        rates=rates,
        plans=plans,
        first=dict(list(known.items())[:CHECKED]),
        last=dict(list(known.items())[-CHECKED:]),
        digest=digest(series.values) if len(known) == steps else None,
        torch=row.versions.get("torch"),
    )


def changes(events: Sequence[Event]) -> tuple[dict[int, float], dict[int, int]]:
    """The learning rates and the lengths of the plan that events tell of, by the number of steps done before."""
    rates, plans = dict[int, float](), dict[int, int]()
    for event in events:
        if event.step is None:
            continue
        if event.kind == "learning_rate":
            rates[event.step] = float(event.detail["value"])
        if event.kind == "continued" and event.detail.get("planned") != event.detail.get("planned_before"):
            plans.setdefault(0, int(event.detail["planned_before"]))
            plans[event.step] = int(event.detail["planned"])
    return rates, plans


def digest(losses: NDArray[float32]) -> str:
    """SHA-256 over losses as little-endian float32."""
    return hashlib.sha256(np.ascontiguousarray(losses, "<f4").tobytes()).hexdigest()
