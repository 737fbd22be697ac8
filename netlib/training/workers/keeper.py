"""The thread that keeps the workers: starts, feeds, hears, buries and replaces them.

What comes from callers, from the threads that read the workers' lines and from the clock is put before it as a call
to make, so that one thread alone changes anything here, without a lock.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from pydantic import ValidationError

from netlib.training.accelerators import place_for, slots_for
from netlib.training.run.memory import memory_kills, memory_limit, resident
from netlib.training.run.protocol import Command, Stop
from netlib.training.sentence import from_data
from netlib.training.spec import State
from netlib.training.store import queue
from netlib.training.store.database import HistoryError
from netlib.training.store.history import History, add_event, end_run
from netlib.training.store.process import this_process
from netlib.training.store.retention import thin_out
from netlib.training.workers.deaths import NO_ANSWER, STOPPED_NOW, Death, verdict
from netlib.training.workers.handle import WorkerProcess
from netlib.training.workers.lines import Answered, Ask, Finished, FromWorker, Order, Ready, TrainRun, Unsaved
from netlib.training.workers.members import Answer as Answer
from netlib.training.workers.members import Inquiry, Member
from netlib.training.workers.staff import Staff
from netlib.words import Message, words

log = logging.getLogger(__name__)

RUNS_A_WORKER = 20
TICK_SECONDS = 0.5
STOP_SECONDS = 5.0
"""A run that wants to stop has so long, and two of its steps."""
BUILD_SECONDS = 60.0
"""The same before its first step, while data are loaded and the network is built."""
CLOSE_SECONDS = 2.0

NO_WORKER = words(
    "No worker was free within {seconds:g} s. Try again in a moment.",
    "{seconds:g} 秒内没有空闲的工作进程。请稍后再试。",
)
TOO_SLOW = words(
    "There was no answer within {seconds:g} s, so the question was given up.",
    "{seconds:g} 秒内没有得到回答，已放弃该问题。",
)
CRASHED = words(
    "PyTorch crashed on this question (exit code {code}). The next one gets a fresh worker.",
    "PyTorch 在处理该问题时崩溃（退出码 {code}）。下一个问题会使用新的工作进程。",
)
CLOSED = words("The server is stopping.", "服务器正在停止。")


class Keeper:
    """See the module. Callers use `call` and may read the public attributes, which only the thread writes."""

    def __init__(self, history: History, slots: int, program: Sequence[str]) -> None:
        self.history, self.slots = history, slots
        self.staff = Staff(
            program,
            slots + 1,
            hear=lambda worker, message: self.call(partial(self._heard, worker, message)),
            died=lambda worker, code: self.call(partial(self._bury, worker, code)),
        )
        self.trainers: dict[str, Member] = {}
        self.unsaved: dict[str, Message] = {}
        self.history_fault: Message | None = None
        self._inquiries: deque[Inquiry] = deque()
        self._asked = 0
        self._ends: dict[str, tuple[State, Message | None]] = {}
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
        self._guarded(self._dispatch)
        next_tick = 0.0
        while self._closing is None or self.staff.members:
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
        deadlines += [member.inquiry.deadline for member in self.staff.members.values() if member.inquiry]
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
        for member in list(self.staff.members.values()):
            self._look_at(member, now)
        for inquiry in [inquiry for inquiry in self._inquiries if now > inquiry.deadline]:
            self._inquiries.remove(inquiry)
            inquiry.settle(self.staff.fault or Message(NO_WORKER, seconds=inquiry.seconds))
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
                member.end(partial(Message, NO_ANSWER, seconds=round(member.stop_seconds)))
        if member.inquiry is not None and now > member.inquiry.deadline:
            inquiry, member.inquiry = member.inquiry, None
            inquiry.settle(Message(TOO_SLOW, seconds=inquiry.seconds))
            member.end(None)

    def _dispatch(self) -> None:
        """Runs and questions to whoever is free; a run first, since one worker more than slots is there.

        On an accelerator one run goes at a time. Of several slots nobody holds all, so that there is one for somebody
        else.
        """
        self.staff.fill(len(self.trainers))
        idle = [member for member in self.staff.members.values() if member.idle]
        while idle and len(self.trainers) < self.all_slots:
            found = queue.first(self.history.database, self._server, self._takes)
            if found is None:
                break
            row, wants = found
            self._hand_over(idle.pop(0), row.id, self._place(wants) or "cpu")
        while idle and self._inquiries:
            self._put(idle.pop(0), self._inquiries.popleft())
        while self.staff.fault is not None and self._inquiries:
            self._inquiries.popleft().settle(self.staff.fault)

    # Runs

    @property
    def all_slots(self) -> int:
        """Runs at a time, those on accelerators included."""
        return self.slots + len(self.staff.accelerators)

    def _place(self, wants: str) -> str | None:
        """Where a run can go now that wants a device; None where it has to wait."""
        taken = [member.place for member in self.trainers.values()]
        return place_for(wants, self.slots, self.staff.devices, taken)

    def _takes(self, wants: str, held: int) -> bool:
        most = max(1, slots_for(wants, self.slots, self.staff.devices) - 1)
        return held < most and self._place(wants) is not None

    def _hand_over(self, member: Member, run: str, place: str) -> None:
        assert member.process is not None
        member.place = place
        member.run, member.kills_before, member.resident = run, memory_kills(), 0
        self.trainers[run] = member  # before it is "starting", so that a command finds it
        try:
            if queue.take(self.history.database, run, member.process):
                device = None if place == "cpu" else place
                member.worker.say(TrainRun(run=run, database=str(self.history.path), device=device))
            else:
                self._leave_run(member)
        except HistoryError:
            self._leave_run(member)
            raise

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
            member.end(partial(Message, STOPPED_NOW))

    def _store_end(self, run: str, state: State, reason: Message | None) -> None:
        self._ends[run] = (state, reason)  # until it is stored
        self.history.database.store(lambda connection: end_run(connection, run, state, reason), durable=True)
        del self._ends[run]

    # Questions

    def inquire(self, inquiry: Inquiry) -> None:
        """Asks as soon as a worker is free."""
        if self._closing is not None:
            inquiry.settle(Message(CLOSED))
        else:
            self._inquiries.append(inquiry)

    def _put(self, member: Member, inquiry: Inquiry) -> None:
        self._asked += 1
        ask = Ask(number=self._asked, question=inquiry.question, payload=dict(inquiry.payload))
        member.inquiry = inquiry
        member.worker.say(ask)

    # What workers say, and that they are gone

    def _heard(self, worker: WorkerProcess, message: FromWorker) -> None:
        member = self.staff.members.get(worker)
        if member is None:
            return
        match message:
            case Ready():
                self.staff.is_ready(member, message)
                self.staff.most = self.all_slots + 1
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
                    member.retire()
            case _:
                log.warning("a worker said %s", message)

    def _finished(self, member: Member, message: Finished) -> None:
        self._leave_run(member)
        member.runs += 1
        if message.worn or member.runs >= RUNS_A_WORKER:
            member.retire()
        if not message.saved:
            self._store_end(message.run, message.state, from_data(message.reason))
        thin_out(self.history)

    def _leave_run(self, member: Member) -> None:
        if member.run is not None:
            self.trainers.pop(member.run, None)
            self.unsaved.pop(member.run, None)
        member.run, member.stop_by = None, None

    def _bury(self, worker: WorkerProcess, code: int) -> None:
        """A worker is gone, whatever the reason: what it was at is over, and another takes its place."""
        member = self.staff.is_gone(worker, code)
        run, inquiry = member.run, member.inquiry
        self._leave_run(member)
        if inquiry is not None:
            inquiry.settle(Message(CLOSED) if self._closing else Message(CRASHED, code=code))
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

    def _close(self) -> None:
        self._closing = time.monotonic() + CLOSE_SECONDS
        while self._inquiries:
            self._inquiries.popleft().settle(Message(CLOSED))
        for member in self.staff.members.values():
            member.retire()
