"""Arrays from a .npz file: the header of each is judged before a byte is allocated, and nothing in it is run."""

import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy import ndarray

from netlib.training.data.uploads.archive import Member, Unreadable
from netlib.training.data.uploads.pictures import framed
from netlib.training.data.uploads.rules import (
    MOST_ROWS,
    MOST_SIDE,
    MOST_UNPACKED,
    SMALL_SIDE,
    Refusal,
    Skipped,
    check_counts,
    printable,
)
from netlib.training.data.uploads.scaling import Size
from netlib.words import words

HEADER = 4096

NOT_ARRAYS = words(
    "{name} in the file is no plain array of numbers. Save x and y with numpy.savez.",
    "文件中的 {name} 不是普通的数值数组。请用 numpy.savez 保存 x 和 y。",
)
CLAIMS = words(
    "{name} claims {got:,} bytes but the file holds {held:,}; at most {most:,} are read.",
    "{name} 声称有 {got:,} 字节，但文件中只有 {held:,}；最多读取 {most:,}。",
)
UNUSED = words("an array that holds neither images nor their labels", "既非图像也非标签的数组")
NAMES = words(
    "The file must hold x and y, or x_train, y_train, x_test and y_test; it holds {got}.",
    "文件应包含 x 和 y，或 x_train、y_train、x_test、y_test；它包含 {got}。",
)
IMAGES = words(
    "x must be images, N × H × W or N × H × W × C with 1 or 3 channels, at least {least} pixels a side; it is {got}.",
    "x 应为图像，N × H × W 或 N × H × W × C（1 或 3 个通道），每边至少 {least} 像素；收到 {got}。",
)
LABELS = words(
    "y must hold one whole number for each of the {count:,} images; it is {got}.",
    "y 应为 {count:,} 张图像各给出一个整数；收到 {got}。",
)


@dataclass(frozen=True)
class Half:
    """Images (N, C, H, W) as bytes and the label of each, as text."""

    images: ndarray
    labels: list[str]
    size: Size
    """Width and height of the images in the file."""


def halves(files: Mapping[str, Member], skipped: Skipped) -> list[Half]:
    """Training images and, where the file has them, test images; headers and labels are judged before any image is read.

    Raises:
        Refusal: for other arrays than these, headers that claim what is not there, and classes that cannot be learnt.
    """
    stems = {name.removesuffix(".npy"): member for name, member in files.items() if name.endswith(".npy")}
    pairs = [("x_train", "y_train"), ("x_test", "y_test")] if "x_train" in stems else [("x", "y")]
    if any(x not in stems or y not in stems for x, y in pairs[:1]) or ("x_test" in stems) != (
        "y_test" in stems
    ):
        raise Refusal(NAMES, got=", ".join(map(printable, list(stems)[:6])) or "–")
    pairs = [(x, y) for x, y in pairs if x in stems]
    for stem in sorted(stems.keys() - {name for pair in pairs for name in pair}):
        skipped.add(UNUSED, stem)
    heads = {x: _head(x, stems[x]) for x, _ in pairs}
    labels = {x: _labels(array(y, _bytes(y, stems[y])), heads[x]) for x, y in pairs}
    check_counts(Counter(label for held in labels.values() for label in held), skipped)
    return [
        Half(_images(array(x, _bytes(x, stems[x]))), labels[x], (heads[x][2], heads[x][1])) for x, _ in pairs
    ]


def _bytes(name: str, member: Member) -> bytes | bytearray:
    try:
        return member.read()
    except Unreadable:
        raise Refusal(NOT_ARRAYS, name=name) from None


def _head(name: str, member: Member) -> tuple[int, ...]:
    """The shape of the images, N × H × W or N × H × W × C, from the header alone."""
    try:
        head = _header(name, member.head(HEADER + 16), member.info.file_size)
    except Unreadable:
        raise Refusal(NOT_ARRAYS, name=name) from None
    shape = head.shape
    if len(shape) == 4 and shape[3] not in (1, 3) and shape[1] in (1, 3):
        shape = (shape[0], shape[2], shape[3], shape[1])
    sides = shape[1:3] if len(shape) in (3, 4) else (0, 0)
    channels = shape[3] if len(shape) == 4 else 1
    if min(sides) < SMALL_SIDE or max(sides) > MOST_SIDE or channels not in (1, 3) or shape[0] > MOST_ROWS:
        raise Refusal(IMAGES, least=SMALL_SIDE, got=" × ".join(map(str, head.shape)) or "–")
    return shape


@dataclass(frozen=True)
class Header:
    """What a .npy file says of itself, and where its numbers begin."""

    shape: tuple[int, ...]
    in_columns: bool
    dtype: np.dtype[Any]
    start: int


def _header(name: str, data: bytes | bytearray, held: int) -> Header:
    """The header of a .npy file of `held` bytes, of which these are the first."""
    stream = io.BytesIO(data[: HEADER + 16])
    try:
        version = np.lib.format.read_magic(stream)
        read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[
            version
        ]
        shape, in_columns, dtype = read(stream, max_header_size=HEADER)
    except (ValueError, KeyError, OverflowError, MemoryError, RecursionError, TypeError, SyntaxError):
        raise Refusal(NOT_ARRAYS, name=name) from None
    if dtype.hasobject or dtype.kind not in "uifb" or not all(type(n) is int and n >= 0 for n in shape):
        raise Refusal(NOT_ARRAYS, name=name)
    held, claimed = held - stream.tell(), prod(shape) * dtype.itemsize
    if claimed > min(held, MOST_UNPACKED):
        raise Refusal(CLAIMS, name=name, got=claimed, held=held, most=MOST_UNPACKED)
    return Header(shape, in_columns, dtype, stream.tell())


def array(name: str, data: bytes | bytearray) -> ndarray:
    """The array in a .npy file; it shares its memory with the bytes.

    Raises:
        Refusal: for objects, other things than numbers, and a header that does not go with what follows.
    """
    head = _header(name, data, len(data))
    values = np.frombuffer(data, head.dtype, prod(head.shape), head.start)
    return values.reshape(head.shape, order="F" if head.in_columns else "C")


def _labels(y: ndarray, shape: tuple[int, ...]) -> list[str]:
    flat = y.ravel() if y.ndim == 2 and y.shape[1] == 1 else y
    if flat.shape != shape[:1] or flat.dtype.kind not in "ui":
        raise Refusal(LABELS, count=shape[0], got=f"{' × '.join(map(str, y.shape))} {y.dtype}")
    return [str(label) for label in flat.tolist()]


def _images(x: ndarray) -> ndarray:
    if x.ndim == 4 and x.shape[-1] not in (1, 3) and x.shape[1] in (1, 3):
        x = x.transpose(0, 2, 3, 1)
    return framed(x if x.ndim == 4 else x[..., None])
