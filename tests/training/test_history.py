import itertools
import os
import shutil
import sqlite3
import tempfile
import threading
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlib.errors import NetlibError
from netlib.training import queue, schema
from netlib.training.database import Database, HistoryError
from netlib.training.history import History
from netlib.training.process import this_process
from netlib.training.records import Filter, Series
from netlib.training.spec import State
from netlib.training.states import ENDED, LIVE, MAY_BECOME
from netlib.words import Message
from tests.training.recorded import small_spec, started_run

STATES: tuple[State, ...] = get_args(State)
GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    opened = History.open(tmp_path / "history.db")
    assert opened.message is None
    yield opened
    opened.close()


def raw(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


# --- the file


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
    monkeypatch.setattr(schema, "MIGRATIONS", [schema.VERSION_1, broken])
    with raw(path) as connection, pytest.raises(sqlite3.OperationalError):
        schema.migrate(connection, path)
    with raw(path) as connection:
        assert schema.version(connection) == 1
        assert "pinned" not in str(connection.execute("SELECT sql FROM sqlite_master").fetchall())
    monkeypatch.setattr(schema, "MIGRATIONS", [schema.VERSION_1, broken[:1]])
    with raw(path) as connection:
        schema.migrate(connection, path)
        assert schema.version(connection) == 2
        assert connection.execute("SELECT id, pinned FROM runs").fetchall() == [(run, None)]
    with raw(tmp_path / "history.v1.bak") as copy:
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


@pytest.mark.parametrize("damage", [damage_header, damage_pages, damage_end, be_text])
def test_a_damaged_file_is_moved_aside_with_its_side_files(damage: object, tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    first = History.open(path)
    for _ in range(30):
        first.create(small_spec())
    first.close()
    assert callable(damage)
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
def test_where_no_folder_can_be_made_runs_are_kept_for_now() -> None:
    def check() -> None:
        history = History.open(Path("/proc/nowhere/history.db"))
        assert history.writable
        assert history.message is not None
        assert "only until this server stops" in history.message
        history.create(small_spec())
        shutil.rmtree(history.path.parent)

    as_an_ordinary_user(check)


# --- runs


def test_a_run_comes_back_as_it_was_made(history: History) -> None:
    spec = small_spec(seed=7)
    run = history.create(spec, name="  Näme (v1.2), 网络 ", owner="me")
    row = history.state(run)
    assert row.spec() == spec
    assert (row.state, row.step, row.seed, row.name, row.owner) == ("queued", 0, 7, "Näme (v1.2), 网络", "me")
    assert row.process == this_process()
    assert not row.live
    assert not row.ended


def test_an_unknown_run_is_refused_in_words(history: History) -> None:
    with pytest.raises(NetlibError, match="There is no run nowhere"):
        history.state("nowhere")


@pytest.mark.parametrize("name", ["<b>", "a:b", "`code`", "x\u202ey", "$x$", "[a](b)", "😀", "n" * 81])
def test_names_that_are_unsafe_to_show_are_not_stored(history: History, name: str) -> None:
    run = history.create(small_spec())
    with pytest.raises(NetlibError, match="A name"):
        history.rename(run, name)
    assert history.state(run).name is None


def test_list_by_state_owner_and_text(history: History) -> None:
    runs = [history.create(small_spec(), owner=owner) for owner in ("ann", "bob", "ann")]
    history.rename(runs[0], "Wide net")
    history.annotate(runs[1], "the one with\na wide layer\x00")
    history.move(runs[2], "stopped")
    assert [row.id for row in history.runs()] == runs[::-1]
    assert [row.id for row in history.runs(Filter(owner="ann"))] == [runs[2], runs[0]]
    assert [row.id for row in history.runs(Filter(states=ENDED))] == [runs[2]]
    assert [row.id for row in history.runs(Filter(text="WIDE"))] == [runs[1], runs[0]]
    assert [row.id for row in history.runs(Filter(limit=1, offset=1))] == [runs[1]]
    assert history.state(runs[1]).note == "the one with\na wide layer"


def put(history: History, state: State) -> str:
    run = history.create(small_spec())
    with history.database.writing() as connection:
        connection.execute("UPDATE runs SET state = ? WHERE id = ?", (state, run))
    return run


def test_only_what_the_table_allows_changes_a_state(history: History) -> None:
    for before, after in itertools.product(STATES, STATES):
        run, allowed = put(history, before), after in MAY_BECOME[before]
        assert history.move(run, after, Message("why")) is allowed, (before, after)
        assert history.state(run).state == (after if allowed else before)
        assert history.state(run).reason == ("why" if allowed else None)
        assert [event.kind for event in history.events(run)] == (["state"] if allowed else [])


@settings(max_examples=30, derandomize=True, deadline=None)
@given(moves=st.lists(st.sampled_from(STATES), max_size=12))
def test_a_run_goes_through_states_in_the_order_of_the_table(
    tmp_path_factory: pytest.TempPathFactory, moves: list[State]
) -> None:
    history = History.open(tmp_path_factory.getbasetemp() / "moves" / "history.db")
    run, expected = history.create(small_spec()), list[State](["queued"])
    for to in moves:
        allowed = to in MAY_BECOME[expected[-1]]
        assert history.move(run, to) is allowed
        expected += [to] if allowed else []
    assert [event.detail["to"] for event in history.events(run)] == expected[1:]
    history.close()


def test_the_table_says_what_the_states_are() -> None:
    assert set(MAY_BECOME) == set(STATES)
    assert set(STATES) - ENDED - LIVE == {"queued"}
    pairs = {(before, after) for before in STATES for after in MAY_BECOME[before]}
    assert len(pairs) == 16


def test_of_two_senders_at_once_one_is_first(history: History) -> None:
    for _ in range(20):
        run, barrier, won = put(history, "running"), threading.Barrier(4), list[State]()

        def send(
            to: State, run: str = run, barrier: threading.Barrier = barrier, won: list[State] = won
        ) -> None:
            barrier.wait()
            if history.move(run, to):
                won.append(to)

        wanted: list[State] = ["finished", "diverged", "failed", "lost"]
        threads = [threading.Thread(target=send, args=(to,)) for to in wanted]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(won) == 1
        assert history.state(run).state == won[0]


def test_a_deleted_run_leaves_nothing(history: History) -> None:
    run, recorder = started_run(history)
    recorder.metrics("loss", 1, [1.0])
    recorder.snapshot("weights", 1, {"large": np.zeros(100_000, np.float32)})
    recorder.flush()
    with pytest.raises(NetlibError, match="is running: stop it"):
        history.delete(run)
    recorder.end("finished")
    child = history.create(small_spec(), parent=run)
    assert (history.path.parent / "runs" / run).is_dir()
    history.delete(run)
    assert [row.id for row in history.runs()] == [child]
    assert history.state(child).parent is None
    assert not (history.path.parent / "runs" / run).exists()
    with history.database.reading() as connection:
        for table in ("metrics", "events", "snapshots"):
            assert (
                connection.execute(f"SELECT count(*) FROM {table} WHERE run = ?", (run,)).fetchone()[0] == 0
            )


# --- curves, events, snapshots


def test_a_curve_comes_back_bit_for_bit_and_piece_by_piece(history: History) -> None:
    run, recorder = started_run(history)
    values = np.random.default_rng(0).normal(size=300).astype(np.float32)
    values[7] = np.nan
    held = Series()
    for first in range(0, 300, 30):
        recorder.metrics("loss", first + 1, values[first : first + 10])
        recorder.metrics("loss", first + 11, values[first + 10 : first + 30])
        recorder.flush()
        held = held.joined(history.metrics(run, "loss", held.last_part))
    assert held.last_part == 9  # one part a write
    assert held.steps.tolist() == list(range(1, 301))
    assert held.values.tobytes() == values.tobytes()
    assert (np.diff(held.seconds) >= 0).all()
    whole = history.metrics(run, "loss")
    assert whole.values.tobytes() == values.tobytes()
    assert np.allclose(whole.seconds, held.seconds)
    assert history.state(run).step == 300
    assert history.latest(run) == {"loss": pytest.approx(float(values[-1]))}


def test_values_at_some_steps_only_keep_their_steps(history: History) -> None:
    run, recorder = started_run(history)
    for step in (10, 20, 30):
        recorder.metrics("val_loss", step, [step / 10])
    recorder.metrics("loss", 1, range(30))
    recorder.flush()
    assert history.metrics(run, "val_loss").steps.tolist() == [10, 20, 30]
    assert history.metrics(run, "val_loss").values.tolist() == [1.0, 2.0, 3.0]
    assert history.metric_names(run) == ["loss", "val_loss"]
    assert len(history.metrics(run, "nothing")) == 0


def test_a_rewind_keeps_the_old_curve(history: History) -> None:
    run, recorder = started_run(history)
    recorder.metrics("loss", 1, [3.0, 2.0])
    recorder.event(2, "rewind")
    recorder.metrics("loss", 1, [9.0])
    recorder.flush()
    assert history.state(run).generation == 1
    assert history.state(run).step == 1
    assert history.metrics(run, "loss").values.tolist() == [9.0]
    assert history.metrics(run, "loss", generation=0).values.tolist() == [3.0, 2.0]


def test_events_hold_sentences_and_values(history: History) -> None:
    run, recorder = started_run(history)
    recorder.event(3, "learning_rate", {"value": 0.5})
    recorder.event(4, "message", Message("at {n}", n=4))
    recorder.flush()
    (_, rate, message) = history.events(run)
    assert (rate.step, rate.kind, rate.detail, rate.message) == (3, "learning_rate", {"value": 0.5}, None)
    assert (message.step, message.message, message.detail) == (4, "at 4", {})
    assert [event.id for event in history.events(run, after=rate.id)] == [message.id]


@pytest.mark.parametrize("count", [10, 100_000])
def test_snapshots_small_and_large(history: History, count: int) -> None:
    run, recorder = started_run(history)
    tensors: dict[str, np.ndarray] = {"w": np.arange(count, dtype=np.float32), "n": np.array(3, np.int64), "t": np.eye(3)[:, ::2]}
    recorder.snapshot("weights", 5, tensors)
    recorder.flush()
    (row,) = history.snapshots(run, "weights")
    assert (row.generation, row.kind, row.step) == (0, "weights", 5)
    found = history.snapshot(run, "weights", 5)
    assert found is not None
    assert found.keys() == tensors.keys()
    assert all(
        (found[name] == tensors[name]).all() and found[name].shape == tensors[name].shape for name in found
    )
    files = list((history.path.parent / "runs").rglob("*.*"))
    assert [file.name for file in files] == ([] if row.bytes <= 256 * 1024 else ["0-weights-5.safetensors"])
    assert history.snapshot(run, "weights", 6) is None
    for file in files:
        file.unlink()
        assert history.snapshot(run, "weights", 5) is None


def test_pause_and_resume_are_in_the_state_and_not_in_the_time(history: History) -> None:
    run, recorder = started_run(history)
    recorder.started("cpu", 1)
    recorder.flush()
    assert history.state(run).state == "starting"
    recorder.metrics("loss", 1, [1.0])
    recorder.event(1, "pause")
    assert history.state(run).state == "paused"
    for step in (2, 3):
        recorder.metrics("loss", step, [1.0])
        recorder.flush()
    assert history.state(run).state == "paused"
    _, second, third = history.metrics(run, "loss").seconds
    assert second == third
    recorder.event(3, "resume")
    assert history.state(run).state == "running"
    assert recorder.end("finished")
    assert history.state(run).state == "finished"


@pytest.mark.parametrize(
    ("before", "end", "after"),
    [
        ("starting", "finished", "finished"),
        ("starting", "stopped", "stopped"),
        ("paused", "diverged", "diverged"),
        ("stopping", "finished", "stopped"),
        ("stopping", "failed", "stopped"),
        ("lost", "finished", "lost"),
    ],
)
def test_how_a_run_ends(history: History, before: State, end: State, after: State) -> None:
    run, recorder = started_run(history)
    with history.database.writing() as connection:
        connection.execute("UPDATE runs SET state = ? WHERE id = ?", (before, run))
    recorder.event(3, "reason", Message("because of {n}", n=3))
    assert recorder.end(end)
    row = history.state(run)
    assert row.state == after
    assert row.reason == (None if before == "lost" else "because of 3")


# --- faults


def limit_pages(monkeypatch: pytest.MonkeyPatch, history: History) -> None:
    """From now on no connection can make the file larger: what a full disk looks like to SQLite."""
    with history.database.reading() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connect = Database.connect

    def limited(self: Database, **settings: bool) -> sqlite3.Connection:
        connection = connect(self, **settings)
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    monkeypatch.setattr(Database, "connect", limited)
    history.close()


def test_a_full_disk_costs_nothing_that_was_shown_and_resumes(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Message | None] = []
    run, recorder = started_run(history, unsaved=told.append)
    recorder.metrics("loss", 1, [1.0])
    recorder.flush()
    limit_pages(monkeypatch, history)
    values = np.random.default_rng(0).normal(size=5000).astype(np.float32)
    for step in range(5000):
        recorder.metrics("loss", step + 2, values[step : step + 1])
    recorder.flush()
    recorder.flush()
    (full,) = told
    assert full is not None
    assert full.startswith("The disk is full: this run continues and is not being saved since step 2.")
    assert "磁盘已满" in full.say("zh")
    assert not recorder.end("finished")
    assert history.metrics(run, "loss").values.tolist() == [1.0]
    with raw(history.path) as outside:
        assert outside.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    monkeypatch.undo()
    history.close()
    assert recorder.end("finished")
    assert told[1:] == [None]
    assert history.metrics(run, "loss").values[1:].tobytes() == values.tobytes()
    assert history.state(run).state == "finished"
    assert any("from step 2 to 5001" in str(event.message) for event in history.events(run))


def test_the_end_of_a_run_is_stored_in_the_room_that_was_kept(history: History) -> None:
    spare = history.path.with_name("history.spare")
    assert spare.stat().st_size == 1_000_000
    run, recorder = started_run(history)
    calls = []

    def full(connection: sqlite3.Connection) -> None:
        calls.append(spare.exists())
        if spare.exists():
            connection.execute(
                f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0]}"
            )
            connection.execute("CREATE TABLE more AS SELECT randomblob(100000)")

    history.database.store(full, durable=True)
    assert calls == [True, False]
    assert recorder.end("finished")
    assert history.state(run).state == "finished"


def test_only_the_newest_points_wait_for_room(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netlib.training.recorder.MOST_HELD", 1000)
    run, recorder = started_run(history)
    with raw(history.path) as other:
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr("netlib.training.database.BUSY_MILLISECONDS", 0)
        history.close()
        recorder.metrics("loss", 1, np.zeros(10))
        recorder.flush()
        for first in range(11, 5011, 100):
            recorder.metrics("loss", first, np.full(100, first))
        other.execute("ROLLBACK")
    assert recorder.end("finished")
    found = history.metrics(run, "loss")
    assert len(found) <= 1000
    assert found.steps[-1] == 5010
    given_up = f"{5010 - len(found)} values were given up"
    assert any(given_up in str(event.message) for event in history.events(run))


def writer(path: Path, acknowledged: int) -> None:
    """Writes values 1, 2, 3, … and says of each transaction up to where it is stored."""
    history = History.joined(path)
    run, recorder = started_run(history)
    os.write(acknowledged, f"{run}\n".encode())
    step = 1
    while True:
        recorder.metrics("loss", step, np.arange(step, step + 3))
        recorder.event(step, "message", {"up to": step + 2})
        recorder.snapshot("weights", step, {"w": np.full(8, step)})
        recorder.flush()
        step += 3
        os.write(acknowledged, f"{step - 1}\n".encode())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a child that begins at once")
def test_kill_9_of_a_writer_loses_nothing_that_was_acknowledged(history: History) -> None:
    acknowledged = 0
    for moment in np.random.default_rng(0).uniform(0.002, 0.06, size=20):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            try:
                writer(history.path, writing)
            finally:
                os._exit(1)
        os.close(writing)
        with os.fdopen(reading) as lines:
            run = lines.readline().strip()
            threading.Event().wait(moment)
            os.kill(child, 9)
            os.waitpid(child, 0)
            said = [int(line) for line in lines if line.endswith("\n")]
        acknowledged += len(said)
        with raw(history.path) as outside:
            assert outside.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found = history.metrics(run, "loss")
        assert found.steps.tolist() == list(range(1, len(found) + 1))
        assert found.values.tolist() == list(range(1, len(found) + 1))
        assert len(found) % 3 == 0
        assert len(found) >= (said[-1] if said else 0)
        assert len(history.snapshots(run)) * 3 == len(found)
        assert queue.mark_lost(history.database) == [run]
        assert history.state(run).reason == "The server stopped while this run was going."
    assert acknowledged > 100


def test_runs_whose_process_is_gone_are_lost_at_the_next_start(history: History) -> None:
    here = this_process()
    others = {
        "alive": here,
        "gone": replace(here, pid=2**22 + 1),
        "later process with the same number": replace(here, started=here.started + 1),
        "before the last boot": replace(here, boot="another"),
        "elsewhere": replace(here, host="elsewhere", pid=2**22 + 1),
        "elsewhere, silent": replace(here, host="elsewhere", pid=2**22 + 1),
    }
    runs = {}
    for name, process in others.items():
        runs[name] = history.create(small_spec())
        assert queue.take(history.database, runs[name], process)
    with history.database.writing() as connection:
        connection.execute("UPDATE runs SET beat = beat - 100 WHERE id = ?", (runs["elsewhere, silent"],))
    lost = queue.mark_lost(history.database)
    expected = {"gone", "later process with the same number", "before the last boot", "elsewhere, silent"}
    assert {name for name, run in runs.items() if run in lost} == expected
    assert {name for name, run in runs.items() if history.state(run).state == "lost"} == expected


def test_the_queue_has_an_order_and_an_owner(history: History) -> None:
    here = this_process()
    runs = [history.create(small_spec()) for _ in range(3)]
    assert [queue.position(history.database, run) for run in runs] == [1, 2, 3]
    first = queue.first(history.database, here)
    assert first is not None
    assert first.id == runs[0]
    assert queue.take(history.database, runs[0], here)
    assert not queue.take(history.database, runs[0], here)
    assert [queue.position(history.database, run) for run in runs] == [None, 1, 2]
    gone = replace(here, pid=2**22 + 1)
    assert queue.first(history.database, gone) is None
    with history.database.writing() as connection:
        connection.execute("UPDATE runs SET pid = ? WHERE id = ?", (gone.pid, runs[1]))
    assert queue.take_over(history.database, here) == [runs[1]]
    assert [queue.position(history.database, run) for run in runs] == [None, 1, 2]
