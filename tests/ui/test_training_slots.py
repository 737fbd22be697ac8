"""A run waits for those that want the same device, and for no others."""

from pathlib import Path

import pytest

from tests.training.runs import SMALL, spec_of
from tests.ui.training_stage import StandIn, falling, stage, started
from ui.training.outlook import wait

SPEC = spec_of(SMALL, limits={"epochs": 10})


def busy(pool: StandIn, device: str, seconds: float, steps: int) -> str:
    """A run that goes there and has needed so long for so many of its steps."""
    run, recorder = started(pool, SPEC.with_(device=device))
    recorder.started(device, 1)
    recorder._clock.halt()
    recorder._clock._before = seconds
    recorder.metrics("loss", 1, falling(steps))
    recorder.flush()
    pool.running = (*pool.running, run)
    return run


@pytest.fixture
def pool(tmp_path: Path) -> StandIn:
    found = stage(tmp_path)
    found.devices = ("cpu", "cuda", "cuda:0", "cuda:1")
    return found


def test_the_wait_is_that_of_the_slots_a_run_can_have(pool: StandIn) -> None:
    busy(pool, "cpu", 10.0, 20)  # 40 steps in all: 10 s are left
    busy(pool, "cuda:0", 2.0, 20)
    busy(pool, "cuda:1", 4.0, 20)
    runs = {device: pool.submit(SPEC.with_(device=device)) for device in ("cuda", "cpu", "cuda:1")}
    found = {device: wait(pool.as_pool(), run) for device, run in runs.items()}
    assert {device: each and each.place for device, each in found.items()} == {
        "cuda": 1,
        "cpu": 1,
        "cuda:1": 2,
    }
    assert found["cpu"] is not None
    assert found["cpu"].seconds == pytest.approx(10.0)
    assert found["cuda"] is not None
    assert found["cuda"].seconds == pytest.approx((2.0 + 4.0) / 2)
    assert found["cuda:1"] is not None
    assert (found["cuda:1"].seconds or 0.0) > 4.0  # and the run that wants any of them
