"""Exercises: predict a number first, then reveal it. Every answer is computed from the exercise's own state."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from netlib.training.value import Value

State = TypeVar("State", bound=Value)


@dataclass(frozen=True)
class Question:
    """What is asked, in words, and the computed answer: one number, or the sizes of a shape.

    `state` is what the page shows when this very answer is revealed; without one, the exercise's own.
    """

    asks: str
    answer: tuple[int, ...]
    state: Value | None = None


@dataclass(frozen=True)
class Exercise(Generic[State]):
    """A setting to predict something about.

    Attributes:
        name: a slug, for tests and links.
        title: two or three words.
        setting: what is given, in a sentence.
        state: what the page shows once the answers are revealed.
        questions: what to predict.
        because: why it is so, in a sentence or two.
    """

    name: str
    title: str
    setting: str
    state: State
    questions: tuple[Question, ...]
    because: str


def tasks(exercises: Sequence[Exercise[State]]) -> list[dict[str, Any]]:
    """The exercises as data. Their sentences are said already: a page makes them through `tr`."""
    return [
        {
            "name": e.name,
            "title": e.title,
            "setting": e.setting,
            "state": e.state.model_dump(),
            "questions": [
                {
                    "asks": q.asks,
                    "answer": list(q.answer),
                    "state": None if q.state is None else q.state.model_dump(),
                }
                for q in e.questions
            ],
            "because": e.because,
        }
        for e in exercises
    ]
