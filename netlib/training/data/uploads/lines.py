"""The text of a table and its lines, read within limits; no encoding is guessed."""

import csv
import itertools
import re
import zlib
from collections.abc import Iterator

from netlib.training.data.uploads.rules import (
    LONGEST_LINE,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    Refusal,
)
from netlib.words import words

CHUNK = 1 << 20
DELIMITERS = ",;\t"
"""The signs that spreadsheets put between cells, the first where a line has as many of several."""
QUOTED = re.compile(r'"[^"]*"')
SPARE_ROWS = 1000
"""Empty lines that a table may have besides."""
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
NO_LABEL = words("a row without a label", "没有标签的行")


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
    if (columns := line.count(delimiter(line[:LONGEST_LINE])) + 1) > MOST_COLUMNS:
        return Refusal(COLUMNS, got=columns, most=MOST_COLUMNS)
    return Refusal(LONG_LINE, most=LONGEST_LINE, got=len(line))


def delimiter(first: str) -> str:
    """What stands between the cells of a table whose first line this is: the sign that it has most, or a comma."""
    bare = QUOTED.sub("", first)
    return max(DELIMITERS, key=bare.count)


def rows(text: str) -> Iterator[list[str]]:
    """The cells of each line.

    Raises:
        Refusal: as `lines` does, and for cells that cannot be told apart.
    """
    found = lines(text)
    first = next(found, "")
    reader = csv.reader(itertools.chain([first] if first else [], found), delimiter=delimiter(first))
    try:
        yield from reader
    except csv.Error:
        raise Refusal(CELLS, line=reader.line_num) from None
