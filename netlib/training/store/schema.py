"""The history's tables, and the steps that bring an older file up to them."""

from pathlib import Path
from sqlite3 import Connection

VERSION_1 = (
    """CREATE TABLE runs(id TEXT PRIMARY KEY, created REAL NOT NULL, name TEXT, note TEXT, owner TEXT, host TEXT,
  network TEXT NOT NULL, spec TEXT NOT NULL, seed INTEGER NOT NULL, device TEXT, versions TEXT, script TEXT,
  state TEXT NOT NULL CHECK(state IN('queued','starting','running','paused','stopping','stopped','finished',
  'diverged','failed','lost')), reason TEXT, step INTEGER NOT NULL DEFAULT 0, pid INTEGER, started REAL, boot TEXT,
  beat REAL, generation INTEGER NOT NULL DEFAULT 0, parent TEXT REFERENCES runs(id))""",
    """CREATE TABLE metrics(run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, generation INTEGER NOT NULL,
  name TEXT NOT NULL, part INTEGER NOT NULL, first INTEGER NOT NULL, stride INTEGER NOT NULL,
  count INTEGER NOT NULL, seconds REAL NOT NULL, vals BLOB NOT NULL,
  PRIMARY KEY(run, generation, name, part)) WITHOUT ROWID""",
    """CREATE TABLE events(id INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  generation INTEGER NOT NULL, step INTEGER, at REAL NOT NULL, kind TEXT NOT NULL, detail TEXT)""",
    """CREATE TABLE snapshots(run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, generation INTEGER NOT NULL,
  kind TEXT NOT NULL, step INTEGER NOT NULL, bytes INTEGER NOT NULL, data BLOB, file TEXT,
  PRIMARY KEY(run, generation, kind, step))""",
    "CREATE INDEX runs_created ON runs(created DESC)",
    "CREATE INDEX events_run ON events(run, id)",
)
"""`metrics.vals`: little-endian float32; `seconds`: of training, at the part's last value; `generation` counts rewinds.

`runs.reason` and `events.detail` are JSON; `snapshots.data`: safetensors, or `file` names one beside the history.
"""

VERSION_2 = (
    """CREATE TABLE networks(id TEXT PRIMARY KEY, created REAL NOT NULL, name TEXT NOT NULL, owner TEXT,
  network TEXT NOT NULL)""",
    "CREATE UNIQUE INDEX networks_name ON networks(coalesce(owner, ''), name)",
)
"""Networks that people have saved under a name; `network` is its JSON."""

MIGRATIONS: list[tuple[str, ...]] = [VERSION_1, VERSION_2]
"""Element n brings a file of version n to n + 1; never edit one that was released, add the next."""


def version(connection: Connection) -> int:
    """The schema's number in a file; 0 for a new one."""
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def migrate(connection: Connection, path: Path) -> None:
    """Brings the file up to the newest version, all steps or none; a copy of the older file stays beside it."""
    before = version(connection)
    if before >= len(MIGRATIONS):
        return
    if before:
        keep = path.with_name(f"{path.stem}.v{before}.bak")
        keep.unlink(missing_ok=True)
        connection.execute("VACUUM INTO ?", (str(keep),))
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in MIGRATIONS[version(connection) :]:  # read again: another program may have been first
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
