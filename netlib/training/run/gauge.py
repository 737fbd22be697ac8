"""How each layer fares in one step: how large its gradient is, and how far the optimiser moves its weights.

Nothing is changed and nothing is drawn at random, so a step has the same bits whether it is gauged or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor, nn

MOST_KERNELS = 32
MOST_VALUES = 16_384
"""Of all kernels that are kept: a row of weights for an image of 28 × 28 is 784 of them."""
SHOWN_CHANNELS = 3
_HALF_RANGE = 1024.0
"""What the largest weight becomes in 16 bits, so that small ones keep their digits."""


@dataclass(frozen=True)
class Gauged:
    """One step: of each layer the L2 norms of its gradient (as the loss gave it, before clipping), of its weights
    before the step, and of what the step added to them; `kernels` is the gradient of the first layer's kernels.
    """

    step: int
    gradients: ndarray
    weights: ndarray
    updates: ndarray
    kernels: Tensor | None

    def arrays(self) -> dict[str, ndarray]:
        """The norms by their names in a snapshot."""
        return {
            "gradient_norms": self.gradients,
            "weight_norms": self.weights,
            "update_norms": self.updates,
        }


class Gauge:
    """Measures the layers of a model across a step: `before` it moves the weights, `after` it has.

    Args:
        model: whose weights are moved.
        paths: of its layers; weights that lie in none of them count for the module that holds them.
        dims: of an image that the network takes, (C, H, W); None where it takes none.
    """

    def __init__(self, model: nn.Module, paths: Sequence[str], dims: Sequence[int] | None) -> None:
        named = [(name, value) for name, value in model.named_parameters() if value.requires_grad]
        owners = [_owner(name, paths) for name, _ in named]
        self.paths = tuple(dict.fromkeys(owners))
        """The layers that have weights, in data order."""
        self._parameters = [value for _, value in named]
        self._layer = np.array([self.paths.index(owner) for owner in owners], dtype=int)
        self._kernels = Kernels.first(model, self.paths, dims) if dims else None

    def before(self) -> None:
        """To be called once the gradients are there."""
        gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in self._parameters]
        self._gradients = _norms(gradients)
        self._held = [p.detach().clone() for p in self._parameters]
        self._of_kernels = self._kernels.gradient() if self._kernels else None

    def after(self, step: int) -> Gauged:
        """What the step, now done, was."""
        moved = [p.detach() - held for p, held in zip(self._parameters, self._held, strict=True)]
        updates, weights = _norms(moved), _norms(self._held)
        self._held = []
        return Gauged(
            step,
            self._by_layer(self._gradients),
            self._by_layer(weights),
            self._by_layer(updates),
            self._of_kernels,
        )

    def kernels(self, gauged: Gauged | None) -> dict[str, ndarray] | None:
        """The first layer's kernels as a snapshot: `weight` (n, C, H, W) in 16 bits, 1 being `weight_scale`; `gradient`
        likewise where a step was gauged; `count` of all kernels, `path` of the layer in UTF-8. None where it has none.
        """
        if self._kernels is None:
            return None
        found = _half("weight", self._kernels.weight())
        if gauged is not None and gauged.kernels is not None:
            found |= _half("gradient", gauged.kernels)
        path = np.frombuffer(self._kernels.path.encode(), np.uint8).copy()
        return {**found, "count": np.array(self._kernels.count, np.int64), "path": path}

    def _by_layer(self, norms: Tensor) -> ndarray:
        squares = norms.cpu().double().numpy() ** 2  # MPS has no double
        found: ndarray = np.sqrt(np.bincount(self._layer, squares, len(self.paths))).astype(np.float32)
        return found


@dataclass(frozen=True)
class Kernels:
    """The kernels of a network's first layer, as far as they can be seen: `shape` (n, C, H, W) of those that are kept."""

    path: str
    parameter: nn.Parameter
    count: int
    shape: tuple[int, int, int, int]

    @classmethod
    def first(cls, model: nn.Module, paths: Sequence[str], dims: Sequence[int]) -> "Kernels | None":
        """Those of a Conv2d, or the rows of a Linear that reads whole images; None where the first layer is neither."""
        if not paths:
            return None
        module = dict(model.named_modules()).get(paths[0])
        weight = getattr(module, "weight", None)
        if not isinstance(weight, nn.Parameter):
            return None
        channels, height, width = dims
        if isinstance(module, nn.Conv2d) and module.in_channels == channels:
            one = (min(weight.shape[1], SHOWN_CHANNELS), weight.shape[2], weight.shape[3])
        elif (
            isinstance(module, nn.Linear)
            and module.in_features == channels * height * width
            and channels <= SHOWN_CHANNELS
        ):
            one = (channels, height, width)
        else:
            return None
        kept = min(len(weight), MOST_KERNELS, MOST_VALUES // int(np.prod(one)))
        return cls(paths[0], weight, len(weight), (kept, *one)) if kept else None

    def weight(self) -> Tensor:
        """A copy of those that are kept."""
        return self._seen(self.parameter.detach())

    def gradient(self) -> Tensor | None:
        """The same of their gradient."""
        return None if self.parameter.grad is None else self._seen(self.parameter.grad)

    def _seen(self, value: Tensor) -> Tensor:
        kept, channels, height, width = self.shape
        return value[:kept].reshape(kept, -1, height, width)[:, :channels].clone()


def _owner(name: str, paths: Sequence[str]) -> str:
    """The layer that a weight belongs to."""
    inside = [path for path in paths if name.startswith(f"{path}.")]
    return max(inside, key=len, default=name.rpartition(".")[0])


def _norms(values: Sequence[Tensor]) -> Tensor:
    return torch.stack([torch.linalg.vector_norm(value) for value in values])


def _half(name: str, value: Tensor) -> dict[str, ndarray]:
    """The values in 16 bits and what 1 stands for; a gradient is often too small for 16 bits as it is."""
    exact = value.float().cpu().numpy()
    largest = float(np.abs(exact).max(initial=0.0))
    scale = largest / _HALF_RANGE if np.isfinite(largest) and largest > 0 else 1.0
    return {name: (exact / scale).astype(np.float16), f"{name}_scale": np.array(scale, np.float32)}
