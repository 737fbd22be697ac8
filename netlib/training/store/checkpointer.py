"""The one that moves the write-ahead log into the history's file; at most one process does it at a time.

Two connections that checkpoint at once can damage the file in SQLite before 3.51.3 (sqlite.org/wal.html), so all
others have `wal_autocheckpoint = 0`, and of several servers on one file the one that holds the lock file does it.
"""

import sqlite3
import sys
import threading
from pathlib import Path
from typing import IO

from netlib.training.store.database import Database

EVERY_SECONDS = 2.0
IDLE_ROUNDS = 5
"""Rounds without a new page in the log after which it is cut to nothing."""


class Checkpointer:
    """A thread of the app; ends with `close`, or with its process."""

    def __init__(self, database: Database, every: float = EVERY_SECONDS) -> None:
        self._database, self._every = database, every
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="checkpointer", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends it after the round in progress."""
        self._closed.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        lock: IO[bytes] | None = None
        connection: sqlite3.Connection | None = None
        still, size = 0, -1
        while not self._closed.wait(self._every):
            try:
                lock = lock or acquire(self._database.path.with_name(self._database.path.name + ".lock"))
                if lock is None:
                    continue
                connection = connection or self._database.connect()
                log = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()["log"]
                still, size = (still + 1, size) if log == size else (0, log)
                if still == IDLE_ROUNDS and size > 0:
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except (sqlite3.Error, OSError):
                continue  # a full disk, a busy reader: the log keeps everything, the next round tries again
        if connection is not None:
            connection.close()
        if lock is not None:
            lock.close()


def acquire(path: Path) -> IO[bytes] | None:
    """A file that is locked until it is closed or its process ends; None when another process has it."""
    file = path.open("ab")
    try:
        _lock(file)
    except OSError:
        file.close()
        return None
    return file


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
