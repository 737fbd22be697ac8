"""A long curve made short enough to draw, and made smooth; the values that are kept are never changed."""

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


def smooth(values: ArrayLike, half_life: float = 20.0) -> NDArray[float64]:
    """The curve's running mean, in which a value counts half as much `half_life` steps later.

    Bias-corrected as in Kingma & Ba 2015, section 3: the first point is the first value, not a small part of it.
    A value that is no number is passed over; before the first number the mean is none either.

    Raises:
        ValueError: when `half_life` is not above 0.
    """
    if half_life <= 0:
        raise ValueError(f"a half-life is above 0 steps, got {half_life}")
    curve = np.asarray(values, dtype=float64).ravel()
    known = np.isfinite(curve)
    total = _decaying_sum(np.where(known, curve, 0.0), half_life)
    weight = _decaying_sum(known.astype(float64), half_life)
    mean: NDArray[float64] = np.divide(total, weight, out=np.full(len(curve), np.nan), where=weight > 0)
    return mean


def _decaying_sum(values: NDArray[float64], half_life: float) -> NDArray[float64]:
    """y[t] = 2^(-1/half_life) · y[t-1] + values[t], in blocks so short that no power leaves the range of a float."""
    block = max(1, min(int(20 * half_life), len(values)))
    rows = -(-len(values) // block)
    padded = np.zeros(rows * block)
    padded[: len(values)] = values
    grown = np.exp2(np.arange(block) / half_life)
    sums = np.cumsum(padded.reshape(rows, block) * grown, axis=1) / grown
    carried = 0.0
    for row in sums:
        row += carried * 2 ** (-1 / half_life) / grown
        carried = row[-1]
    whole: NDArray[float64] = sums.ravel()[: len(values)]
    return whole
