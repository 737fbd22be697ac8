"""A run from press to end: first metric in a warm and a cold worker, pause and stop, memory a worker, the store's pace."""

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from netlib.presets import preset
from netlib.training import RunSpec
from netlib.training.run.protocol import Command, Pause, Resume, Stop
from netlib.training.spec import State
from netlib.training.store.history import History
from netlib.training.store.recorder import Recorder
from netlib.training.store.thin import thin
from netlib.training.workers.pool import Pool

TRIES = 7
POINTS = 100_000
ADAM = {"name": "Adam", "learning_rate": 0.001}
SPECS = {
    "hello RNNCell": {"network": preset("hello-cell"), "data": {"name": "hello"}},
    "Net on digits, 28x28, batch 64": {"network": preset("net"), "batch": 64},
}


def main() -> None:
    print(f"load of this machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    report: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        history = History.open(Path(folder) / "history.db")
        since = time.perf_counter()
        pool = Pool(history, slots=1)
        assert pool.wait_until_warm(300)
        report["cold start of the first worker, s"] = time.perf_counter() - since
        eventually(lambda: pool.status().warm == 2)
        report["memory a worker, MB"] = [round(megabytes(pid)) for pid in workers()]
        for name, fields in SPECS.items():
            report[name] = steered(pool, RunSpec.model_validate({"optimiser": ADAM, **fields}))
        report["memory a worker after these runs, MB"] = [round(megabytes(pid)) for pid in workers()]
        pool.close()
        report["store"] = store(history)
        history.close()
    for name, value in report.items():
        print(f"{name}: {value}")
    print(json.dumps(report))


def steered(pool: Pool, spec: RunSpec) -> dict[str, str]:
    """Milliseconds, median and worst of some runs that are started, paused, resumed and stopped."""
    endless = spec.with_(limits=spec.limits.with_(epochs=None, steps=100_000_000))
    tries = [once(pool, endless) for _ in range(TRIES)]
    found = {name: [times[name] for times in tries] for name in tries[0]}
    return {name: f"{1000 * statistics.median(v):.1f} / {1000 * max(v):.1f} ms" for name, v in found.items()}


def once(pool: Pool, spec: RunSpec) -> dict[str, float]:
    """Seconds until a run shows its first loss, and until it does what it is told."""
    since = time.perf_counter()
    run = pool.submit(spec)
    eventually(lambda: len(pool.history.metrics(run, "loss")) > 0)
    found = {"press to first metric": time.perf_counter() - since}
    eventually(lambda: pool.history.state(run).step > 10)
    orders: list[tuple[str, Command, State]] = [
        ("pause", Pause(), "paused"),
        ("resume", Resume(), "running"),
        ("stop", Stop(), "stopped"),
    ]
    for name, command, state in orders:
        found[name] = obeyed(pool, run, command, state)
    return found


def obeyed(pool: Pool, run: str, command: Command, state: State) -> float:
    """Seconds from a command to the state that it leads to, as a page sees it."""
    since = time.perf_counter()
    assert pool.send(run, command)
    eventually(lambda: pool.history.state(run).state == state)
    return time.perf_counter() - since


def store(history: History) -> dict[str, str]:
    """What a write of one point and of a hundred costs, and a curve of 100,000 points read and thinned."""
    found = {}
    for points in (1, 100):
        run = history.create(RunSpec.model_validate(SPECS["hello RNNCell"]))
        history.move(run, "starting")
        recorder = Recorder(history.database, run)
        values = np.linspace(1, 2, points, dtype=np.float32)
        times, walls = list[float](), list[float]()
        for write in range(POINTS // 100 if points == 100 else 500):
            since, began = time.process_time(), time.perf_counter()
            recorder.metrics("loss", write * points + 1, values)
            recorder.flush()
            times.append(time.process_time() - since)
            walls.append(time.perf_counter() - began)
        found[f"a write of {points} points"] = (
            f"{1e6 * statistics.median(times):.0f} us CPU, {points / statistics.median(walls):,.0f} points a second"
        )
    since = time.perf_counter()
    series = history.metrics(run, "loss")
    found[f"reading {len(series):,} points"] = f"{1000 * (time.perf_counter() - since):.1f} ms"
    since = time.perf_counter()
    thin(series.values, 2000)
    found["thinning them to 2,000"] = f"{1000 * (time.perf_counter() - since):.1f} ms"
    return found


def workers() -> list[int]:
    """The processes of the pool."""
    return [
        child.pid for child in psutil.Process().children() if "netlib.worker" in " ".join(child.cmdline())
    ]


def megabytes(pid: int) -> float:
    """A process's own share of memory where the system tells it (PSS), else what it holds (RSS), in MB."""
    memory = psutil.Process(pid).memory_full_info()
    return float(getattr(memory, "pss", memory.rss)) / 1e6


def eventually(holds: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.0005)


if __name__ == "__main__":
    main()
