"""All that a training step changes, held and put back in place."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from netlib.training.run.stored_state import random_state, restore_random_state


@dataclass(frozen=True)
class Held:
    """Copies of all that a step changes; tensors by their place in memory."""

    weights: list[Tensor]
    others: list[Tensor]
    optimiser: dict[tuple[int, str], Tensor]
    random: dict[str, Tensor]

    def norm(self) -> float:
        """The L2 norm of the weights."""
        return float(norm(self.weights))


class State:
    """All that a step changes, put back in place: a recording knows its tensors by where they lie."""

    def __init__(self, model: nn.Module, optimiser: torch.optim.Optimizer, device: torch.device) -> None:
        self._weights = [value.detach() for value in model.parameters()]
        self._others = [value.detach() for value in model.buffers()]
        self._optimiser, self._device = optimiser, device

    def copy(self) -> Held:
        """Everything as it is now."""
        return Held(
            [value.clone() for value in self._weights],
            [value.clone() for value in self._others],
            {place: value.clone() for place, value in self._kept().items()},
            random_state(self._device),
        )

    def put_back(self, held: Held) -> None:
        """Everything as it was; what the optimiser has begun to keep since becomes zero, as it begins."""
        for now, before in zip(self._weights + self._others, held.weights + held.others, strict=True):
            now.copy_(before)
        for place, value in self._kept().items():
            if place in held.optimiser:
                value.copy_(held.optimiser[place])
            else:
                value.zero_()
        self._optimiser.zero_grad(set_to_none=True)
        restore_random_state(self._device, held.random)

    def weights_since(self, held: Held) -> list[Tensor]:
        """How far each weight has moved."""
        return [now - before for now, before in zip(self._weights, held.weights, strict=True)]

    def _kept(self) -> dict[tuple[int, str], Tensor]:
        """What the optimiser keeps, by the number of the weight and the name."""
        parameters = [p for group in self._optimiser.param_groups for p in group["params"]]
        return {
            (number, name): value
            for number, parameter in enumerate(parameters)
            for name, value in self._optimiser.state.get(parameter, {}).items()
            if isinstance(value, Tensor)
        }


def norm(values: list[Tensor], less: list[Tensor] | None = None) -> Tensor:
    """The L2 norm of some tensors taken together, less others like them."""
    if less is not None:
        values = [one - other for one, other in zip(values, less, strict=True)]
    found: Tensor = torch.linalg.vector_norm(
        torch.stack([torch.linalg.vector_norm(v.float()) for v in values])
    )
    return found
