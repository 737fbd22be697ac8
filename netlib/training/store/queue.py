"""Who is next and who is gone: the queue of the runs and the runs whose process is no more, as rows of the history."""

import time
from collections.abc import Callable
from sqlite3 import Connection

from netlib.training.accelerators import compete
from netlib.training.states import LIVE
from netlib.training.store.database import Database
from netlib.training.store.history import add_event, change_state
from netlib.training.store.process import Process, this_process
from netlib.training.store.records import RunRow
from netlib.words import Message, words

SERVER_STOPPED = words("The server stopped while this run was going.", "此运行进行期间服务器停止了。")
FRESH_SECONDS = 60.0
"""A run on a machine of another name counts as alive for so long after its last beat; a worker beats every 10 s."""

WANTS = "CASE WHEN json_valid(spec) THEN coalesce(json_extract(spec, '$.device'), 'cpu') ELSE 'cpu' END"
"""The device that a run wants, in SQL; defaults are left out of a spec."""
NEXT = f"""
SELECT *, {WANTS} AS wants FROM runs WHERE state = 'queued' AND pid = :pid AND started = :started AND boot = :boot
ORDER BY coalesce(beat, created), rowid"""  # noqa: S608  # a constant is put in
GOING = f"""
SELECT owner, coalesce(device, {WANTS}) AS place FROM runs
WHERE owner IS NOT NULL AND state IN ({",".join(f"'{state}'" for state in sorted(LIVE))})"""  # noqa: S608  # names of states are put in
WAITING = f"""
SELECT other.id, {WANTS.replace("spec", "other.spec")} AS wants FROM runs AS other, runs AS own
WHERE own.id = ? AND own.state = 'queued' AND other.state = 'queued' AND other.pid = own.pid
  AND other.started = own.started AND (coalesce(other.beat, other.created), other.rowid)
    <= (coalesce(own.beat, own.created), own.rowid)
ORDER BY coalesce(other.beat, other.created), other.rowid"""  # noqa: S608  # a constant is put in
QUEUED = "SELECT * FROM runs WHERE state = 'queued' ORDER BY coalesce(beat, created), rowid"
TAKE = """
UPDATE runs SET host = :host, pid = :pid, started = :started, boot = :boot,
  beat = coalesce(:beat, beat) WHERE id = :run"""


def first(
    database: Database, server: Process, takes: Callable[[str, int], bool] = lambda wants, held: True
) -> tuple[RunRow, str] | None:
    """The run of this server that has waited longest of those that can start, and the device that it wants.

    Args:
        database: the history's.
        server: whose queue it is.
        takes: whether a run can start that wants a device, whose owner has so many going that it competes with.
    """
    own = {"pid": server.pid, "started": server.started, "boot": server.boot}
    with database.reading() as connection:
        waiting = connection.execute(NEXT, own).fetchall()
        going = connection.execute(GOING).fetchall() if waiting else []
    for row in waiting:
        held = sum(
            other["owner"] == row["owner"] and compete(other["place"], row["wants"]) for other in going
        )
        if takes(row["wants"], held):
            return RunRow.read(row), row["wants"]
    return None


def ahead(database: Database, run: str) -> list[str] | None:
    """Runs that wait before this one for what it waits for, the next one first; None when it does not wait."""
    with database.reading() as connection:
        waiting = connection.execute(WAITING, (run,)).fetchall()
    if not waiting:
        return None
    own = waiting[-1]["wants"]
    return [row["id"] for row in waiting[:-1] if compete(row["wants"], own)]


def position(database: Database, run: str) -> int | None:
    """The run's place among those that wait for the same, 1 for the next one; None when it does not wait."""
    before = ahead(database, run)
    return None if before is None else len(before) + 1


def waiting(database: Database, owner: str | None = None) -> int:
    """How many runs wait, for any server; of one owner, where one is named."""
    query = "SELECT count(*) FROM runs WHERE state = 'queued' AND (:owner IS NULL OR owner = :owner)"
    with database.reading() as connection:
        (count,) = connection.execute(query, {"owner": owner}).fetchone()
    return int(count)


def take(database: Database, run: str, worker: Process) -> bool:
    """Whether the run now belongs to that worker, in state "starting"; False when it no longer waits."""

    def write(connection: Connection) -> bool:
        if not change_state(connection, run, "starting", {"queued"}):
            return False
        connection.execute(TAKE, _owned(run, worker, time.time()))
        return True

    return database.store(write)


def take_over(database: Database, server: Process | None = None) -> list[str]:
    """Puts the queue of servers that are gone behind this one's; the ids of those runs."""
    server = server or this_process()

    def write(connection: Connection) -> list[str]:
        rows = [RunRow.read(row) for row in connection.execute(QUEUED)]
        left = [row.id for row in rows if row.process is None or not _alive(row, row.process)]
        connection.executemany(TAKE, [_owned(run, server, None) for run in left])
        return left

    return database.store(write)


def mark_lost(database: Database, reason: Message | None = None) -> list[str]:
    """Moves every run whose process is gone to "lost"; their ids. For the start of a server."""
    reason = reason or Message(SERVER_STOPPED)

    def write(connection: Connection) -> list[str]:
        places = ",".join("?" * len(LIVE))
        query = f"SELECT * FROM runs WHERE state IN ({places})"  # noqa: S608  # only question marks are put in
        rows = [RunRow.read(row) for row in connection.execute(query, sorted(LIVE))]
        gone = [row.id for row in rows if row.process is None or not _alive(row, row.process)]
        for run in gone:
            change_state(connection, run, "lost", LIVE, reason)
            add_event(connection, run, None, "died", reason)
        return gone

    return database.store(write, durable=True)


def _alive(row: RunRow, process: Process) -> bool:
    """Whether a run's process is there; on a machine of another name a fresh beat has to do."""
    if process.host == this_process().host:
        return process.alive()
    return abs(time.time() - (row.beat or row.created)) < FRESH_SECONDS


def _owned(run: str, process: Process, beat: float | None) -> dict[str, str | int | float | None]:
    """Without a beat the run keeps its own, which says since when one that goes on has waited."""
    return {
        "run": run, "host": process.host, "pid": process.pid, "started": process.started, "boot": process.boot,
        "beat": beat,
    }  # fmt: skip
