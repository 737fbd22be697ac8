"""The chips of the residual page."""

from typing import Any

from ui.lab.presets import Preset

_USUAL: dict[str, Any] = {"block": "basic", "stride": 1, "shortcut": "identity", "activation": "ReLU"}


def _down(option: str) -> dict[str, Any]:
    changes = {"channels": 64, "filters": 128, "size": 56, "stride": 2, "shortcut": option, "norm": True}
    return {**_USUAL, **changes}


PRESETS = (
    Preset(
        "lecture block",
        "Two 3×3 convolutions on 16 channels, no batch norm.",
        {**_USUAL, "channels": 16, "filters": 16, "size": 12, "norm": False},
    ),
    Preset(
        "basic 64",
        "The block of ResNet-18 and 34.",
        {**_USUAL, "channels": 64, "filters": 64, "size": 56, "norm": True},
    ),
    Preset(
        "bottleneck 256",
        "The block of ResNet-50 and deeper.",
        {**_USUAL, "block": "bottleneck", "channels": 256, "filters": 256, "size": 56, "norm": True},
    ),
    Preset("down A", "Half the size, twice the channels; zeros fill the new ones.", _down("A")),
    Preset("down B", "Half the size, twice the channels; a 1×1 where the shape changes.", _down("B")),
    Preset("down C", "Half the size, twice the channels; a 1×1 on every shortcut.", _down("C")),
    Preset(
        "1 + 16",
        "PyTorch adds 1 channel to 16 without a word.",
        {**_USUAL, "channels": 1, "filters": 16, "size": 12},
    ),
)
