"""What the history gives back: rows of runs, curves, events, lists of snapshots; all frozen."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy import float32, float64, int64
from numpy.typing import NDArray

from netlib.training.sentence import from_data, literal
from netlib.training.spec import RunSpec, State
from netlib.training.states import ENDED, LIVE
from netlib.training.store.process import Process
from netlib.words import Message


@dataclass(frozen=True)
class RunRow:
    """A run as the history knows it; times are seconds since 1970, UTC."""

    id: str
    created: float
    state: State
    step: int
    generation: int
    seed: int
    name: str | None
    note: str | None
    owner: str | None
    device: str | None
    reason: Message | None
    parent: str | None
    versions: Mapping[str, str]
    beat: float | None
    process: Process | None
    spec_text: str = field(repr=False)

    @property
    def live(self) -> bool:
        """Whether a worker is at it."""
        return self.state in LIVE

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ENDED

    def spec(self) -> RunSpec:
        """What was trained.

        Raises:
            ValidationError: when the app no longer knows what an old run was made of.
        """
        return RunSpec.from_json(self.spec_text)

    @classmethod
    def read(cls, row: sqlite3.Row) -> Self:
        """The run in a row of the table."""
        process = None
        if row["pid"] is not None:
            process = Process(row["host"] or "", row["pid"], row["started"] or 0.0, row["boot"] or "")
        columns = {
            name: row[name] for name in ("id", "created", "state", "step", "generation", "seed", "name")
        }
        columns |= {name: row[name] for name in ("note", "owner", "device", "parent", "beat")}
        versions = json.loads(row["versions"]) if row["versions"] else {}
        return cls(
            **columns,
            reason=sentence(row["reason"]),
            versions=versions,
            process=process,
            spec_text=row["spec"],
        )


@dataclass(frozen=True)
class Event:
    """Something that happened in a run after `step` steps: a sentence, named values, or only its kind."""

    id: int
    generation: int
    step: int | None
    at: float
    kind: str
    message: Message | None
    detail: Mapping[str, Any]

    @classmethod
    def read(cls, row: sqlite3.Row) -> Self:
        """The event in a row of the table."""
        data = json.loads(row["detail"]) if row["detail"] else {}
        message = from_data(data)
        return cls(
            row["id"],
            row["generation"],
            row["step"],
            row["at"],
            row["kind"],
            message,
            {} if message else data,
        )


@dataclass(frozen=True)
class SnapshotRow:
    """A snapshot that can be asked for; `bytes` is its size."""

    generation: int
    kind: str
    step: int
    bytes: int


@dataclass(frozen=True)
class Series:
    """A piece of a curve: `values[i]` belongs to step `steps[i]` and was there `seconds[i]` into training.

    `last_part` says how far it reaches; ask the history for what comes after it and join.
    """

    steps: NDArray[int64] = field(default_factory=lambda: np.empty(0, int64))
    values: NDArray[float32] = field(default_factory=lambda: np.empty(0, float32))
    seconds: NDArray[float64] = field(default_factory=lambda: np.empty(0, float64))
    last_part: int = -1

    def __len__(self) -> int:
        return len(self.values)

    def joined(self, later: "Series") -> "Series":
        """This piece and the one that was read after it."""
        if not len(later):
            return self
        return Series(
            np.concatenate([self.steps, later.steps]),
            np.concatenate([self.values, later.values]),
            np.concatenate([self.seconds, later.seconds]),
            later.last_part,
        )

    @classmethod
    def read(cls, rows: Iterable[sqlite3.Row], begun: float = 0.0) -> Self:
        """The curve in rows of the metrics table; `begun` is when the part before them ended, in seconds."""
        steps, values, seconds, last = [], [], [], -1
        for row in rows:
            count, stride = row["count"], row["stride"]
            steps.append(row["first"] + stride * np.arange(count, dtype=int64))
            values.append(np.frombuffer(row["vals"], "<f4").astype(float32, copy=False))
            seconds.append(begun + (row["seconds"] - begun) * np.arange(1, count + 1) / count)
            begun, last = row["seconds"], row["part"]
        if last < 0:
            return cls()
        return cls(np.concatenate(steps), np.concatenate(values), np.concatenate(seconds), last)


@dataclass(frozen=True)
class Filter:
    """Which runs to list, newest first; `text` is looked for in name and note."""

    states: frozenset[State] | None = None
    owner: str | None = None
    text: str = ""
    limit: int = 100
    offset: int = 0

    def query(self) -> tuple[str, list[Any]]:
        """The SQL for it and its values."""
        tests, values = ["1"], list[Any]()
        if self.states is not None:
            tests.append(f"state IN ({','.join('?' * len(self.states))})")
            values += sorted(self.states)
        if self.owner is not None:
            tests.append("owner = ?")
            values.append(self.owner)
        if self.text:
            tests.append("instr(lower(coalesce(name, '') || char(10) || coalesce(note, '')), ?)")
            values.append(self.text.lower())
        order = "ORDER BY created DESC, rowid DESC LIMIT ? OFFSET ?"
        return f"SELECT * FROM runs WHERE {' AND '.join(tests)} {order}", [*values, self.limit, self.offset]  # noqa: S608  # made of constants


def sentence(text: str | None) -> Message | None:
    """The sentence that a column holds as JSON; plain text is said as it is."""
    if text is None:
        return None
    try:
        return from_data(json.loads(text)) or literal(text)
    except ValueError:
        return literal(text)
