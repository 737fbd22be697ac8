import os
import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest

from netlib.training.store import queue
from netlib.training.store.database import Database
from netlib.training.store.history import History
from netlib.words import Message
from tests.training.recorded import started_run


def raw(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


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
    monkeypatch.setattr("netlib.training.store.recorder.MOST_HELD", 1000)
    run, recorder = started_run(history)
    with raw(history.path) as other:
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr("netlib.training.store.database.BUSY_MILLISECONDS", 0)
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
@pytest.mark.parametrize("times", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_kill_9_of_a_writer_loses_nothing_that_was_acknowledged(history: History, times: int) -> None:
    acknowledged = 0
    for moment in np.random.default_rng(0).uniform(0.002, 0.06, size=times):
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
