"""What a step is spent on: the arithmetic of two batches, and a network that waits against one that calculates."""

import time

import pytest
import torch

from netlib import questions
from netlib.errors import NetlibError
from netlib.training import settle
from netlib.training.run import step_time as measuring
from netlib.training.run.engine import Engine
from netlib.training.run.step_time import Same, fixed_share, step_time, turns
from tests.training.runs import CELL, DROPOUT, FLATTEN, SMALL, TEN, hello, image_net, spec_of

WIDE = {"kind": "Linear", "out_features": 4000}


@pytest.mark.parametrize("fixed", [0.0, 0.3, 1.0])
@pytest.mark.parametrize(("batch", "other"), [(64, 16), (1, 4)])
def test_two_batches_tell_what_does_not_grow(fixed: float, batch: int, other: int) -> None:
    takes = [1.0, 2.0, 5.0]  # the machine is as slow in a round for the one as for the other
    times = [slow * 1.0 for slow in takes]
    others = [slow * (fixed + (1 - fixed) * other / batch) for slow in takes]
    assert fixed_share(batch, times, other, others) == pytest.approx(fixed)


def test_a_share_is_never_outside_0_and_1() -> None:
    assert fixed_share(64, [1.0], 16, [0.1]) == 0.0
    assert fixed_share(64, [1.0], 16, [1.2]) == 1.0


def test_a_cell_waits_and_a_wide_layer_calculates() -> None:
    waiting = step_time(settle(hello(CELL, 0.1, loss="sum")))
    assert waiting.batch == 1
    assert waiting.starting > 0.8
    wide = image_net(FLATTEN, WIDE, WIDE, TEN)
    calculating = step_time(settle(spec_of(wide, batch=200, optimiser={"momentum": 0.0})))
    assert calculating.starting < waiting.starting - 0.2
    assert calculating.flops > 100 * waiting.flops
    assert 0 < calculating.flops < 2 * calculating.matmul_flops


def test_the_same_samples_come_at_every_step_and_begin_anew() -> None:
    order = Same.of(5, 3, "cpu")
    assert [order.next().tolist() for _ in range(2)] == [[0, 1, 2, 0, 1]] * 2


def test_rounds_end_in_time_but_not_before_there_are_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "SECONDS", 0.0)
    found = turns({64: lambda steps: steps * 0.002, 16: lambda steps: steps * 0.001})
    assert {size: len(times) for size, times in found.items()} == {64: 3, 16: 3}
    assert found[64] == [pytest.approx(0.002)] * 3


def test_a_run_beside_it_keeps_its_bits() -> None:
    spec = settle(spec_of(DROPOUT, batch=32))
    engine = Engine(spec)
    alone = [float(engine.advance()) for _ in range(6)]
    engine = Engine(spec)
    before = [float(engine.advance()) for _ in range(3)]
    state, weights = engine.checkpoint(), [p.clone() for p in engine.parameters]
    step_time(spec, engine.data)
    assert all(map(torch.equal, engine.parameters, weights))
    engine.restore(state)
    assert before + [float(engine.advance()) for _ in range(3)] == alone


def test_a_worker_answers_within_seconds_and_refuses_in_words() -> None:
    since = time.monotonic()
    found = questions.answer("step_time", {"spec": spec_of(SMALL, batch=32).to_data()})
    assert time.monotonic() - since < 20
    assert found.keys() == {"batch", "seconds", "starting", "flops", "matmul_flops"}
    assert (found["batch"], 0 <= found["starting"] <= 1) == (32, True)
    with pytest.raises(NetlibError, match="cannot train on these data"):
        questions.answer("step_time", {"spec": spec_of(image_net(TEN)).to_data()})
