"""The kernels of a run's first layer as small pictures, with their gradients, at the step that is looked at."""

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy import ndarray

from netlib import Network, trace
from netlib.training.store.history import History
from ui.numbers import exact, significant
from ui.training.reading import Reading
from ui.training.shown import snapshot
from ui.words import tr

LEVELS = 127
"""Of each sign, in which a weight is sent."""


def kernels(history: History, reading: Reading, network: Network, step: int) -> dict[str, Any] | None:
    """What the picture draws of the latest kernels kept at or before a step; None where there are none."""
    row = reading.row
    rows = [
        found
        for found in history.snapshots(row.id, "kernels")
        if found.generation == row.generation and found.step <= step
    ]
    if not rows:
        return None
    latest = max(rows, key=lambda found: found.step)
    arrays = snapshot(history, row.id, "kernels", latest.step, latest.generation, latest.bytes)
    return drawn(arrays, network, latest.step) if arrays is not None else None


def drawn(arrays: Mapping[str, ndarray], network: Network, step: int) -> dict[str, Any]:
    """The kernels as bytes of signed levels, kernel after kernel, each channel after channel."""
    traced, path = trace(network), bytes(arrays["path"]).decode()
    found = next((one for one in traced.steps if one.path == path), None)
    name = traced.where(found) if found else path
    shape, count = arrays["weight"].shape, int(arrays["count"])
    as_images = found is not None and found.title == "Linear"
    return {
        "step": step,
        "kept": shape[0],
        "channels": shape[1],
        "height": shape[2],
        "width": shape[3],
        "weight": _levels(arrays, "weight"),
        "gradient": _levels(arrays, "gradient") if "gradient" in arrays else None,
        "words": {
            "title": tr("Rows of {name} as images", name=name)
            if as_images
            else tr("Kernels of {name}", name=name),
            "count": tr("the first {kept} of {count}", kept=exact(shape[0]), count=exact(count))
            if count > shape[0]
            else exact(count),
            "weight": tr("weights"),
            "gradient": tr("gradient"),
            "no_gradient": tr("Its gradient was not measured at this step.")
            if step
            else tr("Its gradient is known once a step has been taken."),
            "kernel": tr("kernel {number}"),
            "channels": tr("Each has {count} pictures, one for each colour channel.", count=exact(shape[1]))
            if shape[1] > 1
            else "",
        },
    }


def _levels(arrays: Mapping[str, ndarray], name: str) -> dict[str, str]:
    """Levels −127 to 127 as base64, `most` being the value of the highest in words."""
    values = arrays[name].astype(np.float32)
    finite = np.where(np.isfinite(values), values, 0.0)
    largest = float(np.abs(finite).max(initial=0.0))
    levels = np.rint(finite * (LEVELS / (largest or 1.0))).astype(np.int8)
    return {
        "bytes": base64.b64encode(levels.tobytes()).decode("ascii"),
        "most": significant(largest * float(arrays[f"{name}_scale"]), 2),
    }
