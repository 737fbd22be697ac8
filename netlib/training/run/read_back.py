"""Values on their way from the device to the CPU: there at once, or on CUDA while the device goes on computing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import torch
from numpy import ndarray
from torch import Tensor


class Transfer(Protocol):
    """Copies that a device makes while it goes on."""

    def start(self, value: Tensor) -> Tensor:
        """The tensor on the CPU that will hold the value."""

    def mark(self) -> Callable[[], None]:
        """Waits, when called, until all that was started before the mark is there."""


class PinnedTransfer:
    """A `Transfer` from a CUDA device, into memory that it writes by itself; all that is CUDA's own is in here."""

    def __init__(self, device: torch.device) -> None:
        self._device = device

    def start(self, value: Tensor) -> Tensor:
        """See `Transfer`."""
        held = torch.empty(value.shape, dtype=value.dtype, pin_memory=True)
        return held.copy_(value, non_blocking=True)

    def mark(self) -> Callable[[], None]:
        """See `Transfer`."""
        event = torch.cuda.Event()  # type: ignore[no-untyped-call]  # torch leaves it without annotations
        event.record(torch.cuda.current_stream(self._device))
        wait: Callable[[], None] = event.synchronize
        return wait


def transfer_on(device: torch.device) -> Transfer | None:
    """How values leave a device; None where reading them waits for nothing but their own computation."""
    return PinnedTransfer(device) if device.type == "cuda" else None


class Parcel:
    """Values of consecutive steps from `first` on, by name, on their way."""

    def __init__(
        self, first: int, values: Mapping[str, Sequence[Tensor]], transfer: Transfer | None = None
    ) -> None:
        self.first = first
        self._held = {name: torch.stack(list(each)).float() for name, each in values.items()}
        self._wait: Callable[[], None] | None = None
        if transfer is not None:
            self._held = {name: transfer.start(value) for name, value in self._held.items()}
            self._wait = transfer.mark()

    def open(self) -> dict[str, ndarray]:
        """The values, in float32; waits until they are there."""
        if self._wait is not None:
            self._wait()
        return {name: value.cpu().numpy() for name, value in self._held.items()}
