from pathlib import Path

from netlib.training.store.checkpointer import Checkpointer, acquire
from netlib.training.store.history import History
from tests.training.recorded import eventually, started_run


def test_the_log_is_moved_into_the_file_and_cut_when_nobody_writes(tmp_path: Path) -> None:
    history = History.open(tmp_path / "history.db")
    log = tmp_path / "history.db-wal"
    run, recorder = started_run(history)
    for step in range(1, 2000):
        recorder.metrics("loss", step, [1.0])
        recorder.flush()
    before = log.stat().st_size
    assert before > 1_000_000  # no connection of ours checkpoints by itself
    checkpointer = Checkpointer(history.database, every=0.01)
    eventually(lambda: log.stat().st_size == 0)
    recorder.metrics("loss", 2000, [1.0])
    recorder.flush()
    checkpointer.close()
    assert len(history.metrics(run, "loss")) == 2000
    history.close()


def is_free(lock: Path) -> bool:
    file = acquire(lock)
    if file is not None:
        file.close()
    return file is not None


def test_only_one_of_several_servers_does_it(tmp_path: Path) -> None:
    history = History.open(tmp_path / "history.db")
    lock = tmp_path / "history.db.lock"
    first = Checkpointer(history.database, every=0.01)
    eventually(lambda: lock.exists() and not is_free(lock))
    second = Checkpointer(history.database, every=0.01)
    first.close()
    eventually(lambda: not is_free(lock))
    second.close()
    assert is_free(lock)
    history.close()
