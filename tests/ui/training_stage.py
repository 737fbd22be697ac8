"""A stage for the training page without workers: a real history, a pool that only remembers, runs that are written here."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np

from netlib import Message
from netlib.errors import NetlibError
from netlib.training import Limits, Machine, RunSpec, settle
from netlib.training.run.protocol import Command
from netlib.training.spec import State
from netlib.training.states import refusal
from netlib.training.store import going_on
from netlib.training.store import queue as queues
from netlib.training.store.history import History
from netlib.training.store.process import this_process
from netlib.training.store.recorder import Recorder
from netlib.training.workers.keeper import Answer
from netlib.training.workers.pool import Pool, PoolStatus

ESTIMATE = {
    "steps": 230,
    "seconds": 3.9,
    "bytes": 115_653_320,
    "fits": True,
    "available": 10**10,
    "largest_batch": 1437,
}
STEP_TIME = {"batch": 64, "seconds": 0.008, "starting": 0.2, "flops": 2e10, "matmul_flops": 8.5e10}


@dataclass
class StandIn:
    """Stands in for the pool: runs wait for ever, commands are remembered, questions are answered from a table."""

    history: History
    slots: int = 1
    warm: int = 1
    free: int = 10**10
    devices: tuple[str, ...] = ("cpu",)
    running: tuple[str, ...] = ()
    sent: list[tuple[str, Command]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    asked: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    answers: dict[str, Answer] = field(
        default_factory=lambda: {
            "estimate": dict(ESTIMATE),
            "samples": {"targets": []},
            "step_time": dict(STEP_TIME),
        }
    )
    full: NetlibError | None = None

    def submit(
        self, spec: RunSpec, *, name: str | None = None, owner: str | None = None, parent: str | None = None
    ) -> str:
        if self.full:
            raise self.full
        return self.history.create(settle(spec, self.machine()), name=name, owner=owner, parent=parent)

    def go_on(self, run: str, *, limits: Limits | None = None, learning_rate: float | None = None) -> bool:
        if self.full:
            raise self.full
        spec = self.history.state(run).spec()
        return going_on.go_on(self.history, run, spec.with_(limits=limits or spec.limits), learning_rate)

    def send(self, run: str, command: Command) -> bool:
        if refusal(self.history.state(run).state, command) is not None:
            return False
        self.sent.append((run, command))
        return True

    def end_now(self, run: str) -> bool:
        self.ended.append(run)
        return True

    def position(self, run: str) -> int | None:
        return queues.position(self.history.database, run)

    def unsaved(self, run: str) -> Message | None:
        return None

    def inquire(self, question: str, payload: Mapping[str, Any], timeout: float = 10.0) -> "Future[Answer]":
        self.asked.append((question, payload))
        answer: Future[Answer] = Future()
        if question in self.answers:
            answer.set_result(self.answers[question])
        return answer

    def status(self) -> PoolStatus:
        return PoolStatus(self.slots, self.warm, self.warm, self.running, None)

    def machine(self) -> Machine:
        return Machine(cores=2, slots=self.slots, devices=self.devices, memory=self.free)

    def as_pool(self) -> Pool:
        """What the page takes it for."""
        return cast(Pool, self)


def stage(folder: Path) -> StandIn:
    """A stage with an empty history in a folder."""
    return StandIn(History.open(folder / "history.db"))


def started(pool: StandIn, spec: RunSpec) -> tuple[str, Recorder]:
    """A run that a worker has taken, and what writes it."""
    run = pool.submit(spec)
    queues.take(pool.history.database, run, this_process())
    recorder = Recorder(pool.history.database, run)
    recorder.started("cpu", 1)
    return run, recorder


def trained(
    pool: StandIn,
    spec: RunSpec,
    losses: Sequence[float],
    *,
    epoch: int = 10,
    end: State | None = "finished",
    reason: Message | None = None,
    checkpoints: Sequence[int] = (),
) -> str:
    """A run with these training losses, an evaluation at the end of each epoch, and an end, or none."""
    run, recorder = started(pool, spec)
    recorder.metrics("loss", 1, losses)
    for step in checkpoints:
        recorder.snapshot("checkpoint", step, {"step": np.array(step)})
    for step in range(epoch, len(losses) + 1, epoch):
        recorder.metrics("val_loss", step, [losses[step - 1] * 1.1])
        recorder.metrics("val_accuracy", step, [step / (step + epoch)])
    recorder.flush()
    if end is not None:
        recorder.reason = reason
        recorder.end(end)
    return run


def falling(steps: int) -> list[float]:
    """Losses of a run that learns."""
    return [float(2.3 * np.exp(-step / 60) + 0.05) for step in range(steps)]
