"""A long curve made short enough to draw; the values that are kept are never changed."""

import numpy as np
from numpy import float64, intp
from numpy.typing import ArrayLike, NDArray


def thin(values: ArrayLike, points: int = 2000) -> tuple[NDArray[intp], NDArray[float64]]:
    """Indices and values of at most `points` points that look like the whole curve.

    The curve is cut into buckets of equal length and the least and the greatest value of each are kept, in their
    order, so that no spike is lost; the first and the last point stay. A value that is no number is left out
    unless its whole bucket is none.

    Raises:
        ValueError: when `points` is below 4, too few for both ends and one bucket.
    """
    curve = np.asarray(values, dtype=float64).ravel()
    if points < 4:
        raise ValueError(f"a thinned curve has at least 4 points, got {points}")
    if len(curve) <= points:
        return np.arange(len(curve)), curve
    edges = np.linspace(1, len(curve) - 1, (points - 2) // 2 + 1).astype(intp)
    missing = np.isnan(curve)
    lows = _least(np.where(missing, np.inf, curve), edges)
    highs = _least(np.where(missing, np.inf, -curve), edges)
    kept = np.unique(np.concatenate([[0], lows, highs, [len(curve) - 1]]))
    return kept, curve[kept]


def _least(curve: NDArray[float64], edges: NDArray[intp]) -> NDArray[intp]:
    """Index of the least value of each bucket; a bucket reaches from one edge to before the next."""
    index = edges[:-1, None] + np.arange(np.diff(edges).max())
    inside = index < edges[1:, None]
    table = np.where(inside, curve[np.minimum(index, len(curve) - 1)], np.inf)
    found: NDArray[intp] = edges[:-1] + table.argmin(axis=1)
    return found
