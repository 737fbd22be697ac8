"""The learning-rate finder on the page: asked for, drawn, taken with one press."""

from pathlib import Path
from typing import Any

import pytest

from netlib import Message
from netlib.words import words
from tests.ui.training_stage import StandIn, stage
from ui.training.actions import Desk, act
from ui.training.answers import Answers
from ui.training.bench import Bench
from ui.training.finder import finder, is_pending
from ui.training.panel import buttons

BUSY = words("a refusal of a test", "测试用的拒绝")
FOUND = {
    "rates": [0.001, 0.01, 0.1, 1.0],
    "losses": [2.3, 2.2, 1.9, 9.0],
    "smoothed": [2.3, 2.25, 2.1, 5.0],
    "lowest": 0.1,
    "low": 0.01,
    "high": 0.0333,
    "suggested": 0.02,
}


@pytest.fixture
def pool(tmp_path: Path) -> StandIn:
    return stage(tmp_path)


def press(pool: StandIn, answers: Answers, bench: Bench, **action: Any) -> Bench:
    return act(Desk(bench, pool.as_pool(), answers), action)


def test_it_is_offered_where_a_run_could_start() -> None:
    assert buttons(None, True, False)[-1]["do"] == "find_rate"
    assert buttons("finished", True, False)[-1]["do"] == "find_rate"
    assert buttons(None, False, False)[-1]["disabled"]
    assert "find_rate" not in [b["do"] for b in buttons("running", True, True)]


def test_nothing_is_drawn_before_somebody_asks(pool: StandIn) -> None:
    answers = Answers()
    bench = Bench.fresh()
    assert finder(bench.spec, answers) is None
    press(pool, answers, bench, do="find_rate")
    assert is_pending(bench.spec, answers)
    drawn = finder(bench.spec, answers)
    assert drawn is not None
    assert drawn["rates"] == []
    assert "A worker tries" in drawn["says"]


def test_the_sweep_is_drawn_and_its_rate_taken_with_one_press(pool: StandIn) -> None:
    pool.answers["learning_rates"] = FOUND
    answers = Answers()
    bench = Bench.fresh()
    assert press(pool, answers, bench, do="find_rate") == bench
    assert not is_pending(bench.spec, answers)
    drawn = finder(bench.spec, answers)
    assert drawn is not None
    assert drawn["says"] == (
        "The loss is lowest at 0.1; good rates lie between a tenth and a third of that, 0.010 to 0.033."
    )
    assert drawn["words"]["tried"] == "4 rates tried, each for one step of a copy"
    assert drawn["take"] == {"word": "Use 0.02", "rate": 0.02}
    taken = press(pool, answers, bench, do="take_rate", value=drawn["take"]["rate"])
    assert taken.spec.optimiser.learning_rate == 0.02
    assert taken.revision > bench.revision, "the form is built anew"
    after = finder(taken.spec, answers)
    assert after is not None
    assert after["take"] is None
    assert after["says"].endswith("Yours, 0.02, is one of them.")
    assert len(pool.asked) == 1
    press(pool, answers, taken, do="close_finder")
    assert finder(taken.spec, answers) is None


def test_other_settings_have_no_sweep_yet(pool: StandIn) -> None:
    pool.answers["learning_rates"] = FOUND
    answers = Answers()
    press(pool, answers, Bench.fresh(), do="find_rate")
    assert finder(Bench.fresh().set("batch", 32).spec, answers) is None
    assert finder(Bench.fresh().set("limits.epochs", 30).spec, answers) is not None


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Message(BUSY), "a refusal of a test"),
        ({**FOUND, "lowest": None, "low": None, "high": None, "suggested": None}, "At no learning rate"),
    ],
)
def test_what_went_wrong_is_said(pool: StandIn, answer: Any, said: str) -> None:
    pool.answers["learning_rates"] = answer
    answers = Answers()
    press(pool, answers, Bench.fresh(), do="find_rate")
    drawn = finder(Bench.fresh().spec, answers)
    assert drawn is not None
    assert said in drawn["says"]
    assert drawn["take"] is None


@pytest.mark.parametrize("value", [None, "1", True, float("nan"), -1.0, 1e9])
def test_rates_that_are_none_are_not_taken(pool: StandIn, value: Any) -> None:
    bench = Bench.fresh()
    assert press(pool, Answers(), bench, do="take_rate", value=value).spec == bench.spec
