"""What `python -m netlib train` prints: a progress bar, or a line of JSON a step."""

import json
import sys
import time
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TextIO

from numpy import ndarray
from tqdm import tqdm

from netlib.training.run.protocol import Detail
from netlib.training.spec import State


class Terminal:
    """What both ways of printing share: which epoch it is, and why the run ended."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.epoch = 1
        self.step = 0
        self.reason = ""
        self.said: list[str] = []
        self._losses: list[float] = []
        self._val_loss = 0.0
        self._began = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Since the run began to be prepared."""
        return round(time.perf_counter() - self._began, 3)

    def started(self, device: str, threads: int) -> None:
        """Nothing to print."""

    def metrics(self, name: str, first_step: int, values: Sequence[float] | ndarray) -> None:
        """Prints losses as they come, and a line for each epoch."""
        if name == "loss":
            for i, value in enumerate(values):
                self.step = first_step + i
                self._losses.append(float(value))
                self.say_step(float(value))
        elif name == "val_loss":
            self._val_loss = float(values[0])
        elif name == "val_accuracy":
            self.say_epoch(sum(self._losses) / max(1, len(self._losses)), self._val_loss, float(values[0]))
            self.epoch += 1
            self._losses = []

    def event(self, step: int, kind: str, detail: Detail = None) -> None:
        """Keeps the reason for the end, and what else is said."""
        if kind == "reason":
            self.reason = str(detail)
        elif kind == "message":
            self.said.append(str(detail))

    def snapshot(self, kind: str, step: int, tensors: Mapping[str, ndarray]) -> None:
        """Nothing to print."""

    def drop(self, kind: str, steps: Sequence[int]) -> None:
        """Nothing was kept."""

    def flush(self) -> None:
        """Hand on what was printed."""
        self.out.flush()

    def say_step(self, loss: float) -> None:
        """Print one step."""
        raise NotImplementedError

    def say_epoch(self, loss: float, val_loss: float, val_accuracy: float) -> None:
        """Print one epoch; `loss` is the mean of its steps."""
        raise NotImplementedError


class JsonLines(Terminal):
    """A line a step and a line an epoch, each with all six fields, null where there is no value; then the state.

    A step's line has no `val_loss`; an epoch's line has, and its `loss` is the mean of the epoch's steps.
    """

    def say_step(self, loss: float) -> None:
        """A step's line."""
        self._line(loss, None, None)

    def say_epoch(self, loss: float, val_loss: float, val_accuracy: float) -> None:
        """An epoch's line."""
        self._line(loss, val_loss, val_accuracy)

    def _line(self, loss: float, val_loss: float | None, val_accuracy: float | None) -> None:
        line = {"step": self.step, "epoch": self.epoch, "loss": loss if isfinite(loss) else None}
        line |= {"val_loss": val_loss, "val_accuracy": val_accuracy, "seconds": self.seconds}
        self.out.write(json.dumps(line) + "\n")

    def close(self, state: State) -> None:
        """The last line."""
        self.out.write(json.dumps({"state": state, "reason": self.reason}, ensure_ascii=False) + "\n")
        self.out.flush()


class Bar(Terminal):
    """A progress bar on standard error, and a line of text an epoch."""

    def __init__(self, out: TextIO, steps: int | None) -> None:
        super().__init__(out)
        self._bar = tqdm(total=steps, unit="step", file=sys.stderr, leave=False, dynamic_ncols=True)

    def say_step(self, loss: float) -> None:
        """One step further."""
        self._bar.set_postfix_str(f"loss {loss:.4f}", refresh=False)
        self._bar.update()

    def say_epoch(self, loss: float, val_loss: float, val_accuracy: float) -> None:
        """A line above the bar."""
        line = f"epoch {self.epoch:>3}  loss {loss:.4f}  val_loss {val_loss:.4f}  accuracy {val_accuracy:.1%}"
        self._bar.write(line, file=self.out)

    def close(self, state: State) -> None:
        """The bar goes, the state stays."""
        self._bar.close()
        self.out.write("\n".join([f"{state}: {self.reason}", *self.said]) + "\n")
        self.out.flush()
