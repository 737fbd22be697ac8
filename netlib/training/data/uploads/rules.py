"""What an uploaded file may hold, and how what is left out is counted."""

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from netlib.errors import NetlibError
from netlib.words import Message, words

MOST_BYTES = 64 << 20
"""Of the file; a server may take less."""
MOST_UNPACKED = 256 << 20
MOST_MEMBER = 8 << 20
"""Of one file in an archive."""
MOST_MEMBERS = 20_000
MOST_DEPTH = 4
MOST_SIDE = 4096
MOST_PIXELS = 16_000_000
MOST_DECODED = 1_000_000_000
"""Pixels of all images in a file: decoding these takes some ten seconds, and no file of 64 MB holds as many photographs."""
KEPT_SIDE = 64
"""Larger images are made smaller when they are read."""
SMALL_SIDE = 8
MOST_STORED = 256 << 20
"""Bytes of all images as they are kept."""
LEAST_SAMPLES = 20
LEAST_CLASSES, MOST_CLASSES = 2, 100
MOST_ROWS = 200_000
MOST_COLUMNS = 1025
LONGEST_LINE = 65_536
"""Letters in a line of a table: a thousand numbers have fewer."""
LONGEST_LABEL = 40
MOST_EXAMPLES = 3

FEW_CLASSES = words(
    "Only one class was found ({label}); there must be at least two to tell apart. "
    "In an archive each class is a folder, in a table it is the label of a row.",
    "只找到一个类别（{label}）；至少需要两个。压缩包中每个类别是一个文件夹，表格中类别是每行的标签。",
)
NO_SAMPLES = words(
    "Nothing in the file could be used: {why}. It takes a zip of class folders with images, a .npz with x and y, "
    "or a CSV with labels.",
    "文件中没有可用的内容：{why}。可接受：按类别分文件夹的图像 zip、含 x 与 y 的 .npz、带标签的 CSV。",
)
NOTHING = words("it is empty", "文件为空")
FEW_SAMPLES = words(
    "There must be at least {least} samples, got {got}. Add some more.",
    "至少需要 {least} 个样本，收到 {got} 个。请再添加一些。",
)
MANY_CLASSES = words(
    "At most {most} classes can be told apart here, got {got}. Is the label in the right column?",
    "这里最多区分 {most} 个类别，收到 {got} 个。标签列是否正确？",
)
TOO_LARGE = words(
    "The file may have at most {most} MB, got {got} MB. Bring fewer or smaller samples.",
    "文件最大 {most} MB，收到 {got} MB。请减少样本或缩小图像。",
)


class Refusal(NetlibError):
    """An uploaded file cannot be used; the sentence says why and what could be."""


@dataclass
class Skipped:
    """What was left out of a file: how often for each reason, with a few of the names."""

    reasons: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, reason: str, name: str = "") -> None:
        """Counts one thing that was left out."""
        self.reasons[reason] += 1
        held = self.examples.setdefault(reason, [])
        if name and len(held) < MOST_EXAMPLES:
            held.append(printable(name))

    @property
    def first(self) -> Message:
        """The reason that came most often."""
        common = self.reasons.most_common(1)
        return Message(common[0][0] if common else NOTHING)

    def to_data(self) -> list[dict[str, Any]]:
        """The reasons, most frequent first, as plain values."""
        return [
            {"reason": reason, "count": count, "examples": self.examples[reason]}
            for reason, count in self.reasons.most_common()
        ]


def check_counts(counts: Mapping[str, int], skipped: Skipped) -> None:
    """Nothing, when there is enough to learn from.

    Raises:
        Refusal: for nothing, one class, too many classes, or too few samples.
    """
    total = sum(counts.values())
    if not total:
        raise Refusal(NO_SAMPLES, why=skipped.first)
    if len(counts) < LEAST_CLASSES:
        raise Refusal(FEW_CLASSES, label=next(iter(counts)))
    if len(counts) > MOST_CLASSES:
        raise Refusal(MANY_CLASSES, most=MOST_CLASSES, got=len(counts))
    if total < LEAST_SAMPLES:
        raise Refusal(FEW_SAMPLES, least=LEAST_SAMPLES, got=total)


def label_of(text: str) -> str:
    """A label that can stand anywhere: letters, digits and a few signs, everything else an underscore."""
    clean = unicodedata.normalize("NFC", " ".join(text.split()))[:LONGEST_LABEL]
    return "".join(c if unicodedata.category(c)[0] in "LNM" or c in " _-.,()+'" else "_" for c in clean)


def printable(text: str) -> str:
    """A name from a file, short, without what would do something to the text around it."""
    return "".join(c if c.isprintable() else "?" for c in text)[:60]
