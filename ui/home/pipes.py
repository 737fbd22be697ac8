"""What the inception page's door draws: GoogLeNet's module 3a while its reductions grow as wide as its input."""

from typing import Any

from netlib import Trace, trace
from ui.inception.layer import LANES, network_of
from ui.inception.state import InceptionState

FRAMES = 16


def frames() -> dict[str, Any]:
    """The module traced for each width of its reductions: {"channels", "frames": [{"lanes", "macs"}]}.

    A lane is {"name", "widths"}: the channels that flow into its first layer, out of it, and so on.
    """
    first = InceptionState()
    return {
        "channels": first.channels,
        "frames": [_frame(first, step / FRAMES) for step in range(FRAMES + 1)],
    }


def _frame(first: InceptionState, share: float) -> dict[str, Any]:
    def grown(width: int) -> int:
        return round(width + share * (first.channels - width))

    traced = trace(network_of(first.with_(red3=grown(first.red3), red5=grown(first.red5))))
    names = LANES[first.form]
    lanes = [{"name": name, "widths": _widths(traced, index)} for index, name in enumerate(names)]
    return {"lanes": lanes, "macs": traced.macs}


def _widths(traced: Trace, index: int) -> list[int]:
    branch = traced.root.children[0].children[index]
    outputs = [step.output.channels for step in branch.children if step.output and step.title != "ReLU"]
    return [branch.input.channels, *outputs]
