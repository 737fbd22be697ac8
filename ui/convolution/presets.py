"""The chips of the convolution page."""

from typing import Any

from ui.lab.presets import Preset


def _layer(kernel: int, stride: int = 1, padding: int = 0, **more: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {"layer": "conv", "pad": "number", "groups": 1, "dilation": [1, 1]}
    sizes = {"kernel": [kernel] * 2, "stride": [stride] * 2, "padding": [padding] * 2}
    return {**fields, **sizes, **more}


PRESETS = (
    Preset("same", "A 3×3 kernel that keeps the size.", _layer(3, padding=1)),
    Preset("halve", "A 3×3 kernel that halves the size.", _layer(3, 2, 1)),
    Preset("1×1", "Mixes channels, cell by cell.", _layer(1)),
    Preset("atrous", "A wide field from nine weights.", _layer(3, padding=2, dilation=[2, 2])),
    Preset(
        "depthwise",
        "Each plane has a filter of its own.",
        _layer(3, padding=1, channels=8, filters=8, groups=8),
    ),
    Preset(
        "stem",
        "The first layer of ResNet and GoogLeNet: 7×7, stride 2.",
        _layer(7, 2, 3, channels=3, filters=64, size=[224, 224]),
    ),
    Preset(
        "upsample",
        "A transposed convolution that doubles the size.",
        _layer(4, 2, 1, layer="transposed", output_padding=[0, 0]),
    ),
)
"""`_layer` leaves the input as it is, except where the layer is known by it."""
