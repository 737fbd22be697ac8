"""Opens the history's file whatever state it is in: new, older, newer, damaged, read-only, on a shared file system."""

import sqlite3
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from netlib.training.store.database import BROKEN, Database, HistoryError
from netlib.training.store.place import data_folder, is_shared
from netlib.training.store.salvage import salvage
from netlib.training.store.schema import MIGRATIONS, migrate, version
from netlib.training.store.spare import keep_spare
from netlib.words import Message, words

QUICKLY_CHECKED = 50_000_000
"""Bytes up to which a file is checked whole at each start (about 0.2 s)."""

MOVED = words(
    "The history was damaged. It is kept as {moved}, and a new one has been started as {path}.",
    "历史记录已损坏。原文件保留为 {moved}，并已新建 {path}。",
)
SALVAGED = words(
    "The history was damaged. {count} of its runs could be read and are here again, with what was left of their curves. "
    "The damaged file is kept as {moved}.",
    "历史记录已损坏。其中 {count} 个运行仍可读取，已连同其残存的曲线一并恢复。损坏的文件保留为 {moved}。",
)
READ_ONLY = words(
    "The history {path} can be read but not saved here, so no run can start. "
    "Set NETLIB_DATA to a folder that can be written.",
    "历史记录 {path} 在这里只能读取，不能保存，因此无法开始新的运行。请将 NETLIB_DATA 设为可写的文件夹。",
)
NEWER = words(
    "The history {path} was made by a newer version of this app (its format is {found}, this one knows {known}). "
    "It can be read but not changed.",
    "历史记录 {path} 由本应用的较新版本创建（其格式为 {found}，当前版本支持到 {known}）。只能读取，不能修改。",
)
FOR_NOW = words(
    "The folder {folder} cannot be written: runs are kept only until this server stops. "
    "Set NETLIB_DATA to a folder that can be written.",
    "文件夹 {folder} 无法写入：运行记录只保留到服务器停止为止。请将 NETLIB_DATA 设为可写的文件夹。",
)
SHARED = words(
    "The history lies on a file system of another machine, where it is slow and for one server only.",
    "历史记录位于另一台机器的文件系统上，速度较慢，且只能供一个服务器使用。",
)


@dataclass(frozen=True)
class Opened:
    """A file ready for use, whether it takes anything, and what people should know about it."""

    database: Database
    writable: bool = True
    message: Message | None = None


def open_history(path: Path | None = None) -> Opened:
    """The history's file, created, checked, moved aside or brought up to date as it needs; never fails for good.

    Only the app calls this; a worker connects to what the app has opened.
    """
    path = path or data_folder() / "history.db"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _open(path)
    except (sqlite3.Error, OSError) as error:
        if _has_content(path):
            return _only_read(path, error)
    folder = Path(tempfile.mkdtemp(prefix="architecture-explorer-"))
    opened = _open(folder / path.name)
    return Opened(opened.database, message=Message(FOR_NOW, folder=str(path.parent)))


def _open(path: Path) -> Opened:
    try:
        return _prepare(path)
    except sqlite3.DatabaseError as error:
        if HistoryError(path, error).code not in BROKEN:
            raise
    moved = move_aside(path)
    database = _prepare(path).database
    if count := salvage(moved, database):
        return Opened(database, message=Message(SALVAGED, count=count, moved=moved.name))
    return Opened(database, message=Message(MOVED, moved=moved.name, path=path.name))


def _prepare(path: Path) -> Opened:
    if _has_content(path):
        found = _examine(path)
        if found > len(MIGRATIONS):
            message = Message(NEWER, path=path.name, found=found, known=len(MIGRATIONS))
            return Opened(Database(path, "ro"), writable=False, message=message)
    database, shared = Database(path), is_shared(path)
    connection = database.connect(create=True)
    try:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # has effect before the first table only
        connection.execute(f"PRAGMA journal_mode = {'DELETE' if shared else 'WAL'}")
        connection.execute("BEGIN IMMEDIATE")  # a file that is read-only says so here
        connection.execute("ROLLBACK")
        migrate(connection, path)
    finally:
        connection.close()
    keep_spare(path)
    return Opened(database, message=Message(SHARED) if shared else None)


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:  # there is no such file, or none that may be seen
        return False


def _examine(path: Path) -> int:
    """The version of a file that is sound; only reads, since closing a writer would delete a log that is to be kept.

    Raises:
        DatabaseError: with SQLite's code when it is damaged, or cannot be read here.
    """
    connection = Database(path).connect(read_only=True)
    try:
        found = version(connection)
        if path.stat().st_size <= QUICKLY_CHECKED:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise _malformed()
        return found
    finally:
        connection.close()


def _malformed() -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError("quick_check")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _only_read(path: Path, error: Exception) -> Opened:
    """Reads through the log where its side files can be had, else the file as it lies there."""
    fault = HistoryError(path, error) if isinstance(error, sqlite3.Error) else None
    lasting = fault is None or fault.code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
    message = Message(READ_ONLY, path=path.name) if fault is None or lasting else fault.message
    for database in (Database(path, "ro"), Database(path, "immutable")):
        try:
            with database.reading() as connection:
                connection.execute("SELECT count(*) FROM runs")
            return Opened(database, writable=False, message=message)
        except HistoryError:
            continue
    return Opened(Database(path, "immutable"), writable=False, message=message)


def move_aside(path: Path) -> Path:
    """Renames a damaged history together with its -wal and -shm, which belong to no other file."""
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    number, moved = 0, path
    while moved.exists():
        number += 1
        moved = path.with_name(
            f"{path.stem}.damaged-{moment}{f'-{number}' if number > 1 else ''}{path.suffix}"
        )
    for ending in ("", "-wal", "-shm"):
        side = path.with_name(path.name + ending)
        if side.exists():
            side.rename(moved.with_name(moved.name + ending))
    return moved
