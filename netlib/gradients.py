"""One backward pass through freshly drawn weights: how much of the gradient reaches each layer.

norm    the L2 norm of the gradient of a layer's weight
moved   the share of its weights that one step of gradient descent would change at all, in float32
flow    the L2 norm of the gradient of what comes out of one of the network's own layers
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from netlib.construction import build
from netlib.tracing import Trace

LEARNING_RATE = 0.05
"""Of the step that `moved` is about."""


@dataclass(frozen=True)
class LayerGradient:
    """What reached the weight of one layer, by the layer's path."""

    path: str
    norm: float
    moved: float


@dataclass(frozen=True)
class Backward:
    """One backward pass: the loss in nats, every weight in data order, and the flow behind each of the network's layers."""

    loss: float
    layers: tuple[LayerGradient, ...]
    flows: tuple[float, ...]


def backward(traced: Trace, inputs: Tensor, classes: Tensor, seed: int) -> Backward:
    """What one pass of cross-entropy over (N, *input) and (N,) leaves in a network drawn under `seed`.

    Weights are those of matrices and kernels: biases and the scales of a normalisation are left out. The random state
    of the process stays as it was.

    Raises:
        ValueError: when the network has problems.
        TooBig: before any weight is allocated.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = build(traced).train()
        outputs = _outputs(model, inputs)
    loss = nn.functional.cross_entropy(outputs[-1], classes)
    loss.backward()  # type: ignore[no-untyped-call]  # torch declares it without types
    return Backward(
        loss=loss.item(),
        layers=tuple(_reached(path, weight) for path, weight in _weights(traced, model)),
        flows=tuple(_norm(output.grad) for output in outputs),
    )


def _outputs(model: nn.Module, inputs: Tensor) -> list[Tensor]:
    """What each of the network's own layers gives, in order, keeping its gradient."""
    outputs, flow = [], inputs
    for layer in model.children():
        flow = layer(flow)
        flow.retain_grad()
        outputs.append(flow)
    return outputs


def _weights(traced: Trace, model: nn.Module) -> list[tuple[str, Tensor]]:
    """The kernels and matrices with the paths of their layers, in data order."""
    found = []
    for step in traced.leaves:
        weight = getattr(model.get_submodule(step.path), "weight", None)
        if isinstance(weight, Tensor) and weight.dim() > 1 and weight.grad is not None:
            found.append((step.path, weight))
    return found


def _reached(path: str, weight: Tensor) -> LayerGradient:
    assert weight.grad is not None
    with torch.no_grad():
        moved = (weight - LEARNING_RATE * weight.grad != weight).float().mean()
    return LayerGradient(path, _norm(weight.grad), moved.item())


def _norm(gradient: Tensor | None) -> float:
    return 0.0 if gradient is None else gradient.double().norm().item()
