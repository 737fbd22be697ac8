"""What a browser may propose to the training page, and what it may not."""

import json
from pathlib import Path
from typing import Any

import pytest

from netlib import Message, Network
from netlib.errors import NetlibError
from netlib.training import RunSpec
from netlib.training.run.protocol import Pause, SetLearningRate, Step, Stop
from netlib.training.workers.deaths import KILLED
from netlib.words import words
from tests.ui.training_stage import StandIn, falling, stage, started, trained
from ui.training.actions import Desk, act
from ui.training.answers import Answers
from ui.training.bench import OWN, Bench, unsettled
from ui.training.fitting import fitting

TOO_MANY = words("a sentence of a test ({n})", "测试用的句子（{n}）")
SEVENTEEN = Network.model_validate(
    {"input": {"dims": [1, 28, 28]}, "layers": [{"kind": "Flatten"}, {"kind": "Linear", "out_features": 17}]}
)


@pytest.fixture
def pool(tmp_path: Path) -> StandIn:
    return stage(tmp_path)


def do(pool: StandIn, bench: Bench, action: Any, answers: Answers | None = None) -> Bench:
    return act(Desk(bench, pool.as_pool(), answers or Answers()), action)


def spec_of(pool: StandIn, run: str | None) -> RunSpec:
    assert run is not None
    return unsettled(pool.history.state(run).spec())


@pytest.mark.parametrize(
    "action",
    [
        None,
        [],
        "start",
        {},
        {"do": 3},
        {"do": "delete_everything"},
        {"do": "open"},
        {"do": "open", "run": 7},
        {"do": "open", "run": "x" * 4000},
        {"do": "rate", "value": "1"},
        {"do": "mend99"},
        {"do": "mend-1"},
        {"do": "pause"},
        {"do": "seed"},
        {"do": "again_rate"},
        {"do": "end_now"},
    ],
)
def test_what_makes_no_sense_changes_nothing(pool: StandIn, action: Any) -> None:
    bench = Bench.fresh()
    assert do(pool, bench, action) == bench
    assert pool.history.runs() == []
    assert pool.sent == []


def test_start_makes_a_run_of_the_settings(pool: StandIn) -> None:
    bench = do(pool, Bench.fresh().set("seed", 5), {"do": "start"})
    assert spec_of(pool, bench.run) == bench.spec
    assert bench.spec.seed == 5


def test_a_second_press_at_once_is_the_same_press(pool: StandIn) -> None:
    first = do(pool, Bench.fresh(), {"do": "start"})
    assert do(pool, first, {"do": "start"}) == first
    assert len(pool.history.runs()) == 1
    other = do(pool, first.set("seed", 1), {"do": "another"})
    assert other.run != first.run


def test_a_network_that_does_not_fit_starts_nothing_and_its_repair_does(pool: StandIn) -> None:
    bench = Bench.fresh().taking(SEVENTEEN, OWN)
    assert do(pool, bench, {"do": "start"}).run is None
    mended = do(pool, bench, {"do": "mend0"})
    assert mended.spec.network.layers[-1].out_features == 10  # type: ignore[attr-defined]  # a Linear
    assert do(pool, mended, {"do": "start"}).run is not None


def test_nothing_starts_while_a_value_is_refused(pool: StandIn) -> None:
    bench = Bench.fresh().set("batch", 0)
    assert do(pool, bench, {"do": "start"}).run is None
    assert do(pool, bench, {"do": "another"}).run is None
    back = do(pool, bench, {"do": "restore"})
    assert not back.refused
    assert do(pool, back, {"do": "start"}).run is not None


def test_a_run_over_the_memory_is_refused_before_it_is_a_run(pool: StandIn) -> None:
    pool.free = 50_000_000
    bench = do(pool, Bench.fresh(), {"do": "start"})
    assert pool.history.runs() == []
    assert bench.note is not None
    assert "needs about" in bench.note
    assert "50 MB are free" in bench.note


def test_a_full_queue_is_a_sentence(pool: StandIn) -> None:
    pool.full = NetlibError(TOO_MANY, n=20)
    assert do(pool, Bench.fresh(), {"do": "start"}).note == "a sentence of a test (20)"


def test_commands_go_to_the_run_that_is_shown(pool: StandIn) -> None:
    run, recorder = started(pool, Bench.fresh().spec)
    recorder.metrics("loss", 1, [2.3])
    recorder.flush()
    bench = Bench.fresh().with_(run=run)
    for action in ({"do": "pause"}, {"do": "rate", "value": 0.01}, {"do": "step10"}, {"do": "stop"}):
        assert do(pool, bench, action) == bench
    # A step means nothing before the pause has come, so the pool refused it.
    assert pool.sent == [(run, Pause()), (run, SetLearningRate(value=0.01)), (run, Stop())]
    recorder.event(1, "pause")
    do(pool, bench, {"do": "step10"})
    assert pool.sent[-1] == (run, Step(count=10))


def test_a_learning_rate_out_of_bounds_is_a_sentence(pool: StandIn) -> None:
    run = trained(pool, Bench.fresh().spec, falling(5), end=None)
    bench = do(pool, Bench.fresh().with_(run=run), {"do": "rate", "value": 1e9})
    assert pool.sent == []
    assert bench.note is not None


def test_new_seed_runs_the_shown_run_with_the_next_seed(pool: StandIn) -> None:
    run = trained(pool, Bench.fresh().spec.with_(batch=32), falling(20))
    bench = do(pool, Bench.fresh().with_(run=run), {"do": "seed"})
    assert bench.run != run
    assert (bench.spec.seed, bench.spec.batch) == (1, 32)
    assert pool.history.state(bench.run or "").parent == run


DIVERGED = Message("{rate}", rate=5.0)
NO_MEMORY = Message("{batch}", batch=16)
ENDED = Message(KILLED, step=3)


@pytest.mark.parametrize(
    ("state", "reason", "action", "place", "value"),
    [
        ("diverged", DIVERGED, "again_rate", "optimiser.learning_rate", 5.0),
        ("diverged", DIVERGED, "again_clip", "clip", 1.0),
        ("failed", NO_MEMORY, "again_batch", "batch", 16),
        ("lost", ENDED, "again", "seed", 0),
        ("finished", None, "again_adam", "optimiser.name", "Adam"),
        ("finished", None, "again_longer", "limits.epochs", 30),
    ],
)
def test_ways_on_after_a_bad_end(
    pool: StandIn, state: Any, reason: Message | None, action: str, place: str, value: Any
) -> None:
    run = trained(pool, Bench.fresh().spec, falling(20), end=state, reason=reason)
    bench = do(pool, Bench.fresh().with_(run=run), {"do": action})
    assert bench.run != run
    assert bench.value(place) == value
    assert spec_of(pool, bench.run) == bench.spec


def test_a_run_can_be_opened_and_run_again_from_the_list(pool: StandIn) -> None:
    run = trained(pool, Bench.fresh("hello").spec, falling(15), epoch=1)
    opened = do(pool, Bench.fresh(), {"do": "open", "run": run})
    assert (opened.run, opened.spec.data.name) == (run, "hello")
    again = do(pool, Bench.fresh(), {"do": "again", "run": run})
    assert again.run != run
    assert spec_of(pool, again.run) == spec_of(pool, run)


def test_opening_a_run_that_is_not_there_is_a_sentence(pool: StandIn) -> None:
    assert (
        do(pool, Bench.fresh(), {"do": "open", "run": "gone"}).note == "There is no run gone in the history."
    )


def test_a_run_whose_settings_nobody_reads_any_more_can_be_looked_at(pool: StandIn) -> None:
    run = trained(pool, Bench.fresh().spec, falling(20))
    with pool.history.database.writing() as connection:
        connection.execute("UPDATE runs SET spec = ?", (json.dumps({"network": {"of": "old"}}),))
    bench = do(pool, Bench.fresh(), {"do": "open", "run": run})
    assert bench.run == run
    assert bench.note is not None
    assert "no longer reads the settings" in bench.note
    assert do(pool, bench, {"do": "again", "run": run}).run == run


def test_a_download_is_asked_for_once_and_again_after_it_failed(pool: StandIn) -> None:
    answers, bench = Answers(), Bench.fresh("mnist")
    pool.answers["data_here"] = Message("It is not here.")
    assert [way.do for way in fitting(bench.spec, pool.as_pool(), answers).ways] == ["download"]
    do(pool, bench, {"do": "download"}, answers)
    do(pool, bench, {"do": "download"}, answers)
    assert [question for question, _ in pool.asked].count("download") == 1
    assert fitting(bench.spec, pool.as_pool(), answers).pending
    answers.forget("download", {"data": "mnist"})
    pool.answers["download"] = Message("There is no way to its home.")
    do(pool, bench, {"do": "download"}, answers)
    found = fitting(bench.spec, pool.as_pool(), answers)
    assert found.problem == "There is no way to its home."
    pool.answers |= {"download": {"here": True}, "data_here": {"here": True}}
    do(pool, bench, {"do": "download"}, answers)
    assert fitting(bench.spec, pool.as_pool(), answers).ready
