"""A run's state in words: queue, wait, progress, ends, silence; and what stands between settings and a run."""

import time
from pathlib import Path
from typing import Any

import pytest

from netlib import Message, Network
from netlib.training import reasons
from netlib.training.run.divergence import Divergence
from netlib.training.states import MAY_BECOME
from tests.ui.training_stage import ESTIMATE, StandIn, falling, stage, started, trained
from ui.training.answers import Answers
from ui.training.bench import Bench
from ui.training.fitting import fitting
from ui.training.outlook import Wait, wait
from ui.training.panel import buttons
from ui.training.rates import usual, written
from ui.training.reading import read
from ui.training.recent import recent
from ui.training.status import TONES, Status, status, waiting

SPEC = Bench.fresh().spec


@pytest.fixture
def pool(tmp_path: Path) -> StandIn:
    return stage(tmp_path)


def said(pool: StandIn, run: str) -> str:
    found = status(read(pool.history, run), pool.as_pool())
    return f"{found.word}: {found.says}"


def test_every_state_has_a_tone() -> None:
    assert TONES.keys() == MAY_BECOME.keys()


def test_while_pytorch_loads_a_run_starts(pool: StandIn) -> None:
    run = pool.submit(SPEC)
    pool.warm = 0
    assert said(pool, run) == "starting: PyTorch is loading, about 5 s."


def test_the_queue_says_place_and_wait(pool: StandIn) -> None:
    going, recorder = started(pool, SPEC)
    recorder._clock.halt()
    recorder._clock._before = 2.0
    recorder.metrics("loss", 1, falling(115))
    recorder.flush()
    pool.running = (going,)
    first, second = pool.submit(SPEC), pool.submit(SPEC)
    found = wait(pool.as_pool(), first)
    assert found is not None
    assert found.place == 1
    assert found.seconds == pytest.approx(2.0)
    later = wait(pool.as_pool(), second)
    assert later is not None
    assert later.place == 2
    assert (later.seconds or 0) > 2.0
    assert said(pool, second).startswith("queued: Number 2 in the queue, about ")
    assert wait(pool.as_pool(), going) is None


def test_behind_a_paused_run_nobody_knows_how_long(pool: StandIn) -> None:
    going, recorder = started(pool, SPEC)
    recorder.metrics("loss", 1, [2.3])
    recorder.event(1, "pause")
    pool.running = (going,)
    assert said(pool, pool.submit(SPEC)) == "queued: Number 1 in the queue, behind a run that is paused."
    assert waiting(Wait(3, None)) == "Number 3 in the queue."


def test_a_running_run_says_its_epoch(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(30), end=None)
    assert said(pool, run) == "running: Epoch 2 of 10."
    endless = trained(pool, SPEC.with_(limits={"epochs": None, "seconds": 60.0}), falling(30), end=None)
    assert said(pool, endless) == "running: Epoch 2."


def test_an_end_says_its_reason_and_ways_on(pool: StandIn) -> None:
    reason = Message(reasons.OUT_OF_MEMORY, step=3, batch=32)
    run = trained(pool, SPEC, falling(3), end="failed", reason=reason)
    found = status(read(pool.history, run), pool.as_pool())
    assert (found.word, found.tone, found.says) == ("failed", "problem", str(reason))
    assert [way.word for way in found.ways] == ["Run again with batch 32"]


@pytest.mark.parametrize(
    ("clip", "rate", "ways"),
    [
        (None, 0.5, ["again_rate", "again_clip"]),
        (2.0, 0.5, ["again_rate", "again_clip"]),
        (1.0, 0.5, ["again_rate"]),
        (None, 50.0, ["again_rate"]),
    ],
)
def test_clipping_is_offered_to_a_diverged_run_that_it_can_mend(
    pool: StandIn, clip: float | None, rate: float, ways: list[str]
) -> None:
    spec = SPEC.with_(clip=clip, optimiser={"learning_rate": rate})
    reason = Divergence(20, 2.3, 400.0).message(rate, spec)
    found = status(
        read(pool.history, trained(pool, spec, falling(20), end="diverged", reason=reason)), pool.as_pool()
    )
    assert [way.do for way in found.ways] == ways
    assert found.ways[0].word == "Run again at learning rate 0.05"


def test_an_end_in_words_of_an_earlier_version_is_read_with_its_ways_on(pool: StandIn) -> None:
    reason = Message(
        "The loss left: {first:.4g}. Try a rate ten times smaller ({rate:.2g}).", first=2.0, rate=0.5
    )
    found = status(
        read(pool.history, trained(pool, SPEC, falling(20), end="diverged", reason=reason)), pool.as_pool()
    )
    assert found.says == "The loss left: 2. Try a rate ten times smaller (0.5)."
    assert [way.do for way in found.ways] == ["again_rate", "again_clip"]


def test_advice_of_a_run_that_learnt_nothing_is_shown_with_ways_on(pool: StandIn) -> None:
    run, recorder = started(pool, SPEC)
    recorder.metrics("loss", 1, falling(3))
    recorder.event(3, "message", Message(reasons.NOTHING_LEARNT, got=2.3, guessing=2.303))
    recorder.end("finished")
    found = status(read(pool.history, run), pool.as_pool())
    assert found.advice.startswith("Nothing is learnt yet")
    assert [way.do for way in found.ways] == ["again_adam", "again_longer"]


def test_a_rate_set_by_hand_is_named_where_nothing_is_learnt_and_the_first_one_is_offered(
    pool: StandIn,
) -> None:
    run, recorder = started(pool, SPEC)
    recorder.metrics("loss", 1, falling(3))
    recorder.event(2, "learning_rate", {"value": 0.5})
    recorder.event(3, "message", Message(reasons.NOTHING_LEARNT, got=2.3, guessing=2.303))
    recorder.end("finished")
    found = status(read(pool.history, run), pool.as_pool())
    assert found.advice.endswith("Its learning rate was set to 0.5 by hand at step 2.")
    assert (found.ways[0].do, found.ways[0].word) == ("again", "Run again at learning rate 0.05")


def said_at_the_end(pool: StandIn, optimiser: str, message: str, limits: dict[str, Any]) -> Status:
    spec = SPEC.with_(optimiser={"name": optimiser}, limits=limits)
    run, recorder = started(pool, spec)
    recorder.metrics("loss", 1, falling(3))
    recorder.event(3, "message", Message(message, got=2.3, guessing=2.303))
    recorder.end("finished")
    return status(read(pool.history, run), pool.as_pool())


@pytest.mark.parametrize("optimiser", ["Adam", "AdamW"])
def test_adam_is_not_offered_to_a_run_that_had_it(pool: StandIn, optimiser: str) -> None:
    found = said_at_the_end(pool, optimiser, reasons.NOTHING_LEARNT_WITH_ADAM, {})
    assert "Try more epochs" in found.advice
    assert [way.do for way in found.ways] == ["again_longer"]


def test_more_epochs_are_offered_where_there_are_epochs(pool: StandIn) -> None:
    found = said_at_the_end(pool, "SGD", reasons.NOTHING_LEARNT, {"epochs": None, "steps": 3})
    assert [way.do for way in found.ways] == ["again_adam"]


def test_a_message_about_something_else_has_no_ways_to_learn(pool: StandIn) -> None:
    found = said_at_the_end(pool, "SGD", reasons.EAGER, {})
    assert found.advice.startswith("torch.compile did not work")
    assert found.ways == []


def test_a_silent_run_can_be_ended(pool: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained(pool, SPEC, falling(3), end=None)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 31)
    found = status(read(pool.history, run), pool.as_pool())
    assert "does not respond" in found.says
    assert [way.do for way in found.ways] == ["end_now"]


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (None, ["start", "find_rate"]),
        ("queued", ["stop"]),
        ("running", ["pause", "stop", "rewind"]),
        ("paused", ["resume", "step", "step10", "stop", "rewind"]),
        ("stopping", []),
        ("finished", ["start", "seed", "find_rate"]),
        ("lost", ["start", "seed", "find_rate"]),
    ],
)
def test_only_buttons_that_do_something_are_shown(state: Any, shown: list[str]) -> None:
    assert [button["do"] for button in buttons(state, True, False)] == shown


def test_changed_settings_can_start_beside_a_run() -> None:
    assert [button["do"] for button in buttons("running", True, True)][-1] == "another"
    assert buttons(None, False, False)[0]["disabled"] is True


# Settings that are no run yet


def network(*layers: dict[str, Any], dims: tuple[int, ...] = (1, 28, 28)) -> Network:
    return Network.model_validate({"input": {"dims": list(dims)}, "layers": list(layers)})


FLAT, TEN, SEVENTEEN = (
    {"kind": "Flatten"},
    {"kind": "Linear", "out_features": 10},
    {"kind": "Linear", "out_features": 17},
)


@pytest.mark.parametrize(
    ("net", "said"),
    [
        (network(FLAT, SEVENTEEN), "There are 10 classes, but the network gives 17 numbers."),
        (network(FLAT, TEN, dims=(3, 28, 28)), "channel"),
        (network({"kind": "Conv2d", "out_channels": 4, "kernel_size": 3}), "network must give 10 numbers"),
        (network({"kind": "RNN", "hidden_size": 10}, dims=(28, 28)), "network must give 10 numbers"),
    ],
)
def test_a_network_that_does_not_fit_is_a_problem_with_repairs_that_work(
    pool: StandIn, net: Network, said: str
) -> None:
    found = fitting(SPEC.with_(network=net), pool.as_pool(), Answers())
    assert not found.ready
    assert said in (found.problem or "")
    assert found.ways
    assert found.ways[0].word[0].isupper()
    assert pool.asked == [], "nothing is asked of a worker about what cannot run"


def test_what_a_run_needs_comes_when_it_comes(pool: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.training.pace.load_now", lambda: 0.0)
    answers = Answers()
    pool.answers.clear()
    found = fitting(SPEC, pool.as_pool(), answers)
    assert (found.ready, found.pending, found.needs) == (True, True, None)
    assert fitting(SPEC, pool.as_pool(), answers).pending
    assert len(pool.asked) == 2, "each question once, however often the page looks"
    pool.answers |= {"estimate": ESTIMATE, "samples": {"targets": []}}
    later = fitting(SPEC.with_(batch=32), pool.as_pool(), answers)
    assert later.needs == "230 steps, about 3.9 s if this machine stays quiet, 110 MiB of memory."


def test_too_big_for_the_memory_names_both_numbers_and_a_batch(pool: StandIn) -> None:
    pool.answers["estimate"] = {**ESTIMATE, "fits": False, "available": 110_000_000}
    found = fitting(SPEC.with_(batch=1437), pool.as_pool(), Answers())
    assert not found.ready
    assert "needs about" in (found.problem or "")
    assert "110 MB are free" in (found.problem or "")
    assert [way.do for way in found.ways] == ["batch"]


def test_learning_rates() -> None:
    assert [written(rate) for rate in (0.05, 50.0, 1e-3, 0.025, 1e-6)] == [
        "0.05",
        "50",
        "0.001",
        "0.025",
        "1 × 10⁻⁶",
    ]
    low, high = usual("SGD", "digits") or (0, 0)
    assert low < 0.05 < high
    assert usual("SGD", "hello") is None


def test_recent_runs_are_newest_first_and_show_how_they_ended(pool: StandIn) -> None:
    old = trained(pool, SPEC, falling(20))
    new = trained(pool, Bench.fresh("hello").spec, falling(3), epoch=1, end="lost")
    found = recent(pool.history, new)
    assert [row["id"] for row in found["rows"]] == [new, old]
    assert [row["current"] for row in found["rows"]] == [True, False]
    assert found["rows"][1]["network"] == "Net (320 → 10), 8,490 parameters"
    assert found["rows"][1]["settings"] == "SGD 0.05, batch 64, seed 0"
    assert (found["rows"][0]["state"], found["rows"][0]["tone"]) == ("lost", "problem")
    assert found["more"] is False
