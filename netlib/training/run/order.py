"""The order in which a run meets its samples: an epoch is one random permutation, cut into batches."""

import torch
from torch import Tensor

from netlib.training.run.estimate import steps_an_epoch


class Order:
    """Batches of sample indices, from a generator of its own; can be stored and continued anywhere.

    A last batch of one sample is left out: batch normalisation cannot learn from a single value a channel. With
    a batch that holds all samples there is nothing to draw, and the index is None.
    """

    def __init__(self, samples: int, batch: int, seed: int, device: str = "cpu") -> None:
        self.samples, self.batch, self.device = samples, min(batch, samples), device
        self.cursor = 0
        self._generator = torch.Generator().manual_seed(seed)
        self._start = self._generator.get_state()
        self._batches: tuple[Tensor, ...] = ()

    @property
    def steps_an_epoch(self) -> int:
        """Batches in one pass over the samples."""
        return steps_an_epoch(self.samples, self.batch)

    def next(self) -> Tensor | None:
        """Indices of the next batch; None for all samples."""
        if self.batch == self.samples:
            return None
        if self.cursor == 0:
            self._start = self._generator.get_state()
            self._draw()
        index = self._batches[self.cursor]
        self.cursor = (self.cursor + 1) % self.steps_an_epoch
        return index

    def state(self) -> dict[str, Tensor]:
        """The generator at the start of the epoch, and how far the epoch has come."""
        start = self._start if self.cursor else self._generator.get_state()
        return {"generator": start.clone(), "cursor": torch.tensor(self.cursor)}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Go on where `state` was taken; the permutation is drawn again rather than stored."""
        self._start = state["generator"].clone()
        self._generator.set_state(self._start)
        self.cursor = int(state["cursor"])
        if self.cursor:
            self._draw()

    def _draw(self) -> None:
        permutation = torch.randperm(self.samples, generator=self._generator).to(self.device)
        self._batches = torch.split(permutation, self.batch)
