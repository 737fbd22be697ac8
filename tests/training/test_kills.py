"""kill -9 of the app and of its workers at random moments: what was shown is there, and nobody is left over."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import uuid
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from netlib.training.store.history import History
from netlib.training.store.queue import SERVER_STOPPED, mark_lost
from tests.training.hand import ROOT
from tests.training.marks import MARK, marked
from tests.training.recorded import eventually

ORPHAN_SECONDS = 60.0
"""A worker goes within milliseconds of its app, or as soon as it has been loaded, which takes a busy machine its time."""


class App:
    """A running app of stand-ins, and what it has shown so far: run -> step of the last loss."""

    def __init__(self, path: Path) -> None:
        self.mark = uuid.uuid4().hex
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.training.stand_in_app", str(path)],
            cwd=ROOT,
            env={**os.environ, MARK: self.mark},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.shown: dict[str, int] = {}
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith("\n"):  # a last line may be torn
                told = json.loads(line)
                self.shown[told["run"]] = told["shown"]

    def workers(self) -> list[int]:
        """The processes that this app has started, and theirs."""
        return [pid for pid in marked(self.mark) if pid != self.process.pid]

    def kill(self) -> None:
        """SIGKILL; returns when it is gone and everything that it had printed is read."""
        self.process.kill()
        self.process.wait()
        self._reader.join(10)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def goes_on(self) -> None:
        """Waits until it has shown something new."""
        before = dict(self.shown)
        eventually(lambda: self.shown != before)

    def leaves_nobody(self) -> None:
        """Waits until no process of it is left."""
        eventually(lambda: not marked(self.mark), ORPHAN_SECONDS)


def check(path: Path, shown: dict[str, int]) -> None:
    """The file is sound, opens as ever, and every curve is whole as far as it was shown."""
    with sqlite3.connect(path) as outside:
        assert outside.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    outside.close()
    history = History.open(path)
    assert history.message is None
    for run, step in shown.items():
        found = history.metrics(run, "loss")
        assert found.steps.tolist() == list(range(1, len(found) + 1))
        assert found.values.tolist() == list(range(1, len(found) + 1))
        assert len(found) >= step, f"step {step} of run {run} was shown and is gone"
        for row in history.snapshots(run):
            arrays = history.snapshot(run, row.kind, row.step)
            assert arrays is not None
            assert int(arrays["step"]) == row.step
    history.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("times", [8, pytest.param(200, marks=pytest.mark.slow)])
def test_kill_9_of_app_or_worker_loses_nothing_that_was_shown_and_leaves_nobody(
    tmp_path: Path, times: int
) -> None:
    path = tmp_path / "history.db"
    chance = np.random.default_rng(times)
    shown: dict[str, int] = {}
    killed: Counter[str] = Counter()
    app = App(path)
    try:
        for turn in range(times):
            if turn % 4:  # else it may be killed while it starts
                app.goes_on()
            threading.Event().wait(chance.uniform(0.0, 0.5))
            workers = app.workers()
            if turn % 2 and workers:
                os.kill(int(chance.choice(workers)), signal.SIGKILL)
                killed["worker"] += 1
                app.goes_on()
                check(path, {**shown, **app.shown})
            else:
                app.kill()
                killed["app"] += 1
                app.leaves_nobody()
                shown |= app.shown
                check(path, shown)
                app = App(path)
        app.goes_on()
    finally:
        app.kill()
    app.leaves_nobody()
    shown |= app.shown
    check(path, shown)
    assert min(killed["app"], killed["worker"]) >= times // 4
    assert sum(step > 0 for step in shown.values()) >= times // 4
    history = History.joined(path)
    mark_lost(history.database)  # those of the last app, as the next one would
    rows = [history.state(run) for run in shown]
    assert {row.state for row in rows} <= {"lost", "queued"}
    said = Counter(str(row.reason) for row in rows if row.state == "lost")
    assert said.pop(SERVER_STOPPED) >= 1
    assert all(reason.startswith("The run was ended from outside at step") for reason in said)
    history.close()
