"""The networks that a state stands for: the module with its 1×1 reductions, and the same without them."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal

from netlib import Network
from ui.inception.state import KEEPING, InceptionState

Side = Literal["without", "with"]
SIDES: tuple[Side, ...] = ("without", "with")
Layers = list[dict[str, Any]]

LANES: dict[str, tuple[str, ...]] = {
    "paper": ("one", "three", "five", "pool"),
    "lecture": ("one", "five", "three", "pool"),
}
"""The branches of each form in the order in which concat joins them."""

CLASSES = 10
STEM_KERNEL = 5


@lru_cache(maxsize=256)
def network_of(state: InceptionState, side: Side = "with") -> Network:
    """The module alone, over the state's input."""
    dims = [state.channels, state.size, state.size]
    return Network.model_validate({"input": {"dims": dims}, "layers": [block_of(state, side)]})


def block_of(state: InceptionState, side: Side = "with") -> dict[str, Any]:
    """The module as JSON: netlib's Inception where that is what it is, else its branches written out."""
    if state.form == "paper" and all(getattr(state, name) == keeps for name, keeps in KEEPING.items()):
        reduction = {name: width for name, width in _reductions(state, side).items() if name != "one"}
        return {
            "kind": "Inception",
            "ch1x1": state.out1,
            "ch3x3red": reduction["three"],
            "ch3x3": state.out3,
            "ch5x5red": reduction["five"],
            "ch5x5": state.out5,
            "pool_proj": reduction["pool"],
        }
    return {"kind": "Parallel", "branches": list(branches_of(state, side))}


def branches_of(state: InceptionState, side: Side) -> Iterator[Layers]:
    """The layers of each branch, in the order of LANES."""
    reductions = _reductions(state, side)
    for lane in LANES[state.form]:
        reduced = reductions[lane]
        first = [] if reduced is None else _conv(state, reduced, 1, 0)
        match lane:
            case "one":
                yield _conv(state, state.out1, 1, 0)
            case "three":
                again = _conv(state, state.out3, 3, state.pad3) if state.form == "lecture" else []
                yield [*first, *_conv(state, state.out3, 3, state.pad3), *again]
            case "five":
                yield [*first, *_conv(state, state.out5, 5, state.pad5)]
            case _:
                yield [_pool(state), *first]


def _reductions(state: InceptionState, side: Side) -> dict[str, int | None]:
    """The filters of each branch's own 1×1 layer; None where the branch has none."""
    full = side == "with"
    return {
        "one": None,
        "three": state.red3 if full and state.reduces3 else None,
        "five": state.red5 if full and state.reduces5 else None,
        "pool": state.proj if state.projects and (full or state.match) else None,
    }


def _conv(state: InceptionState, filters: int, kernel: int, padding: int) -> Layers:
    layer: dict[str, Any] = {"kind": "Conv2d", "out_channels": filters, "kernel_size": kernel}
    if padding:
        layer["padding"] = padding
    return [layer, {"kind": "ReLU"}] if state.form == "paper" else [layer]


def _pool(state: InceptionState) -> dict[str, Any]:
    kind = "MaxPool2d" if state.form == "paper" else "AvgPool2d"
    return {"kind": kind, "kernel_size": 3, "stride": 1, "padding": state.pad_pool}


@lru_cache(maxsize=256)
def trained_of(state: InceptionState, side: Side = "with") -> Network:
    """The module between a stem and a classifier, so that it can learn the 28 × 28 digits."""
    stem: Layers = [
        {
            "kind": "Conv2d",
            "out_channels": state.channels,
            "kernel_size": STEM_KERNEL,
            "padding": STEM_KERNEL // 2,
        },
        {"kind": "ReLU"},
        {"kind": "MaxPool2d", "kernel_size": 2},
    ]
    activation: Layers = [] if state.form == "paper" else [{"kind": "ReLU"}]
    head: Layers = [
        {"kind": "MaxPool2d", "kernel_size": 2},
        {"kind": "Flatten"},
        {"kind": "Linear", "out_features": CLASSES},
    ]
    layers = [*stem, block_of(state, side), *activation, *head]
    return Network.model_validate({"input": {"dims": [1, 28, 28]}, "layers": layers})
