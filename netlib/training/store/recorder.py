"""Recorder: the `Emit` that writes a run into the history, about ten short transactions a second.

What cannot be stored (the disk is full, another program holds the file) waits in memory while training goes on.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from sqlite3 import Connection

import numpy as np
from numpy import ndarray

from netlib.training.run.protocol import Detail
from netlib.training.spec import State
from netlib.training.store import snapshots
from netlib.training.store.database import Database, HistoryError
from netlib.training.store.held import Held
from netlib.training.store.history import detail_to_json, end_run
from netlib.words import Message, words

MOST_HELD = 100_000
"""Points that wait in memory while nothing can be stored; the oldest are given up beyond that."""
MOST_UNFLUSHED = 8192
RETRY_SECONDS = 1.0

DISK_FULL = words(
    "The disk is full: this run continues and is not being saved since step {step}. "
    "Free some space; saving resumes by itself.",
    "磁盘已满：运行仍在继续，但从第 {step} 步起没有保存。请腾出一些空间，之后会自动恢复保存。",
)
NOT_SAVED = words(
    "This run continues and is not being saved since step {step}. {why}",
    "运行仍在继续，但从第 {step} 步起没有保存。{why}",
)
SAVED_AGAIN = words(
    "Nothing could be saved from step {first} to {last}. {count} values were given up meanwhile.",
    "从第 {first} 步到第 {last} 步无法保存，期间丢弃了 {count} 个数值。",
)
SNAPSHOT_LOST = words("The snapshot of step {step} could not be saved.", "第 {step} 步的快照无法保存。")


class Clock:
    """Seconds of training: stands still while the run waits."""

    def __init__(self, before: float = 0.0) -> None:
        self._before = before
        self._since: float | None = None

    def go(self) -> None:
        """Starts it, or goes on."""
        self._since = self._since or time.monotonic()

    def halt(self) -> None:
        """Stands still."""
        self._before, self._since = self.seconds(), None

    def reset(self) -> None:
        """Back to nothing, going or standing as before."""
        self._before, self._since = 0.0, self._since and time.monotonic()

    def seconds(self) -> float:
        """What it shows."""
        return self._before + (time.monotonic() - self._since if self._since else 0.0)


@dataclass(frozen=True)
class Begun:
    """What a run has stored before: steps, seconds of training, and of each curve how many parts."""

    step: int = 0
    seconds: float = 0.0
    parts: Mapping[str, int] = field(default_factory=dict)


class Recorder:
    """Writes one run; for the thread that trains it and no other.

    Args:
        begun: what there is of a run that goes on.
        unsaved: is told why nothing can be stored, and None once it can again.
    """

    def __init__(
        self,
        database: Database,
        run: str,
        *,
        generation: int = 0,
        begun: Begun | None = None,
        versions: Mapping[str, str] | None = None,
        unsaved: Callable[[Message | None], None] = lambda _: None,
    ) -> None:
        begun = begun or Begun()
        self.step = begun.step
        self.reason: Message | None = None
        self.faulty = False
        self._database, self._run, self._generation = database, run, generation
        self._versions, self._unsaved = dict(versions or {}), unsaved
        self._device: str | None = None
        parts = {(generation, name): count for name, count in begun.parts.items()}
        self._held, self._clock = Held(parts=parts), Clock(begun.seconds)
        self._running = False
        self._failing: int | None = None  # the step since which nothing is stored
        self._retry_at, self._given_up = 0.0, 0
        self._missing: set[str] = set()  # kinds of which the latest could not be stored
        self._gone: list[str] = []  # files that are needed no more

    def started(self, device: str, threads: int) -> None:
        """The run's row gets its device and versions with the next flush."""
        self._device = device
        self._clock.go()
        self.event(self.step, "started", {"device": device, "threads": threads})

    def metrics(self, name: str, first_step: int, values: Sequence[float] | ndarray) -> None:
        """Keeps the values for the next flush."""
        found = np.array(values, dtype="<f4").ravel()
        if not len(found):
            return
        self._held.add(self._generation, name, first_step, found, self._clock.seconds())
        self.step = max(self.step, first_step + len(found) - 1)
        if not self._running:
            self._running = True
            self._held.states.insert(0, "running")
        if self._failing is not None:
            self._given_up += sum(piece.count for piece in self._held.give_up_oldest(MOST_HELD))
        elif self._held.points > MOST_UNFLUSHED:
            self.flush()

    def event(self, step: int, kind: str, detail: Detail = None) -> None:
        """Keeps the event for the next flush; a pause, a resume and a rewind are stored at once."""
        if kind == "reason":
            self.reason = detail if isinstance(detail, Message) else None
            return
        self._held.events.append((self._generation, step, time.time(), kind, detail_to_json(detail)))
        match kind:
            case "graph" if isinstance(detail, Mapping):
                self.faulty = True  # a recording was broken off; what CUDA is left with is no fresh worker's
            case "pause":
                self._clock.halt()
                self._held.states.append("paused")
            case "resume":
                self._clock.go()
                self._held.states.append("running")
            case "rewind":
                self._generation += 1
                self.step = 0
                self._clock.reset()
            case _:
                return
        self.flush()

    def snapshot(self, kind: str, step: int, tensors: Mapping[str, ndarray]) -> None:
        """Keeps a small snapshot for the next flush; writes a large one to its file now."""
        if self._failing is not None:
            self._missing.add(kind)
            return  # the first thing to do without when there is no room
        data, file = snapshots.to_bytes(tensors), None
        size = len(data)
        if size > snapshots.LARGEST_INLINE:
            file = snapshots.file_name(self._generation, kind, step)
            try:
                snapshots.write_file(self._database.path, self._run, file, data)
            except OSError:
                self._missing.add(kind)
                self.event(step, "message", Message(SNAPSHOT_LOST, step=step))
                return
        self._missing.discard(kind)
        self._held.drops.pop((self._generation, kind, step), None)
        self._held.snapshots.append((self._generation, kind, step, size, None if file else data, file))

    def drop(self, kind: str, steps: Sequence[int]) -> None:
        """Lets go of the snapshots with the next flush, unless what was to take their place could not be stored."""
        if kind in self._missing:
            return
        for step in steps:
            if (file := self._held.drop((self._generation, kind, step))) is not None:
                self._unlink([file])

    def _unlink(self, files: Sequence[str]) -> None:
        for file in files:
            (snapshots.folder(self._database.path, self._run) / file).unlink(missing_ok=True)

    def flush(self) -> None:
        """Stores what is held, or keeps it for later when nothing can be stored just now."""
        if self._failing is None or time.monotonic() >= self._retry_at:
            self._store(None)

    def end(self, state: State) -> bool:
        """Whether the last values and how the run ended are stored; safe from a power cut too, once they are."""
        return self._store(state)

    def _store(self, end: State | None) -> bool:
        if self._failing is not None:
            recovered = Message(SAVED_AGAIN, first=self._failing, last=self.step, count=self._given_up)
            event = (self._generation, self.step, time.time(), "message", detail_to_json(recovered))
            self._held.events.append(event)
        try:
            self._database.store(lambda connection: self._write(connection, end), durable=end is not None)
        except HistoryError as error:
            self._fail(error)
            return False
        self._held.written()
        self._unlink(self._gone)
        if self._failing is not None:
            self._failing, self._given_up = None, 0
            self._unsaved(None)
        return True

    def _write(self, connection: Connection, end: State | None) -> None:
        connection.execute(
            "UPDATE runs SET step = ?, beat = ?, generation = ?, device = coalesce(?, device),"
            " versions = coalesce(?, versions) WHERE id = ?",
            (self.step, time.time(), self._generation, self._device, self._about(), self._run),
        )
        self._gone = self._held.write(connection, self._run)
        if end is not None:
            end_run(connection, self._run, end, self.reason)

    def _about(self) -> str | None:
        return json.dumps(self._versions) if self._versions and self._device else None

    def _fail(self, error: HistoryError) -> None:
        self._retry_at = time.monotonic() + RETRY_SECONDS
        self._missing |= {kind for _, kind, *_ in self._held.snapshots}
        self._held.snapshots.clear()
        self._held.drops.clear()
        if self._failing is not None:
            self._held.events.pop()  # the recovery that did not come
            return
        self._failing = self._held.pieces[0].first if self._held.pieces else self.step
        if error.code == sqlite3.SQLITE_FULL:
            self._unsaved(Message(DISK_FULL, step=self._failing))
        else:
            self._unsaved(Message(NOT_SAVED, step=self._failing, why=error.message))
