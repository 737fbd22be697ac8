"""Small pictures to look at through a layer: drawn here, or taken from scikit-learn's samples; at most 112 pixels wide.

The photographs are scikit-learn's own samples, "china.jpg" by danielbuechele and "flower.jpg" by vultilion, CC BY 2.0.
"""

import math
from collections.abc import Callable, Mapping

import torch
from sklearn.datasets import load_digits, load_sample_image
from torch import Tensor
from torch.nn.functional import interpolate

from netlib.errors import NetlibError
from netlib.words import words

SIDE = 112
"""Pixels of the longer side."""
DIGIT = 3

_UNKNOWN = words(
    "There is no picture {name}; there are {names}.", "没有名为 {name} 的图片；可用的有 {names}。"
)


def picture(name: str, channels: int) -> Tensor:
    """A picture by its name, (C, H, W) with values from 0 to 1; one channel is its brightness, three its colours.

    Raises:
        NetlibError: when there is none of that name.
    """
    if name not in PICTURES:
        raise NetlibError(_UNKNOWN, name=name[:40], names=", ".join(PICTURES))
    return in_channels(PICTURES[name](), channels)


def in_channels(pixels: Tensor, channels: int) -> Tensor:
    """A picture of three channels with one or three: brightness as television weighs it (ITU-R BT.601)."""
    if channels == pixels.shape[0]:
        return pixels
    weights = torch.tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)
    return (pixels * weights).sum(0, keepdim=True)


def _shapes() -> Tensor:
    """A disc, a square, stripes and a slope on a dim ground."""
    side = 96
    y, x = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    pixels = torch.full((3, side, side), 0.12)
    pixels[:, (x - 30) ** 2 + (y - 30) ** 2 < 20**2] = torch.tensor([0.95, 0.62, 0.25]).unsqueeze(1)
    pixels[:, (x > 56) & (x < 88) & (y > 14) & (y < 46)] = torch.tensor([0.3, 0.6, 0.95]).unsqueeze(1)
    stripes = (x > 10) & (x < 46) & (y > 56) & (y < 88) & (x % 8 < 4)
    pixels[:, stripes] = torch.tensor([0.9, 0.9, 0.9]).unsqueeze(1)
    slope = (x > 56) & (x < 88) & (y > 56) & (y < 88)
    pixels[:, slope] = (x[slope] - 56) / 32
    return pixels


def _digit() -> Tensor:
    """A handwritten digit, 8 × 8 in scikit-learn, drawn larger."""
    small = torch.from_numpy(load_digits().images[DIGIT]).float()[None, None] / 16
    large = interpolate(small, size=(64, 64), mode="bilinear", align_corners=False)
    return large[0].expand(3, -1, -1).clone()


def _photograph(name: str) -> Callable[[], Tensor]:
    def load() -> Tensor:
        pixels = torch.from_numpy(load_sample_image(f"{name}.jpg").copy()).permute(2, 0, 1).float() / 255
        share = SIDE / max(pixels.shape[1:])
        size = [math.ceil(share * length) for length in pixels.shape[1:]]
        small = interpolate(pixels[None], size=size, mode="bilinear", align_corners=False, antialias=True)
        return small[0].clamp(0, 1)

    return load


PICTURES: Mapping[str, Callable[[], Tensor]] = {
    "shapes": _shapes,
    "flower": _photograph("flower"),
    "china": _photograph("china"),
    "digit": _digit,
}
