"""Tables of images: a label and the pixels of a square in each row."""

import csv
import itertools
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from netlib.training.data.uploads.headings import LABEL_HEADINGS, is_alone, report
from netlib.training.data.uploads.lines import NO_LABEL, UNEVEN, delimiter, lines
from netlib.training.data.uploads.pictures import framed
from netlib.training.data.uploads.rules import (
    SMALL_SIDE,
    Refusal,
    Skipped,
    check_counts,
    label_of,
)
from netlib.words import words

TOGETHER = 256
"""Rows whose numbers are read at once."""
SQUARE = words(
    "A row of an image is a label and the pixels of a square, at least {least} × {least}; here {got} columns "
    "follow the label.",
    "图像行应为标签加正方形的像素，至少 {least} × {least}；这里标签之后有 {got} 列。",
)
NO_NUMBER = words("a pixel that is no number", "像素不是数字")


@dataclass(frozen=True)
class Images:
    """Images (N, C, H, W) as bytes and the label of each."""

    images: ndarray
    labels: list[str]
    side: int
    """Of the square that a row holds."""


def images(text: str, first: str, skipped: Skipped) -> Images:
    """The images of rows (label, pixels of a square); a heading may put the label last.

    Args:
        text: the table.
        first: its first line, from which follows what the others must be like.
        skipped: counts the rows that are not.
    """
    sign = delimiter(first)
    cells = next(csv.reader([first], delimiter=sign), [])
    side = isqrt(len(cells) - 1)
    if side < SMALL_SIDE or side * side != len(cells) - 1:
        raise Refusal(SQUARE, least=SMALL_SIDE, got=len(cells) - 1)
    place, has_heading = _heading(text, cells, sign)
    labels: list[str] = []
    pixels: list[str] = []
    for line in itertools.islice(lines(text), int(has_heading), None):
        row = _row(line, place, len(cells), sign)
        label = label_of(row.label) if row else ""
        if row is None or not label:
            skipped.add(UNEVEN if row is None else NO_LABEL)
            continue
        labels.append(label)
        pixels.append(row.pixels)
    check_counts(Counter(labels), skipped)  # before the numbers are read, which takes longest
    parts = [
        _numbers(pixels[at : at + TOGETHER], labels[at : at + TOGETHER], side * side, skipped)
        for at in range(0, len(labels), TOGETHER)
    ]
    labels = [label for part in parts for label in part.labels]
    check_counts(Counter(labels), skipped)
    if has_heading:
        report(first, skipped)
    found = np.concatenate([part.images for part in parts])
    return Images(framed(found.reshape(-1, side, side, 1)), labels, side)


def _heading(text: str, cells: list[str], sign: str) -> tuple[int, bool]:
    """Where the label stands, the first column unless a heading says otherwise, and whether there is one.

    A row of a label and numbers is a heading only where no other row has that label: it may be a sample of class “y”.
    """
    heading = [cell.strip().lower() for cell in cells]
    for place, others in ((0, heading[1:]), (len(heading) - 1, heading[:-1])):
        if _are_numbered(others):
            return place, True
    named = [place for place, cell in enumerate(heading) if cell in LABEL_HEADINGS]
    place = named[0] if named else 0
    if not all(_is_number(_plain(cell, sign)) for at, cell in enumerate(heading) if at != place):
        return place, True
    if not named:
        return 0, False
    found = (_row(line, place, len(cells), sign) for line in itertools.islice(lines(text), 1, None))
    return place, is_alone(cells[place], (row.label for row in found if row))


def _are_numbered(cells: list[str]) -> bool:
    """Whether columns are called 0, 1, 2, … or 1, 2, 3, …, as they are where a program had no names for them."""
    return any(cells == [str(n) for n in range(first, first + len(cells))] for first in (0, 1))


class Row(NamedTuple):
    """A line of a table of images: its label, and its pixels as text with commas between them."""

    label: str
    pixels: str


def _row(line: str, place: int, columns: int, sign: str) -> Row | None:
    """The label at its place and the other cells; None for another number of columns."""
    if '"' in line:
        cells = next(csv.reader([line], delimiter=sign), [])
    elif line.count(sign) != columns - 1:
        return None
    elif place == 0:
        label, pixels = line.split(sign, 1)
        return Row(label, _plain(pixels, sign))
    else:
        cells = line.split(sign)
    if len(cells) != columns:
        return None
    return Row(cells[place], _plain(sign.join(cells[:place] + cells[place + 1 :]), sign))


def _plain(pixels: str, sign: str) -> str:
    """Pixels with commas between them; where other signs are, a comma may stand for the decimal point."""
    return pixels if sign == "," else pixels.replace(",", ".").replace(sign, ",")


class _Part(NamedTuple):
    """Some of the rows: their numbers (N, count) and the label of each."""

    images: ndarray
    labels: list[str]


def _numbers(texts: Sequence[str], labels: Sequence[str], count: int, skipped: Skipped) -> _Part:
    """The rows whose cells are so many numbers, (N, count), as bytes where all are whole and at most 255."""
    read = _read(",".join(texts), len(texts) * count)
    if read is None and len(texts) > 1:  # one of them is at fault: each for itself
        parts = [_numbers([text], [label], count, skipped) for text, label in zip(texts, labels, strict=True)]
        return _Part(
            np.concatenate([part.images for part in parts]), [one for part in parts for one in part.labels]
        )
    if read is None:
        skipped.add(NO_NUMBER, labels[0])
        return _Part(np.empty((0, count), np.uint8), [])
    if read.min() >= 0 and read.max() <= 255 and ((small := read.astype(np.uint8)) == read).all():
        read = small
    return _Part(read.reshape(-1, count), list(labels))


def _read(text: str, count: int) -> ndarray | None:
    """So many numbers, None where the text is something else."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "error", DeprecationWarning
        )  # numpy's word for a text that is no list of numbers
        try:
            values = np.fromstring(text, np.float32, sep=",")
        except (ValueError, DeprecationWarning):
            return None
    return values if len(values) == count else None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
