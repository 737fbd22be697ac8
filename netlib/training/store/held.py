"""What a run has found out since its last write: pieces of curves, events, snapshots, changes of state."""

from dataclasses import dataclass, field
from sqlite3 import Connection

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from netlib.training.spec import State
from netlib.training.store.history import reach_state

METRICS = "INSERT INTO metrics VALUES(?, ?, ?, ?, ?, 1, ?, ?, ?)"
EVENTS = "INSERT INTO events(run, generation, step, at, kind, detail) VALUES(?, ?, ?, ?, ?, ?)"
SNAPSHOTS = "INSERT OR REPLACE INTO snapshots VALUES(?, ?, ?, ?, ?, ?, ?)"
KEY = "run = ? AND generation = ? AND kind = ? AND step = ?"
DROPPED = f"SELECT file FROM snapshots WHERE {KEY}"  # noqa: S608  # a constant
DROP = f"DELETE FROM snapshots WHERE {KEY}"  # noqa: S608  # a constant


@dataclass
class Piece:
    """Values of one curve for steps without a gap; one part of the curve when it is stored."""

    generation: int
    name: str
    first: int
    seconds: float = 0.0
    count: int = 0
    values: list[NDArray[float32]] = field(default_factory=list)

    @property
    def end(self) -> int:
        """The step after its last one."""
        return self.first + self.count


@dataclass
class Held:
    """In the order in which it came; nothing is taken out before it is stored."""

    pieces: list[Piece] = field(default_factory=list)
    events: list[tuple[int, int, float, str, str | None]] = field(default_factory=list)
    snapshots: list[tuple[int, str, int, int, bytes | None, str | None]] = field(default_factory=list)
    drops: dict[tuple[int, str, int], None] = field(default_factory=dict)
    """Generation, kind and step of snapshots that are to go."""
    states: list[State] = field(default_factory=list)
    parts: dict[tuple[int, str], int] = field(default_factory=dict)
    """Of each curve, how many parts are stored."""
    points: int = 0

    def add(self, generation: int, name: str, first: int, values: NDArray[float32], seconds: float) -> None:
        """Keeps values of a curve, joined to those before them where no step is missing between."""
        last = next((piece for piece in reversed(self.pieces) if piece.name == name), None)
        if last is None or (last.generation, last.end) != (generation, first):
            last = Piece(generation, name, first)
            self.pieces.append(last)
        last.values.append(values)
        last.count += len(values)
        last.seconds = seconds
        self.points += len(values)

    def give_up_oldest(self, most: int) -> list[Piece]:
        """Drops the oldest values until at most so many are held; what was dropped."""
        dropped = []
        while self.points > most:
            dropped.append(self.pieces.pop(0))
            self.points -= dropped[-1].count
        return dropped

    def drop(self, key: tuple[int, str, int]) -> str | None:
        """Lets go of a snapshot, be it stored or not; the name of a file that is needed no more, where it was not."""
        for number, (*held, _size, _data, file) in enumerate(self.snapshots):
            if tuple(held) == key:
                del self.snapshots[number]
                return file
        self.drops[key] = None
        return None

    def write(self, connection: Connection, run: str) -> list[str]:
        """Stores everything, inside the caller's transaction; the files that are needed no more once it is done."""
        parts = dict(self.parts)
        for piece in self.pieces:
            key = (piece.generation, piece.name)
            part, parts[key] = parts.get(key, 0), parts.get(key, 0) + 1
            blob = np.concatenate(piece.values).tobytes()
            row = (run, *key, part, piece.first, piece.count, piece.seconds, blob)
            connection.execute(METRICS, row)
        connection.executemany(EVENTS, [(run, *event) for event in self.events])
        connection.executemany(SNAPSHOTS, [(run, *snapshot) for snapshot in self.snapshots])
        gone = [file for key in self.drops for (file,) in connection.execute(DROPPED, (run, *key)) if file]
        connection.executemany(DROP, [(run, *key) for key in self.drops])
        for state in self.states:
            reach_state(connection, run, state)
        return gone

    def written(self) -> None:
        """Forgets what the last `write` stored, once its transaction is in the file."""
        for piece in self.pieces:
            key = (piece.generation, piece.name)
            self.parts[key] = self.parts.get(key, 0) + 1
        for held in (self.pieces, self.events, self.snapshots, self.drops, self.states):
            held.clear()
        self.points = 0
