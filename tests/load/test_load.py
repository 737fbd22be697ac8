import sqlite3
from contextlib import closing
from pathlib import Path

from netlib.training.store.history import History
from netlib.training.store.recorder import Recorder
from tests.browser.server import running
from tests.load.crowd import LONG, Crowd, missing, visited
from tests.load.people import PAGES
from tests.load.threads import in_a_thread
from tests.training.recorded import small_spec


def test_nothing_is_lost_while_several_people_change_things_and_runs_are_trained(tmp_path: Path) -> None:
    crowd = Crowd(people=len(PAGES), rate=5.0, seconds=3.0, runs=2)
    with running(tmp_path, environment={"NETLIB_DATA": str(tmp_path / "netlib")}) as server:
        found = in_a_thread(visited(server, tmp_path / "netlib" / "history.db", crowd))
    assert found.faults == []
    assert found.lost_changes == []
    assert found.lost_values == []
    assert len(found.answers) == found.changes >= 0.8 * crowd.people * crowd.rate * crowd.seconds
    assert len(found.runs) == crowd.runs


def test_what_a_history_lacks_is_found(tmp_path: Path) -> None:
    history = History.open(tmp_path / "history.db")
    spec = small_spec()
    run = history.create(spec.with_(limits=spec.limits.with_(epochs=LONG)))
    history.move(run, "starting")
    recorder = Recorder(history.database, run)
    for step in (1, 2, 3):
        recorder.metrics("loss", step, [1.23456 / step])
        recorder.flush()
    history.move(run, "stopping")
    recorder.end("stopped")
    assert missing(history, run, LONG, {1: 1.235, 2: 0.61728, 3: 0.4115}) == []
    assert missing(history, run, LONG, {2: 0.6174, 4: 0.3}) == [
        "2 values were shown and are not stored, the first at step 2"
    ]
    assert missing(history, run, LONG + 1, {}) == [f"{LONG} epochs instead of {LONG + 1}"]
    with closing(sqlite3.connect(history.path, isolation_level=None)) as outside:
        outside.execute("DELETE FROM metrics WHERE first = 2")
    assert missing(history, run, LONG, {}) == ["2 losses of 3 steps"]
    history.close()
