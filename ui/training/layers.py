"""What one step did to each layer: gradient norms and update ratios at the step that is looked at."""

from collections.abc import Mapping, Sequence
from math import ceil, floor, isfinite, log10
from typing import Any

from numpy import ndarray

from netlib import Network, trace
from ui.numbers import significant
from ui.words import tr

USUAL = 1e-3
"""Of a step's update to the weights: "somewhere around 1e-3", the course notes of Stanford's CS231n, "Neural networks
part 3", under "Ratio of weights:updates".
"""
FAR = 100.0
"""An update so many times smaller or larger than usual is marked."""
VANISHED = 1e-3
"""A gradient smaller than this share of the largest layer's is marked."""
EXPLODED = 1e3
"""A gradient so many times what the layer's first was is marked."""
LEAST_POWERS, MOST_POWERS = 3, 12
"""Of ten, along an axis."""

Arrays = Mapping[str, ndarray]
Frames = Sequence[tuple[int, Arrays]]


def layers(network: Network, frames: Frames, step: int) -> dict[str, Any] | None:
    """What the picture draws of the layers; None where the run has kept nothing of the kind.

    Args:
        network: whose layers they are.
        frames: all that the slider can go to, so that the axes stay while it moves.
        step: the one it is at.
    """
    gauged = [(at, arrays) for at, arrays in frames if "update_norms" in arrays]
    if not gauged:
        return None
    before = [(at, arrays) for at, arrays in gauged if at <= step]
    first = gauged[0][1]["gradient_norms"].tolist()
    everything = [pair for _, arrays in gauged for pair in _pairs(arrays)]
    axes = {
        "gradient": _axis([gradient for gradient, _ in everything]),
        "update": _axis([update for _, update in everything] + [USUAL]),
    }
    return {
        "rows": _rows(network, before[-1][1], first) if before else [],
        "step": before[-1][0] if before else None,
        "axes": axes,
        "usual": _place(USUAL, axes["update"]),
        "words": {
            "title": tr("What the step did to each layer"),
            "layer": tr("layer"),
            "gradient": tr("gradient norm"),
            "update": tr("update ratio |Δw| / |w|"),
            "none": tr("No step has been taken yet."),
            "about": tr(
                "How far the optimiser moved a layer's weights, as a share of their length: measured, not computed "
                "from the learning rate. About {usual} a step (dashed) is a rough rule (CS231n course notes); ▼ is under "
                "a hundredth of it, ▲ over a hundred times.",
                usual=significant(USUAL, 1),
            ),
            "signs": tr(
                "At a gradient ▼ is under a thousandth of the largest layer's: hardly anything arrives there. ▲ is over "
                "a thousand times what it was at first."
            ),
        },
    }


def _rows(network: Network, arrays: Arrays, first: Sequence[float]) -> list[dict[str, Any]]:
    traced = trace(network)
    steps = {step.path: step for step in traced.steps}
    paths = bytes(arrays["layer_paths"]).decode().split("\n")
    pairs = _pairs(arrays)
    largest = max((gradient for gradient, _ in pairs if isfinite(gradient)), default=0.0)
    found = []
    for path, (gradient, update), begun in zip(paths, pairs, first, strict=True):
        where = traced.where(steps[path]) if path in steps else path
        found.append(
            {
                "name": _short(where),
                "where": where,
                "gradient": _value(gradient, _gradient_mark(gradient, largest, begun)),
                "update": _value(update, _update_mark(update)),
            }
        )
    return found


def _short(where: str) -> str:
    """An address with the last layer's kind only: "2 › 1 Conv2d" for "2 Residual › 1 Conv2d"."""
    *around, last = where.split(" › ")
    return " › ".join([*(one.split(" ")[0] for one in around), last])


def _pairs(arrays: Arrays) -> list[tuple[float, float]]:
    """Gradient norm and update ratio of each layer."""
    rows = zip(*(arrays[f"{name}_norms"].tolist() for name in ("gradient", "update", "weight")), strict=True)
    return [(gradient, update / weight if weight else 0.0) for gradient, update, weight in rows]


def _value(value: float, mark: str) -> dict[str, Any]:
    return {"value": value if isfinite(value) else None, "shown": significant(value, 2), "mark": mark}


def _gradient_mark(value: float, largest: float, begun: float) -> str:
    if not isfinite(value) or (begun > 0 and value > EXPLODED * begun):
        return "▲"
    return "▼" if value < VANISHED * largest else ""


def _update_mark(value: float) -> str:
    if not isfinite(value) or value > FAR * USUAL:
        return "▲"
    return "▼" if value < USUAL / FAR else ""


def _axis(values: Sequence[float]) -> dict[str, int]:
    """Whole powers of ten around all values; of values too small to matter the bars have no length."""
    powers = [log10(value) for value in values if isfinite(value) and value > 0]
    high = ceil(max(powers, default=0.0))
    low = max(floor(min(powers, default=0.0)), high - MOST_POWERS)
    return {"low": min(low, high - LEAST_POWERS), "high": high}


def _place(value: float, axis: Mapping[str, int]) -> float:
    return (log10(value) - axis["low"]) / (axis["high"] - axis["low"])
