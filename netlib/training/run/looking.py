"""What a run shows of itself besides its curves: predictions, checkpoints, small weights; and how often."""

import time

import numpy as np
from numpy import ndarray
from torch import Tensor

from netlib.training.run.engine import Engine, Evaluation
from netlib.training.run.protocol import Emit

KEPT_DENSELY = 64
"""Snapshots of a kind before only every second, fourth, … epoch is kept."""
PREDICTIONS_KEPT_DENSELY = 4096
SMALL_WEIGHTS = 64 * 1024
CHECKPOINT_BYTES = 32 << 20
"""Of all checkpoints on the way; beyond, one is kept whenever the steps have doubled, and always at the end."""
CHECKPOINT_SHARE = 0.05
"""Of a run's time."""


class Album:
    """Takes a run's snapshots and hands them on.

    * "shown", once at step 0: the shown validation samples, `pixels` (n, C, H, W) in 0..1 or `ids` (n, T), and
      their `targets`.
    * "predictions", each epoch, at step 0 and at steps 1, 2, 4, … of the first epoch: `said` (n,) or (n, T),
      `probabilities` (…, classes); at the end of an epoch also `confusion[true, said]`; for sequences also
      `letters`, the code points of what the network says.
      With a step of which it is known what it did to each layer also `gradient_norms`, `weight_norms` and
      `update_norms` (layers,), and `layer_paths`, the layers' paths in UTF-8, one a line; see `Gauged`.
    * "kernels", as often: the first layer's, where it sees images; see `Gauge.kernels`.
    * "weights", as often, where they are small: the model's tensors by their names.
    * "checkpoint": see `Engine.checkpoint`.
    """

    def __init__(self, engine: Engine, emit: Emit) -> None:
        self.engine, self.emit = engine, emit
        self._weight_bytes = sum(p.numel() * p.element_size() for p in engine.parameters)

    def open(self) -> None:
        """Show the samples, and what the network says of them before it has learnt."""
        engine = self.engine
        self._began = time.perf_counter()
        self._spent, self._bytes = 0.0, 0
        self._glanced = -1
        self._latest = engine.step or -1  # a run that goes on does so from the checkpoint of this step
        self._epochs = engine.step // engine.steps_an_epoch
        targets = _small(engine.data.validation.targets[: len(engine.data.pixels)])
        name = "pixels" if engine.data.about.task == "image" else "ids"
        self.emit.snapshot("shown", engine.step, {name: _small(engine.data.pixels), "targets": targets})
        self.glance()

    def will_gauge(self, step: int) -> bool:
        """Whether what this step does to each layer is worth knowing: something will be kept right after it."""
        epoch, within = divmod(step, self.engine.steps_an_epoch)
        if within:
            return not epoch and is_glanced_at(step)
        return _is_due(epoch, KEPT_DENSELY)

    def glance(self) -> None:
        """Keep what the network says of the shown samples now, unless that is known already."""
        if self._glanced != self.engine.step:
            self._predictions(*self.engine.look())
            self._keep_kernels()
            self._keep_weights()

    def keep(self, found: Evaluation) -> None:
        """Keep what an evaluation at the end of an epoch found, and what else is due."""
        self._epochs += 1
        if _is_due(self._epochs, PREDICTIONS_KEPT_DENSELY):
            self._predictions(found.said, found.probabilities, found.confusion)
        if _is_due(self._epochs, KEPT_DENSELY):
            self._keep_weights()
            self._keep_kernels()
        if self._may_keep_checkpoint():
            self.close()

    def close(self) -> None:
        """Keep a checkpoint of the present step, unless there is one."""
        step = self.engine.step
        if step == self._latest:
            return
        since = time.perf_counter()
        state = {name: value.numpy() for name, value in self.engine.checkpoint().items()}
        self.emit.snapshot("checkpoint", step, state)
        self._latest = step
        self._bytes += sum(value.nbytes for value in state.values())
        self._spent += time.perf_counter() - since

    def _predictions(self, said: ndarray, probabilities: ndarray, confusion: ndarray | None = None) -> None:
        arrays: dict[str, ndarray] = {
            "said": said.astype(np.int32),
            "probabilities": probabilities.astype(np.float32),
        }
        if confusion is not None:
            arrays["confusion"] = confusion.astype(np.int32)
        about = self.engine.data.about
        if about.task == "sequence":
            letters = np.array([ord(letter) for letter in about.class_names], dtype=np.uint32)
            arrays["letters"] = letters[said]
        gauged = self.engine.gauged
        if gauged is not None and gauged.step == self.engine.step:
            arrays |= gauged.arrays()
            arrays["layer_paths"] = np.frombuffer(
                "\n".join(self.engine.gauge.paths).encode(), np.uint8
            ).copy()
        self._glanced = self.engine.step
        self.emit.snapshot("predictions", self.engine.step, arrays)

    def _keep_weights(self) -> None:
        if self._weight_bytes <= SMALL_WEIGHTS:
            tensors = {name: _small(value) for name, value in self.engine.model.state_dict().items()}
            self.emit.snapshot("weights", self.engine.step, tensors)

    def _keep_kernels(self) -> None:
        engine = self.engine
        now = engine.gauged is not None and engine.gauged.step == engine.step
        kernels = engine.gauge.kernels(engine.gauged if now else None)
        if kernels is not None:
            self.emit.snapshot("kernels", engine.step, kernels)

    def _may_keep_checkpoint(self) -> bool:
        if self._spent > CHECKPOINT_SHARE * (time.perf_counter() - self._began):
            return False
        return self._bytes < CHECKPOINT_BYTES or self.engine.step >= 2 * self._latest


def is_glanced_at(step: int) -> bool:
    """Whether a step of the first epoch is one at growing distances: 1, 2, 4, …"""
    return step & (step - 1) == 0


def _is_due(epoch: int, dense: int) -> bool:
    """Every epoch at first, then every second, every fourth, …"""
    stride = 1
    while epoch > dense * stride:
        stride *= 2
    return epoch % stride == 0


def _small(value: Tensor) -> ndarray:
    return value.detach().to("cpu", copy=True).contiguous().numpy()
