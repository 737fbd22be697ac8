"""Shapes drawn by code: ten kinds at any place, size and brightness, turned a little, under noise. numpy only.

A shape is a signed distance: negative inside, in units of its own radius; a pixel is as bright as the shape covers
it. All numbers come from one stream of PCG64 with a seed, so the images are the same everywhere.
"""

# mypy: disable-error-code="no-any-return"
# numpy's types leave open what a function of arrays gives.

from collections.abc import Callable

import numpy as np
from numpy import ndarray

SIDE = 28
SAMPLES = 3600
SEED = 0
RADIUS = (7.0, 11.0)
"""Pixels, least and most."""
TURN = 0.45
"""Radians, to either side."""
BRIGHTNESS = (0.5, 1.0)
NOISE = 0.14
"""Standard deviation of each pixel's noise, where white is 1."""

Distance = Callable[[ndarray, ndarray], ndarray]


def drawn(samples: int = SAMPLES, seed: int = SEED) -> tuple[ndarray, ndarray]:
    """Images (N, 1, 28, 28) as bytes and their kinds (N,): as many of each kind as of any other, in mixed order."""
    random = np.random.default_rng(seed)
    kinds = random.permutation(np.arange(samples) % len(SHAPES))
    radius = random.uniform(*RADIUS, samples)
    room = SIDE / 2 - 0.5 - radius  # half a pixel for the soft rim
    centre = SIDE / 2 + random.uniform(-1, 1, (2, samples)) * room
    turn = random.uniform(-TURN, TURN, samples)
    brightness = random.uniform(*BRIGHTNESS, samples)
    noise = random.normal(0, NOISE, (samples, SIDE, SIDE))
    images = np.empty((samples, SIDE, SIDE))
    for kind, distance in enumerate(SHAPES.values()):
        of = np.flatnonzero(kinds == kind)
        across, down = _turned(centre[:, of], radius[of], turn[of])
        # A pixel is one unit wide: half inside where the edge runs through its middle.
        images[of] = np.clip(0.5 - distance(across, down) * radius[of, None, None], 0, 1)
    images = images * brightness[:, None, None] + noise
    return (255 * np.clip(images, 0, 1)).round().astype(np.uint8)[:, None], kinds.astype(np.int64)


def _turned(centre: ndarray, radius: ndarray, turn: ndarray) -> tuple[ndarray, ndarray]:
    """Of every pixel its place in the shape's own frame, where the radius is 1: (N, 28, 28) across and down."""
    places = np.arange(SIDE) + 0.5
    across = (places[None, None, :] - centre[0, :, None, None]) / radius[:, None, None]
    down = (places[None, :, None] - centre[1, :, None, None]) / radius[:, None, None]
    cosine, sine = np.cos(turn)[:, None, None], np.sin(turn)[:, None, None]
    return across * cosine + down * sine, down * cosine - across * sine


def _disc(x: ndarray, y: ndarray) -> ndarray:
    return np.hypot(x, y) - 0.85


def _ring(x: ndarray, y: ndarray) -> ndarray:
    return np.abs(np.hypot(x, y) - 0.72) - 0.2


def _square(x: ndarray, y: ndarray) -> ndarray:
    return np.maximum(np.abs(x), np.abs(y)) - 0.7


def _triangle(x: ndarray, y: ndarray) -> ndarray:
    return _corners(x, y, 3, np.cos(np.pi / 3))


def _pentagon(x: ndarray, y: ndarray) -> ndarray:
    return _corners(x, y, 5, np.cos(np.pi / 5))


def _star(x: ndarray, y: ndarray) -> ndarray:
    return _corners(x, y, 5, 0.42)


def _corners(x: ndarray, y: ndarray, points: int, inner: float) -> ndarray:
    """`points` corners at distance 1, and between two of them one at `inner`: a straight line where that fits."""
    half = np.pi / points
    angle = np.abs((np.arctan2(y, x) + half) % (2 * half) - half)
    # The edge from (1, 0) to the inner corner, as a line with a normal of length 1.
    end_x, end_y = inner * np.cos(half), inner * np.sin(half)
    length = np.hypot(1 - end_x, end_y)
    distance = np.hypot(x, y)
    return ((distance * np.cos(angle) - 1) * end_y + distance * np.sin(angle) * (1 - end_x)) / length


def _plus(x: ndarray, y: ndarray) -> ndarray:
    upright = np.maximum(np.abs(x) - 0.27, np.abs(y) - 0.92)
    return np.minimum(upright, np.maximum(np.abs(x) - 0.92, np.abs(y) - 0.27))


def _crescent(x: ndarray, y: ndarray) -> ndarray:
    return np.maximum(np.hypot(x, y) - 0.92, 0.72 - np.hypot(x - 0.45, y))


def _heart(x: ndarray, y: ndarray) -> ndarray:
    x, y = np.abs(x), y - 0.08
    lobe = np.hypot(x - 0.35, y + 0.35) - 0.495
    point = (np.maximum(np.abs(x + y), np.abs(x - y)) - 0.7) / np.sqrt(2)
    return np.minimum(lobe, point)


def _arrow(x: ndarray, y: ndarray) -> ndarray:
    x = np.abs(x)
    shaft = np.maximum(x - 0.2, np.abs(y - 0.35) - 0.6)
    head = np.maximum(y - 0.05, (x * 0.95 - 0.7 * (y + 0.95)) / np.hypot(0.95, 0.7))
    return np.minimum(shaft, head)


SHAPES: dict[str, Distance] = {
    "disc": _disc,
    "ring": _ring,
    "square": _square,
    "triangle": _triangle,
    "pentagon": _pentagon,
    "star": _star,
    "plus": _plus,
    "crescent": _crescent,
    "heart": _heart,
    "arrow": _arrow,
}
"""Kind -> the distance of a place (x, y) from its edge, y downwards, in radii; negative inside."""
