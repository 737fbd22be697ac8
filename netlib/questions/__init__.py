"""Questions that a worker answers: one file each, whose name is the question's.

A file defines `answer(payload)`, from JSON data to JSON data; dropping it here is all there is to do. It may import
torch at the top, since only workers import it. What it refuses, it refuses with a NetlibError, whose sentence is
the answer that the page shows.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Any

from netlib.errors import NetlibError
from netlib.words import words

UNKNOWN = words(
    "There is no question {question}; there are {questions}.",
    "没有名为 {question} 的问题；可用的有 {questions}。",
)


def names() -> tuple[str, ...]:
    """The questions there are."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def answer(question: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The answer as JSON data.

    Raises:
        NetlibError: when there is no such question, or its payload cannot be answered, in a sentence.
        ValidationError: when the payload holds a value that is out of its bounds.
    """
    if question not in names():
        raise NetlibError(UNKNOWN, question=question, questions=", ".join(names()))
    found: dict[str, Any] = importlib.import_module(f"{__name__}.{question}").answer(payload)
    return found
