"""Where the words of a chart's event marks go, so that none lie on each other.

How wide the chart is drawn is known in the browser alone. So marks that would lie on each other in a wide chart share
one label, and those that would do so only in a narrow one stand in two rows.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ui.words import tr

WIDE, NARROW = 820.0, 340.0
"""Pixels of the step axis on a window of 1440 and one of 900."""
LETTER, GAP = 7.0, 10.0
"""Pixels of a Latin letter at the size of these words, and between two labels."""
MOST_WORDS = 2
"""Of the marks that share a label, the latest so many are named."""


@dataclass(frozen=True)
class Label:
    """Words at a step; `row` counts from the top, `right` writes them to the left of their line."""

    step: int
    says: str
    about: str
    row: int = 0
    right: bool = False


def width(text: str) -> float:
    """Pixels that a text takes; a Chinese character is as wide as two letters."""
    return LETTER * sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def placed(marks: Sequence[Mapping[str, Any]], last: int) -> list[Label]:
    """A label for each mark, or for several that stand too close; from the first step to the last one.

    Args:
        marks: as `curves.marks` gives them, in the order in which they happened.
        last: the last step on the axis.
    """
    groups = [[mark] for mark in sorted(marks, key=lambda mark: int(mark["step"]))]
    while True:
        found = [_one(group, last) for group in groups]
        crowded = _crowded(found, last)
        if crowded is None:
            return found
        groups[crowded - 1 : crowded + 1] = [groups[crowded - 1] + groups[crowded]]


def _one(group: Sequence[Mapping[str, Any]], last: int) -> Label:
    """The words of several marks at the first of them, each once."""
    says = list(dict.fromkeys(str(mark["says"]) for mark in group))
    words = [*(["…"] if len(says) > MOST_WORDS else []), *says[-MOST_WORDS:]]
    step = int(group[0]["step"])
    return Label(step, tr(", ").join(words), str(group[-1]["about"]), right=step > 0.8 * last)


def _crowded(labels: list[Label], last: int) -> int | None:
    """The place of a label that has to be one with that before it; None, with a row for each, where all have room."""
    for place in range(1, len(labels)):
        if _meet(labels[place - 1], labels[place], last, WIDE):
            return place
        rows = [
            row
            for row in (0, 1)
            if not any(one.row == row and _meet(one, labels[place], last, NARROW) for one in labels[:place])
        ]
        if not rows:
            return place
        labels[place] = replace(labels[place], row=rows[0])
    return None


def _meet(first: Label, second: Label, last: int, pixels: float) -> bool:
    """Whether the words of one label reach those of the next."""
    return _span(first, last, pixels)[1] + GAP > _span(second, last, pixels)[0]


def _span(label: Label, last: int, pixels: float) -> tuple[float, float]:
    at, wide = label.step * pixels / last, width(label.says)
    return (at - wide, at) if label.right else (at, at + wide)
