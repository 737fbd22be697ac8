"""What a step makes smaller, and the optimisers that do."""

from collections.abc import Iterable
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from netlib.training.optimiser_spec import OptimiserSpec


def objective(logits: Tensor, targets: Tensor, over_steps: Literal["mean", "sum"] = "mean") -> Tensor:
    """Cross-entropy in nats, mean over samples; over the steps of a sequence mean or sum.

    Takes raw scores (N, classes) with targets (N,), or (N, T, classes) with (N, T).
    """
    if logits.ndim == 2:
        return functional.cross_entropy(logits, targets)
    scores = logits.transpose(1, 2)  # (N, classes, T): torch wants the classes on axis 1
    if over_steps == "mean":
        return functional.cross_entropy(scores, targets)
    return functional.cross_entropy(scores, targets, reduction="sum") / len(targets)


def optimiser(
    spec: OptimiserSpec,
    parameters: Iterable[nn.Parameter],
    fused: bool,
    *,
    rate: float | Tensor | None = None,
    capturable: bool = False,
) -> torch.optim.Optimizer:
    """The torch.optim optimiser that a spec describes.

    For a step that is recorded `rate` is the learning rate as a tensor and `capturable` is true; SGD needs no such
    switch: when it is fused, it reads its rate on the device.
    """
    decay, betas = spec.weight_decay, (spec.beta1, spec.beta2)
    rate = spec.learning_rate if rate is None else rate
    match spec.name:
        case "SGD":
            return torch.optim.SGD(
                parameters, rate, spec.momentum, weight_decay=decay, nesterov=spec.nesterov, fused=fused
            )
        case "Adam":
            return torch.optim.Adam(
                parameters, rate, betas, spec.eps, decay, fused=fused, capturable=capturable
            )
        case "AdamW":
            return torch.optim.AdamW(
                parameters, rate, betas, spec.eps, decay, fused=fused, capturable=capturable
            )
        case "RMSprop":
            return torch.optim.RMSprop(
                parameters, rate, spec.alpha, spec.eps, decay, spec.momentum, capturable=capturable
            )
