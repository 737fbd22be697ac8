"""What PyTorch itself says about a network: its output, counts, and what it keeps for backward."""

from typing import Any

import torch
import torchinfo
from torch import nn
from torch.autograd.graph import saved_tensors_hooks
from torch.utils.flop_counter import FlopCounterMode

from netlib import TensorType, Trace, build
from netlib.construction import module_of

SEED = 7


def built(traced: Trace) -> nn.Module:
    """The network's module on the CPU, initialised from one seed."""
    torch.manual_seed(SEED)
    module: nn.Module = build(traced)
    return module


def on_meta(traced: Trace) -> nn.Module:
    """The network's module without any memory behind it."""
    with torch.device("meta"):
        return module_of(traced.root)


def batch_of(traced: Trace, samples: int = 2, device: str = "cpu") -> torch.Tensor:
    """Normal numbers, or indices that every embedding of the network knows."""
    x = traced.network.input
    if device == "meta":
        return torch.empty((samples, *x.dims), dtype=getattr(torch, x.dtype), device="meta")
    numbers = torch.Generator().manual_seed(SEED)
    if x.dtype == "int64":
        known = [s.block.num_embeddings for s in traced.leaves if s.title == "Embedding" and s.block]  # type: ignore[attr-defined]  # only Embedding has them
        return torch.randint(0, min(known, default=4), (samples, *x.dims), generator=numbers)
    return torch.randn((samples, *x.dims), generator=numbers)


def main_output(y: Any) -> torch.Tensor:
    """What comes out, without the auxiliary outputs that a network in training gives beside it."""
    main: torch.Tensor = y[0] if isinstance(y, tuple) else y
    return main


def type_of(y: torch.Tensor) -> tuple[tuple[int, ...], str]:
    """(dims without the batch, dtype)"""
    return tuple(y.shape[1:]), str(y.dtype).removeprefix("torch.")


def expected_type(x: TensorType | None) -> tuple[tuple[int, ...], str]:
    """The same of a tensor type."""
    assert x is not None
    return x.dims, x.dtype


def macs(traced: Trace, samples: int = 2) -> int:
    """Multiply-accumulates per sample, auxiliary heads included, by PyTorch's own counter on meta.

    On the CPU the counter misses LSTMs and fused attention; on meta every operation is seen.
    """
    model = on_meta(traced).train()
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(batch_of(traced, samples, "meta"))
    flops: int = counter.get_total_flops()
    assert flops % (2 * samples) == 0
    return flops // 2 // samples


def parameters_by_torchinfo(traced: Trace) -> int:
    """The total that torchinfo prints, on a copy of its own: it moves and marks what it is given."""
    found = torchinfo.summary(
        on_meta(traced), input_data=batch_of(traced, 2, "meta"), device="meta", verbose=0, mode="train"
    )
    total: int = found.total_params
    return total


def saved_bytes(traced: Trace, samples: int) -> int:
    """Bytes that a training step keeps for backward: distinct storages without weights, buffers, input.

    The input asks for a gradient, as if a layer with weights came before the network.
    """
    model = on_meta(traced).train()
    x = batch_of(traced, samples, "meta")
    if x.is_floating_point():
        x.requires_grad_()
    kept: list[torch.Tensor] = []  # holding them keeps their addresses from being used again

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        kept.append(tensor)
        return tensor

    with saved_tensors_hooks(keep, lambda tensor: tensor):
        model(x)
    own = {t.untyped_storage()._cdata for t in (*model.parameters(), *model.buffers(), x)}
    storages = {t.untyped_storage()._cdata: t.untyped_storage().nbytes() for t in kept}
    return sum(size for place, size in storages.items() if place not in own)


def exported(program: str) -> nn.Module:
    """The model of a printed program, run in an empty namespace under the same seed."""
    namespace: dict[str, Any] = {"__name__": "exported"}
    exec(program, namespace)
    torch.manual_seed(SEED)
    model: nn.Module = namespace["make_model"]()
    return model
