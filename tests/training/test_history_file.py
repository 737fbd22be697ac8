import os
import shutil
import sqlite3
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from netlib.training.store import schema
from netlib.training.store.database import HistoryError
from netlib.training.store.history import History
from tests.training.recorded import small_spec

GOLDEN = Path(__file__).parent / "golden"


def raw(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def test_pragmas(history: History) -> None:
    with raw(history.path) as outside:
        assert outside.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert outside.execute("PRAGMA auto_vacuum").fetchone() == (2,)  # incremental
        assert outside.execute("PRAGMA user_version").fetchone() == (len(schema.MIGRATIONS),)
    with history.database.writing() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 1  # normal
        assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1
        assert connection.execute("PRAGMA busy_timeout").fetchone()[0] == 5000
        assert connection.execute("PRAGMA wal_autocheckpoint").fetchone()[0] == 0
    with history.database.writing(durable=True) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2  # full


def test_readers_cannot_write(history: History) -> None:
    with pytest.raises(HistoryError, match="read-only"), history.database.reading() as connection:
        connection.execute("DELETE FROM runs")


@pytest.mark.parametrize("golden", sorted(GOLDEN.glob("history-v*.sql")), ids=lambda path: path.stem)
def test_a_file_of_every_past_version_opens_with_all_its_runs(golden: Path, tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with raw(path) as old:
        old.executescript(golden.read_text("utf-8"))
    history = History.open(path)
    assert history.message is None
    (row,) = history.runs()
    assert (row.id, row.state, row.step, row.name) == ("0123456789", "finished", 3, "first")
    assert row.reason == "All epochs are done (3)."
    assert row.reason is not None
    assert row.reason.say("zh") == "All epochs are done (3)."
    assert history.metrics(row.id, "loss").values.tolist() == [3.0, 2.0, 1.0]
    with history.database.reading() as connection:
        assert schema.version(connection) == len(schema.MIGRATIONS)


def test_the_newest_golden_file_is_of_the_present_version(tmp_path: Path) -> None:
    """A changed table needs a new version, a migration and a golden file of its own."""
    golden = GOLDEN / f"history-v{len(schema.MIGRATIONS)}.sql"
    with raw(tmp_path / "golden.db") as old:
        old.executescript(golden.read_text("utf-8"))
        expected = old.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
    history = History.open(tmp_path / "history.db")
    with raw(history.path) as new:
        assert new.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall() == expected


def test_a_migration_keeps_a_copy_and_comes_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "history.db"
    run = History.open(path).create(small_spec())
    broken = ("ALTER TABLE runs ADD COLUMN pinned INTEGER", "ALTER TABLE nowhere ADD COLUMN pinned INTEGER")
    before = list(schema.MIGRATIONS)
    monkeypatch.setattr(schema, "MIGRATIONS", [*before, broken])
    with raw(path) as connection, pytest.raises(sqlite3.OperationalError):
        schema.migrate(connection, path)
    with raw(path) as connection:
        assert schema.version(connection) == len(before)
        assert "pinned" not in str(connection.execute("SELECT sql FROM sqlite_master").fetchall())
    monkeypatch.setattr(schema, "MIGRATIONS", [*before, broken[:1]])
    with raw(path) as connection:
        schema.migrate(connection, path)
        assert schema.version(connection) == len(before) + 1
        assert connection.execute("SELECT id, pinned FROM runs").fetchall() == [(run, None)]
    with raw(tmp_path / f"history.v{len(before)}.bak") as copy:
        assert copy.execute("SELECT id FROM runs").fetchall() == [(run,)]


def test_a_newer_file_is_read_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    run = History.open(path).create(small_spec())
    with raw(path) as newer:
        newer.execute("PRAGMA user_version = 99")
    history = History.open(path)
    assert not history.writable
    assert history.message is not None
    assert "newer version" in history.message
    assert "99" in history.message.say("zh")
    assert history.state(run).id == run
    with pytest.raises(HistoryError, match="read-only"):
        history.create(small_spec())


def damage_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\xff" * 100)


def damage_pages(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 4096))


def damage_end(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def be_text(path: Path) -> None:
    path.write_text("this is no database\n" * 400)


@pytest.mark.parametrize("damage", [damage_pages, be_text])
def test_a_file_of_which_nothing_is_left_is_moved_aside_with_its_side_files(
    damage: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "history.db"
    first = History.open(path)
    for _ in range(30):
        first.create(small_spec())
    first.close()
    damage(path)
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).write_bytes(b"left over")
    history = History.open(path)
    assert history.writable
    assert history.message is not None
    assert "damaged" in history.message
    assert "已损坏" in history.message.say("zh")
    assert history.runs() == []
    history.create(small_spec())
    moved = sorted(file.name for file in tmp_path.glob("history.damaged-*"))
    assert len(moved) == 3, moved
    assert moved == [moved[0], moved[0] + "-shm", moved[0] + "-wal"]
    assert moved[0] in history.message


def test_an_empty_file_is_a_new_history(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    path.touch()
    history = History.open(path)
    assert history.message is None
    history.create(small_spec())


def test_a_log_of_random_bytes_costs_no_row(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    first = History.open(path)
    run = first.create(small_spec())
    first.close()
    path.with_name(path.name + "-wal").write_bytes(os.urandom(5000))
    history = History.open(path)
    assert history.message is None
    assert history.state(run).id == run


def as_an_ordinary_user(check: object) -> None:
    """Runs a check in a child without root's right to write everywhere."""
    assert callable(check)
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            check()
        except BaseException:  # noqa: BLE001  # whatever it is, the parent has to hear of it
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the check changes its user")
def test_a_read_only_folder_can_be_looked_at() -> None:
    folder = Path(tempfile.mkdtemp())  # pytest's own folders would not let an ordinary user in
    try:
        first = History.open(folder / "history.db")
        run = first.create(small_spec())
        first.close()
        for file in folder.iterdir():
            file.chmod(0o444)
        folder.chmod(0o555)

        def check() -> None:
            history = History.open(folder / "history.db")
            assert not history.writable
            assert history.message is not None
            assert "can be read but not saved" in history.message
            assert history.state(run).id == run
            with pytest.raises(HistoryError, match="NETLIB_DATA"):
                history.create(small_spec())

        as_an_ordinary_user(check)
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the check changes its user")
@pytest.mark.parametrize("hidden", [False, True])
def test_where_no_folder_can_be_made_runs_are_kept_for_now(hidden: bool) -> None:
    closed = Path(tempfile.mkdtemp())
    closed.chmod(0o000 if hidden else 0o555)

    def check() -> None:
        history = History.open(closed / "data" / "history.db")
        assert history.writable
        assert history.message is not None
        assert "only until this server stops" in history.message
        history.create(small_spec())
        shutil.rmtree(history.path.parent)

    try:
        as_an_ordinary_user(check)
    finally:
        closed.rmdir()
