"""When a run ends by itself, and what is said then. No torch."""

from math import log
from typing import Any

from netlib.training import reasons
from netlib.training.data.datasets import data_set
from netlib.training.limits import Limits
from netlib.training.optimiser_spec import OptimiserName
from netlib.training.run.divergence import FAR
from netlib.training.run.remedy import remedy
from netlib.training.spec import RunSpec, State
from netlib.words import Message

LEARNT_BELOW = 0.97
"""Share of the loss that guessing gives."""
ADAM: tuple[OptimiserName, ...] = ("Adam", "AdamW")
"""Optimisers whose runs are not told to try Adam."""


class Over(Exception):
    """The run ends in this state, for this reason; at this step, where that is not the engine's."""

    def __init__(self, state: State, reason: Message, step: int | None = None) -> None:
        super().__init__(str(reason))
        self.state, self.reason, self.step = state, reason, step


class Ending:
    """Watches a run's limits; each method gives the sentence for the end, or None to go on."""

    def __init__(self, spec: RunSpec, steps_an_epoch: int) -> None:
        self._spec, self._steps_an_epoch = spec, steps_an_epoch
        self._latest: float | None = None
        self._best, self._best_epoch = float("inf"), 0

    @property
    def _limits(self) -> Limits:
        return self._spec.limits

    def at_step(self, step: int) -> Message | None:
        """After so many steps."""
        limits = self._limits
        if limits.steps is not None and step >= limits.steps:
            return Message(reasons.STEPS, steps=step)
        if limits.epochs is not None and step >= limits.epochs * self._steps_an_epoch:
            return Message(reasons.EPOCHS, epochs=limits.epochs)
        return None

    def at_second(self, seconds: float, step: int) -> Message | None:
        """After so many seconds of training."""
        limit = self._limits.seconds
        if limit is not None and seconds >= limit:
            return Message(reasons.SECONDS, seconds=limit, step=step)
        return None

    def at_evaluation(self, epoch: int, loss: float, accuracy: float) -> Message | None:
        """After an epoch with this validation loss and accuracy."""
        limits = self._limits
        self._latest = loss
        if loss < self._best:
            self._best, self._best_epoch = loss, epoch
        if limits.target_loss is not None and loss <= limits.target_loss:
            return _reached(reasons.TARGET_LOSS, loss, limits.target_loss, epoch)
        if limits.target_accuracy is not None and accuracy >= limits.target_accuracy:
            return _reached(reasons.TARGET_ACCURACY, accuracy, limits.target_accuracy, epoch)
        if limits.patience is not None and epoch - self._best_epoch >= limits.patience:
            return Message(
                reasons.PATIENCE, patience=limits.patience, best=self._best, epoch=self._best_epoch
            )
        return None

    def departure(self, rate: float) -> Message | None:
        """What to try when a run at that learning rate ends with a loss far above that of guessing."""
        guessing = self._guessing()
        if self._latest is None or self._latest <= FAR * guessing:
            return None
        values = {"got": self._latest, "guessing": guessing, "far": FAR}
        return Message(reasons.LEFT_FOR_GOOD, **values, **remedy(rate, self._spec))

    def advice(self) -> Message | None:
        """What to try when a run that ends well has learnt nothing."""
        guessing = self._guessing()
        if self._latest is None or self._latest <= LEARNT_BELOW * guessing:
            return None
        with_adam = self._spec.optimiser.name in ADAM
        said = reasons.NOTHING_LEARNT_WITH_ADAM if with_adam else reasons.NOTHING_LEARNT
        return Message(said, got=self._latest, guessing=guessing)

    def _guessing(self) -> float:
        """The loss of a network that says every class with the same probability."""
        about, steps = data_set(self._spec.data), 1
        if about.task == "sequence" and self._spec.loss == "sum":
            steps = about.dims[0]
        return steps * log(about.classes)


def _reached(words: str, got: Any, wanted: Any, epoch: int) -> Message:
    return Message(words, got=got, wanted=wanted, epoch=epoch)
