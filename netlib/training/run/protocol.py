"""How a training loop is steered and where its findings go: commands, `Emit`, `Commands`.

The pool's worker, the command line and a cluster give the same loop different ones. Nothing here imports torch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy import ndarray
from pydantic import Field

from netlib.training.spec import RunSpec, State
from netlib.training.value import Value
from netlib.words import Message, words


class Pause(Value):
    """Finish the step in progress, then wait."""

    kind: Literal["pause"] = "pause"


class Resume(Value):
    """Go on after a pause."""

    kind: Literal["resume"] = "resume"


class Stop(Value):
    """Finish the step in progress, keep a checkpoint and end."""

    kind: Literal["stop"] = "stop"


class Step(Value):
    """While paused: do so many steps, then wait again."""

    kind: Literal["step"] = "step"
    count: int = Field(1, ge=1, le=100_000, title=words("Steps", "步数"))


class SetLearningRate(Value):
    """Train on with another learning rate; a schedule goes on from there."""

    kind: Literal["learning_rate"] = "learning_rate"
    value: float = Field(gt=0, le=1000, title=words("Learning rate", "学习率"))


class Rewind(Value):
    """Back to before the first step, with the same seed; the old curve is kept as an earlier generation."""

    kind: Literal["rewind"] = "rewind"


Command = Pause | Resume | Stop | Step | SetLearningRate | Rewind

Detail = Message | Mapping[str, Any] | None
"""What an event says: a sentence for people, or named JSON values for programs."""


class Emit(Protocol):
    """Where a training loop puts what it finds out: the history, a terminal, a recorder on another machine.

    Steps are counted from 1: the loss of the first step is `metrics("loss", 1, [loss])`.
    """

    def started(self, device: str, threads: int) -> None:
        """The model is built and on its device; said once, before the first step."""

    def metrics(self, name: str, first_step: int, values: Sequence[float] | ndarray) -> None:
        """One value a step from `first_step` on; an evaluation is one value at its step.

        Buffered: the next `flush` stores it, and only then is it shown.
        """

    def event(self, step: int, kind: str, detail: Detail = None) -> None:
        """Something that happened after `step` steps; stored with the next `flush`.

        Kinds with a meaning of their own: "pause" and "resume" (the run waits, goes on; stored at once), "rewind"
        (steps count from 1 again, in a new generation), "learning_rate" with {"value": …} (an exported program
        replays it), "continued" (from the checkpoint of that step, in the same generation or a new one), "reason"
        (the sentence that stands beside the state in which the run ends). Others are free.
        """

    def snapshot(self, kind: str, step: int, tensors: Mapping[str, ndarray]) -> None:
        """Arrays to look at or to go on from; kinds are "weights", "checkpoint", "predictions" and the like."""

    def drop(self, kind: str, steps: Sequence[int]) -> None:
        """Let go of snapshots of these steps, which were too many; what cannot be stored just now keeps them."""

    def flush(self) -> None:
        """Store what was emitted: after the first step, then about every 100 ms, and before waiting or ending."""


class Commands(Protocol):
    """Where a training loop reads what people want of it, between two steps."""

    def take(self) -> Command | None:
        """The next command, or None at once when there is none; under a microsecond."""

    def wait(self) -> Command:
        """The next command; blocks until there is one, at no cost."""


@dataclass(frozen=True)
class Start:
    """Where a run goes on that was trained before: what decides its next steps, and what its end depends on.

    Attributes:
        tensors: those of a "checkpoint" snapshot.
        learning_rate: the one set at that very step, if any.
        seconds: of training so far.
        losses: the training loss of every step so far, as far as it is known.
        evaluations: step, validation loss and accuracy of each so far.
        kept: kind, step and bytes of each snapshot so far.
        events: steps at which something happened to the run.
    """

    tensors: Mapping[str, ndarray]
    learning_rate: float | None = None
    seconds: float = 0.0
    losses: ndarray = field(default_factory=lambda: np.empty(0, np.float32))
    evaluations: Sequence[tuple[int, float, float]] = ()
    kept: Sequence[tuple[str, int, int]] = ()
    events: frozenset[int] = frozenset()


class Train(Protocol):
    """A training loop: from a spec to the state in which the run ended ("finished", "stopped" or "diverged")."""

    def __call__(
        self, spec: RunSpec, emit: Emit, commands: Commands, *, start: Start | None = None
    ) -> State: ...
