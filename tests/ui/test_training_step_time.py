"""What a step is spent on, in words: asked once nothing is trained, told with a way out that fits."""

from pathlib import Path
from typing import Any

import pytest

from netlib import Message
from netlib.presets import preset
from netlib.training import RunSpec
from tests.ui.training_stage import STEP_TIME, StandIn, falling, stage, started, trained
from ui.training.answers import Answers
from ui.training.bench import Bench
from ui.training.panel import panel
from ui.training.reading import read
from ui.training.status import Status
from ui.training.step_time import in_words, payload, step_time

SPEC = Bench.fresh().spec


@pytest.fixture
def pool(tmp_path: Path) -> StandIn:
    return stage(tmp_path)


def asked(pool: StandIn) -> list[str]:
    return [question for question, _ in pool.asked]


def test_it_is_measured_once_a_run_has_ended_and_nothing_is_trained(pool: StandIn) -> None:
    answers = Answers()
    going = read(pool.history, trained(pool, SPEC, falling(30), end=None))
    assert step_time(going, pool.as_pool(), answers) == ("", False)
    ended = read(pool.history, trained(pool, SPEC, falling(30)))
    pool.running = ("another",)
    assert step_time(ended, pool.as_pool(), answers) == ("", False)
    assert asked(pool) == []
    pool.running = ()
    del pool.answers["step_time"]
    assert step_time(ended, pool.as_pool(), answers) == ("", True)
    assert step_time(ended, pool.as_pool(), answers) == ("", True)
    assert asked(pool) == ["step_time"]


def test_what_is_known_is_said_also_while_a_run_goes_with_other_seeds_and_rates(pool: StandIn) -> None:
    answers = Answers()
    step_time(read(pool.history, trained(pool, SPEC, falling(30))), pool.as_pool(), answers)
    other = SPEC.with_(seed=7, optimiser=SPEC.optimiser.with_(learning_rate=0.01), limits={"epochs": 3})
    going = read(pool.history, trained(pool, other, falling(30), end=None))
    says, waits = step_time(going, pool.as_pool(), answers)
    assert says.startswith("80 % of a step is spent on arithmetic")
    assert not waits
    assert panel(going, Status("", "calm", ""), 30, True, False, spent=says)["spent"].endswith(says)
    assert payload(SPEC.with_(batch=32)) != payload(SPEC)


def test_a_refusal_says_nothing(pool: StandIn) -> None:
    pool.answers["step_time"] = Message("no worker")
    ended = read(pool.history, trained(pool, SPEC, falling(30)))
    assert step_time(ended, pool.as_pool(), Answers()) == ("", False)


@pytest.mark.parametrize(
    ("starting", "ending"),
    [
        (0.9, ": a bigger batch is nearly free. A step of 128 would take 1.10 times as long."),
        (0.5, ": a step of 128 would take 1.50 times as long."),
    ],
)
def test_the_share_and_what_a_bigger_batch_costs(starting: float, ending: str) -> None:
    says = in_words({**STEP_TIME, "starting": starting}, SPEC)
    share = "90 %" if starting > 0.6 else "50 %"
    assert says == f"{share} of a step is spent on starting operations, the rest on arithmetic{ending}"


def test_threads_are_named_where_there_are_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.training.step_time.usable_cores", lambda: 2)
    assert in_words(STEP_TIME, SPEC.with_(threads=1)) == (
        "80 % of a step is spent on arithmetic, the rest on starting operations: only a smaller network or more threads "
        "help. It reaches 20 GFLOP/s, a large matrix product 85."
    )
    assert "only a smaller network helps." in in_words(STEP_TIME, SPEC.with_(threads=2))


def test_where_all_samples_are_in_the_batch_no_bigger_one_is_offered() -> None:
    fields: dict[str, Any] = {"network": preset("hello-cell"), "data": {"name": "hello"}, "batch": 1}
    says = in_words({**STEP_TIME, "batch": 1, "starting": 0.99}, RunSpec.model_validate(fields))
    assert says.endswith("All samples are in one batch already: only fewer operations help.")


def test_examples_a_second_stand_beside_what_it_is_spent_on(pool: StandIn) -> None:
    run, recorder = started(pool, SPEC)
    recorder._clock.halt()
    recorder._clock._before = 1.0
    recorder.metrics("loss", 1, falling(100))
    recorder.flush()
    drawn = panel(
        read(pool.history, run), Status("", "calm", ""), 230, True, False, spent="What it is spent on."
    )
    [a_step] = [number["value"] for number in drawn["numbers"] if number["name"] == "a step"]
    assert (a_step, drawn["spent"]) == ("10 ms", "6,400 examples/s. What it is spent on.")
