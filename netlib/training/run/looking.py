"""What a run shows of itself besides its curves: predictions, checkpoints, small weights; and how often."""

import time
from collections.abc import Callable, Mapping

import numpy as np
from numpy import ndarray
from torch import Tensor

from netlib.training.run.engine import Engine, Evaluation
from netlib.training.run.protocol import Emit, Start
from netlib.training.run.thinning import Shelf

SMALL_WEIGHTS = 64 * 1024
MOST_SHARE = 0.05
"""Of a run's time; what takes more is kept half as often from then on."""
FREE_SECONDS = 0.5
"""Which may be spent in any case: so short a run is kept alike however busy the machine is."""
HELD_PART = 0.5
"""Of that time, beyond which a best epoch that is not due is passed over: while a run learns, each is the best so far."""
HEADER_BYTES = 128
"""Of each array in a snapshot, about."""
KINDS = {"predictions": True, "kernels": True, "weights": True, "checkpoint": False}
"""And whether the first one always stays: a run goes on from late checkpoints only."""

Arrays = dict[str, ndarray]


class Album:
    """Takes a run's snapshots, hands them on, and lets go of those that are too many; see `Shelf` for which.

    * "shown", once at step 0: the shown validation samples, `pixels` (n, C, H, W) in 0..1 or `ids` (n, T), and
      their `targets`.
    * "predictions", at step 0, at steps 1, 2, 4, … of the first epoch, at the ends of epochs, and wherever a run
      is paused, steered or ends: `said` (n,) or (n, T), `probabilities` (…, classes); at the end of an epoch also
      `confusion[true, said]`; for sequences also `letters`, the code points of what the network says.
      With a step of which it is known what it did to each layer also `gradient_norms`, `weight_norms` and
      `update_norms` (layers,), and `layer_paths`, the layers' paths in UTF-8, one a line; see `Gauged`.
    * "kernels", as often: the first layer's, where it sees images; see `Gauge.kernels`.
    * "weights", as often, where they are small: the model's tensors by their names.
    * "checkpoint", at the ends of epochs, in a pause and at the end: see `Engine.checkpoint`.

    The best epoch so far (by validation loss) that is not due is held in memory, and handed on when the run waits or ends;
    where holding takes too much time, the best is that of those that could be.
    """

    def __init__(self, engine: Engine, emit: Emit) -> None:
        self.engine, self.emit = engine, emit
        self._weight_bytes = sum(p.numel() * p.element_size() for p in engine.parameters)
        self._makers: dict[str, Callable[[], Arrays | None]] = {
            "predictions": self._predictions,
            "kernels": self._kernels,
            "weights": self._weights,
        }

    def open(self, start: Start | None = None) -> None:
        """Show the samples, and what the network says of them before it has learnt, or where it goes on from."""
        engine = self.engine
        self._began, self._spent = time.perf_counter(), 0.0
        self._found: tuple[int, Evaluation | None] = (-1, None)
        self._held: dict[str, tuple[int, Arrays]] = {}
        self._best, self._best_checkpoint = float("inf"), float("inf")
        self.shelf = Shelf(engine.steps_an_epoch, KINDS)
        if start is not None:
            best = min(start.evaluations, key=lambda one: one[1], default=None)
            self.shelf.restore(start.kept, start.events, best[0] if best else None)
            self._best = self._best_checkpoint = best[1] if best else float("inf")
        targets = _small(engine.data.validation.targets[: len(engine.data.pixels)])
        name = "pixels" if engine.data.about.task == "image" else "ids"
        self.emit.snapshot("shown", engine.step, {name: _small(engine.data.pixels), "targets": targets})
        self.glance()

    def will_gauge(self, step: int) -> bool:
        """Whether what this step does to each layer is worth knowing: something will be kept right after it."""
        epoch, within = divmod(step, self.engine.steps_an_epoch)
        if within:
            return not epoch and is_glanced_at(step)
        return self.shelf["predictions"].is_due(step) or step == self.engine.total_steps

    def glance(self) -> None:
        """Keep what the network says of the shown samples now, and what else is small, unless there is that already."""
        since, step = time.perf_counter(), self.engine.step
        for kind, make in self._makers.items():
            if step not in self.shelf[kind].sizes and (arrays := make()) is not None:
                self._keep(kind, step, arrays)
        self._spent += time.perf_counter() - since

    def keep(self, found: Evaluation) -> None:
        """Keep what an evaluation at the end of an epoch found, and what else is due."""
        since, step = time.perf_counter(), self.engine.step
        self._found = (step, found)
        due = {kind for kind in self._makers if self._is_due(kind)}
        is_best = found.loss < self._best and (len(due) == len(self._makers) or self._may_spend(HELD_PART))
        if is_best:
            self._best, self._held = found.loss, {}
        for kind, make in self._makers.items():
            if (kind in due or is_best) and (arrays := make()) is not None:
                if kind in due:
                    self._keep(kind, step, arrays, best=is_best)
                else:
                    self._held[kind] = step, arrays
        if self._is_due("checkpoint"):
            self._keep_checkpoint(found.loss)
        self._spent += time.perf_counter() - since

    def close(self) -> None:
        """Keep a checkpoint of the present step and all else that there is of it, unless there is that already."""
        self.mark()
        self.release()
        if self.engine.step not in self.shelf["checkpoint"].sizes and self.engine.step:
            since = time.perf_counter()
            self._keep_checkpoint(None)
            self._spent += time.perf_counter() - since

    def mark(self) -> None:
        """Keep the present step for good: something happens at it."""
        for spread in self.shelf.spreads.values():
            spread.events.add(self.engine.step)
        self.glance()

    def release(self) -> None:
        """Hand on what is held of the best epoch."""
        for kind, (step, arrays) in self._held.items():
            self._keep(kind, step, arrays, best=True)
        self._held = {}

    def _is_due(self, kind: str) -> bool:
        """Whether something of the kind is kept at the end of this epoch; the time it takes makes it rarer."""
        spread = self.shelf[kind]
        if not spread.is_due(self.engine.step):
            return False
        if self._may_spend():
            return True
        self._drop({kind: spread.coarser()})
        return False

    def _may_spend(self, part: float = 1.0) -> bool:
        """Whether less than a part of the time that snapshots may take has been taken."""
        elapsed = time.perf_counter() - self._began
        return self._spent <= part * max(FREE_SECONDS, MOST_SHARE * elapsed)

    def _keep(self, kind: str, step: int, arrays: Mapping[str, ndarray], *, best: bool = False) -> None:
        self.emit.snapshot(kind, step, arrays)
        size = sum(value.nbytes + HEADER_BYTES for value in arrays.values())
        self._drop(self.shelf.put(kind, step, size, best=best))

    def _drop(self, gone: Mapping[str, list[int]]) -> None:
        for kind, steps in gone.items():
            if steps:
                self.emit.drop(kind, steps)

    def _keep_checkpoint(self, loss: float | None) -> None:
        best = loss is not None and loss < self._best_checkpoint
        if best and loss is not None:
            self._best_checkpoint = loss
        state = {name: value.numpy() for name, value in self.engine.checkpoint().items()}
        self._keep("checkpoint", self.engine.step, state, best=best)

    def _predictions(self) -> Arrays:
        step, found = self._found
        if found is not None and step == self.engine.step:
            said, probabilities, confusion = found.said, found.probabilities, found.confusion
            arrays: Arrays = {"confusion": confusion.astype(np.int32)}
        else:
            said, probabilities = self.engine.look()
            arrays = {}
        arrays |= {"said": said.astype(np.int32), "probabilities": probabilities.astype(np.float32)}
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
        return arrays

    def _weights(self) -> Arrays | None:
        if self._weight_bytes > SMALL_WEIGHTS:
            return None
        return {name: _small(value) for name, value in self.engine.model.state_dict().items()}

    def _kernels(self) -> Arrays | None:
        engine = self.engine
        now = engine.gauged is not None and engine.gauged.step == engine.step
        return engine.gauge.kernels(engine.gauged if now else None)


def is_glanced_at(step: int) -> bool:
    """Whether a step of the first epoch is one at growing distances: 1, 2, 4, …"""
    return step & (step - 1) == 0


def _small(value: Tensor) -> ndarray:
    return value.detach().to("cpu", copy=True).contiguous().numpy()
