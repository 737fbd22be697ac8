"""What the keeper knows of each worker, and of each question on its way."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from netlib.training.store.process import Process
from netlib.training.workers.handle import WorkerProcess
from netlib.words import Message

Answer = dict[str, Any] | Message
"""What a worker answered, or the sentence that stands in its place."""


@dataclass(eq=False)
class Inquiry:
    """A question on its way; `answer` is set once."""

    question: str
    payload: Mapping[str, Any]
    seconds: float
    deadline: float
    answer: "Future[Answer]"

    def settle(self, answer: Answer) -> None:
        """Gives the answer, unless the caller has given up."""
        if self.answer.set_running_or_notify_cancel():
            self.answer.set_result(answer)


@dataclass(eq=False)
class Member:
    """A worker and what it is at; `process` is known once it is warm."""

    worker: WorkerProcess
    process: Process | None = None
    run: str | None = None
    place: str = "cpu"
    """Where it trains: on the processor, or on the accelerator of that name."""
    inquiry: Inquiry | None = None
    runs: int = 0
    leaving: bool = False
    wanted: Callable[..., Message] | None = None
    """Why the app ends it itself, to be completed by the step in which that is."""
    stop_by: float | None = None
    stop_seconds: float = 0.0
    kills_before: int = 0
    resident: int = 0

    @property
    def idle(self) -> bool:
        """Whether it can take a run or a question."""
        return self.process is not None and self.run is None and self.inquiry is None and not self.leaving

    def retire(self) -> None:
        """Lets it go; it takes nothing more."""
        self.leaving = True
        self.worker.end()

    def end(self, why: Callable[..., Message] | None) -> None:
        """Ends it from outside, in the middle of whatever it is doing."""
        self.wanted, self.stop_by, self.leaving = why, None, True
        self.worker.kill()
