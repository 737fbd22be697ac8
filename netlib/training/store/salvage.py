"""What can still be read of a damaged history, put into a new one; the damaged file itself is never written to.

SQLite keeps a table as a tree of pages. A page that is damaged hides the rows on it, and ends a scan there, but a look-up
by key still finds what lies elsewhere; so each table is scanned, and probed key by key after the first fault.
"""

import json
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from netlib.errors import NetlibError
from netlib.training.store.database import Database
from netlib.training.store.naming import stored_name, stored_note

LONGEST_SECONDS = 30.0
"""After which the rest is given up: people wait for the first page."""
MOST_MISSES = 20_000
"""Row numbers in a row that lead nowhere, after which a table is taken to be at its end."""
MOST_MISSING_PARTS = 256
MAGIC = b"SQLite format 3\x00"
HEADER = 100
"""Bytes before the first page's own (sqlite.org/fileformat2.html, section 1.3)."""
TREE_PAGES = (5, 13)
"""What the first byte after them can be: an inner or an outer page of a table."""
NAMES = {"loss", "val_loss", "val_accuracy", "learning_rate", "main_loss", "gradient_norm"}
RUN = re.compile(r"[0-9a-f]{4,40}")
FILE = re.compile(r"[\w-]+\.safetensors")

Row = dict[str, Any]


def salvage(damaged: Path, into: Database, seconds: float = LONGEST_SECONDS) -> int:
    """How many runs of a damaged history are now in `into`, with what was left of their curves and snapshots."""
    until = time.monotonic() + seconds
    try:
        with tempfile.TemporaryDirectory(dir=damaged.parent, prefix="salvage-") as folder:
            copy = Path(folder) / "copy.db"
            for ending in ("", "-wal"):
                side = damaged.with_name(damaged.name + ending)
                if side.exists():
                    shutil.copyfile(side, copy.with_name(copy.name + ending))
            source = _opened(copy, into.path)
            if source is None:
                return 0
            try:
                return _Salvage(source, into, until).run()
            finally:
                source.close()
    except (OSError, sqlite3.Error, NetlibError):  # a full disk, say: the damaged file is still there
        return 0


def _opened(copy: Path, sound: Path) -> Connection | None:
    """A connection to the copy, with the header of a sound history where its own is gone."""
    for mend in (False, True):
        if mend and not _with_header_of(copy, sound):
            return None
        connection = sqlite3.connect(copy, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.text_factory = lambda held: held.decode("utf-8", "replace")
        try:
            connection.execute("SELECT 1 FROM runs LIMIT 0").fetchall()
        except sqlite3.Error:
            connection.close()
        else:
            return connection
    return None


def _with_header_of(copy: Path, sound: Path) -> bool:
    """Whether the copy has another history's header now; not where its first page is none of a table."""
    with copy.open("r+b") as file:
        file.seek(HEADER)
        if file.read(1)[:1] not in {bytes([kind]) for kind in TREE_PAGES}:
            return False
        with sound.open("rb") as other:
            header = bytearray(other.read(HEADER))
        if not header.startswith(MAGIC):
            return False
        page = int.from_bytes(header[16:18], "big") or 4096
        file.seek(0, 2)
        header[28:32] = (file.tell() // (1 << 16 if page == 1 else page)).to_bytes(4, "big")
        header[32:40] = bytes(8)  # no free pages
        header[92:96] = header[24:28]  # the count of pages is that of this change
        file.seek(0)
        file.write(header)
    return True


class _Salvage:
    """One pass over a damaged history."""

    def __init__(self, source: Connection, into: Database, until: float) -> None:
        self._source, self._into, self._until = source, into, until

    def run(self) -> int:
        runs = {row["id"]: row for row in map(_run, self._rows("runs")) if row is not None}
        for row in runs.values():
            row["parent"] = row.get("parent") if row.get("parent") in runs else None
        kept = self._store("runs", iter(runs.values()))
        self._store("metrics", self._metrics(runs))
        for table, check in (("events", _event), ("snapshots", _snapshot), ("networks", _network)):
            self._store(table, (row for row in map(check, self._rows(table)) if row is not None))
        return kept

    def _store(self, table: str, rows: Iterator[Row]) -> int:
        """How many rows the new history took."""
        stored = 0
        with self._into.writing(durable=True) as connection:
            connection.execute("PRAGMA defer_foreign_keys = ON")
            known = {row["name"] for row in connection.execute(f"PRAGMA table_info({table})")}
            present = {row["id"] for row in connection.execute("SELECT id FROM runs")}
            for row in rows:
                if "run" in row and row["run"] not in present:
                    continue
                held = {name: value for name, value in row.items() if name in known}
                if not held:
                    continue
                columns, places = ", ".join(held), ", ".join(f":{name}" for name in held)
                try:
                    query = f"INSERT OR IGNORE INTO {table}({columns}) VALUES({places})"
                    stored += connection.execute(query, held).rowcount
                except (sqlite3.IntegrityError, sqlite3.ProgrammingError, OverflowError):
                    continue
        return stored

    def _rows(self, table: str) -> Iterator[Row]:
        """The rows of a table that has row numbers: scanned, and probed one by one where the scan ends in a fault."""
        at = 0
        while True:
            try:
                scan = (
                    f"SELECT rowid AS row_number, * FROM {table} NOT INDEXED WHERE rowid > ? ORDER BY rowid"  # noqa: S608  # a name of ours
                )
                for held in self._source.execute(scan, (at,)):
                    at = held["row_number"]
                    yield dict(held)
                return
            except sqlite3.Error as error:
                if "no such table" in str(error):
                    return
            # A scan drops the row before the fault as well; the look-up finds that one first.
            found = self._next(table, at)
            if found is None:
                return
            at, row = found
            yield row

    def _next(self, table: str, at: int) -> tuple[int, Row] | None:
        """The next row number, after `at`, under which something can be read, and the row."""
        query = f"SELECT * FROM {table} NOT INDEXED WHERE rowid = ?"  # noqa: S608  # a name of ours
        for number in range(at + 1, at + MOST_MISSES):
            if time.monotonic() > self._until:
                return None
            if (row := self._one(query, (number,))) is not None:
                return number, row
        return None

    def _metrics(self, runs: Mapping[str, Row]) -> Iterator[Row]:
        names, broken = set(NAMES), []
        for run in runs:
            try:
                for row in self._source.execute("SELECT * FROM metrics WHERE run = ?", (run,)):
                    if (part := _metric(dict(row))) is not None:
                        names.add(part["name"])
                        yield part
            except sqlite3.Error:
                broken.append(run)
        for run in broken:
            yield from self._parts(run, runs[run].get("generation") or 0, names)

    def _parts(self, run: str, generation: int, names: set[str]) -> Iterator[Row]:
        """The parts of a run's curves, each looked up by its key."""
        query = "SELECT * FROM metrics WHERE run = ? AND generation = ? AND name = ? AND part = ?"
        for here in range(generation + 1):
            for name in sorted(names):
                part, misses = 0, 0
                while misses < MOST_MISSING_PARTS and time.monotonic() < self._until:
                    row = self._one(query, (run, here, name, part))
                    found = _metric(row) if row is not None else None
                    part, misses = part + 1, 0 if found else misses + 1
                    if found:
                        yield found

    def _one(self, query: str, key: tuple[Any, ...]) -> Row | None:
        try:
            row = self._source.execute(query, key).fetchone()
        except sqlite3.Error:
            return None
        return None if row is None else dict(row)


def _run(row: Row) -> Row | None:
    """A run that the pages can show; None for one that makes no sense."""
    whole = all(type(row.get(name)) is int for name in ("seed", "step", "generation"))
    if not whole or not isinstance(row.get("created"), float) or not RUN.fullmatch(str(row.get("id"))):
        return None
    if not _is_json(row.get("spec")) or not isinstance(row.get("network"), str):
        return None
    if not isinstance(row.get("versions"), str) or not _is_json(row["versions"]):
        row["versions"] = None
    return row | {"name": _tidy(stored_name, row.get("name")), "note": _tidy(stored_note, row.get("note"))}


def _metric(row: Row) -> Row | None:
    blob, count = row.get("vals"), row.get("count")
    whole = all(type(row.get(name)) is int for name in ("generation", "part", "first", "stride", "count"))
    if not whole or not isinstance(blob, bytes) or len(blob) != 4 * (count or 0) or row["stride"] < 1:
        return None
    return row if isinstance(row.get("seconds"), float) and isinstance(row.get("name"), str) else None


def _event(row: Row) -> Row | None:
    detail = row.get("detail")
    if not isinstance(row.get("kind"), str) or not isinstance(row.get("at"), float):
        return None
    return row if detail is None or _is_json(detail) else None


def _snapshot(row: Row) -> Row | None:
    data, file = row.get("data"), row.get("file")
    inline = isinstance(data, bytes) and file is None
    beside = data is None and isinstance(file, str) and FILE.fullmatch(file) is not None
    return row if inline or beside else None


def _network(row: Row) -> Row | None:
    name = _tidy(stored_name, row.get("name"))
    return row | {"name": name} if name and _is_json(row.get("network")) else None


def _tidy(store: Callable[[str | None], str | None], text: Any) -> str | None:
    try:
        return store(text) if isinstance(text, str) else None
    except NetlibError:
        return None


def _is_json(text: Any) -> bool:
    try:
        return isinstance(text, str) and isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
