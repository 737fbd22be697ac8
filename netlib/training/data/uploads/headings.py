"""Whether the first row of a table is a heading, by its words and by the rows that follow it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from netlib.training.data.uploads.rules import Skipped, label_of
from netlib.words import words

LABEL_HEADINGS = frozenset({"label", "class", "target", "y"})
"""What the column of labels is called in any table."""
KIND_HEADINGS = LABEL_HEADINGS | {
    "labels",
    "category",
    "group",
    "language",
    "country",
    "origin",
    "nationality",
}
"""What the column of labels is called in a table of names."""
NAME_HEADINGS = frozenset({"name", "names", "surname", "surnames", "last name", "first name"})
HEADING = words("the first row, taken as the heading", "第一行，视为标题行")
LONGEST = 40
"""Letters of a row that a report shows."""


@dataclass(frozen=True)
class Heading:
    """The first row of a table of names, which column has the labels, and whether it is a heading for certain."""

    cells: Sequence[str]
    label: int
    certain: bool


def heading_of_names(cells: Sequence[str]) -> Heading | None:
    """What a first row (name, label) or (label, name) may be the heading of; None where no word of it is one."""
    if len(cells) != 2:
        return None
    first, second = (cell.strip().lower() for cell in cells)
    known = NAME_HEADINGS | KIND_HEADINGS
    if first not in known and second not in known:
        return None
    label_first = first in LABEL_HEADINGS or (
        second not in KIND_HEADINGS and (first in KIND_HEADINGS or second in NAME_HEADINGS)
    )
    return Heading(cells, 0 if label_first else 1, first in known and second in known)


def is_alone(cell: str, others: Iterable[str]) -> bool:
    """Whether a cell of the first row stands in no other row of its column."""
    sought = label_of(cell).casefold()
    return all(label_of(other).casefold() != sought for other in others)


def report(row: str, skipped: Skipped) -> None:
    """Counts the first row among what was left out, so that none vanishes unseen."""
    skipped.add(HEADING, row if len(row) <= LONGEST else f"{row[:LONGEST]}…")
