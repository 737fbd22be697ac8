"""Rows of a CSV: names with labels, or images as one row of pixels each."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from netlib.training.data.names import NoName, read_name
from netlib.training.data.uploads.headings import Heading, heading_of_names, is_alone, report
from netlib.training.data.uploads.lines import (
    COLUMNS,
    NO_LABEL,
    ROWS,
    SPARE_ROWS,
    UNEVEN,
    decoded,
    delimiter,
    lines,
    rows,
)
from netlib.training.data.uploads.pixel_tables import Images, images
from netlib.training.data.uploads.rules import (
    MOST_COLUMNS,
    MOST_ROWS,
    Refusal,
    Skipped,
    label_of,
)
from netlib.words import words

NO_NAME = words("a name that is empty, too long or not in Latin letters", "姓名为空、过长或不是拉丁字母")
TWICE = words("the same name with the same label again", "相同姓名与标签重复")


@dataclass(frozen=True)
class Names:
    """Names and the label of each."""

    names: list[str]
    labels: list[str]


def table(data: bytes | bytearray, skipped: Skipped) -> Names | Images:
    """What the rows of a CSV hold.

    Raises:
        Refusal: for too much, or rows that are neither names nor images.
    """
    text = decoded(data)
    if text.count("\n") > MOST_ROWS + SPARE_ROWS:
        raise Refusal(ROWS, most=MOST_ROWS)
    first = next(lines(text), "")
    columns = first.count(delimiter(first)) + 1
    if columns > MOST_COLUMNS:
        raise Refusal(COLUMNS, got=columns, most=MOST_COLUMNS)
    if columns > 2:
        return images(text, first, skipped)
    heading = _heading(text)
    if heading is None:
        return names(rows(text), skipped)
    kept = names(itertools.islice(rows(text), 1, None), skipped, heading.label)
    report(",".join(heading.cells), skipped)
    return kept


def _heading(text: str) -> Heading | None:
    """The heading of a table of names: one by both of its words, or by one where no other row has a cell of it."""
    table = rows(text)
    heading = heading_of_names(next(table, []))
    if heading is None or heading.certain:
        return heading
    others = [row for row in table if len(row) == 2]
    alone = all(is_alone(cell, (row[at] for row in others)) for at, cell in enumerate(heading.cells))
    return heading if alone else None


def names(found: Iterable[list[str]], skipped: Skipped, label_at: int = 1) -> Names:
    """The names of rows (name, label), romanised, or of rows (label, name) where the label is at 0."""
    kept = Names([], [])
    seen: set[tuple[str, str]] = set()
    for row in found:
        if len(row) != 2 or not (label := label_of(row[label_at])):
            skipped.add(NO_LABEL if len(row) < 3 else UNEVEN, ",".join(row)[:40])
            continue
        text = row[1 - label_at]
        try:
            name = read_name(text)
        except NoName:
            skipped.add(NO_NAME, text[:40])
            continue
        if (name, label) in seen:
            skipped.add(TWICE, name)
            continue
        seen.add((name, label))
        kept.names.append(name)
        kept.labels.append(label)
    return kept
