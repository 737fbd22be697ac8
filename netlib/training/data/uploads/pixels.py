"""Pixels of any usual range as bytes 0..255, a part at a time, so that no large array is there twice."""

from collections.abc import Iterator

import numpy as np
from numpy import ndarray

from netlib.training.data.uploads.rules import Refusal
from netlib.words import words

PART = 1 << 20
"""Numbers that are looked at at a time."""

RANGE = words(
    "Pixels must lie between 0 and 1, 0 and 16, or 0 and 255, got {low:g} to {high:g}.",
    "像素应在 0–1、0–16 或 0–255 之间，收到 {low:g} 到 {high:g}。",
)

NO_NUMBER = words(
    "Every pixel must be a number; some of these are infinite or not a number (NaN). Replace them and bring the file again.",
    "每个像素都必须是数；其中有的是无穷大或非数（NaN）。请替换后重新上传。",
)


def scale_of(frames: ndarray) -> float:
    """What pixels (N, …) are multiplied by to lie in 0..255: 255, 255/16 or 1, by the greatest.

    Raises:
        Refusal: when they are in no usual range, or are no numbers.
    """
    low, high = 0.0, 0.0
    for part in _parts(frames):
        least, most = float(part.min(initial=0)), float(part.max(initial=0))
        if not np.isfinite([least, most]).all():  # what is no number makes both so
            raise Refusal(NO_NUMBER)
        low, high = min(low, least), max(high, most)
    if low < 0 or high > 255:
        raise Refusal(RANGE, low=low, high=high)
    return 255.0 if high <= 1 else 255 / 16 if high <= 16 else 1.0


def as_bytes(frames: ndarray, scale: float) -> ndarray:
    """The pixels times the scale, rounded."""
    if frames.dtype == np.uint8 and scale == 1:
        return frames
    found = np.empty(frames.shape, np.uint8)
    for part, into in zip(_parts(frames), _parts(found), strict=True):
        into[...] = (part.astype(np.float32) * np.float32(scale)).round()
    return found


def _parts(frames: ndarray) -> Iterator[ndarray]:
    """Views of so many frames as make up a part."""
    count = max(1, PART // max(1, frames[:1].size))
    for first in range(0, len(frames), count):
        yield frames[first : first + count]
