from pathlib import Path

import numpy as np

from netlib.training.store.history import History
from netlib.training.store.retention import thin_out, used_bytes
from tests.training.recorded import small_spec, started_run


def finished_run(history: History, floats: int = 0) -> str:
    run, recorder = started_run(history)
    recorder.metrics("loss", 1, [1.0])
    for step in (1, 2, 3) if floats else ():
        recorder.snapshot("weights", step, {"w": np.ones(floats, np.float32)})
    recorder.end("finished")
    return run


def test_the_oldest_runs_without_name_and_note_go(tmp_path: Path) -> None:
    history = History.open(tmp_path / "history.db")
    runs = [finished_run(history) for _ in range(5)]
    waiting = history.create(small_spec())
    history.rename(runs[0], "kept")
    history.annotate(runs[1], "kept too")
    assert thin_out(history, most_runs=6) == []
    assert thin_out(history, most_runs=4) == runs[2:4]
    assert thin_out(history, most_runs=0) == runs[4:]
    assert {row.id for row in history.runs()} == {runs[0], runs[1], waiting}


def test_snapshots_go_before_runs(tmp_path: Path) -> None:
    history = History.open(tmp_path / "history.db")
    runs = [finished_run(history, floats=100_000) for _ in range(3)]
    whole = used_bytes(history)
    assert whole > 9 * 400_000
    assert thin_out(history, most_bytes=whole - 600_000) == []
    steps = [[row.step for row in history.snapshots(run)] for run in runs]
    assert steps == [[1, 3], [1, 3], [1, 2, 3]]
    assert len(list((tmp_path / "runs").rglob("*.safetensors"))) == 7
    assert thin_out(history, most_bytes=1_000_000) == runs[:2]
    assert len(history.snapshots(runs[2])) == 2
