"""What the builder's door draws: a small network, and what follows when one number in it changes."""

import json
import math
from typing import Any

from netlib import Network, trace
from netlib.presets import preset

CHANNELS = range(20, 41, 2)
"""The output channels that the last convolution goes through."""

TALLEST_SIDE = 28
LONGEST_VECTOR = 4096


def frames() -> dict[str, Any]:
    """The preset "net" traced once for each number of channels: its slabs and its parameters.

    A slab is a layer that changes the shape or has weights: its channels (or features), the side of its
    feature map (1 for a vector), its height as a share of the tallest, and what it is about.
    """
    network = preset("net")
    return {"frames": [_frame(_with_channels(network, channels)) for channels in CHANNELS]}


def _with_channels(network: Network, channels: int) -> Network:
    value = json.loads(network.to_json())
    last = [layer for layer in value["layers"] if layer["kind"] == "Conv2d"][-1]
    last["out_channels"] = channels
    return Network.model_validate(value)


def _frame(network: Network) -> dict[str, Any]:
    traced = trace(network)
    slabs = [_slab(traced.network.input.dims, "input")]
    slabs += [
        _slab(step.output.dims, "weight" if step.params else "nothing")
        for step in traced.leaves
        if step.output and (step.params or step.output.dims != step.input.dims)
    ]
    slabs[-1]["about"] = "output"
    return {"slabs": slabs, "params": traced.params}


def _slab(dims: tuple[int, ...], about: str) -> dict[str, Any]:
    side = dims[-1] if len(dims) == 3 else 1
    # A feature map is as tall as its side, a vector as the logarithm of its length, both as a share of the tallest.
    share = side / TALLEST_SIDE if side > 1 else math.log2(dims[0] + 1) / math.log2(LONGEST_VECTOR)
    return {"channels": dims[0], "side": side, "share": min(1.0, share), "about": about}
