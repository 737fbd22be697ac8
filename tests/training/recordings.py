"""Stand-ins for a CUDA graph: what a step does is done again by calling it, on the very same tensors."""

from collections.abc import Callable

import torch
from torch import Tensor

from netlib.training.run.graphed import Graphs

WARM_UP = 3


class StandIn:
    """A `Recording` that trains while it warms up, as a real one does, and draws random numbers."""

    def __init__(self, device: torch.device | None = None) -> None:
        self.body: Callable[[], None] | None = None
        self.replays = 0

    def capture(self, body: Callable[[], None]) -> None:
        for _ in range(WARM_UP):
            body()
        self.body = body

    def replay(self) -> None:
        assert self.body is not None
        self.replays += 1
        self.body()


class Refuses(StandIn):
    """Breaks off after it has warmed up."""

    def capture(self, body: Callable[[], None]) -> None:
        super().capture(body)
        raise RuntimeError("CUDA error: operation not permitted when stream is capturing")


class NoMemory(StandIn):
    """Has no room for a second copy of what a step keeps."""

    def capture(self, body: Callable[[], None]) -> None:
        body()
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")


class Forgets(StandIn):
    """Plays the step with the learning rate of the recording, as if it had been a Python number."""

    def __init__(self, device: torch.device | None = None) -> None:
        super().__init__()
        self.rates: list[Tensor] = []

    def replay(self) -> None:
        rate = self.rates[0]
        present, recorded = rate.clone(), torch.tensor(0.05)
        rate.copy_(recorded)
        super().replay()
        rate.copy_(present)


class Breaks(StandIn):
    """Plays some steps, then no more."""

    def __init__(self, device: torch.device | None = None, after: int = 6) -> None:
        super().__init__()
        self.after = after

    def replay(self) -> None:
        if self.replays == self.after:
            raise RuntimeError("CUDA error: unspecified launch failure")
        super().replay()


class Made:
    """Makes recordings of one kind, and keeps them."""

    def __init__(self, kind: Callable[[torch.device], StandIn] = StandIn) -> None:
        self.kind = kind
        self.made: list[StandIn] = []

    def __call__(self, device: torch.device) -> StandIn:
        self.made.append(self.kind(device))
        return self.made[-1]

    def graphs(self, *, rate_is_tensor: bool = False) -> Graphs:
        """Without a tensor for a learning rate, which changes the last bits on the processor."""
        return Graphs(self, rate_is_tensor=rate_is_tensor, capturable=False)
