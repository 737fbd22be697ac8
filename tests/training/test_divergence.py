"""When a loss has left for good: the exact step, however the losses are cut into pieces."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.training.run.divergence import FAR, RISING_STEPS, Divergence, Watch


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
    assert (found.step, found.finite) == (at, False)


@given(st.integers(1, 700), st.lists(st.integers(0, 120), max_size=12))
def test_pieces_do_not_matter(at: int, pieces: list[int]) -> None:
    losses = [2.0 + 0.1 * i for i in range(at - 1)] + [float("nan")] + [1.0] * 5
    assert str(read(losses, pieces)) == str(read(losses, []))  # as text: nan is not equal to itself


@given(st.lists(st.integers(0, 120), max_size=12))
def test_far_above_the_first_and_rising_for_a_hundred_steps(pieces: list[int]) -> None:
    losses = [2.0] * 10 + [50.0 + i for i in range(300)]
    found = read(losses, pieces)
    assert found is not None
    assert (found.step, found.finite) == (10 + RISING_STEPS, True)
    assert (found.first, found.last) == (2.0, 149.0)


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


def test_words_say_what_happened_and_what_to_try() -> None:
    message = Divergence(37, 2.3, 106.04, finite=False).message(0.05)
    assert "stopped being a number at step 37, after 2.3 → 106" in message
    assert "ten times smaller (0.005), or clip gradients at 1" in message
    assert "第 37 步" in message.say("zh")
    assert "very first step" in Divergence(1, float("nan"), float("nan"), finite=False).message(0.05)
    far = Divergence(110, 2.0, 149.0, finite=True).message(0.05)
    assert f"more than {FAR:g} times the first" in far
    assert "0.005" in far.say("zh")
