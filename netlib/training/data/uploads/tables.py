"""Rows of a CSV: names with labels, or images as one row of pixels each."""

import csv
import itertools
import warnings
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isqrt
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from netlib.training.data.names import NoName, read_name
from netlib.training.data.uploads.pictures import framed
from netlib.training.data.uploads.rules import (
    LONGEST_LINE,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    SMALL_SIDE,
    Refusal,
    Skipped,
    check_counts,
    label_of,
)
from netlib.words import words

HEADINGS = frozenset({"name", "names", "surname", "label", "language", "country", "class"})
CHUNK = 1 << 20
SPARE_ROWS = 1000
"""Empty lines that a table may have besides."""
TOGETHER = 256
"""Rows whose numbers are read at once."""
LABEL_HEADINGS = frozenset({"label", "class", "target", "y"})

ENCODING = words(
    "The table must be text in UTF-8, or UTF-16 with its mark. Save it again as “CSV UTF-8”.",
    "表格应为 UTF-8 文本，或带标记的 UTF-16。请另存为“CSV UTF-8”。",
)
COLUMNS = words(
    "A row has {got:,} columns; at most {most:,} are read. A row is a name and its label, or a label and the "
    "pixels of a square image.",
    "一行有 {got:,} 列；最多读取 {most:,} 列。每行应为姓名和标签，或标签和正方形图像的像素。",
)
ROWS = words(
    "The table has more than {most:,} rows. Bring a part of it.", "表格超过 {most:,} 行。请只上传一部分。"
)
SQUARE = words(
    "A row of an image is a label and the pixels of a square, at least {least} × {least}; here {got} columns "
    "follow the label.",
    "图像行应为标签加正方形的像素，至少 {least} × {least}；这里标签之后有 {got} 列。",
)
LONG_LINE = words(
    "A line of the table has {got:,} characters; at most {most:,} are read. Is a quotation mark or the end of a line "
    "missing?",
    "表格的一行有 {got:,} 个字符；最多读取 {most:,} 个。是否缺少引号或换行？",
)
CELLS = words(
    "The cells of line {line:,} of the table cannot be told apart. Save it again as CSV.",
    "无法区分表格第 {line:,} 行的单元格。请重新保存为 CSV。",
)
UNPACKED = words(
    "Unpacked, the table would take more than {most} MB. Bring a part of it.",
    "解压后表格超过 {most} MB。请只上传一部分。",
)
UNEVEN = words("a row with another number of columns", "列数不同的行")
NO_NUMBER = words("a pixel that is no number", "像素不是数字")
NO_LABEL = words("a row without a label", "没有标签的行")
NO_NAME = words("a name that is empty, too long or not in Latin letters", "姓名为空、过长或不是拉丁字母")
TWICE = words("the same name with the same label again", "相同姓名与标签重复")


@dataclass(frozen=True)
class Names:
    """Names and the label of each."""

    names: list[str]
    labels: list[str]


@dataclass(frozen=True)
class Images:
    """Images (N, C, H, W) as bytes and the label of each."""

    images: ndarray
    labels: list[str]


def gunzipped(data: bytes) -> bytes:
    """What a .gz file holds, within limits.

    Raises:
        Refusal: when it is too much, or damaged.
    """
    if _unpacked_size(data) > MOST_BYTES:  # counted first: nothing of a bomb is kept
        raise Refusal(UNPACKED, most=MOST_BYTES >> 20)
    return zlib.decompress(data, wbits=31)


def _unpacked_size(data: bytes) -> int:
    """Bytes that a .gz file takes unpacked, counted no further than the limit."""
    stream, size = zlib.decompressobj(wbits=31), 0
    piece = data
    try:
        while not stream.eof and size <= MOST_BYTES:
            found = stream.decompress(piece, CHUNK)
            piece = stream.unconsumed_tail
            size += len(found)
            if not found and not piece:
                raise Refusal(ENCODING)
    except zlib.error:
        raise Refusal(ENCODING) from None
    return size


def decoded(data: bytes | bytearray) -> str:
    """The text of a table; no encoding is guessed.

    Raises:
        Refusal: when it is neither UTF-8 nor UTF-16 with a mark.
    """
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = data.decode("utf-16")
        else:
            text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal(ENCODING) from None
    if "\0" in text:
        raise Refusal(ENCODING)
    return text if "\n" in text else text.replace("\r", "\n")


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


def lines(text: str) -> Iterator[str]:
    """The lines of a table that are not empty, their ends taken off.

    Raises:
        Refusal: at the first that is too long, and after as many as are read.
    """
    start, count = 0, 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end - start > LONGEST_LINE:
            raise _too_long(text[start:end])
        line = text[start:end].rstrip("\r")
        start = end + 1
        if not line or line.isspace():
            continue
        count += 1
        if count > MOST_ROWS + 1:
            raise Refusal(ROWS, most=MOST_ROWS)
        yield line


def _too_long(line: str) -> Refusal:
    if (columns := line.count(",") + 1) > MOST_COLUMNS:
        return Refusal(COLUMNS, got=columns, most=MOST_COLUMNS)
    return Refusal(LONG_LINE, most=LONGEST_LINE, got=len(line))


def rows(text: str) -> Iterator[list[str]]:
    """The cells of each line.

    Raises:
        Refusal: as `lines` does, and for cells that cannot be told apart.
    """
    reader = csv.reader(lines(text))
    try:
        yield from reader
    except csv.Error:
        raise Refusal(CELLS, line=reader.line_num) from None


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


def images(text: str, first: str, skipped: Skipped) -> Images:
    """The images of rows (label, pixels of a square); a heading may put the label last.

    Args:
        text: the table.
        first: its first line, from which follows what the others must be like.
        skipped: counts the rows that are not.
    """
    cells = next(csv.reader([first]), [])
    side = isqrt(len(cells) - 1)
    if side < SMALL_SIDE or side * side != len(cells) - 1:
        raise Refusal(SQUARE, least=SMALL_SIDE, got=len(cells) - 1)
    place, has_heading = _heading(cells)
    labels: list[str] = []
    pixels: list[str] = []
    for line in itertools.islice(lines(text), int(has_heading), None):
        row = _row(line, place, len(cells))
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
    return Images(framed(np.concatenate([part.images for part in parts]).reshape(-1, side, side, 1)), labels)


def _heading(cells: list[str]) -> tuple[int, bool]:
    """Where the label stands, the first column unless a heading says otherwise, and whether there is one."""
    heading = [cell.strip().lower() for cell in cells]
    named = [place for place, cell in enumerate(heading) if cell in LABEL_HEADINGS]
    has_heading = bool(named) or not all(_is_number(cell) for cell in heading[1:])
    return (named[0] if named else 0), has_heading


class Row(NamedTuple):
    """A line of a table of images: its label, and its pixels as text."""

    label: str
    pixels: str


def _row(line: str, place: int, columns: int) -> Row | None:
    """The label at its place and the other cells; None for another number of columns."""
    if '"' in line:
        cells = next(csv.reader([line]), [])
    elif line.count(",") != columns - 1:
        return None
    elif place == 0:
        return Row(*line.split(",", 1))
    else:
        cells = line.split(",")
    if len(cells) != columns:
        return None
    return Row(cells[place], ",".join(cells[:place] + cells[place + 1 :]))


def _numbers(texts: Sequence[str], labels: Sequence[str], count: int, skipped: Skipped) -> Images:
    """The rows whose cells are so many numbers, (N, count), as bytes where all are whole and at most 255."""
    read = _read(",".join(texts), len(texts) * count)
    if read is None and len(texts) > 1:  # one of them is at fault: each for itself
        parts = [_numbers([text], [label], count, skipped) for text, label in zip(texts, labels, strict=True)]
        return Images(
            np.concatenate([part.images for part in parts]), [one for part in parts for one in part.labels]
        )
    if read is None:
        skipped.add(NO_NUMBER, labels[0])
        return Images(np.empty((0, count), np.uint8), [])
    if read.min() >= 0 and read.max() <= 255 and ((small := read.astype(np.uint8)) == read).all():
        read = small
    return Images(read.reshape(-1, count), list(labels))


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
