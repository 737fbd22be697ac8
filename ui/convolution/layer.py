"""The network that a state stands for, and the state that such a network is."""

from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from netlib import Block, Network
from ui.convolution.state import ConvolutionState, Kind

NAMES: dict[Kind, str] = {
    "conv": "Conv{n}d",
    "transposed": "ConvTranspose{n}d",
    "max": "MaxPool{n}d",
    "average": "AvgPool{n}d",
}

POOLS: tuple[Kind, ...] = ("max", "average")


def kind_of(state: ConvolutionState) -> str:
    """The name of the layer's class in torch.nn."""
    return NAMES[state.layer].format(n=state.axes)


@lru_cache(maxsize=256)
def network_of(state: ConvolutionState) -> Network:
    """The state's input and its layer, with torch's names; only what the layer has is set."""
    dims = [state.channels, *_along(state, state.size)]
    source: dict[str, Any] = {"dims": dims}
    if state.axes == 1:
        source["layout"] = "signal"
    return Network.model_validate({"input": source, "layers": [layer_of(state), *layers_behind(state)]})


def layers_behind(state: ConvolutionState) -> list[dict[str, Any]]:
    """The convolutions behind the layer, in the view of a row; none in the others."""
    if state.view != "stack":
        return []
    filters = state.channels if state.layer in POOLS else state.filters
    found = []
    for at in range(0, len(state.stack) - 3, 4):
        kernel, stride, padding, dilation = state.stack[at : at + 4]
        layer: dict[str, Any] = {
            "kind": f"Conv{state.axes}d",
            "out_channels": filters,
            "kernel_size": max(1, kernel),
        }
        numbers = {
            "stride": max(1, stride),
            "padding": padding,
            "dilation": max(1, dilation),
            "bias": state.bias,
        }
        found.append(layer | {name: v for name, v in numbers.items() if v != _DEFAULTS[name]})
    return found


def layer_of(state: ConvolutionState) -> dict[str, Any]:
    """The layer as JSON, defaults of torch left out."""
    # Pooling moves as far as its window is wide when no stride is said.
    defaults = {**_DEFAULTS, "stride": None} if state.layer in POOLS else _DEFAULTS
    fields = {name: value for name, value in _fields(state).items() if value != defaults.get(name)}
    return {"kind": kind_of(state), "kernel_size": _size(state, state.kernel), **fields}


_DEFAULTS: dict[str, Any] = {
    "stride": 1,
    "padding": 0,
    "dilation": 1,
    "output_padding": 0,
    "groups": 1,
    "bias": True,
    "padding_mode": "zeros",
    "ceil_mode": False,
    "count_include_pad": True,
}


def _fields(state: ConvolutionState) -> dict[str, Any]:
    fields: dict[str, Any] = {"stride": _size(state, state.stride), "padding": _size(state, state.padding)}
    if state.layer in POOLS:
        return _pooling(state, fields)
    fields = {"out_channels": state.filters, **fields, "dilation": _size(state, state.dilation)}
    fields |= {"groups": state.groups, "bias": state.bias}
    if state.layer == "transposed":
        return fields | {"output_padding": _size(state, state.output_padding)}
    if state.pad != "number":
        fields["padding"] = state.pad
    return fields | {"padding_mode": state.padding_mode}


def _pooling(state: ConvolutionState, fields: dict[str, Any]) -> dict[str, Any]:
    if fields["stride"] == _size(state, state.kernel):
        fields["stride"] = None
    fields["ceil_mode"] = state.ceil_mode
    if state.layer == "max":
        fields["dilation"] = _size(state, state.dilation)
    else:
        fields["count_include_pad"] = state.count_include_pad
    return fields


def state_of(network: Network, before: ConvolutionState) -> ConvolutionState | None:
    """The state that a repaired network is; None where the page cannot show it."""
    behind = _stack_of(network, before)
    if behind is None or network.layers[0].kind != kind_of(before):
        return None
    block = network.layers[0]
    changes: dict[str, Any] = behind
    for name, field in (
        ("kernel_size", "kernel"),
        ("stride", "stride"),
        ("padding", "padding"),
        ("dilation", "dilation"),
        ("output_padding", "output_padding"),
    ):
        value = getattr(block, name, None)
        if isinstance(value, str):
            changes["pad"] = value
        elif value is not None:
            changes[field] = _pair(before, value, getattr(before, field))
            if name == "padding":
                changes["pad"] = "number"
    if hasattr(block, "groups"):
        changes["groups"] = block.groups
    if _stride_follows(block):
        changes["stride"] = changes["kernel"]
    try:
        return before.with_(**changes)
    except ValidationError:
        return None


def _stack_of(network: Network, before: ConvolutionState) -> dict[str, Any] | None:
    """The layers behind the first as the field of a state; None for others than the page can have there."""
    blocks = network.layers[1:]
    if len(blocks) != len(layers_behind(before)):
        return None
    numbers: list[Any] = []
    for block in blocks:
        names = ("kernel_size", "stride", "padding", "dilation")
        numbers += [getattr(block, name, None) for name in names]
    if not all(type(number) is int for number in numbers):
        return None
    return {"stack": tuple(numbers)} if blocks else {}


def _stride_follows(block: Block) -> bool:
    return hasattr(block, "stride") and block.stride is None


def _along(state: ConvolutionState, pair: tuple[int, ...]) -> tuple[int, ...]:
    return pair if state.axes == 2 else pair[1:]


def _size(state: ConvolutionState, pair: tuple[int, ...]) -> int | list[int]:
    """One number where all axes agree, as torch writes it."""
    along = _along(state, pair)
    return along[0] if len(set(along)) == 1 else list(along)


def _pair(before: ConvolutionState, value: Any, was: tuple[int, ...]) -> tuple[int, ...]:
    """A block's size as a pair; the axis that one-dimensional layers lack keeps what it was."""
    if before.axes == 1:
        return (was[0], value[0] if isinstance(value, tuple) else value)
    return value if isinstance(value, tuple) else (value, value)
