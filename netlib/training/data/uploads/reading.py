"""Any uploaded file as samples with labels: a zip of class folders or of images and their table, a .npz, a CSV."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy import ndarray
from PIL import Image

from netlib.training.data.names import padded
from netlib.training.data.uploads import npz
from netlib.training.data.uploads.archive import Member, Unreadable, members
from netlib.training.data.uploads.kinds import of_an_archive, of_another_sort
from netlib.training.data.uploads.lines import decoded, gunzipped, lines
from netlib.training.data.uploads.listed import MISSING, labels_by_path, listed_path
from netlib.training.data.uploads.pictures import (
    NO_IMAGE,
    Decoder,
    NotAnImage,
    stacked,
)
from netlib.training.data.uploads.rules import (
    LONGEST_LINE,
    MOST_BYTES,
    MOST_ROWS,
    TOO_LARGE,
    Refusal,
    Skipped,
    check_counts,
    label_of,
)
from netlib.training.data.uploads.scaling import Scaling, Size, scaling
from netlib.training.data.uploads.sorts import sort
from netlib.training.data.uploads.tables import Names, names, table
from netlib.words import words

TEST = frozenset({"test", "val", "valid", "validation", "testing"})
TEST_SHARE = 5

NO_FOLDER = words("it lies in no class folder", "不在类别文件夹中")
MANY_ROWS = words("beyond the rows that are read", "超出读取的行数")
NOT_LISTED = words("an image that the table does not name", "表格中没有列出的图像")
NO_TABLE = words("a table without the columns label and path", "没有 label 和 path 两列的表格")
OTHER = words("a file of another sort than those that were read", "与所读内容不同类的文件")
NO_LINES = words("a text without lines", "没有分行的文本")
NO_TEXT = words("a text in an unknown encoding", "编码未知的文本")


@dataclass(frozen=True)
class Upload:
    """What was read: images (N, C, H, W) as bytes or codes (N, T), the class of each, and what was left out.

    `test` marks the samples that the file keeps for the test; None where it has no test set of its own. `scaled` says
    how images came to their size, None where all came in it.
    """

    task: Literal["image", "text"]
    inputs: ndarray
    targets: ndarray
    class_names: tuple[str, ...]
    test: ndarray | None
    skipped: Skipped
    scaled: Scaling | None = None


def read(data: bytes) -> Upload:
    """The samples in a file, judged by what it holds and never by its name.

    Raises:
        Refusal: when it cannot be used, in a sentence.
    """
    if len(data) > MOST_BYTES:
        raise Refusal(TOO_LARGE, most=MOST_BYTES >> 20, got=len(data) >> 20)
    skipped = Skipped()
    if data.startswith(b"PK"):
        try:
            return _archive(data, skipped)
        except Refusal as error:
            kind = of_an_archive(data)
            raise (kind.refusal() if kind else error) from None
    if data.startswith(b"\x1f\x8b"):
        data = gunzipped(data)
    if kind := of_another_sort(data):
        raise kind.refusal()
    return _of_table(data, skipped)


def _of_table(data: bytes | bytearray, skipped: Skipped) -> Upload:
    found = table(data, skipped)
    if isinstance(found, Names):
        return _texts(found, skipped)
    return _pictures(found.images, found.labels, None, skipped, {(found.side, found.side): len(found.labels)})


def _archive(data: bytes, skipped: Skipped) -> Upload:
    """Images where there are any with a label, else arrays, a table, or lists of names; the others are counted."""
    held = sort(members(data, skipped))
    named = _listed(held.tables, skipped) if held.pictures else None
    found = _opened(held.pictures, named, skipped)
    if found.labels:
        _leave([*held.others, *held.lists, *held.arrays], NO_IMAGE, skipped)
        check_counts(Counter(found.labels), skipped)
        test = np.array(found.tests) if any(found.tests) and not all(found.tests) else None
        return _pictures(stacked(found.pictures), found.labels, test, skipped, found.sizes)
    if held.arrays:
        _leave([*held.others, *held.lists, *([] if held.pictures else held.tables)], OTHER, skipped)
        return _halves(npz.halves({member.name: member for member in held.arrays}, skipped), skipped)
    if held.tables and not held.pictures:
        upload = _of_table(_bytes(held.tables[0], skipped), skipped)
        _leave([*held.others, *held.lists, *held.tables[1:]], OTHER, skipped)
        return upload
    _leave(held.others, OTHER if held.lists else NO_IMAGE, skipped)
    return _texts(names(_of_lists(held.lists, skipped), skipped), skipped)


def _leave(left: Iterable[Member], reason: str, skipped: Skipped) -> None:
    """Counts members that are not read."""
    for member in left:
        skipped.add(reason, "/".join(member.parts))


def _bytes(member: Member, skipped: Skipped) -> bytes | bytearray:
    """What a member holds; nothing, and one more reason, where it cannot be read."""
    try:
        return member.read()
    except Unreadable as error:
        skipped.add(str(error), "/".join(member.parts))
        return b""


def _of_lists(lists: list[Member], skipped: Skipped) -> Iterator[list[str]]:
    """The lines of texts, each with the name of its file; no more of them than are read."""
    left = MOST_ROWS
    for member in lists:
        if left <= 0:
            skipped.add(MANY_ROWS, member.name)
            continue
        try:
            if len(head := member.head(LONGEST_LINE)) == LONGEST_LINE and b"\n" not in head:
                raise Unreadable(NO_LINES)
            text = decoded(member.read())
            for line in itertools.islice(lines(text), left):
                left -= 1
                yield [line, member.parts[-1][:-4]]
        except (Refusal, Unreadable) as error:
            skipped.add(str(error) if isinstance(error, Unreadable) else NO_TEXT, member.name)


def _listed(tables: list[Member], skipped: Skipped) -> dict[str, str] | None:
    """The label of each image by its path, from a table (label, path) beside the images; None where there is none."""
    for place, member in enumerate(tables):
        found = labels_by_path(decoded(_bytes(member, skipped)), skipped)
        if found:
            _leave(tables[place + 1 :], OTHER, skipped)
            return found
        skipped.add(NO_TABLE, "/".join(member.parts))
    return None


@dataclass
class _Found:
    """Images, the label of each, whether it is for the test, and how many had which size."""

    pictures: list[Image.Image] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    tests: list[bool] = field(default_factory=list)
    sizes: Counter[Size] = field(default_factory=Counter)


def _opened(members: list[Member], named: dict[str, str] | None, skipped: Skipped) -> _Found:
    """The images that can be read, with the label of their folder or, where there is a table of them, the one there."""
    found, decoder = _Found(), Decoder()
    missing: dict[str, None] = dict.fromkeys(named or ())
    for member in members:
        if named is None:
            label = label_of(member.parts[-2]) if len(member.parts) > 1 else ""
            reason = NO_FOLDER
        else:
            listed = listed_path(named, member.parts)
            missing.pop(listed or "", None)
            label = named[listed] if listed else ""
            reason = NOT_LISTED
        path = "/".join(member.parts)
        if not label:
            skipped.add(reason, path)
            continue
        try:
            picture = decoder.opened(member.read())
        except (NotAnImage, Unreadable) as error:
            skipped.add(str(error), path)
            continue
        found.pictures.append(picture.image)
        found.sizes[picture.size] += 1
        found.labels.append(label)
        found.tests.append(any(part.lower() in TEST for part in member.parts[:-2]))
    for path in missing:
        skipped.add(MISSING, path)
    return found


def _halves(found: list[npz.Half], skipped: Skipped) -> Upload:
    labels = [label for half in found for label in half.labels]
    sizes: Counter[Size] = Counter()
    for half in found:
        sizes[half.size] += len(half.labels)
    if len(found) == 1:
        return _pictures(found[0].images, labels, None, skipped, sizes)
    train, test = found
    if train.images.shape[1:] != test.images.shape[1:]:
        raise Refusal(npz.IMAGES, least=0, got=" / ".join(str(half.images.shape[1:]) for half in found))
    marks = np.arange(len(labels)) >= len(train.labels)
    return _pictures(np.concatenate([train.images, test.images]), labels, marks, skipped, sizes)


def _pictures(
    images: ndarray, labels: list[str], test: ndarray | None, skipped: Skipped, sizes: Mapping[Size, int]
) -> Upload:
    """Images (N, C, H, W) with their labels, which came in so many of each size."""
    check_counts(Counter(labels), skipped)
    class_names, targets = _numbered(labels)
    height, width = images.shape[2:]
    return Upload("image", images, targets, class_names, test, skipped, scaling(sizes, (width, height)))


def _texts(found: Names, skipped: Skipped) -> Upload:
    """Names are halved here, once and for all: of each class every fifth is for the test."""
    check_counts(Counter(found.labels), skipped)
    class_names, targets = _numbered(found.labels)
    mixed = np.random.default_rng(0).permutation(len(targets))
    test = np.zeros(len(targets), dtype=bool)
    for kind in range(len(class_names)):
        of = mixed[targets[mixed] == kind]
        test[of[: max(1, len(of) // TEST_SHARE)] if len(of) > 1 else []] = True
    return Upload("text", padded(found.names)[mixed], targets[mixed], class_names, test[mixed], skipped)


def _numbered(labels: list[str]) -> tuple[tuple[str, ...], ndarray]:
    """The labels in order, whole numbers by size, and the number of each."""
    whole = all(label.isdecimal() for label in labels)
    class_names = sorted(set(labels), key=(lambda label: (int(label), label)) if whole else None)
    number = {label: place for place, label in enumerate(class_names)}
    return tuple(class_names), np.array([number[label] for label in labels], dtype=np.int64)
