"""The thread that keeps the workers: starts, feeds, hears, buries and replaces them.

What comes from callers, from the threads that read the workers' lines and from the clock is put before it as a call
to make, so that one thread alone changes anything here, without a lock.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from pydantic import ValidationError

from netlib.training import queue
from netlib.training.database import HistoryError
from netlib.training.deaths import NO_ANSWER, SERVER_GONE, STOPPED_NOW, Death, verdict
from netlib.training.history import History, add_event, end_run
from netlib.training.lines import Answered, Ask, Finished, FromWorker, Order, Ready, TrainRun, Unsaved
from netlib.training.memory import memory_kills, memory_limit, resident
from netlib.training.process import Process, this_process
from netlib.training.protocol import Command, Stop
from netlib.training.retention import thin_out
from netlib.training.sentence import from_data
from netlib.training.spec import State
from netlib.training.workers import WorkerProcess
from netlib.words import Message, words

log = logging.getLogger(__name__)

RUNS_A_WORKER = 20
TICK_SECONDS = 0.5
STOP_SECONDS = 5.0
"""A run that wants to stop has so long, and two of its steps."""
BUILD_SECONDS = 60.0
"""The same before its first step, while data are loaded and the network is built."""
CLOSE_SECONDS = 2.0
FAILURES_SAID = 3
LONGEST_BACKOFF = 60.0

NO_WORKER = words(
    "No worker was free within {seconds:g} s. Try again in a moment.",
    "{seconds:g} 秒内没有空闲的工作进程。请稍后再试。",
)
TOO_SLOW = words(
    "There was no answer within {seconds:g} s, so the question was given up.",
    "{seconds:g} 秒内没有得到回答,已放弃该问题。",
)
CRASHED = words(
    "PyTorch crashed on this question (exit code {code}). The next one gets a fresh worker.",
    "PyTorch 在处理该问题时崩溃(退出码 {code})。下一个问题会使用新的工作进程。",
)
NOT_STARTING = words(
    "PyTorch does not start here: its process ended (exit code {code}) before it was ready. "
    "The server's log holds what it said; it is tried again.",
    "PyTorch 无法在此启动:其进程在就绪前结束(退出码 {code})。详细信息见服务器日志;系统会再次尝试。",
)
CLOSED = words("The server is stopping.", "服务器正在停止。")

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
    """A worker and what it is at."""

    worker: WorkerProcess
    process: Process | None = None
    run: str | None = None
    inquiry: Inquiry | None = None
    runs: int = 0
    leaving: bool = False
    wanted: Callable[..., Message] | None = None
    """Why the app ends it, to be completed by the step in which that is."""
    stop_by: float | None = None
    stop_seconds: float = 0.0
    kills_before: int = 0
    resident: int = 0

    @property
    def idle(self) -> bool:
        """Whether it can take a run or a question."""
        return self.process is not None and self.run is None and self.inquiry is None and not self.leaving


class Keeper:
    """See the module. Callers use `call` and may read the public attributes, which only the thread writes."""

    def __init__(self, history: History, slots: int, program: Sequence[str]) -> None:
        self.history, self.slots, self._program = history, slots, program
        self.members: dict[WorkerProcess, Member] = {}
        self.trainers: dict[str, Member] = {}
        self.unsaved: dict[str, Message] = {}
        self.start_fault: Message | None = None
        self.history_fault: Message | None = None
        self.devices: tuple[str, ...] = ("cpu",)
        self.ready = threading.Event()
        self._inquiries: deque[Inquiry] = deque()
        self._ends: dict[str, tuple[State, Message | None]] = {}
        self._failures, self._start_after, self._number = 0, 0.0, 0
        self._closing: float | None = None
        self._gone = self._inherited = False
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._server = this_process()
        self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)
        self._thread.start()

    def call(self, work: Callable[[], None]) -> None:
        """Has the thread do something, soon."""
        self._calls.put(work)
        if self._gone:
            self._drain()

    def close(self) -> None:
        """Lets every worker go; their runs are lost. Waits until they are gone."""
        self.call(self._close)
        self._thread.join(CLOSE_SECONDS + 5)

    # The thread

    def _keep(self) -> None:
        self._guarded(self._start_missing)
        next_tick = 0.0
        while self._closing is None or self.members:
            try:
                self._guarded(self._calls.get(timeout=self._patience()))
            except Empty:
                next_tick = 0.0
            if time.monotonic() >= next_tick:
                next_tick = time.monotonic() + TICK_SECONDS
                self._guarded(self._look)
            if self._closing is None:
                self._guarded(self._dispatch)
        self._gone = True
        self._drain()

    def _drain(self) -> None:
        """After the end: what is asked for still gets its refusal."""
        with suppress(Empty):
            while True:
                self._guarded(self._calls.get_nowait())

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except HistoryError as error:
            self.history_fault = error.message
        except Exception:
            log.exception("a fault in the keeper of the workers")

    def _patience(self) -> float:
        deadlines = [inquiry.deadline for inquiry in self._inquiries]
        deadlines += [member.inquiry.deadline for member in self.members.values() if member.inquiry]
        return max(0.0, min([TICK_SECONDS, *(deadline - time.monotonic() for deadline in deadlines)]))

    def _inherit(self) -> None:
        """What servers before this one have left: runs that nobody is at any more, runs that still wait."""
        if self.history.writable:
            queue.mark_lost(self.history.database)
            queue.take_over(self.history.database, self._server)
            thin_out(self.history)
        self._inherited = True

    def _look(self) -> None:
        """What only time tells: who has not answered, who has not stopped, what could not be stored before."""
        if not self._inherited:
            self._guarded(self._inherit)
        now = time.monotonic()
        for member in list(self.members.values()):
            self._look_at(member, now)
        for inquiry in [inquiry for inquiry in self._inquiries if now > inquiry.deadline]:
            self._inquiries.remove(inquiry)
            inquiry.settle(self.start_fault or Message(NO_WORKER, seconds=inquiry.seconds))
        for run, (state, reason) in list(self._ends.items()):
            self._store_end(run, state, reason)
        if self.history_fault is not None:
            queue.waiting(self.history.database)
            self.history_fault = None

    def _look_at(self, member: Member, now: float) -> None:
        if self._closing is not None and now > self._closing:
            member.worker.kill()
        if member.run is not None:
            member.resident = max(member.resident, resident(member.worker.pid))
            if member.stop_by is not None and now > member.stop_by:
                self._end(member, partial(Message, NO_ANSWER, seconds=round(member.stop_seconds)))
        if member.inquiry is not None and now > member.inquiry.deadline:
            inquiry, member.inquiry = member.inquiry, None
            inquiry.settle(Message(TOO_SLOW, seconds=inquiry.seconds))
            self._end(member, None)

    def _dispatch(self) -> None:
        self._start_missing()
        for member in self.members.values():
            if member.idle and len(self.trainers) < self.slots:
                row = queue.first(self.history.database, self._server)
                if row is None:
                    break
                self._hand_over(member, row.id)
        for member in self.members.values():
            if member.idle and self._inquiries:
                member.inquiry = inquiry = self._inquiries.popleft()
                self._number += 1
                ask = Ask(number=self._number, question=inquiry.question, payload=dict(inquiry.payload))
                member.worker.say(ask)

    # Runs

    def _hand_over(self, member: Member, run: str) -> None:
        assert member.process is not None
        if queue.take(self.history.database, run, member.process):
            member.run, member.kills_before, member.resident = run, memory_kills(), 0
            self.trainers[run] = member
            member.worker.say(TrainRun(run=run, database=str(self.history.path)))

    def order(self, run: str, command: Command) -> None:
        """Passes a command on; whoever wants to stop has a deadline from then on."""
        member = self.trainers.get(run)
        if member is None:
            return
        member.worker.say(Order(run=run, command=command))
        if isinstance(command, Stop) and member.stop_by is None:
            step = self.history.state(run).step
            a_step = self.history.seconds(run) / step if step else 0.0
            member.stop_seconds = STOP_SECONDS + 2 * a_step if step else BUILD_SECONDS
            member.stop_by = time.monotonic() + member.stop_seconds

    def end_now(self, run: str) -> None:
        """Ends a run's worker without waiting for the step in progress."""
        member = self.trainers.get(run)
        if member is not None:
            self._end(member, partial(Message, STOPPED_NOW))

    def _end(self, member: Member, why: Callable[..., Message] | None) -> None:
        member.wanted, member.stop_by, member.leaving = why, None, True
        member.worker.kill()

    def _store_end(self, run: str, state: State, reason: Message | None) -> None:
        self._ends[run] = (state, reason)  # until it is stored
        self.history.database.store(lambda connection: end_run(connection, run, state, reason), durable=True)
        del self._ends[run]

    # Questions

    def inquire(self, inquiry: Inquiry) -> None:
        """Asks as soon as a worker is free."""
        if self._closing is not None:
            inquiry.settle(Message(CLOSED))
        elif self.start_fault is not None:
            inquiry.settle(self.start_fault)
        else:
            self._inquiries.append(inquiry)

    # Workers

    def _start_missing(self) -> None:
        staying = sum(not member.leaving for member in self.members.values())
        while staying < self.slots + 1 and time.monotonic() >= self._start_after:
            try:
                worker = WorkerProcess(
                    hear=lambda worker, message: self.call(partial(self._heard, worker, message)),
                    died=lambda worker, code: self.call(partial(self._bury, worker, code)),
                    program=self._program,
                )
            except OSError as error:
                self._failed_to_start(error.errno or 1, str(error))
                return
            self.members[worker] = Member(worker)
            staying += 1

    def _heard(self, worker: WorkerProcess, message: FromWorker) -> None:
        member = self.members.get(worker)
        if member is None:
            return
        match message:
            case Ready():
                server = self._server
                member.process = Process(server.host, message.pid, message.started, server.boot)
                self._failures, self.start_fault = 0, None
                self.devices = tuple(message.devices)
                self.ready.set()
            case Finished() if message.run == member.run:
                self._finished(member, message)
            case Unsaved() if message.reason is not None:
                self.unsaved[message.run] = from_data(message.reason) or Message()
            case Unsaved():
                self.unsaved.pop(message.run, None)
            case Answered() if member.inquiry is not None:
                inquiry, member.inquiry = member.inquiry, None
                refused = from_data(message.refused)
                inquiry.settle(refused if refused is not None else message.answer or {})
                if message.worn:
                    self._retire(member)
            case _:
                log.warning("a worker said %s", message)

    def _finished(self, member: Member, message: Finished) -> None:
        self._leave_run(member)
        member.runs += 1
        if message.worn or member.runs >= RUNS_A_WORKER:
            self._retire(member)
        if not message.saved:
            self._store_end(message.run, message.state, from_data(message.reason))
        thin_out(self.history)

    def _leave_run(self, member: Member) -> None:
        if member.run is not None:
            self.trainers.pop(member.run, None)
            self.unsaved.pop(member.run, None)
        member.run, member.stop_by = None, None

    def _retire(self, member: Member) -> None:
        member.leaving = True
        member.worker.end()

    def _bury(self, worker: WorkerProcess, code: int) -> None:
        """A worker is gone, whatever the reason: what it was at is over, and another takes its place."""
        member = self.members.pop(worker)
        run, inquiry = member.run, member.inquiry
        self._leave_run(member)
        if inquiry is not None:
            inquiry.settle(Message(CLOSED) if self._closing else Message(CRASHED, code=code))
        if member.process is None and not member.leaving:
            self._failed_to_start(code, worker.last_words())
        elif code != SERVER_GONE:
            log.warning("worker %d ended with exit code %d: %s", worker.pid, code, worker.last_words())
        if run is not None:
            self._bury_run(run, member, code)

    def _bury_run(self, run: str, member: Member, code: int) -> None:
        row = self.history.state(run)
        try:
            batch = row.spec().batch
        except ValidationError:  # a spec that this version no longer reads
            batch = 1
        out_of_memory = memory_kills() > member.kills_before or member.resident > 0.8 * memory_limit()
        wanted = None if member.wanted is None else member.wanted(step=row.step)
        state, reason = verdict(Death(code, row.step, batch, out_of_memory, wanted))
        self._ends[run] = (state, reason)
        trace = {"code": code, "trace": member.worker.last_words()[-4000:]}

        def write(connection: Any) -> None:
            end_run(connection, run, state, reason, stopping="lost")
            add_event(connection, run, None, "died", trace)

        self.history.database.store(write, durable=True)
        del self._ends[run]

    def _failed_to_start(self, code: int, said: str) -> None:
        self._failures += 1
        self._start_after = time.monotonic() + min(LONGEST_BACKOFF, 2.0**self._failures)
        log.error("a worker did not start (exit code %d): %s", code, said)
        if self._failures >= FAILURES_SAID:
            self.start_fault = Message(NOT_STARTING, code=code)
            while self._inquiries:
                self._inquiries.popleft().settle(self.start_fault)

    def _close(self) -> None:
        self._closing = time.monotonic() + CLOSE_SECONDS
        while self._inquiries:
            self._inquiries.popleft().settle(Message(CLOSED))
        for member in self.members.values():
            self._retire(member)
