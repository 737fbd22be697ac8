"""Connections to the history's file, and its faults in words.

Any number of processes read and write one file at once: write-ahead log, every write `BEGIN IMMEDIATE`, so that a
transaction either waits its turn or does not begin. SQLite 3.7.0 to 3.51.2 can damage a file when two connections
checkpoint at once (sqlite.org/wal.html, "The WAL-reset bug"), so no connection checkpoints by itself:
`netlib.training.store.checkpointer` does, in one process.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection
from typing import Literal, TypeVar

from netlib.errors import NetlibError
from netlib.training.store.spare import give_up_spare
from netlib.words import words

T = TypeVar("T")

BUSY_MILLISECONDS = 5000

FULL = words(
    "The disk is full: nothing can be saved in {path}. Free some space.",
    "磁盘已满：无法保存到 {path}。请腾出一些空间。",
)
READ_ONLY = words(
    "Nothing can be saved in {path}: it is read-only. Set NETLIB_DATA to a folder that can be written.",
    "无法保存到 {path}：它是只读的。请将 NETLIB_DATA 设为可写的文件夹。",
)
BUSY = words(
    "Another program holds the history {path}. Try again in a moment.",
    "另一个程序正占用历史记录 {path}。请稍后再试。",
)
DAMAGED = words(
    "The history {path} is damaged. Start the app again: it moves the file aside and begins a new one.",
    "历史记录 {path} 已损坏。请重新启动应用：它会把该文件移到一旁并新建一个。",
)
UNREADABLE = words(
    "The history {path} cannot be read or written ({code}).", "无法读写历史记录 {path}（{code}）。"
)

_SAID = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}
BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class HistoryError(NetlibError):
    """The history cannot be read or written; `code` is SQLite's primary result code."""

    def __init__(self, path: Path, error: sqlite3.Error) -> None:
        self.code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        name = getattr(error, "sqlite_errorname", type(error).__name__)
        template = _SAID.get(self.code, UNREADABLE)
        super().__init__(template, path=path.name, **({"code": name} if template is UNREADABLE else {}))


class Database:
    """One file; each of its connections is used by one thread at a time and then lent to the next.

    Threads of a page come and go, so connections belong to nobody: as many exist as were in use at once.
    """

    def __init__(self, path: Path, access: Literal["rw", "ro", "immutable"] = "rw") -> None:
        self.path = path
        self.access = access
        self._idle: dict[bool, list[Connection]] = {True: [], False: []}

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that can only read; hold it no longer than a query takes.

        Raises:
            HistoryError: when the file cannot be read.
        """
        with self._lent(read_only=True) as connection:
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[Connection]:
        """A transaction: stored when the block ends, undone when it raises; `durable` outlives a power cut.

        Raises:
            HistoryError: when nothing could be stored.
        """
        with self._lent(read_only=False) as connection:
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def store(self, write: Callable[[Connection], T], *, durable: bool = False) -> T:
        """What `write` gives, once it is stored; for how a run ended (`durable`) a full disk makes room first.

        Raises:
            HistoryError: when nothing could be stored.
        """
        try:
            with self.writing(durable=durable) as connection:
                return write(connection)
        except HistoryError as error:
            if not durable or error.code != sqlite3.SQLITE_FULL or not give_up_spare(self.path):
                raise
        with self.writing(durable=True) as connection:
            return write(connection)

    def connect(self, *, read_only: bool = False, create: bool = False) -> Connection:
        """A new connection with the settings that every connection here has."""
        if self.access == "immutable":
            mode = "mode=ro&immutable=1"
        else:
            mode = "mode=ro" if read_only or self.access == "ro" else "mode=rwc" if create else "mode=rw"
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?{mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=BUSY_MILLISECONDS / 1000,
        )
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        return connection

    def close(self) -> None:
        """Closes the connections that nobody uses."""
        for idle in self._idle.values():
            while idle:
                idle.pop().close()

    @contextmanager
    def _lent(self, *, read_only: bool) -> Iterator[Connection]:
        idle = self._idle[read_only]
        try:
            try:
                connection = idle.pop()
            except IndexError:
                connection = self.connect(read_only=read_only)
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
            idle.append(connection)
        except sqlite3.Error as error:
            raise HistoryError(self.path, error) from error
