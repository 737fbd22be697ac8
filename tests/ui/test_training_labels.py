"""The words of event marks never lie on each other, wide or narrow."""

import itertools
from typing import Any

import pytest

from ui.training.labels import NARROW, WIDE, Label, placed, width


def mark(step: int, says: str, about: str = "event") -> dict[str, Any]:
    return {"step": step, "says": says, "about": about}


def reach(label: Label, last: int, pixels: float) -> tuple[float, float]:
    at = label.step * pixels / last
    return (at - width(label.says), at) if label.right else (at, at + width(label.says))


@pytest.mark.parametrize("pixels", [WIDE, NARROW])
@pytest.mark.parametrize(
    "steps",
    [(40, 41), (40, 60), (10, 50, 90), (0, 1, 2, 3), (5, 30, 55, 80), (78, 95), (82, 95, 99), (100,)],
)
@pytest.mark.parametrize("word", ["learning rate 0.01", "学习率 0.01", "paused"])
def test_no_two_labels_of_a_row_overlap(steps: tuple[int, ...], word: str, pixels: float) -> None:
    found = placed([mark(step, f"{word}{place}") for place, step in enumerate(steps)], 100)
    for row in (0, 1):
        spans = [reach(label, 100, pixels) for label in found if label.row == row]
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


def test_marks_at_nearly_one_step_share_a_label() -> None:
    found = placed([mark(40, "paused"), mark(41, "learning rate 0.01")], 100)
    assert found == [Label(40, "paused, learning rate 0.01", "event")]


def test_of_many_the_latest_are_named_and_a_problem_stays_one() -> None:
    marks = [
        mark(40, "learning rate 1"),
        mark(40, "paused"),
        mark(41, "paused"),
        mark(42, "diverged", "problem"),
    ]
    assert placed(marks, 400) == [Label(40, "…, paused, diverged", "problem")]


def test_marks_far_apart_keep_a_label_each() -> None:
    assert [label.says for label in placed([mark(10, "paused"), mark(70, "paused")], 100)] == ["paused"] * 2
