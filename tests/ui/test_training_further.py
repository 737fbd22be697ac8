"""How an ended run can go on, and what a press does."""

from pathlib import Path
from typing import Any

import pytest

from netlib import Message
from netlib.training import Limits, RunSpec
from netlib.training.run.divergence import Divergence
from tests.ui.training_stage import StandIn, falling, stage, trained
from ui.training.actions import Desk, act
from ui.training.answers import Answers
from ui.training.bench import Bench
from ui.training.curves import curves
from ui.training.further import Further, further
from ui.training.panel import buttons
from ui.training.reading import read
from ui.training.status import status

SPEC = Bench.fresh().spec  # the Net on digits: 23 steps an epoch


@pytest.fixture
def pool(tmp_path: Path) -> StandIn:
    return stage(tmp_path)


def on(pool: StandIn, run: str, wanted: RunSpec = SPEC) -> Further | None:
    return further(pool.history, read(pool.history, run), wanted)


def press(pool: StandIn, bench: Bench) -> Bench:
    return act(Desk(bench, pool.as_pool(), Answers()), {"do": "continue"})


def with_limits(**limits: Any) -> RunSpec:
    return SPEC.with_(limits=Limits(**limits))


def test_a_stopped_run_goes_on_under_its_own_limits(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(50), end="stopped", checkpoints=(46, 50))
    found = on(pool, run)
    assert found == Further(50, SPEC.limits, "Continue to epoch 10")
    assert [b["do"] for b in buttons("stopped", True, False, found)] == [
        "start",
        "continue",
        "seed",
        "find_rate",
    ]
    bench = press(pool, Bench.fresh().with_(run=run))
    row = pool.history.state(run)
    assert (row.state, row.step, bench.run) == ("queued", 50, run)


def test_a_finished_run_goes_on_for_as_much_again(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(230), epoch=23, checkpoints=(230,))
    assert on(pool, run) == Further(230, Limits(epochs=20), "Continue to epoch 20")
    bench = press(pool, Bench.fresh().with_(run=run))
    assert pool.history.state(run).spec().limits == Limits(epochs=20)
    assert bench.spec.limits.epochs == 20, "the form follows"
    drawn = curves(read(pool.history, run), "digits", 460)
    assert {"step": 230, "says": "continued", "about": "event"} in drawn["events"]


def test_limits_in_the_form_count_where_they_alone_differ_and_reach_further(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(230), epoch=23, checkpoints=(230,))
    for wanted, to in [
        (with_limits(epochs=50), 50),
        (with_limits(epochs=8), 20),
        (with_limits(epochs=50).with_(batch=32), 20),
    ]:
        found = on(pool, run, wanted)
        assert found is not None
        assert found.limits.epochs == to


def test_steps_and_seconds_have_words_of_their_own(pool: StandIn) -> None:
    spec = with_limits(epochs=None, steps=40)
    run = trained(pool, spec, falling(40), checkpoints=(40,))
    assert on(pool, run, spec) == Further(40, Limits(epochs=None, steps=80), "Continue to step 80")
    spec = with_limits(epochs=None, seconds=2.0)
    run = trained(pool, spec, falling(40), checkpoints=(40,))
    found = on(pool, run, spec)
    assert found is not None
    assert found.word == "Continue for 2.0 s"


def test_a_lost_run_says_from_where(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(60), end="lost", checkpoints=(23, 46))
    found = on(pool, run)
    said = status(read(pool.history, run), pool.as_pool(), found)
    assert [(way.do, way.word) for way in said.ways] == [
        ("continue", "Continue from step 46"),
        ("again", "Run again"),
    ]
    assert [b["do"] for b in buttons("lost", True, False, found)] == ["start", "seed", "find_rate"]


def test_a_diverged_run_goes_on_from_before_at_a_tenth_of_the_rate(pool: StandIn) -> None:
    reason = Divergence(60, 2.3, 400.0).message(0.5, SPEC)
    losses = [*falling(50), *(50.0 * k for k in range(1, 11))]
    run = trained(pool, SPEC, losses, end="diverged", reason=reason, checkpoints=(23, 46, 58))
    found = on(pool, run)
    assert found is not None
    assert (found.step, found.rate) == (46, 0.05)
    said = status(read(pool.history, run), pool.as_pool(), found)
    assert said.ways[0].word == "Continue from step 46 at learning rate 0.05"
    press(pool, Bench.fresh().with_(run=run))
    reading = read(pool.history, run)
    assert (reading.row.state, reading.row.step, reading.row.generation) == ("queued", 46, 1)
    assert reading.learning_rate == 0.05
    assert reading.earlier.steps.tolist() == list(range(47, 61))


def test_without_a_checkpoint_there_is_no_way_on(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(20), end="lost")
    assert on(pool, run) is None
    bench = Bench.fresh().with_(run=run)
    assert press(pool, bench) == bench
    assert pool.history.state(run).state == "lost"


def test_advice_about_an_end_is_gone_once_it_goes_on(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(230), epoch=23, checkpoints=(230,))
    with pool.history.database.writing() as connection:
        from netlib.training.store.history import add_event

        add_event(connection, run, 230, "message", Message("Nothing is learnt yet."))
    assert status(read(pool.history, run), pool.as_pool()).advice == "Nothing is learnt yet."
    press(pool, Bench.fresh().with_(run=run))
    assert status(read(pool.history, run), pool.as_pool()).advice == ""
