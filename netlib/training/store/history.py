"""History: every run, its curves, events and snapshots, in one SQLite file; what was shown is in it.

Workers write what they measure, the app writes the queue, names and deletions, pages read. No torch here.
"""

import json
import secrets
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from sqlite3 import Connection
from typing import Any, Self

from numpy import ndarray

from netlib.errors import NetlibError
from netlib.training.run.protocol import Detail
from netlib.training.sentence import to_data
from netlib.training.spec import RunSpec, State
from netlib.training.states import CALLED, ENDED, LIVE, MAY_BECOME, way
from netlib.training.store import curves, snapshots
from netlib.training.store.database import Database
from netlib.training.store.naming import stored_name, stored_note
from netlib.training.store.opening import Opened, open_history
from netlib.training.store.process import this_process
from netlib.training.store.records import Event, Filter, RunRow, Series, SnapshotRow
from netlib.training.store.summaries import Summaries, Summary
from netlib.words import Message, words

ABSENT = words("There is no run {run} in the history.", "历史记录中没有运行 {run}。")
ALIVE = words(
    "Run {run} is {state}: stop it before you delete it.", "运行 {run} 处于{state}状态：请先停止再删除。"
)


class History:
    """The runs in one file; safe to use from any thread."""

    def __init__(self, opened: Opened) -> None:
        self.database = opened.database
        self.writable = opened.writable
        self.message = opened.message
        """What people should know about the file: moved aside, read-only, kept only for now."""
        self._summaries = Summaries()

    @classmethod
    def open(cls, path: Path | None = None) -> Self:
        """The history in that file, or in the person's own data folder; `message` says what was the matter with it."""
        return cls(open_history(path))

    @classmethod
    def joined(cls, path: Path) -> Self:
        """The history that another process has opened, for a worker that writes into it."""
        return cls(Opened(Database(path)))

    @property
    def path(self) -> Path:
        """The file."""
        return self.database.path

    def close(self) -> None:
        """Lets go of the file."""
        self.database.close()

    def create(
        self, spec: RunSpec, *, name: str | None = None, owner: str | None = None, parent: str | None = None
    ) -> str:
        """The id of a new run, in state "queued"; it belongs to the process that made it until a worker takes it.

        Raises:
            NetlibError: when the name has signs that are not kept.
            HistoryError: when it cannot be stored.
        """
        run, here = secrets.token_hex(5), this_process()
        row: dict[str, Any] = {
            "id": run, "created": time.time(), "name": stored_name(name), "owner": owner, "parent": parent,
            "network": spec.network.to_json(), "spec": spec.to_json(), "seed": spec.seed, "device": spec.device,
            "state": "queued", "host": here.host, "pid": here.pid, "started": here.started, "boot": here.boot,
        }  # fmt: skip
        columns, places = ", ".join(row), ", ".join(f":{column}" for column in row)
        with self.database.writing() as connection:
            connection.execute(f"INSERT INTO runs({columns}) VALUES({places})", row)
        return run

    def state(self, run: str) -> RunRow:
        """The run as it is now.

        Raises:
            NetlibError: when there is no such run, or the file cannot be read.
        """
        with self.database.reading() as connection:
            row = connection.execute("SELECT * FROM runs WHERE id = ?", (run,)).fetchone()
        if row is None:
            raise NetlibError(ABSENT, run=run[:40])
        return RunRow.read(row)

    def runs(self, where: Filter | None = None) -> list[RunRow]:
        """The runs that match, newest first."""
        query, values = (where or Filter()).query()
        with self.database.reading() as connection:
            rows = connection.execute(query, values).fetchall()
        return [RunRow.read(row) for row in rows]

    def move(
        self, run: str, to: State, reason: Message | None = None, *, only_from: Iterable[State] | None = None
    ) -> bool:
        """Whether the run changed its state: False when it may not, or somebody else was first.

        Raises:
            HistoryError: when it cannot be stored.
        """
        before = {state for state, following in MAY_BECOME.items() if to in following}
        before &= set(only_from if only_from is not None else before)
        return self.database.store(
            lambda connection: change_state(connection, run, to, before, reason), durable=to in ENDED
        )

    def metrics(self, run: str, name: str, after_part: int = -1, generation: int | None = None) -> Series:
        """A curve, or what came after the part up to which the caller has it; of the present generation by default."""
        with self.database.reading() as connection:
            chosen = _generation(connection, run, generation)
            return curves.curve(connection, run, chosen, name, after_part)

    def metric_names(self, run: str, generation: int | None = None) -> list[str]:
        """The curves that a run has, by name."""
        with self.database.reading() as connection:
            return curves.names(connection, run, _generation(connection, run, generation))

    def latest(self, run: str, generation: int | None = None) -> dict[str, float]:
        """The last value of each curve, for a list of runs."""
        with self.database.reading() as connection:
            return curves.latest(connection, run, _generation(connection, run, generation))

    def seconds(self, run: str, generation: int | None = None) -> float:
        """How long the run has trained, pauses left out, in seconds."""
        with self.database.reading() as connection:
            return curves.seconds(connection, run, _generation(connection, run, generation))

    def summaries(self, rows: Iterable[RunRow]) -> dict[str, Summary]:
        """Best validation figures and time of many runs, by their ids; for a list."""
        with self.database.reading() as connection:
            return self._summaries.read(connection, rows)

    def events(self, run: str, after: int = 0) -> list[Event]:
        """What happened in a run, of all generations, after the event with that id."""
        with self.database.reading() as connection:
            query = "SELECT * FROM events WHERE run = ? AND id > ? ORDER BY id"
            return [Event.read(row) for row in connection.execute(query, (run, after))]

    def snapshots(self, run: str, kind: str | None = None) -> list[SnapshotRow]:
        """The snapshots that a run has, of one kind or of all, in the order of generation and step."""
        query = (
            "SELECT generation, kind, step, bytes FROM snapshots WHERE run = ? AND kind = coalesce(?, kind)"
            " ORDER BY generation, step, kind"
        )
        with self.database.reading() as connection:
            return [SnapshotRow(**row) for row in connection.execute(query, (run, kind))]

    def snapshot(
        self, run: str, kind: str, step: int, generation: int | None = None
    ) -> dict[str, ndarray] | None:
        """The arrays of a snapshot, or None when there is none (any more)."""
        query = "SELECT data, file FROM snapshots WHERE run = ? AND generation = ? AND kind = ? AND step = ?"
        with self.database.reading() as connection:
            key = (run, _generation(connection, run, generation), kind, step)
            row = connection.execute(query, key).fetchone()
        if row is None:
            return None
        data = row["data"] if row["file"] is None else snapshots.read_file(self.path, run, row["file"])
        return None if data is None else snapshots.from_bytes(data)

    def rename(self, run: str, name: str | None) -> None:
        """Gives a run a name, which also keeps it from being thinned out; None takes it away.

        Raises:
            NetlibError: when the name has signs that are not kept, or cannot be stored.
        """
        with self.database.writing() as connection:
            connection.execute("UPDATE runs SET name = ? WHERE id = ?", (stored_name(name), run))

    def annotate(self, run: str, note: str | None) -> None:
        """Keeps a note with a run."""
        with self.database.writing() as connection:
            connection.execute("UPDATE runs SET note = ? WHERE id = ?", (stored_note(note), run))

    def delete(self, run: str) -> None:
        """Takes a run out of the history with all that belongs to it.

        Raises:
            NetlibError: when there is no such run, it is still going, or the file cannot be written.
        """
        row = self.state(run)
        if row.live:
            raise NetlibError(ALIVE, run=run, state=CALLED[row.state])
        with self.database.writing() as connection:
            connection.execute("UPDATE runs SET parent = NULL WHERE parent = ?", (run,))
            connection.execute("DELETE FROM runs WHERE id = ?", (run,))
        shutil.rmtree(snapshots.folder(self.path, run), ignore_errors=True)
        with self.database.writing() as connection:
            connection.execute("PRAGMA incremental_vacuum").fetchall()


def change_state(
    connection: Connection, run: str, to: State, before: Iterable[State], reason: Message | None = None
) -> bool:
    """One statement, so that of two who want a change at once one is first and the other sees it."""
    allowed = sorted(before)
    places = ",".join("?" * len(allowed))
    changed = connection.execute(
        f"UPDATE runs SET state = ?, reason = coalesce(?, reason) WHERE id = ? AND state IN ({places})",  # noqa: S608  # only question marks are put in
        (to, None if reason is None else detail_to_json(reason), run, *allowed),
    ).rowcount
    if changed:
        add_event(connection, run, None, "state", {"to": to})
    return bool(changed)


def end_run(
    connection: Connection, run: str, state: State, reason: Message | None, *, stopping: State = "stopped"
) -> bool:
    """Whether a live run is brought to its end: in that state, or in another one where a stop was wanted before."""
    return any(reach_state(connection, run, end, reason) for end in (state, stopping))


def reach_state(connection: Connection, run: str, to: State, reason: Message | None = None) -> bool:
    """Whether a live run is brought to a state, through those that its worker has passed without a halt."""
    found = connection.execute("SELECT state FROM runs WHERE id = ?", (run,)).fetchone()
    if found is None or found["state"] not in LIVE:
        return False
    before, path = found["state"], way(found["state"], to)
    for state in path:
        change_state(connection, run, state, {before}, reason if state == to else None)
        before = state
    return bool(path)


def add_event(connection: Connection, run: str, step: int | None, kind: str, detail: Detail = None) -> None:
    """Stores an event in the run's present generation, at its present step unless another is given."""
    connection.execute(
        "INSERT INTO events(run, generation, step, at, kind, detail)"
        " SELECT id, generation, coalesce(?, step), ?, ?, ? FROM runs WHERE id = ?",
        (step, time.time(), kind, detail_to_json(detail), run),
    )


def detail_to_json(detail: Detail) -> str | None:
    """What an event says, as the history stores it."""
    if detail is None:
        return None
    return json.dumps(to_data(detail) if isinstance(detail, Message) else dict(detail), ensure_ascii=False)


def _generation(connection: Connection, run: str, wanted: int | None) -> int:
    if wanted is not None:
        return wanted
    row = connection.execute("SELECT generation FROM runs WHERE id = ?", (run,)).fetchone()
    return 0 if row is None else int(row["generation"])
