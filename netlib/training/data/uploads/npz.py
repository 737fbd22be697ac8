"""Arrays from a .npz file: the header of each is judged before a byte is allocated, and nothing in it is run."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy import ndarray
from PIL import Image

from netlib.training.data.uploads.pictures import stacked
from netlib.training.data.uploads.rules import (
    MOST_ROWS,
    MOST_SIDE,
    MOST_UNPACKED,
    SMALL_SIDE,
    Refusal,
    printable,
)
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
RANGE = words(
    "Pixels must lie between 0 and 1, 0 and 16, or 0 and 255, got {low:g} to {high:g}.",
    "像素应在 0–1、0–16 或 0–255 之间，收到 {low:g} 到 {high:g}。",
)


@dataclass(frozen=True)
class Half:
    """Images (N, C, H, W) as bytes and the label of each, as text."""

    images: ndarray
    labels: list[str]


def halves(files: Mapping[str, bytes]) -> list[Half]:
    """Training images and, where the file has them, test images.

    Raises:
        Refusal: for other arrays than these, and headers that claim what is not there.
    """
    stems = {name.removesuffix(".npy"): data for name, data in files.items() if name.endswith(".npy")}
    pairs = [("x_train", "y_train"), ("x_test", "y_test")] if "x_train" in stems else [("x", "y")]
    if any(x not in stems or y not in stems for x, y in pairs[:1]) or ("x_test" in stems) != (
        "y_test" in stems
    ):
        raise Refusal(NAMES, got=", ".join(map(printable, list(stems)[:6])) or "–")
    return [_half(array(x, stems[x]), array(y, stems[y])) for x, y in pairs if x in stems]


def array(name: str, data: bytes) -> ndarray:
    """The array in a .npy file.

    Raises:
        Refusal: for objects, other things than numbers, and a header that does not go with what follows.
    """
    stream = io.BytesIO(data)
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
    held, claimed = len(data) - stream.tell(), prod(shape) * dtype.itemsize
    if claimed > min(held, MOST_UNPACKED):
        raise Refusal(CLAIMS, name=name, got=claimed, held=held, most=MOST_UNPACKED)
    values = np.frombuffer(data, dtype, prod(shape), stream.tell())
    return values.reshape(shape, order="F" if in_columns else "C")


def _half(x: ndarray, y: ndarray) -> Half:
    if x.ndim == 4 and x.shape[-1] not in (1, 3) and x.shape[1] in (1, 3):
        x = x.transpose(0, 2, 3, 1)
    shape = " × ".join(map(str, x.shape)) or "–"
    sides = x.shape[1:3] if x.ndim in (3, 4) else (0, 0)
    channels = x.shape[3] if x.ndim == 4 else 1
    if min(sides) < SMALL_SIDE or max(sides) > MOST_SIDE or channels not in (1, 3) or len(x) > MOST_ROWS:
        raise Refusal(IMAGES, least=SMALL_SIDE, got=shape)
    flat = y.ravel() if y.ndim == 2 and y.shape[1] == 1 else y
    if flat.shape != (len(x),) or flat.dtype.kind not in "ui":
        raise Refusal(LABELS, count=len(x), got=f"{' × '.join(map(str, y.shape))} {y.dtype}")
    pixels = as_bytes(x)
    frames = pixels[..., 0] if x.ndim == 4 and channels == 1 else pixels
    return Half(
        stacked([Image.fromarray(frame) for frame in frames]), [str(label) for label in flat.tolist()]
    )


def as_bytes(pixels: ndarray) -> ndarray:
    """Pixels as bytes 0..255, by the range that they are in.

    Raises:
        Refusal: when they are in none, or are no numbers.
    """
    if pixels.dtype == np.uint8 and pixels.max(initial=0) > 16:
        return np.ascontiguousarray(pixels)
    values = pixels.astype(np.float32)
    low, high = float(values.min(initial=0)), float(values.max(initial=0))
    if not np.isfinite(values).all() or low < 0 or high > 255:
        raise Refusal(RANGE, low=low, high=high)
    top = 1.0 if high <= 1 else 16.0 if high <= 16 else 255.0
    return np.ascontiguousarray((values * (255 / top)).round().astype(np.uint8))
