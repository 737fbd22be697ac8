"""How long a run is said to take: as estimated on a quiet machine, as earlier runs have shown, as busy as it is now."""

import time
from pathlib import Path

import pytest

from netlib.presets import preset
from netlib.training import Limits, RunSpec, settle
from netlib.training.run.estimate import estimate
from tests.ui.training_stage import StandIn, falling, stage, started
from ui.training.bench import Bench
from ui.training.outlook import wait
from ui.training.pace import FRESH_SECONDS, Pace, in_words, pace

SPEC = Bench.fresh().spec
QUIET = 0.0


@pytest.fixture
def pool(tmp_path: Path) -> StandIn:
    return stage(tmp_path)


def took(pool: StandIn, spec: RunSpec, factor: float, steps: int = 100) -> str:
    """A run that ended after so many times what was estimated."""
    run, recorder = started(pool, spec)
    whole = estimate(settle(spec, pool.machine()).with_(limits=Limits(epochs=1)))
    recorder._clock.halt()
    recorder._clock._before = factor * (whole.seconds or 0) / (whole.steps or 1) * steps
    recorder.metrics("loss", 1, falling(steps))
    recorder.end("finished")
    return run


def test_nothing_is_known_before_the_first_run(pool: StandIn) -> None:
    assert pace(pool.history, SPEC, "cpu", QUIET) == Pace(1.0, 1.0)


def test_a_busy_machine_takes_longer_by_what_waits_for_its_cores(pool: StandIn) -> None:
    found = pace(pool.history, SPEC.with_(threads=1), "cpu", 3.0)
    assert (found.low, found.known) == (1.0, False)
    assert 3.0 < found.high <= 4.0
    assert pace(pool.history, SPEC, "cuda", 3.0) == Pace(1.0, 1.0), "another processor does the work"


def test_the_page_learns_from_what_runs_have_taken(pool: StandIn) -> None:
    for factor in (2.0, 3.0):
        took(pool, SPEC, factor)
    found = pace(pool.history, SPEC, "cpu", QUIET)
    assert found.known
    assert (found.low, found.high) == pytest.approx((2.0, 3.0), rel=0.01)


def test_what_a_recent_run_met_is_not_reckoned_twice(pool: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    took(pool, SPEC, 2.0)
    busy = 3.0
    assert pace(pool.history, SPEC, "cpu", busy).high == pytest.approx(2.0, rel=0.01)
    later = time.time() + 2 * FRESH_SECONDS
    monkeypatch.setattr("ui.training.pace.time.time", lambda: later)
    assert pace(pool.history, SPEC, "cpu", busy).high > 6.0


def test_runs_of_the_same_network_count_before_others(pool: StandIn) -> None:
    took(pool, SPEC, 2.0)
    other = SPEC.with_(network=preset("mlp"))
    took(pool, other, 5.0, steps=2000)
    assert pace(pool.history, SPEC, "cpu", QUIET).high == pytest.approx(2.0, rel=0.01)
    both = pace(pool.history, SPEC.with_(batch=16), "cpu", QUIET)
    assert (both.low, both.high) == pytest.approx((2.0, 5.0), rel=0.01)


def test_a_run_of_a_few_steps_says_nothing(pool: StandIn) -> None:
    took(pool, SPEC, 50.0, steps=5)
    assert not pace(pool.history, SPEC, "cpu", QUIET).known


@pytest.mark.parametrize(
    ("found", "limit", "words"),
    [
        (Pace(), None, "about 10 s if this machine stays quiet"),
        (Pace(1.0, 3.0), None, "10 s to 30 s on this machine, as busy as it is now"),
        (Pace(2.0, 2.0, known=True), None, "about 20 s at the pace of the latest runs"),
        (Pace(2.0, 4.0, known=True), None, "20 s to 40 s at the pace of the latest runs"),
        (Pace(1.0, 9.0), 12.0, "about 11 s on this machine, as busy as it is now"),
    ],
)
def test_the_words_say_what_the_time_rests_on(found: Pace, limit: float | None, words: str) -> None:
    assert in_words(found, 10.0, limit) == words


def test_the_queue_reckons_with_it_too(pool: StandIn) -> None:
    took(pool, SPEC, 4.0)
    pool.submit(SPEC)
    later = wait(pool.as_pool(), pool.submit(SPEC))
    assert later is not None
    assert (later.seconds or 0) > 3.9 * (estimate(settle(SPEC, pool.machine())).seconds or 0)
