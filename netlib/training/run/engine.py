"""Engine: one run on one device, step by step; no clock, no file, no message.

Bit-equal for a settled spec on CPU: the seed is set immediately before the model is built, every other random
choice has a generator of its own, and a checkpoint holds all that decides what comes next. Dropout draws from
torch's global generator, so engines of one process must run one after another.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor, nn

from netlib import build, trace
from netlib.training.data.tensors import SHOWN, Data, Samples, load
from netlib.training.devices import set_process
from netlib.training.machine import settle
from netlib.training.run.estimate import evaluated_at_once
from netlib.training.run.gauge import Gauge, Gauged
from netlib.training.run.graphed import GraphedStep, Graphs, NotRecorded, graphs_on, is_recorded
from netlib.training.run.held_state import State
from netlib.training.run.objective import objective, optimiser
from netlib.training.run.order import Order
from netlib.training.run.stored_state import (
    below,
    optimiser_state,
    random_state,
    restore_optimiser,
    restore_random_state,
    weights_state,
)
from netlib.training.spec import RunSpec


@dataclass(frozen=True)
class Evaluation:
    """What a network does on the validation samples.

    `loss` as in training, in nats; `accuracy` of samples, or of steps for sequences; `confusion[true, said]`
    counts; `said` and `probabilities` of the shown samples: (n,) and (n, classes), or (n, T) and (n, T, classes).
    """

    loss: float
    accuracy: float
    confusion: ndarray
    said: ndarray
    probabilities: ndarray


class Engine:
    """One run: its model, optimiser, data and order, at `step` steps done.

    Args:
        spec: settled, or completed here for the plainest machine.
        data: loaded already; else loaded here.
        model_factory: builds the module in place of `build`; called after the seed is set.
        graphs: how steps are recorded, in place of what the device has for it.

    Raises:
        DataUnavailable: when the data are not on this machine.
        TooBig: from `build`.
    """

    def __init__(
        self,
        spec: RunSpec,
        data: Data | None = None,
        model_factory: Callable[[], nn.Module] | None = None,
        graphs: Graphs | None = None,
    ) -> None:
        self.spec = spec = settle(spec)
        set_process(spec)
        self.device = torch.device(spec.device)
        self._format = torch.channels_last if spec.layout == "channels_last" else torch.contiguous_format
        self._trace = trace(spec.network)
        self._make = model_factory or (lambda: build(self._trace))
        self.data = data or load(
            spec.data, spec.network.input, device=spec.device, memory_format=self._format
        )
        self._graphs = graphs or graphs_on(self.device)
        self.not_recorded: NotRecorded | None = None
        self._start()

    def _start(self) -> None:
        spec = self.spec
        torch.manual_seed(spec.seed)
        self.model = self._make()
        self.model.to(self.device)
        # torch before 2.14 leaves memory_format out of its types.
        move: Callable[..., nn.Module] = self.model.to
        move(memory_format=self._format)
        self.model.train()
        self._compiled: Callable[[Tensor], object] | None = (
            torch.compile(self.model) if spec.compiled else None
        )
        self.parameters = [p for p in self.model.parameters() if p.requires_grad]
        self._recorded: GraphedStep | None = None
        if self._graphs and not is_recorded(spec, self._trace, self.model, raw=self.data.train.raw):
            self._graphs = None
        tensor = self._graphs is not None and self._graphs.rate_is_tensor
        rate = spec.optimiser.learning_rate
        self.optimiser = optimiser(
            spec.optimiser,
            self.parameters,
            bool(spec.fused),
            rate=torch.tensor(rate, device=self.device) if tensor else rate,
            capturable=self._graphs is not None and self._graphs.capturable,
        )
        self.order = Order(len(self.data.train), spec.batch, spec.seed + 1, spec.device)
        self.step = 0
        self.learning_rate = spec.optimiser.learning_rate
        self.measured: dict[str, Tensor] = {}
        self.gauge = Gauge(self.model, [step.path for step in self._trace.leaves], self.data.image_dims)
        self.gauged: Gauged | None = None

    @property
    def steps_an_epoch(self) -> int:
        """Steps in one pass over the training samples."""
        return self.order.steps_an_epoch

    @property
    def total_steps(self) -> int:
        """Steps that the limits allow; ten epochs where they allow any number, for the schedule's sake."""
        limits = self.spec.limits
        counted = None if limits.epochs is None else limits.epochs * self.steps_an_epoch
        given = [n for n in (counted, limits.steps) if n is not None]
        return min(given, default=10 * self.steps_an_epoch)

    @property
    def rate(self) -> float:
        """The learning rate of the next step, schedule included."""
        return self.learning_rate * self.spec.schedule.factor(self.step, self.total_steps)

    def set_learning_rate(self, value: float) -> None:
        """Make `value` the learning rate of the next step; a schedule goes on from there."""
        factor = self.spec.schedule.factor(self.step, self.total_steps)
        self.learning_rate = value / factor if factor > 0 else value

    def advance(self, *, gauged: bool = False) -> Tensor:
        """The loss of one more step on the device, 0-d and detached; in nats, auxiliary losses included.

        `measured` then holds what else the step found out: "main_loss" and "aux_loss_1", … where there are
        auxiliary heads, "gradient_norm" where gradients are clipped. `gauged` holds what the step has done to each
        layer, where that was wanted, else what the last such step has done.
        """
        index = self.order.next()
        self._set_rate(self.rate)
        found = None if gauged else self._played(index)
        if found is None:
            found = self._learn(index, gauged=gauged)
        loss = found.pop("loss")
        self.measured = found
        self.step += 1
        if gauged:
            self.gauged = self.gauge.after(self.step)
        return loss

    def _learn(self, index: Tensor | None, *, gauged: bool = False) -> dict[str, Tensor]:
        """All that a step does on the device, and nothing else: what is recorded must be all there is to do again."""
        inputs, targets = self.data.batch(self.data.train, index)
        measured: dict[str, Tensor] = {}
        with self._precision():
            main, auxiliary = _heads(self._forward(inputs))
            loss = self._loss(main, targets)
            if auxiliary:
                measured["main_loss"] = loss.detach()
            for i, logits in enumerate(auxiliary, start=1):
                other = self._loss(logits, targets)
                measured[f"aux_loss_{i}"] = other.detach()
                loss = loss + self.spec.auxiliary * other
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it without annotations
        if gauged:
            self.gauge.before()
        if self.spec.clip is not None:
            norm = nn.utils.clip_grad_norm_(self.parameters, self.spec.clip)
            measured["gradient_norm"] = norm.detach()
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        return {"loss": loss.detach(), **measured}

    def _played(self, index: Tensor | None) -> dict[str, Tensor] | None:
        """A step played from its recording; None where it has to be done: a smaller last batch, nothing to play."""
        whole = index is None or len(index) == self.order.batch
        if self._graphs is None or self.not_recorded is not None or not whole:
            return None
        try:
            if self._recorded is None:
                state = State(self.model, self.optimiser, self.device)
                recording = self._graphs.make(self.device)
                self._recorded = GraphedStep(recording, self._learn, index, self.rate, self._set_rate, state)
            return self._recorded.play(index)
        except NotRecorded as why:
            self._recorded, self.not_recorded = None, why
            return None

    @property
    def is_recorded(self) -> bool:
        """Whether full steps are played from a recording at present."""
        return self._recorded is not None

    def _set_rate(self, value: float) -> None:
        """Make `value` the optimiser's; a recorded step reads it where it lies."""
        for group in self.optimiser.param_groups:
            if isinstance(group["lr"], Tensor):
                group["lr"].fill_(value)
            else:
                group["lr"] = value

    def _forward(self, inputs: Tensor) -> object:
        """What the model gives, compiled where that works; where it does not, the run goes on without."""
        if self._compiled is None:
            return self.model(inputs)
        try:
            return self._compiled(inputs)
        except RuntimeError as error:
            from torch._dynamo.exc import TorchDynamoException  # loads for seconds: only where it was loaded

            if not isinstance(error, TorchDynamoException):
                raise
            self._compiled = None
            return self.model(inputs)

    @property
    def is_compiled(self) -> bool:
        """Whether steps run compiled; False too once that has failed."""
        return self._compiled is not None

    def _loss(self, logits: Tensor, targets: Tensor) -> Tensor:
        return objective(logits.float(), targets, self.spec.loss)

    def _precision(self) -> AbstractContextManager[object]:
        if self.spec.precision == "bfloat16":
            return torch.autocast(self.device.type, torch.bfloat16)
        return nullcontext()

    def rewind(self) -> None:
        """Back to before the first step, rebuilt from spec and seed; a changed learning rate is undone."""
        self._start()

    def evaluate(self) -> Evaluation:
        """What the network does on all validation samples; moves no random stream and no statistic."""
        held = self.data.validation
        exact = torch.float32 if self.device.type == "mps" else torch.float64  # MPS has no double
        total = torch.zeros((), dtype=exact, device=self.device)
        classes = self.data.about.classes
        confusion = torch.zeros(classes * classes, dtype=torch.int64, device=self.device)
        shown: tuple[Tensor, Tensor] | None = None
        at_once = evaluated_at_once(self._trace)
        for index in torch.split(torch.arange(len(held), device=self.device), at_once):
            inputs, targets = self.data.batch(held, None if len(index) == len(held) else index)
            logits = self._scores(inputs)
            total += self._loss(logits, targets) * len(targets)
            said = logits.argmax(-1)
            confusion += torch.bincount((targets * classes + said).flatten(), minlength=classes * classes)
            if shown is None:
                shown = said[:SHOWN], logits[:SHOWN].softmax(-1)
        assert shown is not None
        counts = confusion.view(classes, classes).cpu().numpy()
        return Evaluation(
            loss=float(total) / len(held),
            accuracy=float(np.trace(counts)) / int(counts.sum()),
            confusion=counts,
            said=shown[0].cpu().numpy(),
            probabilities=shown[1].cpu().numpy(),
        )

    def look(self) -> tuple[ndarray, ndarray]:
        """Class ids and probabilities of the shown validation samples, as in `Evaluation`."""
        held = self.data.validation
        first = Samples(held.inputs[:SHOWN], held.targets[:SHOWN], held.raw)
        logits = self._scores(self.data.batch(first)[0])
        return logits.argmax(-1).cpu().numpy(), logits.softmax(-1).cpu().numpy()

    def _scores(self, inputs: Tensor) -> Tensor:
        """Raw scores without a trace of having been computed: no gradient, no dropout, no statistics."""
        self.model.eval()
        try:
            with torch.inference_mode(), self._precision():
                return _heads(self.model(inputs))[0].float()
        finally:
            self.model.train()

    def checkpoint(self) -> dict[str, Tensor]:
        """All that decides the steps to come, as copies on the CPU that safetensors can store."""
        state = {
            "step": torch.tensor(self.step),
            "learning_rate": torch.tensor(self.learning_rate, dtype=torch.float64),
        }
        state |= random_state(self.device)
        state |= {f"order.{name}": value for name, value in self.order.state().items()}
        return state | weights_state(self.model) | optimiser_state(self.optimiser)

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Continue where `state` was taken, in whatever engine of the same network, data and batch.

        Raises:
            KeyError: when `state` is no checkpoint of such a run.
            RuntimeError: when its weights have other names or shapes.
        """
        self.step, self.gauged, self._recorded = int(state["step"]), None, None
        self.learning_rate = float(state["learning_rate"])
        self.model.load_state_dict(below(state, "model."))
        restore_optimiser(self.optimiser, self.parameters, state)
        self.order.restore(below(state, "order."))
        restore_random_state(self.device, state)


def _heads(output: object) -> tuple[Tensor, list[Tensor]]:
    """The main output and those of auxiliary heads, which exist in training only."""
    if isinstance(output, Tensor):
        return output, []
    assert isinstance(output, tuple)
    main, auxiliary = output
    return main, list(auxiliary)
