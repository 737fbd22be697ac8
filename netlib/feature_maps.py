"""A picture through one layer: what comes out of each of its first filters.

The filters are those that PyTorch draws under a seed, or a bank of known ones.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

MOST_MAPS = 12

Rule = Callable[[Tensor, Tensor], Tensor]
"""Offsets from the kernel's middle, down and across -> weights."""


def _at_middle(down: Tensor, across: Tensor) -> Tensor:
    return ((down == 0) & (across == 0)).float()


def _neighbours(down: Tensor, across: Tensor) -> Tensor:
    return ((down.abs() + across.abs()) == 1).float()


BANK: Mapping[str, Rule] = {
    "identity": _at_middle,
    "blur": lambda d, a: torch.ones_like(d) / d.numel(),
    "edges": lambda d, a: _at_middle(d, a) * d.numel() - 1,
    "vertical": lambda d, a: a.sign(),
    "horizontal": lambda d, a: d.sign(),
    "diagonal": lambda d, a: (d + a).sign(),
    "sharpen": lambda d, a: 5 * _at_middle(d, a) - _neighbours(d, a),
    "corner": lambda d, a: d.sign() * a.sign(),
}
"""Name -> what a filter of that name weighs; every channel that it sees gets an equal share."""


@dataclass(frozen=True)
class Maps:
    """What came out.

    Attributes:
        maps: (n, H, W), the first `MOST_MAPS` at most.
        names: of the bank, one a map; empty for drawn weights and pools.
        channels: how many maps the layer has in all.
    """

    maps: Tensor
    names: tuple[str, ...]
    channels: int


def feature_maps(layer: nn.Module, pixels: Tensor, seed: int, bank: bool) -> Maps:
    """What `layer` makes of a picture (C, H, W).

    Args:
        layer: a convolution, a transposed one, or a pool, built for the picture's channels.
        pixels: the picture.
        seed: of the weights.
        bank: whether the first filters are those of `BANK`.
    """
    names: tuple[str, ...] = ()
    weight = getattr(layer, "weight", None)
    if isinstance(weight, Tensor):
        generator = torch.Generator().manual_seed(seed)
        draw(layer, generator)
        if bank:
            names = place_bank(layer)
    with torch.no_grad():
        output: Tensor = layer(pixels[None])[0]
    return Maps(output[:MOST_MAPS], names[:MOST_MAPS], int(output.shape[0]))


def draw(layer: nn.Module, generator: torch.Generator) -> None:
    """Draws weights and bias as PyTorch does: uniform within 1 / sqrt(fan in) (`nn.Conv2d`'s documentation)."""
    weight, bias = layer.weight, layer.bias
    assert isinstance(weight, Tensor)
    bound = weight[0].numel() ** -0.5
    with torch.no_grad():
        weight.uniform_(-bound, bound, generator=generator)
        if isinstance(bias, Tensor):
            bias.uniform_(-bound, bound, generator=generator)


def place_bank(layer: nn.Module) -> tuple[str, ...]:
    """Puts the bank into the first filters, without bias; their names, in order."""
    weight, bias = layer.weight, layer.bias
    assert isinstance(weight, Tensor)
    transposed = isinstance(layer, nn.ConvTranspose2d)
    rows, columns = weight.shape[2:]
    down, across = torch.meshgrid(
        torch.arange(rows) - rows // 2, torch.arange(columns) - columns // 2, indexing="ij"
    )
    filters = weight.shape[1 if transposed else 0]
    sees = weight.shape[0 if transposed else 1]
    names = tuple(BANK)[:filters]
    with torch.no_grad():
        for index, name in enumerate(names):
            rule = BANK[name](down.float(), across.float()) / sees
            if transposed:
                weight[:, index] = rule
            else:
                weight[index] = rule
        if isinstance(bias, Tensor):
            bias[: len(names)] = 0
    return names
