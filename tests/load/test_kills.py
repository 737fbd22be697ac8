"""kill -9 of the real app and its workers while somebody trains: `tests/training/test_kills.py` without stand-ins."""

import asyncio
import os
import signal
import sqlite3
import sys
import time
import uuid
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
import psutil
import pytest

from netlib.training.store.history import History
from netlib.training.store.queue import SERVER_STOPPED
from tests.browser.server import Server, running
from tests.load.crowd import LONG, unstored
from tests.load.session import Session
from tests.load.threads import in_a_thread
from tests.load.trainer import Trainer
from tests.training.marks import MARK, marked
from tests.training.recorded import eventually

LOADED_SECONDS = 300.0
"""Seconds until PyTorch is loaded and a run has begun."""


class Stage:
    """The app, started again after each of its deaths, and what somebody has seen of each run."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self.path = folder, folder / "netlib" / "history.db"
        self.shown: dict[str, dict[int, float]] = {}
        self.killed: Counter[str] = Counter()
        self.orphaned: list[float] = []
        self.mark = uuid.uuid4().hex
        self._stack = stack
        self.server = self.start()

    def start(self) -> Server:
        """The app, listening."""
        surroundings = {"NETLIB_DATA": str(self.path.parent), MARK: self.mark}
        return self._stack.enter_context(running(self.folder, environment=surroundings))

    def kill_app(self) -> None:
        """Kills the app, waits until its workers have gone by themselves, and starts it again."""
        self.server.process.kill()
        self.server.process.wait()
        since = time.monotonic()
        eventually(lambda: not marked(self.mark))
        self.orphaned.append(time.monotonic() - since)
        self.killed["app"] += 1
        self.check()
        self.server = self.start()

    def kill_worker(self, chance: np.random.Generator) -> None:
        """Kills one of the workers, be it loading, idle or training."""
        children = psutil.Process(self.server.process.pid).children()
        if children:
            os.kill(int(chance.choice([child.pid for child in children])), signal.SIGKILL)
            self.killed["worker"] += 1

    def check(self) -> None:
        """The file is sound and opens as ever, and all that was shown is in it."""
        with closing(sqlite3.connect(self.path)) as outside:
            assert outside.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        history = History.open(self.path)
        assert history.message is None
        for run, shown in self.shown.items():
            assert unstored(history, run, shown) == []
        history.close()

    def goes_on(self, run: str) -> bool:
        """Whether a run that a dead app has left is trained by this one; waits until that is known."""
        history = History.joined(self.path)
        row = eventually(
            lambda: row if (row := history.state(run)).ended or row.state == "running" else None,
            LOADED_SECONDS,
        )
        history.close()
        assert row is not None
        return not row.ended

    def ended(self, run: str) -> str:
        """How a run ended, and why."""
        history = History.joined(self.path)
        row = eventually(lambda: row if (row := history.state(run)).ended else None, LOADED_SECONDS)
        history.close()
        assert row is not None
        return f"{row.state}: {row.reason}"


async def turn(stage: Stage, number: int, chance: np.random.Generator) -> None:
    """Somebody starts a run; then the app is killed, or a worker, before the run has begun or while it goes."""
    async with Session.opened(stage.server.port, "training") as session:
        trainer = Trainer(session)
        run = await trainer.start(LONG)
        if number % 4:
            async with asyncio.timeout(LOADED_SECONDS):
                while not trainer.shown:
                    await asyncio.sleep(0.01)
        await asyncio.sleep(chance.uniform(0.0, 1.0))
        stage.shown[run] = trainer.shown
        if number % 2:
            await asyncio.to_thread(stage.kill_worker, chance)
            await trainer.stop()
            end = await asyncio.to_thread(stage.ended, run)
            assert end.startswith(("stopped", "lost: The run was ended from outside at step")), end
            assert session.faults == []
        else:
            await asyncio.to_thread(stage.kill_app)
        trainer.leave()
    if number % 2 == 0:
        await after_death(stage, run)


async def after_death(stage: Stage, run: str) -> None:
    """The page, opened again, says that its run is lost; one that still waited is trained, and is stopped here."""
    async with Session.opened(stage.server.port, "training", f"run={run}") as session:
        trainer = Trainer(session)
        stage.shown[run] |= trainer.shown
        if await asyncio.to_thread(stage.goes_on, run):
            await trainer.stop()
        end = await asyncio.to_thread(stage.ended, run)
        assert end.startswith(("stopped", f"lost: {SERVER_STOPPED}")), end
        trainer.leave()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("times", [20])
def test_kill_9_of_the_app_loses_nothing_that_a_page_has_shown(tmp_path: Path, times: int) -> None:
    chance = np.random.default_rng(times)
    with ExitStack() as stack:
        stage = Stage(tmp_path, stack)
        for number in range(times):
            in_a_thread(turn(stage, number, chance))
        stage.check()
        assert min(stage.killed.values()) >= times // 4
        assert sum(bool(shown) for shown in stage.shown.values()) >= times // 2
        print(f"killed {dict(stage.killed)}; workers gone after at most {max(stage.orphaned):.2f} s")
