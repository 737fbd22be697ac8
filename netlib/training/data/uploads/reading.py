"""Any uploaded file as samples with labels: a zip of class folders, a .npz, a CSV of images or of names."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy import ndarray
from PIL import Image

from netlib.training.data.names import padded
from netlib.training.data.uploads import npz
from netlib.training.data.uploads.archive import members
from netlib.training.data.uploads.pictures import NotAnImage, opened, stacked
from netlib.training.data.uploads.rules import (
    MOST_BYTES,
    MOST_ROWS,
    TOO_LARGE,
    Refusal,
    Skipped,
    check_counts,
    label_of,
)
from netlib.training.data.uploads.tables import Names, decoded, gunzipped, names, table
from netlib.words import words

TEST = frozenset({"test", "val", "valid", "validation", "testing"})
TEST_SHARE = 5

NO_FOLDER = words("it lies in no class folder", "不在类别文件夹中")
MANY_ROWS = words("beyond the rows that are read", "超出读取的行数")
NO_TEXT = words("a text in an unknown encoding", "编码未知的文本")


@dataclass(frozen=True)
class Upload:
    """What was read: images (N, C, H, W) as bytes or codes (N, T), the class of each, and what was left out.

    `test` marks the samples that the file keeps for the test; None where it has no test set of its own.
    """

    task: Literal["image", "text"]
    inputs: ndarray
    targets: ndarray
    class_names: tuple[str, ...]
    test: ndarray | None
    skipped: Skipped


def read(data: bytes) -> Upload:
    """The samples in a file, judged by what it holds and never by its name.

    Raises:
        Refusal: when it cannot be used, in a sentence.
    """
    if len(data) > MOST_BYTES:
        raise Refusal(TOO_LARGE, most=MOST_BYTES >> 20, got=len(data) >> 20)
    skipped = Skipped()
    if data.startswith(b"PK"):
        return _archive(data, skipped)
    if data.startswith(b"\x1f\x8b"):
        data = gunzipped(data)
    found = table(data, skipped)
    if isinstance(found, Names):
        return _texts(found, skipped)
    return _pictures(found.images, found.labels, None, skipped)


def _archive(data: bytes, skipped: Skipped) -> Upload:
    pictures: list[Image.Image] = []
    labels: list[str] = []
    tests: list[bool] = []
    arrays: dict[str, bytes] = {}
    lists: list[list[str]] = []
    for parts, held in members(data, skipped):
        name = parts[-1].lower()
        if name.endswith(".npy"):
            arrays[name] = held
        elif name.endswith(".txt"):
            try:
                lists += [[line, parts[-1][:-4]] for line in decoded(held).splitlines()]
            except Refusal:
                skipped.add(NO_TEXT, name)
            if len(lists) > MOST_ROWS:
                skipped.add(MANY_ROWS, name)
                del lists[MOST_ROWS:]
        else:
            _picture(parts, held, skipped, (pictures, labels, tests))
    if arrays and not pictures:
        return _halves(npz.halves(arrays), skipped)
    if lists and not pictures:
        return _texts(names([row for row in lists if row[0].strip()], skipped), skipped)
    check_counts(Counter(labels), skipped)
    test = np.array(tests) if any(tests) and not all(tests) else None
    return _pictures(stacked(pictures), labels, test, skipped)


def _picture(
    parts: tuple[str, ...],
    data: bytes,
    skipped: Skipped,
    found: tuple[list[Image.Image], list[str], list[bool]],
) -> None:
    """One more image with the label of its folder, or one more reason."""
    label = label_of(parts[-2]) if len(parts) > 1 else ""
    if not label:
        skipped.add(NO_FOLDER, parts[-1])
        return
    try:
        picture = opened(data)
    except NotAnImage as error:
        skipped.add(str(error), "/".join(parts))
        return
    pictures, labels, tests = found
    pictures.append(picture)
    labels.append(label)
    tests.append(any(part.lower() in TEST for part in parts[:-2]))


def _halves(found: list[npz.Half], skipped: Skipped) -> Upload:
    labels = [label for half in found for label in half.labels]
    if len(found) == 1:
        return _pictures(found[0].images, labels, None, skipped)
    train, test = found
    if train.images.shape[1:] != test.images.shape[1:]:
        raise Refusal(npz.IMAGES, least=0, got=" / ".join(str(half.images.shape[1:]) for half in found))
    marks = np.arange(len(labels)) >= len(train.labels)
    return _pictures(np.concatenate([train.images, test.images]), labels, marks, skipped)


def _pictures(images: ndarray, labels: list[str], test: ndarray | None, skipped: Skipped) -> Upload:
    check_counts(Counter(labels), skipped)
    class_names, targets = _numbered(labels)
    return Upload("image", images, targets, class_names, test, skipped)


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
