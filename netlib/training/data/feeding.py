"""How the samples of a data set are given to a network's input, or that they cannot be. No torch."""

from dataclasses import dataclass
from math import isqrt
from typing import Literal

from netlib.tensortype import TensorType
from netlib.training.data.datasets import DataSet

LEAST_SIDE = 8
"""Pixels: smaller images show nothing any more."""

RESIDENT_BYTES = 1 << 30
"""Prepared samples up to this size stay prepared; larger ones are kept as they come and prepared by the batch."""

Way = Literal["image", "rows", "flat", "ids", "one-hot"]


@dataclass(frozen=True)
class Feeding:
    """One way of giving samples to a network.

    "image" as they are, "rows" as a sequence of pixel rows, "flat" as one vector; "ids" for an Embedding,
    "one-hot" for a network that takes numbers. An image is resized to `inner`, then `margin` empty pixels go
    around it (height, width), which makes it `size`. A text is padded to `steps`.
    """

    way: Way
    size: tuple[int, int] = (0, 0)
    margin: tuple[int, int] = (0, 0)
    steps: int = 0

    @property
    def inner(self) -> tuple[int, int]:
        """Height and width that the image is resized to before the margin is put around it."""
        return self.size[0] - 2 * self.margin[0], self.size[1] - 2 * self.margin[1]


def feeding(data: DataSet, given: TensorType) -> Feeding | None:
    """How `data` can be given to a network that takes `given`; None where it cannot."""
    if data.task == "sequence":
        if given.layout == "tokens" and given.dims == data.dims:
            return Feeding("ids")
        fits = given.layout == "sequence" and given.dims == (*data.dims, data.classes)
        return Feeding("one-hot") if fits else None
    if data.task == "text":
        return _padded(data, given)
    channels = data.dims[0]
    if given.layout == "image" and given.dims[0] == channels:
        return _sized(data, "image", given.dims[1], given.dims[2])
    if given.layout == "sequence" and channels == 1:
        return _sized(data, "rows", *given.dims)
    if given.layout == "vector" and given.numel % channels == 0:
        side = isqrt(given.numel // channels)
        return _sized(data, "flat", side, side) if channels * side * side == given.numel else None
    return None


def _padded(data: DataSet, given: TensorType) -> Feeding | None:
    """A text for a network that takes at least as many letters as the longest one has."""
    if given.dims[0] < data.dims[0]:
        return None
    if given.layout == "tokens" and len(given.dims) == 1:
        return Feeding("ids", steps=given.dims[0])
    fits = given.layout == "sequence" and given.dims[1] == data.vocabulary
    return Feeding("one-hot", steps=given.dims[0]) if fits else None


def _sized(data: DataSet, way: Way, height: int, width: int) -> Feeding | None:
    if min(height, width) < LEAST_SIDE:
        return None
    return Feeding(way, (height, width), (_margin(data, 1, height), _margin(data, 2, width)))


def _margin(data: DataSet, axis: int, side: int) -> int:
    """Empty pixels at each end of an axis: none at the data's own size, and never so many that it shrinks."""
    return max(0, min(int(side * data.margin + 1e-9), (side - data.dims[axis]) // 2))
