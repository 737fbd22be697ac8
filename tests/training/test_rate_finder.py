"""The learning-rate finder: a curve, a band that holds a rate that works, and nothing left behind."""

import itertools
from math import isfinite
from typing import Any

import pytest
import torch

from netlib import questions
from netlib.errors import NetlibError
from netlib.presets import preset
from netlib.training import RunSpec, settle
from netlib.training.run import rate_finder
from netlib.training.run.engine import Engine
from netlib.training.run.rate_finder import find_rate
from tests.training.runs import CELL, DROPOUT, HEADED, SMALL, hello, image_net, spec_of

LINEAR: dict[str, Any] = {"kind": "Linear", "out_features": 10}


def lowest_loss(spec: RunSpec, rate: float, steps: int = 40) -> float:
    engine = Engine(settle(spec.with_(optimiser=spec.optimiser.with_(learning_rate=rate))))
    found = sum([float(engine.advance()) for _ in range(steps)][-10:]) / 10
    return found if isfinite(found) else float("inf")


@pytest.mark.parametrize(
    "spec",
    [
        RunSpec.model_validate({"network": preset("net")}),
        spec_of(DROPOUT, batch=32, optimiser={"name": "Adam"}),
        spec_of(HEADED, batch=32, schedule={"name": "one-cycle"}),
        hello(CELL, 0.1, loss="sum"),
    ],
    ids=["net", "Adam", "heads", "hello"],
)
def test_the_suggested_rate_learns_better_than_one_far_below_and_one_far_above(spec: RunSpec) -> None:
    found = find_rate(settle(spec))
    assert found.suggested is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low * 0.7 < found.suggested < found.high * 1.5
    assert all(a < b for a, b in itertools.pairwise(found.rates))
    assert len(found.rates) == len(found.losses) == len(found.smoothed)
    assert all(map(isfinite, found.losses))
    good = lowest_loss(spec, found.suggested)
    assert good < lowest_loss(spec, found.suggested / 100)
    assert good < lowest_loss(spec, min(1000.0, found.suggested * 100))


def test_the_same_spec_finds_the_same_and_a_run_beside_it_keeps_its_bits() -> None:
    spec = settle(spec_of(DROPOUT, batch=32))
    engine = Engine(spec)
    alone = [float(engine.advance()) for _ in range(6)]
    engine = Engine(spec)
    before = [float(engine.advance()) for _ in range(3)]
    state = engine.checkpoint()
    first = find_rate(spec)
    assert find_rate(spec.with_(optimiser=spec.optimiser.with_(learning_rate=0.3))) == first
    engine.restore(state)
    assert before + [float(engine.advance()) for _ in range(3)] == alone


def test_where_nothing_is_learnt_nothing_is_suggested() -> None:
    dead = image_net({"kind": "Flatten"}, {**LINEAR, "out_features": 3}, {"kind": "ReLU"}, LINEAR)
    spec = settle(spec_of(dead, batch=64, data={"train_samples": 64}))

    class Still(Engine):
        def advance(self, *, gauged: bool = False) -> torch.Tensor:
            self.optimiser.zero_grad()
            self.step += 1
            return torch.tensor(2.3)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rate_finder, "Engine", Still)
        found = find_rate(spec)
    assert len(found.rates) == rate_finder.STEPS
    assert (found.lowest, found.low, found.high, found.suggested) == (None, None, None, None)


def test_slow_steps_make_the_sweep_coarser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_finder, "SECONDS", 0.0)
    monkeypatch.setattr(rate_finder, "LEAVING", 1e9)
    found = find_rate(settle(spec_of(SMALL, batch=32)))
    assert len(found.rates) <= rate_finder.FEWEST
    assert found.rates[-1] <= 10.0 * 1.001


def test_rates_are_round() -> None:
    assert [rate_finder._round(rate) for rate in (0.0274, 0.0014, 0.9, 7.2, 3.1e-6)] == [
        0.02,
        0.001,
        1,
        10,
        2e-6,
    ]


def test_a_worker_answers_and_refuses_in_words() -> None:
    spec = spec_of(SMALL, batch=32)
    found = questions.answer("learning_rates", {"spec": spec.to_data()})
    assert found["suggested"] > 0
    assert found["low"] < found["high"] < found["lowest"]
    with pytest.raises(NetlibError, match="cannot train on these data"):
        questions.answer("learning_rates", {"spec": spec_of(image_net({"kind": "Flatten"})).to_data()})
