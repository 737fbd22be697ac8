"""The chips of the inception page: the paper's nine modules, the lecture's InceptionA, and a broken padding."""

from typing import Any

from netlib.presets.inception import MODULES
from ui.inception.state import KEEPING
from ui.lab.presets import Preset

INPUTS: dict[str, tuple[int, int]] = {
    "3a": (192, 28),
    "3b": (256, 28),
    "4a": (480, 14),
    "4b": (512, 14),
    "4c": (512, 14),
    "4d": (512, 14),
    "4e": (528, 14),
    "5a": (832, 7),
    "5b": (832, 7),
}
"""Input channels, and height and width, of each module in GoogLeNet; a test traces them in the whole network."""

FIELDS = ("out1", "red3", "out3", "red5", "out5", "proj")
REDUCED: dict[str, Any] = {"reduces3": True, "reduces5": True, "projects": True}

LECTURE: dict[str, Any] = {
    **dict(zip(FIELDS, (16, 16, 24, 16, 24, 24), strict=True)),
    **REDUCED,
    **KEEPING,
    "form": "lecture",
}


def paper(name: str) -> dict[str, Any]:
    """The fields of one of the paper's nine modules."""
    channels, size = INPUTS[name]
    widths = dict(zip(FIELDS, MODULES[name], strict=True))
    return {"form": "paper", "channels": channels, "size": size, **widths, **REDUCED, **KEEPING}


def lecture(channels: int, size: int) -> dict[str, Any]:
    """The fields of the lecture's InceptionA on an input."""
    return {**LECTURE, "channels": channels, "size": size}


PRESETS = (
    *(Preset(name, "A module of GoogLeNet, from the paper's table 1.", paper(name)) for name in MODULES),
    Preset("InceptionA(10)", "The lecture's block, behind its first pooling.", lecture(10, 12)),
    Preset("InceptionA(20)", "The lecture's block, behind its second pooling.", lecture(20, 4)),
    Preset("broken padding", "A 5×5 branch without padding: see what concat says.", {**KEEPING, "pad5": 0}),
)
