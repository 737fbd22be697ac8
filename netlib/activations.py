"""What the layers of a network make of one input: feature maps, states by step, units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn

from netlib.modules import PackedRecurrent, Recurrent, RecurrentCell
from netlib.tracing import Step, Trace
from netlib.unrolled import unrolled

MOST_LAYERS = 8
"""That are looked at; of more, so many from the first to the last."""
MOST_MAPS = 8
MOST_UNITS = 64
MOST_SIDE = 48
"""Cells of a map's side; larger maps are made smaller by means."""

_CONVOLUTIONS = (nn.Conv2d, nn.ConvTranspose2d)
_RECURRENT = (Recurrent, RecurrentCell, PackedRecurrent)


@dataclass(frozen=True)
class Activation:
    """What one layer gives.

    Attributes:
        path: of the layer.
        kind: "maps" (n, H, W) of a convolution; "steps" (T, units), the states of one layer in one direction, by
            the step of the sequence; "units" (n,) of a linear layer on the way.
        values: the first of them.
        count: how many maps or units there are in all.
        lane: which layer of a recurrent module, from 0, and whether it runs backward.
    """

    path: str
    kind: Literal["maps", "steps", "units"]
    values: Tensor
    count: int
    lane: tuple[int, bool] = (0, False)


def activations(traced: Trace, model: nn.Module, sample: Tensor) -> tuple[Tensor, list[Activation]]:
    """Scores (classes,) or (T, classes) for one sample (1, …), and what the layers on the main path made of it.

    Args:
        model: the traced network's, in eval().
    """
    chosen = _spread(_worth_seeing(traced, model))
    seen: dict[str, tuple[Tensor, Tensor]] = {}
    hooks = []
    for step in chosen:

        def keep(_: nn.Module, given: Any, output: Any, path: str = step.path) -> None:
            seen[path] = given[0], output

        hooks.append(model.get_submodule(step.path).register_forward_hook(keep))
    try:
        with torch.inference_mode():
            scores = model(sample)[0]
            found = [
                one for path, pair in seen.items() for one in _seen(path, model.get_submodule(path), *pair)
            ]
    finally:
        for hook in hooks:
            hook.remove()
    return scores, found


def _worth_seeing(traced: Trace, model: nn.Module) -> list[Step]:
    """Convolutions and recurrent layers; hidden linear layers where there is neither."""
    pairs = [(step, model.get_submodule(step.path)) for step in traced.leaves if not _hangs_off(traced, step)]
    spatial = [step for step, module in pairs if isinstance(module, _CONVOLUTIONS + _RECURRENT)]
    if spatial:
        return spatial
    linear = [step for step, module in pairs if isinstance(module, nn.Linear)]
    return [step for step in linear[:-1] if step.output is not None and len(step.output.dims) == 1]


def _hangs_off(traced: Trace, step: Step) -> bool:
    """Whether a layer belongs to an auxiliary head, which does not run here."""
    return any(one.is_tap and step.path.startswith(f"{one.path}.") for one in traced.steps)


def _spread(steps: Sequence[Step]) -> list[Step]:
    if len(steps) <= MOST_LAYERS:
        return list(steps)
    places = torch.linspace(0, len(steps) - 1, MOST_LAYERS).round().int().tolist()
    return [steps[place] for place in places]


def _seen(path: str, module: nn.Module, given: Tensor, output: Tensor) -> list[Activation]:
    if isinstance(module, _RECURRENT):
        return _states(path, module, given)
    if isinstance(module, nn.Linear):
        return [Activation(path, "units", output[0, :MOST_UNITS], output.shape[1])]
    maps = output[0, :MOST_MAPS]
    height, width = (min(side, MOST_SIDE) for side in maps.shape[1:])
    if (height, width) != maps.shape[1:]:
        maps = nn.functional.adaptive_avg_pool2d(maps, (height, width))
    return [Activation(path, "maps", maps, output.shape[1])]


def _states(path: str, module: nn.Module, given: Tensor) -> list[Activation]:
    steps = given if given.dim() == 3 else given.unsqueeze(1)  # a vector counts as one step
    if isinstance(module, PackedRecurrent):
        steps = steps[:, : max(1, int(steps.ne(0).any(2).sum()))]
    inner: Any = module.cell if isinstance(module, RecurrentCell) else module.rnn
    ordered = steps if getattr(inner, "batch_first", False) else steps.transpose(0, 1)
    return [
        Activation(
            path,
            "steps",
            lane.h[:, 0, :MOST_UNITS],
            lane.h.shape[2],
            (lane.layer, bool(lane.direction)),
        )
        for lane in unrolled(inner, ordered).lanes
    ]
