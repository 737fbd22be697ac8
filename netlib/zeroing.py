"""What a block returns once its last convolution gives nothing: He et al. call it the identity that is easy to learn."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from netlib.construction import build
from netlib.nodes import Fork
from netlib.tracing import Step, Trace

SAMPLES = 2


@dataclass(frozen=True)
class Zeroed:
    """What came out: how many numbers, how many are not 0, and how many differ from the shortcut's way alone.

    `differing` is None for a block without a shortcut.
    """

    numbers: int
    nonzero: int
    differing: int | None


def zeroed(traced: Trace, path: str, seed: int) -> Zeroed:
    """What the block gives for random numbers when weight and bias of the layer at `path` are 0.

    The last layer is taken for the activation behind the sum: the shortcut's way alone is that activation of what
    the shortcut makes of the same numbers.

    Raises:
        KeyError: when there is no layer at `path`.
        ValueError: when the network has problems.
        TooBig: before any weight is allocated.
    """
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(seed)
        model = build(traced).train()
        x = torch.randn(SAMPLES, *traced.network.input.dims)
        _silence(model.get_submodule(traced.step(path).path))
        y = model(x)
        alone = _shortcut_alone(traced, model, x)
    differing = None if alone is None else int((y != alone).sum())
    return Zeroed(y.numel(), int((y != 0).sum()), differing)


def _silence(layer: nn.Module) -> None:
    for parameter in layer.parameters():
        parameter.zero_()


def _shortcut_alone(traced: Trace, model: nn.Module, x: Tensor) -> Tensor | None:
    fork = next((step for step in traced.steps if _is_sum(step)), None)
    if fork is None:
        return None
    shortcut = model.get_submodule(fork.children[1].path)
    activation = model.get_submodule(traced.leaves[-1].path)
    alone: Tensor = activation(shortcut(x))
    return alone


def _is_sum(step: Step) -> bool:
    return isinstance(step.node, Fork) and step.node.merge == "add"
