"""Rows of a CSV: names with labels, or images as one row of pixels each."""

import csv
import io
import itertools
import zlib
from dataclasses import dataclass
from math import isqrt

import numpy as np
from numpy import ndarray
from PIL import Image

from netlib.training.data.names import NoName, read_name
from netlib.training.data.uploads.npz import as_bytes
from netlib.training.data.uploads.pictures import stacked
from netlib.training.data.uploads.rules import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    SMALL_SIDE,
    Refusal,
    Skipped,
    label_of,
)
from netlib.words import words

HEADINGS = frozenset({"name", "names", "surname", "label", "language", "country", "class"})
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
    stream = zlib.decompressobj(wbits=31)
    try:
        found = stream.decompress(data, MOST_BYTES + 1)
    except zlib.error:
        raise Refusal(ENCODING) from None
    if len(found) > MOST_BYTES:
        raise Refusal(UNPACKED, most=MOST_BYTES >> 20)
    if not stream.eof:
        raise Refusal(ENCODING)
    return found


def decoded(data: bytes) -> str:
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
    return text


def table(data: bytes, skipped: Skipped) -> Names | Images:
    """What the rows of a CSV hold.

    Raises:
        Refusal: for too much, or rows that are neither names nor images.
    """
    text = decoded(data)
    first = next((line for line in text[: 1 << 20].splitlines() if line.strip()), "")
    columns = first.count(",") + 1
    if columns > MOST_COLUMNS or len(text.partition("\n")[0]) >= 1 << 20:
        raise Refusal(COLUMNS, got=columns, most=MOST_COLUMNS)
    rows = _rows(text)
    return names(rows, skipped) if columns <= 2 else _images(rows, skipped)


def _rows(text: str) -> list[list[str]]:
    try:
        found = list(itertools.islice(csv.reader(io.StringIO(text, newline="")), MOST_ROWS + 2))
    except csv.Error:
        raise Refusal(ENCODING) from None
    rows = [row for row in found if any(cell.strip() for cell in row)]
    if len(rows) > MOST_ROWS + 1:
        raise Refusal(ROWS, most=MOST_ROWS)
    return rows


def names(rows: list[list[str]], skipped: Skipped) -> Names:
    """The names of rows (name, label), romanised; a heading may say that the label comes first."""
    label_first = False
    if rows and all(cell.strip().lower() in HEADINGS for cell in rows[0]):
        label_first = rows[0][0].strip().lower() in LABEL_HEADINGS
        rows = rows[1:]
    found, labels = [], []
    seen: set[tuple[str, str]] = set()
    for row in rows:
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
        found.append(name)
        labels.append(label)
    return Names(found, labels)


def _images(rows: list[list[str]], skipped: Skipped) -> Images:
    place, rows = _label_column(rows)
    width = len(rows[0]) if rows else 0
    side = isqrt(max(0, width - 1))
    if side < SMALL_SIDE or side * side != width - 1:
        raise Refusal(SQUARE, least=SMALL_SIDE, got=max(0, width - 1))
    pixels = np.empty((len(rows), width - 1), dtype=np.float32)
    labels: list[str] = []
    for row in rows:
        if len(row) != width:
            skipped.add(UNEVEN)
            continue
        label = label_of(row[place])
        if not label:
            skipped.add(NO_LABEL)
            continue
        try:
            pixels[len(labels)] = row[:place] + row[place + 1 :]
        except ValueError:
            skipped.add(NO_NUMBER, label)
            continue
        labels.append(label)
    squares = as_bytes(pixels[: len(labels)]).reshape(-1, side, side)
    if not labels:
        return Images(np.empty((0, 1, side, side), np.uint8), [])
    return Images(stacked([Image.fromarray(square) for square in squares]), labels)


def _label_column(rows: list[list[str]]) -> tuple[int, list[list[str]]]:
    """Where the label stands, the first column unless the heading says otherwise, and the rows below the heading."""
    if not rows:
        return 0, rows
    heading = [cell.strip().lower() for cell in rows[0]]
    named = [place for place, cell in enumerate(heading) if cell in LABEL_HEADINGS]
    is_heading = bool(named) or not all(_is_number(cell) for cell in heading[1:])
    return (named[0] if named else 0), rows[1:] if is_heading else rows


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
