"""Inside the network at the step that is looked at: what the step did to each layer, and the first layer's kernels."""

from typing import Any

from netlib.training.store.history import History
from ui.training.kernels import kernels
from ui.training.layers import layers
from ui.training.looking import Look
from ui.training.reading import Reading
from ui.training.shown import frames_of, label


def inside(history: History, reading: Reading | None, look: Look) -> dict[str, Any] | None:
    """What the picture draws; None where the run has kept nothing of the kind."""
    if reading is None or reading.spec is None:
        return None
    frames = frames_of(history, reading)
    if not frames:
        return None
    step = looked_at(frames, look)
    network, epoch = reading.spec.network, reading.epoch_steps
    rows = layers(network, frames, step)
    first = kernels(history, reading, network, step)
    if rows is None and first is None:
        return None
    for part in (rows, first):
        if part is not None:
            part["when"] = label(part["step"], epoch)["long"] if part["step"] is not None else ""
    return {"part": "inside", "layers": rows, "kernels": first}


def looked_at(frames: list[tuple[int, Any]], look: Look) -> int:
    """The step of the frame that the slider is at: the newest, unless it was moved."""
    steps = [step for step, _ in frames]
    return steps[-1] if look.step is None else min(steps, key=lambda step: abs(step - (look.step or 0)))
