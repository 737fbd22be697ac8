"""Learning-rate finder: a throw-away copy is trained at ever larger rates until its loss leaves (Smith 2017, section 3.3).

The copy has the weights, batches and dropout of the run that the same spec would start; nothing of it is kept.
"""

import time
from dataclasses import dataclass
from math import isfinite, sqrt

import torch

from netlib.training.data.tensors import Data
from netlib.training.optimiser_spec import OptimiserName, ScheduleSpec
from netlib.training.run.engine import Engine
from netlib.training.spec import RunSpec

STEPS = 100
FEWEST = 40
SECONDS = 12.0
"""What a sweep may take; slow steps make it coarser."""
LEAVING = 4.0
"""Times the lowest smoothed loss."""
KEPT = 0.9
"""Share of the past in a smoothed loss."""
LEARNT = 0.98
"""Share of the first loss: where none is lower, nothing was learnt at any rate."""

SWEEP: dict[OptimiserName, tuple[float, float]] = {
    "SGD": (1e-4, 10.0),
    "Adam": (1e-6, 1.0),
    "AdamW": (1e-6, 1.0),
    "RMSprop": (1e-6, 1.0),
}


@dataclass(frozen=True)
class Found:
    """Losses by learning rate, in nats, and what they say.

    `lowest` is the rate at which the smoothed loss was lowest; good ones lie between a tenth and a third of it, `low`
    to `high`, and `suggested` in their middle. All four are None where nothing was learnt at any rate.
    """

    rates: list[float]
    losses: list[float]
    smoothed: list[float]
    lowest: float | None = None
    low: float | None = None
    high: float | None = None
    suggested: float | None = None


def find_rate(spec: RunSpec, data: Data | None = None) -> Found:
    """What a sweep of learning rates finds, from the spec's own first weights.

    Raises:
        DataUnavailable: when the data are not on this machine.
        TooBig: when the network is.
    """
    engine = Engine(spec.with_(schedule=ScheduleSpec()), data)
    first, last = SWEEP[spec.optimiser.name]
    steps, since = STEPS, time.perf_counter()
    rates, losses, smoothed = list[float](), list[float](), list[float]()
    mean = 0.0
    for step in range(STEPS):
        if step == 2:
            a_step = (time.perf_counter() - since) / step
            steps = max(FEWEST, min(STEPS, int(SECONDS / a_step)))
        if step >= steps:
            break
        rate = first * (last / first) ** (step / (steps - 1))
        engine.learning_rate = rate
        loss = float(engine.advance())
        if not isfinite(loss):
            break
        mean = KEPT * mean + (1 - KEPT) * loss
        rates.append(rate)
        losses.append(loss)
        smoothed.append(mean / (1 - KEPT ** (step + 1)))
        if smoothed[-1] > LEAVING * min(smoothed):
            break
    return Found(rates, losses, smoothed, *_suggestion(rates, losses, smoothed))


def _suggestion(rates: list[float], losses: list[float], smoothed: list[float]) -> tuple[float | None, ...]:
    if not rates or min(smoothed) > LEARNT * losses[0]:
        return None, None, None, None
    lowest = rates[smoothed.index(min(smoothed))]
    low, high = lowest / 10, lowest / 3
    return lowest, low, high, _round(sqrt(low * high))


def _round(rate: float) -> float:
    """The nearest of 1, 2 and 5 times a power of ten, by ratio."""
    power = 10.0 ** int(torch.tensor(rate).log10().floor())
    near = min((1, 2, 5, 10), key=lambda digit: max(digit * power / rate, rate / (digit * power)))
    return float(f"{near * power:.3g}")
