"""Rows of a CSV: names with labels, or images as one row of pixels each."""

from collections.abc import Iterable
from dataclasses import dataclass

from netlib.training.data.names import NoName, read_name
from netlib.training.data.uploads.lines import (
    COLUMNS,
    LABEL_HEADINGS,
    NO_LABEL,
    ROWS,
    SPARE_ROWS,
    UNEVEN,
    decoded,
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

HEADINGS = frozenset({"name", "names", "surname", "label", "language", "country", "class"})
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
    columns = first.count(",") + 1
    if columns > MOST_COLUMNS:
        raise Refusal(COLUMNS, got=columns, most=MOST_COLUMNS)
    if columns > 2:
        return images(text, first, skipped)
    return names(rows(text), skipped)


def names(found: Iterable[list[str]], skipped: Skipped) -> Names:
    """The names of rows (name, label), romanised; a heading may say that the label comes first."""
    label_first = False
    kept = Names([], [])
    seen: set[tuple[str, str]] = set()
    for place, row in enumerate(found):
        if place == 0 and all(cell.strip().lower() in HEADINGS for cell in row):
            label_first = row[0].strip().lower() in LABEL_HEADINGS
            continue
        if len(row) != 2 or not (label := label_of(row[0 if label_first else 1])):
            skipped.add(NO_LABEL if len(row) < 3 else UNEVEN, ",".join(row)[:40])
            continue
        text = row[1 if label_first else 0]
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
