"""A damaged history: what can be read is kept, the damaged file is put aside as it was, and both are said."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from netlib.training.store.history import History
from netlib.training.store.recorder import Recorder
from netlib.training.store.salvage import salvage
from tests.training.recorded import small_spec

PAGE = 4096
RUNS = 60


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A history of sixty finished runs with curves, events and snapshots, its log moved into the file."""
    path = tmp_path / "history.db"
    history = History.open(path)
    parent = None
    for number in range(RUNS):
        run = history.create(small_spec(seed=number), name=f"run {number}", parent=parent)
        parent = run
        history.move(run, "starting")
        recorder = Recorder(history.database, run)
        recorder.started("cpu", 1)
        recorder.metrics("val_loss", 100, [float(number)])
        for part in range(4):
            recorder.metrics("loss", 1 + 101 * part, np.full(100, number, np.float32))
        recorder.snapshot("weights", 400, {"w": np.full(300, number, np.float32)})
        if number == RUNS - 1:
            recorder.snapshot("checkpoint", 400, {"w": np.zeros(80_000, np.float32)})
        recorder.end("finished")
    history.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def spoil(path: Path, pages: list[int]) -> None:
    """Overwrites pages, counted from 1."""
    rng = np.random.default_rng(0)
    with path.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * PAGE)
            file.write(rng.bytes(PAGE))


def pages_of(path: Path, table: str) -> list[int]:
    """The outer pages of a table in the order of its rows, read off the tree (sqlite.org/fileformat2.html, 1.6)."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        [(root,)] = connection.execute(query, (table,)).fetchall()
    held = path.read_bytes()

    def outer(number: int) -> list[int]:
        page = held[(number - 1) * PAGE : number * PAGE]
        if page[0] in (10, 13):
            return [number]
        cells = [12 + 2 * n for n in range(int.from_bytes(page[3:5], "big"))]
        places = [int.from_bytes(page[at : at + 2], "big") for at in cells]
        inner = [int.from_bytes(page[at : at + 4], "big") for at in (*places, 8)]
        return [one for child in inner for one in outer(child)]

    return outer(root)


def reopened(path: Path) -> History:
    before = path.read_bytes()
    history = History.open(path)
    [moved] = path.parent.glob("history.damaged-*.db")
    assert moved.read_bytes() == before, "the damaged file is kept as it was"
    assert history.message is not None
    assert moved.name in history.message
    assert list(path.parent.glob("salvage-*")) == []
    return history


def test_a_damaged_header_costs_nothing(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\xff" * 100)
    history = reopened(path)
    rows = history.runs()
    assert [row.name for row in rows] == [f"run {number}" for number in reversed(range(RUNS))]
    assert history.message is not None
    assert history.message.startswith(f"The history was damaged. {RUNS} of its runs could be read")
    assert str(RUNS) in history.message.say("zh")
    row = rows[0]
    assert (row.state, row.step, row.parent) == ("finished", 403, rows[1].id)
    assert history.metrics(row.id, "loss").values.tolist() == [float(RUNS - 1)] * 400
    weights = history.snapshot(row.id, "weights", 400)
    assert weights is not None
    assert weights["w"].tolist() == [float(RUNS - 1)] * 300
    assert history.snapshot(row.id, "checkpoint", 400) is not None, "files beside the history are found again"
    assert history.events(row.id)


def test_a_damaged_page_of_runs_costs_the_runs_on_it(path: Path) -> None:
    bad = pages_of(path, "runs")
    spoil(path, bad[1:2])
    history = reopened(path)
    names = [row.name for row in history.runs()]
    assert 0.5 * RUNS < len(names) < RUNS
    assert names[-1] == "run 0"
    assert names[0] == f"run {RUNS - 1}", "what lies behind the damage is found by its number"
    for row in history.runs():
        assert history.metrics(row.id, "loss").values.tolist() == [float(row.seed)] * 400


def test_a_damaged_page_of_curves_costs_no_run(path: Path) -> None:
    bad = pages_of(path, "metrics")
    spoil(path, bad[2:5])
    history = reopened(path)
    rows = history.runs()
    assert len(rows) == RUNS
    kept = [history.metrics(row.id, "loss") for row in rows]
    assert sum(len(series) for series in kept) > 0.6 * RUNS * 400
    assert any(len(series) < 400 for series in kept)
    for row, series in zip(rows, kept, strict=True):
        assert set(series.values.tolist()) <= {float(row.seed)}, "nothing is invented"


def test_a_file_that_was_cut_off_gives_what_is_left(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    history = reopened(path)
    rows = history.runs()
    assert 0 < len(rows) <= RUNS
    for row in rows:
        assert set(history.metrics(row.id, "loss").values.tolist()) <= {float(row.seed)}


def test_what_was_in_the_log_alone_is_kept(path: Path, tmp_path: Path) -> None:
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    writer.execute("UPDATE runs SET name = 'newest' WHERE seed = 59")
    with path.open("r+b") as file:
        file.write(b"\xff" * 100)
    log = path.with_name("history.db-wal").read_bytes()
    assert log
    history = History.open(path)
    writer.close()
    assert history.runs()[0].name == "newest"


def test_rows_that_make_no_sense_are_left_behind(path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE runs SET spec = 'no JSON' WHERE seed = 1")
        connection.execute("UPDATE runs SET name = '<b>' WHERE seed = 2")
        connection.execute("UPDATE runs SET versions = 'x', reason = 'y' WHERE seed = 3")
        connection.execute("UPDATE metrics SET vals = x'00' WHERE part = 1 AND name = 'loss'")
        connection.execute("UPDATE snapshots SET file = '../../etc/passwd' WHERE kind = 'checkpoint'")
        connection.execute("UPDATE events SET detail = '{' WHERE kind = 'started'")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    new = History.open(tmp_path / "new" / "history.db")
    assert salvage(path, new.database) == RUNS - 1
    rows = {row.seed: row for row in new.runs()}
    assert 1 not in rows
    assert rows[2].name is None
    assert rows[2].parent is None, "its parent was left behind"
    assert rows[3].versions == {}
    assert len(new.metrics(rows[5].id, "loss")) == 300
    assert [snapshot.kind for snapshot in new.snapshots(rows[5].id)] == ["weights"]
    assert "started" not in [event.kind for event in new.events(rows[5].id)]


def test_it_gives_up_in_time(path: Path, tmp_path: Path) -> None:
    bad = pages_of(path, "runs")
    spoil(path, bad[1:3])
    new = History.open(tmp_path / "new" / "history.db")
    assert 0 < salvage(path, new.database, seconds=0) < RUNS


@pytest.mark.parametrize("held", [b"", b"no database" * 1000, os.urandom(20_000)])
def test_what_was_never_a_history_gives_nothing(held: bytes, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(held)
    new = History.open(tmp_path / "new" / "history.db")
    assert salvage(other, new.database) == 0
    assert salvage(tmp_path / "absent.db", new.database) == 0
