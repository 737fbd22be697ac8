"""When a loss has left for good: the exact step, however the losses are cut into pieces."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.presets import preset
from netlib.training import RunSpec
from netlib.training.optimiser_spec import LEAST_LEARNING_RATE, OptimiserName
from netlib.training.run.divergence import FAR, RISING_STEPS, Divergence, Rise, Watch
from netlib.training.sentence import from_data, to_data


def read(losses: list[float], pieces: list[int]) -> Divergence | None:
    watch, first = Watch(), 1
    rest = np.array(losses, dtype=np.float32)
    for size in [*pieces, len(losses)]:
        part, rest = rest[:size], rest[size:]
        found = watch.read(first, part)
        if found:
            return found
        first += len(part)
    return None


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("at", [1, 2, 37, 600])
def test_the_first_loss_that_is_no_number(bad: float, at: int) -> None:
    losses = [2.5] * (at - 1) + [bad, 2.5, bad]
    found = read(losses, [])
    assert found is not None
    assert (found.step, found.rise) == (at, None)


@given(st.integers(1, 700), st.lists(st.integers(0, 120), max_size=12))
def test_pieces_do_not_matter(at: int, pieces: list[int]) -> None:
    losses = [2.0 + 0.1 * i for i in range(at - 1)] + [float("nan")] + [1.0] * 5
    assert str(read(losses, pieces)) == str(read(losses, []))  # as text: nan is not equal to itself


@given(st.lists(st.integers(0, 120), max_size=12))
def test_far_above_the_first_and_rising_for_a_hundred_steps(pieces: list[int]) -> None:
    losses = [2.0] * 10 + [50.0 + i for i in range(300)]
    found = read(losses, pieces)
    assert found is not None
    assert found.step == 10 + RISING_STEPS
    assert (found.first, found.last) == (2.0, 149.0)
    assert found.rise == Rise(bound=FAR * 2.0, earlier=74.5, later=124.5)


@pytest.mark.parametrize(
    "losses",
    [
        [2.0] * 500,
        [2.0] + [39.9] * 300,  # high, but not far enough
        [2.0] + [300.0 - i for i in range(250)],  # far, but coming back
        [2.0] + ([500.0 + i for i in range(99)] + [1.0]) * 4,  # never a hundred steps
        [0.001] + [0.5 + 0.001 * i for i in range(300)],  # far above a tiny first loss is still a small one
    ],
)
def test_what_is_no_divergence(losses: list[float]) -> None:
    assert read(losses, []) is None


SPEC = RunSpec(network=preset("net"))
RISE = Rise(40.0, 74.5, 124.5)


def test_words_say_what_happened_and_what_to_try() -> None:
    message = Divergence(37, 2.3, 106.04).message(0.05, SPEC)
    assert message.startswith(
        "The loss stopped being a number at step 37: it was 2.3 at the first step and 106 at"
    )
    assert message.endswith("Try a learning rate ten times smaller (0.005), or clip gradients at 1.")
    assert message.values["rate"] == 0.005
    assert "第 37 步" in message.say("zh")
    assert message.say("zh").endswith("请把学习率缩小十倍（0.005），或把梯度裁剪到 1。")


def test_words_of_a_loss_that_rises_name_what_its_curve_shows() -> None:
    far = Divergence(110, 2.0, 149.0, RISE).message(0.05, SPEC)
    assert (
        "it began at 2, and the last 100 losses, up to step 110, all lie above 40, 20 times 2, and do not come down"
        in far
    )
    assert "74.5 on average in their first half, 124.5 in their second" in far
    assert "0.005" in far.say("zh")


def test_no_learning_rate_helps_a_run_whose_first_loss_is_no_number() -> None:
    message = Divergence(1, float("nan"), float("nan")).message(0.05, SPEC)
    assert "very first step" in message
    assert "not the cause" in message
    assert "rate" not in message.values


@pytest.mark.parametrize(
    ("optimiser", "rate", "advised", "said"),
    [
        ("SGD", 0.5, 0.05, "ten times smaller (0.05)"),
        ("SGD", 1000.0, 0.05, "of 0.05, where SGD usually starts"),
        ("SGD", 0.01, 0.001, "ten times smaller (0.001)"),
        ("Adam", 0.05, 0.001, "of 0.001, where Adam usually starts"),
        ("Adam", 1e-4, 1e-5, "ten times smaller (1 × 10⁻⁵)"),
    ],
)
def test_the_rate_to_try_is_a_tenth_or_the_usual_one(
    optimiser: OptimiserName, rate: float, advised: float, said: str
) -> None:
    message = Divergence(110, 2.0, 149.0, RISE).message(rate, SPEC.with_(optimiser={"name": optimiser}))
    assert message.values["rate"] == pytest.approx(advised)
    assert f" Try a learning rate {said}" in message
    assert "请" in message.say("zh")


@pytest.mark.parametrize(
    ("clip", "rate", "advised"),
    [
        (None, 0.5, True),
        (5.0, 0.5, True),
        (1.0, 0.5, False),
        (0.5, 0.5, False),
        (None, 0.6, False),  # too far at every step, however short the gradient
    ],
)
def test_clipping_is_advised_where_it_would_be_tighter_and_can_help(
    clip: float | None, rate: float, advised: bool
) -> None:
    message = Divergence(37, 2.3, 106.0).message(rate, SPEC.with_(clip=clip))
    assert ("clip gradients" in message) == advised
    assert ("裁剪" in message.say("zh")) == advised


def test_a_rate_that_cannot_be_set_is_not_advised() -> None:
    message = Divergence(37, 2.3, 106.0).message(LEAST_LEARNING_RATE, SPEC)
    assert "rate" not in message.values
    assert "not the cause" in message


def test_the_words_can_be_stored_and_said_in_another_language() -> None:
    message = Divergence(110, 2.0, 149.0, RISE).message(1000.0, SPEC)
    kept = from_data(json.loads(json.dumps(to_data(message))))
    assert kept == message
    assert kept.say("zh") == message.say("zh")
