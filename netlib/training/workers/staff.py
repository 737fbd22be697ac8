"""Staff: as many warm workers as are needed, and what is the matter when they do not start. For the keeper's thread."""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from netlib.training.accelerators import Accelerator
from netlib.training.store.process import Process, this_process
from netlib.training.workers.deaths import SERVER_GONE
from netlib.training.workers.handle import WorkerProcess
from netlib.training.workers.lines import FromWorker, Ready
from netlib.training.workers.members import Member
from netlib.words import Message, words

log = logging.getLogger(__name__)

FAILURES_SAID = 3
LONGEST_BACKOFF = 60.0

NOT_STARTING = words(
    "PyTorch does not start here: its process ended (exit code {code}) before it was ready. "
    "The server's log holds what it said; it is tried again.",
    "PyTorch 无法在此启动：其进程在就绪前结束（退出码 {code}）。详细信息见服务器日志；系统会再次尝试。",
)


class Staff:
    """The workers there are.

    Args:
        most: of them, at a time.
        hear: gets every line of a worker, in a thread of the worker's own.
        died: gets the exit code of each that is gone, likewise.
    """

    def __init__(
        self,
        program: Sequence[str],
        most: int,
        hear: Callable[[WorkerProcess, FromWorker], None],
        died: Callable[[WorkerProcess, int], None],
    ) -> None:
        self.members: dict[WorkerProcess, Member] = {}
        self.devices: tuple[str, ...] = ("cpu",)
        self.accelerators: tuple[Accelerator, ...] = ()
        self.fault: Message | None = None
        self.ready = threading.Event()
        self.most = most
        self._program, self._hear, self._died = program, hear, died
        self._failures, self._start_after = 0, 0.0

    def fill(self, busy: int) -> None:
        """Starts what is missing: beside those that train, one for the next run and one for questions."""
        staying = sum(not member.leaving for member in self.members.values())
        while staying < min(self.most, busy + 2) and time.monotonic() >= self._start_after:
            try:
                worker = WorkerProcess(self._hear, self._died, self._program)
            except OSError as error:
                self._failed(error.errno or 1, str(error))
                return
            self.members[worker] = Member(worker)
            staying += 1

    def is_ready(self, member: Member, message: Ready) -> None:
        """A worker is warm."""
        here = this_process()
        member.process = Process(here.host, message.pid, message.started, here.boot)
        self.devices, self.accelerators = tuple(message.devices), tuple(message.accelerators)
        self._failures, self.fault = 0, None
        self.ready.set()

    def is_gone(self, worker: WorkerProcess, code: int) -> Member:
        """A worker has ended; what is known of it."""
        member = self.members.pop(worker)
        if member.process is None and not member.leaving:
            self._failed(code, worker.last_words())
        elif code != SERVER_GONE:
            log.warning("worker %d ended with exit code %d: %s", worker.pid, code, worker.last_words())
        return member

    def _failed(self, code: int, said: str) -> None:
        self._failures += 1
        self._start_after = time.monotonic() + min(LONGEST_BACKOFF, 2.0**self._failures)
        log.error("a worker did not start (exit code %d): %s", code, said)
        if self._failures >= FAILURES_SAID:
            self.fault = Message(NOT_STARTING, code=code)
