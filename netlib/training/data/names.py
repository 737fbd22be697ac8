"""Names as numbers: letters to codes, padded rows, sorted and packed; and what is no name, in words. numpy only.

A letter's number is its ASCII code, so a name in another alphabet is romanised first. 0 is padding.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from netlib.errors import NetlibError
from netlib.words import words

VOCABULARY = 128
"""ASCII codes."""
PADDING = 0
LONGEST = 40
"""Letters of a name that somebody types or uploads."""
SHOWN_STRANGERS = 3

_ROMANISED = str.maketrans(
    {
        "ł": "l",
        "Ł": "L",
        "ø": "o",
        "Ø": "O",
        "ß": "ss",
        "æ": "ae",
        "Æ": "Ae",
        "œ": "oe",
        "Œ": "Oe",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "þ": "th",
        "Þ": "Th",
        "ı": "i",
        "’": "'",
        "ʻ": "'",
    }
)

_EMPTY = words("Type a name of at least one letter.", "请输入至少一个字母的姓名。")
_LONG = words(
    "A name may have at most {most} letters, got {got:,}. Leave out some of it.",
    "姓名最多 {most} 个字母，收到 {got:,} 个。请缩短。",
)
_STRANGERS = words(
    "The network was taught Latin letters, hyphen, apostrophe and space only, got {got}. "
    "Write the name in Latin letters.",
    "网络只学过拉丁字母、连字符、撇号和空格，收到 {got}。请用拉丁字母书写姓名。",
)


class NoName(NetlibError):
    """A text is no name that a network can read; the sentence says what is wrong and what would be right."""


def read_name(text: str, most: int = LONGEST) -> str:
    """The name in a text, in ASCII: blanks at the ends and accents are taken off, "Müller" becomes "Muller".

    Raises:
        NoName: for nothing, for too much, and for letters that have no place in the alphabet.
    """
    if len(text) > 8 * LONGEST:  # before anything is done that takes as long as the text
        raise NoName(_LONG, most=most, got=len(text))
    name = romanised(text)
    if not name:
        raise NoName(_EMPTY)
    strangers = [letter for letter in dict.fromkeys(name) if not _is_known(letter)]
    if strangers:
        shown = ", ".join(_named(letter) for letter in strangers[:SHOWN_STRANGERS])
        raise NoName(_STRANGERS, got=shown + (", …" if len(strangers) > SHOWN_STRANGERS else ""))
    if len(name) > most:
        raise NoName(_LONG, most=most, got=len(name))
    return name


def romanised(text: str) -> str:
    """The text without accents, with the letters of Latin alphabets that ASCII lacks spelt out."""
    parted = unicodedata.normalize("NFD", " ".join(text.split()).translate(_ROMANISED))
    return "".join(letter for letter in parted if unicodedata.category(letter) != "Mn")


def _is_known(letter: str) -> bool:
    return letter in "-' " or (letter.isascii() and letter.isalpha())


def _named(letter: str) -> str:
    """A letter for a sentence; one that shows nothing, or does something to its neighbours, by its number."""
    shows = letter.isprintable() and not unicodedata.category(letter).startswith(("C", "M", "Z"))
    return letter if shows else f"U+{ord(letter):04X}"


def codes(name: str) -> list[int]:
    """The ASCII codes of a name's letters: "Ng" becomes [78, 103]."""
    return [ord(letter) for letter in name]


def padded(names: Sequence[str], steps: int | None = None) -> ndarray:
    """The codes of names as rows (N, steps), 0 after each end; as long as the longest unless `steps` says more."""
    rows = np.full((len(names), steps or max(map(len, names), default=1)), PADDING, dtype=np.int64)
    for row, name in zip(rows, names, strict=True):
        row[: len(name)] = codes(name)
    return rows


def text_of(row: Sequence[int]) -> str:
    """The name that a row of codes stands for."""
    return "".join(chr(code) for code in row if code != PADDING)


def batch_sizes(lengths: Sequence[int]) -> list[int]:
    """How many of the names are still going at each step: 10, 7, 4 give [3, 3, 3, 3, 2, 2, 2, 1, 1, 1].

    These are the `batch_sizes` of torch's `pack_padded_sequence`.
    """
    return [sum(length > step for length in lengths) for step in range(max(lengths, default=0))]


@dataclass(frozen=True)
class Packing:
    """A batch of names on its way into a recurrent layer.

    Attributes:
        names: in the order in which they came.
        order: which name stands in which row once they are sorted by length, the longest first.
        rows: codes (N, longest), sorted, padded.
        batch_sizes: names still going at each step.
    """

    names: tuple[str, ...]
    order: tuple[int, ...]
    rows: ndarray
    batch_sizes: tuple[int, ...]

    @property
    def cells(self) -> int:
        """Steps that are computed, of all names together."""
        return sum(self.batch_sizes)

    @property
    def padded_cells(self) -> int:
        """Steps that would be computed with the padding."""
        return int(self.rows.size)


def packing(names: Sequence[str]) -> Packing:
    """How a batch of names is padded, sorted and packed."""
    order = sorted(range(len(names)), key=lambda place: -len(names[place]))
    rows = padded([names[place] for place in order])
    return Packing(tuple(names), tuple(order), rows, tuple(batch_sizes([len(name) for name in names])))
