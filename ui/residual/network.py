"""The networks that a state stands for: the block with its shortcut, without it, and a stack of either for digits."""

from functools import lru_cache
from typing import Any, Literal

from netlib import Network
from ui.residual.state import ResidualState

Layer = dict[str, Any]
Road = Literal["identity", "zeros", "projection", "refused"]

PLANES = 8
"""Width of the stack that the gradient is measured in; a bottleneck's output is four times as wide."""
DIGITS = (1, 8, 8)
CLASSES = 10
SMALL = 8
"""Height and width at which a block is tried out: what it returns for zeros does not depend on them."""


def width(state: ResidualState) -> int:
    """Channels inside the block: a quarter of the output in a bottleneck."""
    return state.filters if state.block == "basic" else max(1, state.filters // 4)


def halved(state: ResidualState) -> int:
    """Height and width behind the stride."""
    return (state.size - 1) // state.stride + 1


def keeps_shape(state: ResidualState) -> bool:
    """Whether what comes out of the branch has the shape of what went in."""
    return state.channels == state.filters and halved(state) == state.size


def road(state: ResidualState) -> Road:
    """What the shortcut is made of, after the options A, B and C of He et al. 2015 (section 3.3 and table 3)."""
    if state.shortcut == "identity":
        return "identity" if keeps_shape(state) else "refused"
    if state.shortcut != "C" and keeps_shape(state):
        return "identity"
    if state.shortcut == "A" and state.filters >= state.channels:
        return "zeros"
    return "projection"


@lru_cache(maxsize=256)
def network_of(state: ResidualState) -> Network:
    """The block with its shortcut, over its input."""
    return _over_input(state, block(state))


@lru_cache(maxsize=256)
def plain_of(state: ResidualState) -> Network:
    """The same layers without a shortcut."""
    return _over_input(state, [*body(state), {"kind": state.activation}])


def small(state: ResidualState) -> ResidualState:
    """The state on an input of 8 × 8 at most."""
    return state.with_(size=min(SMALL, state.size))


def stack(state: ResidualState, *, residual: bool) -> Network:
    """A net for digits: stem, `depth` narrow copies of the block that keep the shape, mean, Linear.

    The block is of the state's kind, norm, activation and shortcut, 8 channels wide; each is one of the network's own
    layers.
    """
    filters = PLANES if state.block == "basic" else 4 * PLANES
    # All that the stack hangs on; a slider of anything else asks for the same one.
    return _stack(
        state.with_(channels=filters, filters=filters, stride=1, size=DIGITS[-1], seed=0, zeroed=False),
        residual,
    )


@lru_cache(maxsize=256)
def _stack(one: ResidualState, residual: bool) -> Network:
    layers = block(one) if residual else [*body(one), {"kind": one.activation}]
    copy = layers[0] if len(layers) == 1 else {"kind": "Sequential", "layers": layers}
    end = [
        {"kind": "AdaptiveAvgPool2d", "output_size": 1},
        {"kind": "Flatten"},
        {"kind": "Linear", "out_features": CLASSES},
    ]
    stem = [*_convolution(one, one.filters, 3, 1), {"kind": one.activation}]
    return Network.model_validate(
        {"input": {"dims": list(DIGITS)}, "layers": [*stem, *[copy] * one.depth, *end]}
    )


def stem_layers(state: ResidualState) -> int:
    """How many of a stack's own layers come before its first block."""
    return 3 if state.norm else 2


def block(state: ResidualState) -> list[Layer]:
    """The residual block as layers: one of the two that papers name where it is one, else its parts."""
    if _is_named(state):
        kind = "BasicBlock" if state.block == "basic" else "Bottleneck"
        more: Layer = {"stride": state.stride} if state.stride > 1 else {}
        return [{"kind": kind, "planes": width(state), **more, "shortcut": state.shortcut}]
    return [_summed(state), {"kind": state.activation}]


def body(state: ResidualState) -> list[Layer]:
    """The layers of F(x). The stride sits on the first 3×3, as in torchvision."""
    if state.block == "basic":
        first = _convolution(state, state.filters, 3, state.stride)
        second = _convolution(state, state.filters, 3, 1)
        return [*first, {"kind": state.activation}, *second]
    inside = width(state)
    return [
        *_convolution(state, inside, 1, 1),
        {"kind": state.activation},
        *_convolution(state, inside, 3, state.stride),
        {"kind": state.activation},
        *_convolution(state, state.filters, 1, 1),
    ]


def _is_named(state: ResidualState) -> bool:
    named = state.norm and state.activation == "ReLU" and state.shortcut != "identity"
    return named and (state.block == "basic" or state.filters % 4 == 0)


def _summed(state: ResidualState) -> Layer:
    way = road(state)
    if way in ("identity", "refused"):
        return {"kind": "Residual", "body": body(state), "shortcut": "identity"}
    shortcut = _zeros(state) if way == "zeros" else _convolution(state, state.filters, 1, state.stride)
    return {"kind": "Parallel", "merge": "add", "branches": [body(state), shortcut]}


def _zeros(state: ResidualState) -> list[Layer]:
    fields = {"more_channels": state.filters - state.channels, "stride": state.stride}
    usual = {"more_channels": 0, "stride": 1}
    return [{"kind": "ZeroPadShortcut", **{n: v for n, v in fields.items() if v != usual[n]}}]


def _convolution(state: ResidualState, filters: int, kernel: int, stride: int) -> list[Layer]:
    """A convolution that keeps the size up to its stride; a normalisation behind it makes its bias superfluous."""
    conv: Layer = {"kind": "Conv2d", "out_channels": filters, "kernel_size": kernel}
    if stride > 1:
        conv["stride"] = stride
    if kernel > 1:
        conv["padding"] = kernel // 2
    if state.norm:
        return [{**conv, "bias": False}, {"kind": "BatchNorm2d"}]
    return [conv]


def _over_input(state: ResidualState, layers: list[Layer]) -> Network:
    dims = [state.channels, state.size, state.size]
    return Network.model_validate({"input": {"dims": dims}, "layers": layers})
