"""Small recorded runs, and waiting with a deadline."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from netlib import Network
from netlib.training.spec import RunSpec
from netlib.training.store.history import History
from netlib.training.store.recorder import Recorder

T = TypeVar("T")
NETWORK = Network.model_validate({"input": {"dims": [2]}, "layers": [{"kind": "Linear", "out_features": 10}]})


def small_spec(seed: int = 0, steps: int = 50, batch: int = 8) -> RunSpec:
    """A run of that many steps; what a stand-in does with it is told by the seed."""
    return RunSpec.model_validate(
        {"network": NETWORK, "seed": seed, "batch": batch, "limits": {"epochs": None, "steps": steps}}
    )


def started_run(history: History, **recorder: Any) -> tuple[str, Recorder]:
    """A run in state "starting" and the recorder that writes it."""
    run = history.create(small_spec())
    assert history.move(run, "starting")
    return run, Recorder(history.database, run, **recorder)


def eventually(found: Callable[[], T], seconds: float = 60.0) -> T:
    """The first truthy value that a function gives, polled; fails after the deadline."""
    deadline = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < deadline, f"nothing within {seconds} s"
        time.sleep(0.002)
    return value
