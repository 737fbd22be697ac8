"""The parts of a checkpoint: weights, optimiser and random streams as named tensors, and back.

All are copies on the CPU: a `state_dict` aliases the live tensors, so that going back would restore the present.
"""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn


def weights_state(model: nn.Module) -> dict[str, Tensor]:
    """Parameters and buffers, as "model.…"."""
    return {f"model.{name}": _copy(value) for name, value in model.state_dict().items()}


def optimiser_state(optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """What the optimiser keeps for each parameter, as "optimiser.<number>.…"."""
    state: dict[str, Tensor] = {}
    for number, held in optimiser.state_dict()["state"].items():
        state |= {f"optimiser.{number}.{name}": _copy(v) for name, v in held.items() if v is not None}
    return state


def restore_optimiser(
    optimiser: torch.optim.Optimizer, parameters: Sequence[nn.Parameter], state: Mapping[str, Tensor]
) -> None:
    """Put back what `optimiser_state` gave, each tensor laid out in memory as its parameter is."""
    held: dict[int, dict[str, Tensor]] = {}
    for name, value in below(state, "optimiser.").items():
        number, _, key = name.partition(".")
        parameter = parameters[int(number)]
        same = value.shape == parameter.shape
        held.setdefault(int(number), {})[key] = (
            torch.empty_like(parameter).copy_(value) if same else value.clone()
        )
    groups = optimiser.state_dict()["param_groups"]
    optimiser.load_state_dict({"state": held, "param_groups": groups})


def random_state(device: torch.device) -> dict[str, Tensor]:
    """torch's global streams, from which dropout draws: the CPU's and the device's, as "rng.…"."""
    state = {"rng.cpu": torch.get_rng_state()}
    if device.type == "cuda":
        state["rng.cuda"] = torch.cuda.get_rng_state(device)
    elif device.type == "mps":
        state["rng.mps"] = torch.mps.get_rng_state()
    return state


def restore_random_state(device: torch.device, state: Mapping[str, Tensor]) -> None:
    """Put back what `random_state` gave, as far as this device has such a stream."""
    torch.set_rng_state(state["rng.cpu"])
    if "rng.cuda" in state and device.type == "cuda":
        torch.cuda.set_rng_state(state["rng.cuda"], device)
    if "rng.mps" in state and device.type == "mps":
        torch.mps.set_rng_state(state["rng.mps"])


def below(state: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors whose names begin with a prefix, without it."""
    return {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}


def _copy(value: Tensor) -> Tensor:
    return value.detach().to("cpu", copy=True).contiguous()
