"""What became of the sizes of images: how many are kept in another size than they came in."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

Size = tuple[int, int]
"""Width and height, in pixels."""


@dataclass(frozen=True)
class Scaling:
    """So many images came as anything from the least size to the most, and are kept in one."""

    count: int
    least: Size
    most: Size
    kept: Size
    cut: bool
    """Whether some had other proportions, so that their edges were cut off."""

    def to_data(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)


def scaling(sizes: Mapping[Size, int], kept: Size) -> Scaling | None:
    """How images, so many of each size, came to the size that is kept; None where all had it."""
    scaled = sorted((size for size in sizes if size != kept), key=lambda size: (size[0] * size[1], size))
    if not scaled:
        return None
    cut = any(width * kept[1] != height * kept[0] for width, height in scaled)
    return Scaling(sum(sizes[size] for size in scaled), scaled[0], scaled[-1], kept, cut)


def from_data(held: Mapping[str, Any] | None) -> Scaling | None:
    """The scaling in plain values.

    Raises:
        KeyError, TypeError, ValueError: when it is none.
    """
    if held is None:
        return None
    least, most, kept = (
        (int(width), int(height)) for width, height in (held[f] for f in ("least", "most", "kept"))
    )
    return Scaling(int(held["count"]), least, most, kept, bool(held["cut"]))
