"""Pool: the queue of the runs and the warm workers that train them; one in the app's process, which has no torch.

Everything returns at once but `ask`: work is done by the keeper's thread, and what becomes of a run stands in the
history, where every page finds it again.
"""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any

from netlib.errors import NetlibError
from netlib.training.accelerators import all_have_bfloat16, least_memory
from netlib.training.limits import Limits
from netlib.training.machine import Machine, free_memory, settle, usable_cores
from netlib.training.run.protocol import Command, Stop
from netlib.training.spec import RunSpec
from netlib.training.states import refusal
from netlib.training.store import going_on, queue
from netlib.training.store.checkpointer import Checkpointer
from netlib.training.store.history import History
from netlib.training.workers.handle import PROGRAM
from netlib.training.workers.keeper import Keeper
from netlib.training.workers.members import Answer, Inquiry
from netlib.words import Message, words

LONGEST_QUEUE = 20
MOST_WAITING_OF_ONE = 3
"""Where several people share a server; a run that nobody in particular owns does not count."""
QUESTION_SECONDS = 10.0

QUEUE_FULL = words(
    "The queue is full: {waiting} runs wait already. Try again when some of them have ended.",
    "队列已满：已有 {waiting} 个运行在等待。请等其中一些结束后再试。",
)
OWN_QUEUE_FULL = words(
    "{waiting} of your runs wait already. Start another when one of them has begun, or stop one.",
    "你已有 {waiting} 个运行在等待。请等其中一个开始，或先停止一个，再启动新的运行。",
)


@dataclass(frozen=True)
class PoolStatus:
    """How the pool is: workers that are warm, runs that are trained, and what is the matter, if anything."""

    slots: int
    workers: int
    warm: int
    running: tuple[str, ...]
    message: Message | None


class Pool:
    """Slots for runs and one worker more for questions; make one for the server and keep it.

    `slots` is how many runs go at a time on the processor; beside them one goes on each accelerator.
    """

    def __init__(
        self, history: History, *, slots: int | None = None, program: Sequence[str] = PROGRAM
    ) -> None:
        self.history = history
        self.slots = slots or max(1, usable_cores() // 2)
        self._keeper = Keeper(history, self.slots, program)
        self._checkpointer = Checkpointer(history.database) if history.writable else None

    def submit(
        self, spec: RunSpec, *, name: str | None = None, owner: str | None = None, parent: str | None = None
    ) -> str:
        """The id of a new run, settled for this machine; it waits in the queue until a slot is free.

        Raises:
            NetlibError: when the queue is full, the name is refused, or the history takes nothing.
        """
        self._check_queue(owner)
        run = self.history.create(settle(spec, self.machine()), name=name, owner=owner, parent=parent)
        self._keeper.call(lambda: None)  # wakes it
        return run

    def go_on(self, run: str, *, limits: Limits | None = None, learning_rate: float | None = None) -> bool:
        """Whether a run that ended waits again, to go on from its last checkpoint; False when another was first.

        Raises:
            NetlibError: when the queue is full, the run is going, has no checkpoint, or its limits leave nothing to do.
        """
        row = self.history.state(run)
        self._check_queue(row.owner)
        spec = row.spec()
        spec = spec.with_(limits=limits or spec.limits)
        found = going_on.go_on(self.history, run, spec, learning_rate)
        self._keeper.call(lambda: None)  # wakes it
        return found

    def _check_queue(self, owner: str | None) -> None:
        own = queue.waiting(self.history.database, owner) if owner is not None else 0
        if own >= MOST_WAITING_OF_ONE:
            raise NetlibError(OWN_QUEUE_FULL, waiting=own)
        waiting = queue.waiting(self.history.database)
        if waiting >= LONGEST_QUEUE:
            raise NetlibError(QUEUE_FULL, waiting=waiting)

    def send(self, run: str, command: Command) -> bool:
        """Whether the run takes the command: False in a state where it means nothing (`refusal` says why in words).

        A queued run that is told to stop never starts. True promises no more than that the command is on its way.

        Raises:
            NetlibError: when there is no such run.
        """
        row = self.history.state(run)
        if refusal(row.state, command) is not None:
            return False
        if isinstance(command, Stop):
            if self.history.move(run, "stopped", only_from={"queued"}):
                return True
            if run in self._keeper.trainers:
                self.history.move(run, "stopping")
        if run not in self._keeper.trainers:
            return False
        self._keeper.call(partial(self._keeper.order, run, command))
        return True

    def end_now(self, run: str) -> bool:
        """Whether the run's worker is ended at once, for a run whose step takes too long; its curve is kept."""
        if run not in self._keeper.trainers:
            return False
        self._keeper.call(partial(self._keeper.end_now, run))
        return True

    def position(self, run: str) -> int | None:
        """The run's place among those that wait for the same device, 1 for the next one; None when it does not wait."""
        return queue.position(self.history.database, run)

    def unsaved(self, run: str) -> Message | None:
        """Why the history takes nothing of a run just now, or None while all is well."""
        return self._keeper.unsaved.get(run)

    def inquire(
        self, question: str, payload: Mapping[str, Any] | None = None, timeout: float = QUESTION_SECONDS
    ) -> "Future[Answer]":
        """The answer to come, within `timeout` seconds: JSON data from `netlib.questions`, or a sentence instead.

        For a page that draws "counting…" meanwhile; cancel it when nobody waits any more.
        """
        answer: Future[Answer] = Future()
        deadline = time.monotonic() + timeout
        inquiry = Inquiry(question, payload or {}, timeout, deadline, answer)
        self._keeper.call(partial(self._keeper.inquire, inquiry))
        return answer

    def ask(
        self, question: str, payload: Mapping[str, Any] | None = None, timeout: float = QUESTION_SECONDS
    ) -> Answer:
        """The same, waited for: at most about `timeout` seconds."""
        return self.inquire(question, payload, timeout).result()

    def status(self) -> PoolStatus:
        """How the pool is just now."""
        members = list(self._keeper.staff.members.values())
        return PoolStatus(
            slots=self._keeper.all_slots,
            workers=len(members),
            warm=sum(member.process is not None for member in members),
            running=tuple(self._keeper.trainers),
            message=self.history.message or self._keeper.history_fault or self._keeper.staff.fault,
        )

    def machine(self) -> Machine:
        """What a run may use here; devices other than the processor once the first worker has named them.

        Of several accelerators it is what each of them has; their memory all of it, whoever else uses it: what is free
        of it a worker knows, which looks before it allocates anything.
        """
        staff = self._keeper.staff
        return Machine(
            cores=usable_cores(),
            slots=self.slots,
            devices=staff.devices,
            memory=free_memory(),
            device_memory=least_memory(staff.accelerators),
            bfloat16=all_have_bfloat16(staff.accelerators),
        )

    def wait_until_warm(self, seconds: float) -> bool:
        """Whether the first worker was ready within so many seconds; for programs that have nothing else to do."""
        return self._keeper.staff.ready.wait(seconds)

    def close(self) -> None:
        """Lets the workers go, within about two seconds; runs that were going are lost, those that wait stay queued."""
        self._keeper.close()
        if self._checkpointer is not None:
            self._checkpointer.close()
