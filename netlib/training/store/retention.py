"""Keeps the history from growing without end: what has a name or a note stays, of the rest the newest."""

from sqlite3 import Connection

from netlib.training.states import ENDED
from netlib.training.store import snapshots
from netlib.training.store.history import History

MOST_RUNS = 500
MOST_BYTES = 1 << 30

OLDEST = f"""
SELECT id FROM runs WHERE state IN ({",".join("?" * len(ENDED))}) AND name IS NULL AND note IS NULL
ORDER BY created, rowid LIMIT ?"""  # noqa: S608  # only question marks are put in
BETWEEN = """
SELECT generation, kind, step, file FROM snapshots AS this WHERE run = ? AND EXISTS (
  SELECT 1 FROM snapshots WHERE run = this.run AND generation = this.generation AND kind = this.kind
  AND step < this.step) AND EXISTS (
  SELECT 1 FROM snapshots WHERE run = this.run AND generation = this.generation AND kind = this.kind
  AND step > this.step)"""


def thin_out(
    history: History, *, most_runs: int = MOST_RUNS, most_bytes: int = MOST_BYTES, at_once: int = 20
) -> list[str]:
    """The runs that were taken out, oldest first, at most `at_once` of them.

    While more bytes are used than may be, the oldest first lose their snapshots between the first and the last of
    each kind, then go as a whole.

    Raises:
        HistoryError: when the file cannot be written.
    """
    with history.database.reading() as connection:
        oldest = [run for (run,) in connection.execute(OLDEST, (*sorted(ENDED), at_once))]
        (count,) = connection.execute("SELECT count(*) FROM runs").fetchone()
    for run in oldest:
        if used_bytes(history) <= most_bytes:
            break
        _thin_snapshots(history, run)
    gone: list[str] = []
    for run in oldest:
        if count - len(gone) <= most_runs and used_bytes(history) <= most_bytes:
            break
        history.delete(run)
        gone.append(run)
    return gone


def used_bytes(history: History) -> int:
    """What the history takes on the disk, files of snapshots included, pages that are free again left out."""
    with history.database.reading() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        (free,) = connection.execute("PRAGMA freelist_count").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (files,) = connection.execute(
            "SELECT coalesce(sum(bytes), 0) FROM snapshots WHERE file IS NOT NULL"
        ).fetchone()
    return int((pages - free) * size + files)


def _thin_snapshots(history: History, run: str) -> None:
    def write(connection: Connection) -> list[str | None]:
        rows = connection.execute(BETWEEN, (run,)).fetchall()
        key = "run = ? AND generation = ? AND kind = ? AND step = ?"
        connection.executemany(
            f"DELETE FROM snapshots WHERE {key}",  # noqa: S608  # a constant is put in
            [(run, row["generation"], row["kind"], row["step"]) for row in rows],
        )
        return [row["file"] for row in rows]

    for file in history.database.store(write):
        if file is not None:
            (snapshots.folder(history.path, run) / file).unlink(missing_ok=True)
