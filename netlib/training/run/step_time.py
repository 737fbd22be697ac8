"""What a training step's time is spent on: starting operations, or arithmetic. Measured on a throw-away copy.

Time = fixed + batch × each. What does not grow with the batch is Python, the start of every operation and the bookkeeping
for backward; what grows with it is arithmetic and the moving of numbers. Two batch sizes tell the two apart.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import torch
from torch import Tensor

from netlib import trace
from netlib.training.data.tensors import Data
from netlib.training.run.engine import Engine
from netlib.training.run.order import Order
from netlib.training.spec import RunSpec

SECONDS = 1.0
"""What the rounds may take together."""
FEWEST_ROUNDS, MOST_ROUNDS = 3, 15
A_TURN = 0.006
"""Seconds of one turn: a single step of a small network is shorter than what disturbs it."""
MOST_STEPS = 40
APART = 4
"""How many times the smaller batch is the larger one."""
LEAST_BATCH = 8
"""From which the other batch is the smaller one; a quarter of it must still be enough for batch normalisation."""
MATMUL_SIDE = 768
MATMUL_TIMES = 12


@dataclass(frozen=True)
class StepTime:
    """A step of `batch` samples takes `seconds`, of which the share `starting` does not grow with the batch.

    `flops` are the floating-point operations a second that it reaches (three passes of two a MAC), `matmul_flops` those
    of a large matrix product on as many threads. On one thread of a CPU the seconds are its own, whoever shares it.
    """

    batch: int
    seconds: float
    starting: float
    flops: float
    matmul_flops: float


class Same(Order):
    """The same samples at every step, as many as are wanted: beyond the last it begins anew with the first."""

    def next(self) -> Tensor:
        """Their indices."""
        return self._index

    @classmethod
    def of(cls, batch: int, samples: int, device: str) -> "Same":
        """So many of so many samples."""
        found = cls(samples, batch, 0, device)
        found._index = torch.arange(batch, device=device) % samples
        return found

    _index: Tensor


def step_time(spec: RunSpec, data: Data | None = None) -> StepTime:
    """What a step of these settings is spent on.

    Args:
        spec: settled.
        data: loaded already; else loaded here.

    Raises:
        DataUnavailable: when the data are not on this machine.
        TooBig: when the network is.
    """
    engine = Engine(spec, data)
    samples = len(engine.data.train)
    batch = engine.order.batch
    other = batch // APART if batch >= LEAST_BATCH else batch * APART
    takes = {size: _taker(engine, Same.of(size, samples, spec.device)) for size in (batch, other)}
    times = turns(takes)
    seconds = median(times[batch])
    flops = 6 * (trace(spec.network).macs + trace(spec.network).aux_macs) * batch
    return StepTime(
        batch,
        seconds,
        fixed_share(batch, times[batch], other, times[other]),
        flops / seconds,
        matmul_flops(spec.device),
    )


def fixed_share(batch: int, times: Sequence[float], other: int, other_times: Sequence[float]) -> float:
    """The share of a step that does not grow with the batch, the median of rounds that were measured side by side."""
    shares = [
        1 - batch * (time - other_time) / ((batch - other) * time)
        for time, other_time in zip(times, other_times, strict=True)
    ]
    return max(0.0, min(1.0, median(shares)))


def turns(takes: dict[int, Callable[[int], float]]) -> dict[int, list[float]]:
    """Seconds a step in each round, in which all take their turn; one turn each before that warms up."""
    steps = {}
    for size, take in takes.items():
        take(1)
        steps[size] = max(1, min(MOST_STEPS, round(A_TURN / max(take(1), 1e-6))))
    found: dict[int, list[float]] = {size: [] for size in takes}
    until = time.perf_counter() + SECONDS
    for done in range(MOST_ROUNDS):
        if done >= FEWEST_ROUNDS and time.perf_counter() > until:
            break
        for size, take in takes.items():
            found[size].append(take(steps[size]) / steps[size])
    return found


def _taker(engine: Engine, order: Order) -> Callable[[int], float]:
    """Takes so many steps in that order; gives the seconds they took."""
    clock = (
        time.process_time if engine.spec.device == "cpu" and engine.spec.threads == 1 else time.perf_counter
    )

    def take(steps: int) -> float:
        engine.order = order
        _wait(engine.device)
        since = clock()
        for _ in range(steps):
            engine.advance()
        _wait(engine.device)
        return clock() - since

    return take


def _wait(device: torch.device) -> None:
    """Until the device has done all that was asked of it."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def matmul_flops(device: str = "cpu") -> float:
    """Floating-point operations a second of a float32 matrix product, on as many threads as torch has."""
    at = torch.device(device)
    clock = time.process_time if at.type == "cpu" and torch.get_num_threads() == 1 else time.perf_counter
    a, b = (torch.randn(MATMUL_SIDE, MATMUL_SIDE, device=at) for _ in range(2))
    best = float("inf")
    for _ in range(MATMUL_TIMES):
        _wait(at)
        since = clock()
        torch.mm(a, b)
        _wait(at)
        best = min(best, clock() - since)
    return float(2 * MATMUL_SIDE**3 / best)
