"""train: a run from its spec to the state in which it ends, steered by commands between two steps."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from netlib.errors import NetlibError
from netlib.training import reasons
from netlib.training.data.fit import fit
from netlib.training.data.tensors import load
from netlib.training.devices import devices, machine_of
from netlib.training.machine import settle
from netlib.training.run.divergence import Watch
from netlib.training.run.ending import Ending, Over
from netlib.training.run.engine import Engine
from netlib.training.run.estimate import check_memory
from netlib.training.run.looking import Album, is_glanced_at
from netlib.training.run.protocol import (
    Commands,
    Emit,
    Pause,
    Resume,
    Rewind,
    SetLearningRate,
    Start,
    Step,
    Stop,
)
from netlib.training.run.read_back import Parcel, transfer_on
from netlib.training.run.remedy import remedy
from netlib.training.spec import RunSpec, State
from netlib.words import Message

SHOWN_EVERY = 0.1
"""Seconds between two flushes: the only moments at which the loop waits for the device, and on CUDA not even then."""
HELD_LOSSES = 512
FAULT_LENGTH = 400
LISTEN_EVERY = 0.005
"""Seconds between two looks at the commands."""


def train(
    spec: RunSpec,
    emit: Emit,
    commands: Commands,
    *,
    start: Start | None = None,
    folder: Path | None = None,
    model_factory: Callable[[], nn.Module] | None = None,
) -> State:
    """Train a run; gives "finished", "stopped" or "diverged", or "failed" where it cannot begin or go on.

    The sentence beside the state is emitted as the event "reason". Metrics "loss" (and "main_loss", "aux_loss_1",
    …, "gradient_norm" where they exist) have a value a step; "val_loss", "val_accuracy" and "learning_rate" one
    an epoch. What is emitted depends on the spec alone, save how it is cut into pieces and which snapshots are
    kept.

    Args:
        spec: settled; an unsettled one is completed for the plainest machine.
        start: where to go on from, for a run that was trained before.
        folder: where downloaded data sets are.
        model_factory: see `Engine`.
    """
    run: _Run | None = None
    ended_at: int | None = None
    try:
        run = _Run(settle(spec), emit, commands, folder, model_factory)
        run.begin(start)
        run.go_on()
    except Over as over:
        state, reason, ended_at = over.state, over.reason, over.step
    except NetlibError as error:
        state, reason = "failed", error.message
    except (RuntimeError, MemoryError) as error:
        if run is not None:
            run.rescue()
        if not _is_out_of_memory(error):
            raise
        step = run.engine.step + 1 if run else 0
        half = spec.batch // 2
        words = reasons.OUT_OF_MEMORY if half else reasons.OUT_OF_MEMORY_SMALL
        state, reason = "failed", Message(words, step=step, **({"batch": half} if half else {}))
    if run is not None and state == "diverged":
        run.album.release()
    here = run.engine.step if run else 0
    emit.event(here if ended_at is None else ended_at, "reason", reason)
    emit.flush()
    return state


class _Run:
    """One call of `train`: the engine, what is buffered, and what is wanted of it."""

    def __init__(
        self,
        spec: RunSpec,
        emit: Emit,
        commands: Commands,
        folder: Path | None,
        model_factory: Callable[[], nn.Module] | None,
    ) -> None:
        found = fit(spec.network, spec.data, spec.batch)
        if found.problem:
            raise Over("failed", Message(reasons.FIX_FIRST, why=found.problem.message))
        if spec.device not in devices():
            names = ", ".join(devices())
            raise Over("failed", Message(reasons.NO_DEVICE, device=spec.device, devices=names))
        check_memory(spec, machine_of(spec.device))
        layout = torch.channels_last if spec.layout == "channels_last" else torch.contiguous_format
        data = load(spec.data, spec.network.input, device=spec.device, memory_format=layout, folder=folder)
        self.spec, self.emit, self.commands = spec, emit, commands
        self.engine = Engine(spec, data, model_factory)
        self.album = Album(self.engine, emit)
        self.transfer = transfer_on(self.engine.device)
        self.forget()

    def forget(self) -> None:
        """Begin the bookkeeping anew, at the engine's present step."""
        self.watch = Watch()
        self.ending = Ending(self.spec, self.engine.steps_an_epoch)
        self.losses: list[Tensor] = []
        self.others: dict[str, list[Tensor]] = {}
        self.parcel: Parcel | None = None
        self.compiled = self.engine.is_compiled
        self.recorded = False
        self.refused = self.engine.not_recorded
        self.shown = self.heard = 0.0
        self.seconds = 0.0

    def begin(self, start: Start | None) -> None:
        """Say where the run takes place, and show what the network says before it has learnt."""
        if start is not None:
            self._restore(start)
        self.emit.started(self.spec.device, self.spec.threads or 1)
        self.album.open(start)
        self.emit.flush()
        if start is not None and self._lacks_evaluation(start):
            self._evaluate(self.engine.step // self.engine.steps_an_epoch)

    def _restore(self, start: Start) -> None:
        """Everything as it was after that step; also what the run's end depends on, be it seen once more."""
        self.engine.restore(
            {name: torch.from_numpy(np.array(value)) for name, value in start.tensors.items()}
        )
        if start.learning_rate is not None:
            self.engine.set_learning_rate(start.learning_rate)
        self.seconds = start.seconds
        self.watch.read(1, start.losses)
        for step, loss, accuracy in start.evaluations:
            self.ending.at_evaluation(step // self.engine.steps_an_epoch, loss, accuracy)

    def _lacks_evaluation(self, start: Start) -> bool:
        """Whether the run ended after an epoch's last step and before its evaluation."""
        step = self.engine.step
        known = {step for step, _, _ in start.evaluations}
        return step > 0 and step % self.engine.steps_an_epoch == 0 and step not in known

    def go_on(self) -> None:
        """Steps until something ends the run.

        Raises:
            Over: always, with state and reason.
        """
        clock = time.perf_counter
        self._end_if(self.ending.at_step(self.engine.step))
        since = clock()
        while True:
            now = clock()
            if now - self.heard >= LISTEN_EVERY:
                self.heard = now
                while (command := self.commands.take()) is not None:
                    self.seconds += clock() - since
                    self._obey(command)
                    since = clock()
            self._advance(self.album.will_gauge(self.engine.step + 1))
            now = clock()
            if now - self.shown >= SHOWN_EVERY or len(self.losses) >= HELD_LOSSES:
                self._flush(wait=not self.shown)
                self._end_if(self.ending.at_second(self.seconds + now - since, self.engine.step))
            self._look()

    def _advance(self, gauged: bool) -> None:
        loss = self.engine.advance(gauged=gauged)
        self.losses.append(loss)
        for name, value in self.engine.measured.items():
            self.others.setdefault(name, []).append(value)
        if self.compiled and not self.engine.is_compiled:
            self.compiled = False
            self.emit.event(self.engine.step, "message", Message(reasons.EAGER))
        self._say_how_steps_run()

    def _say_how_steps_run(self) -> None:
        """Once, that steps are recorded; and where that has failed, why."""
        step, refused = self.engine.step, self.engine.not_recorded
        if self.engine.is_recorded and not self.recorded:
            self.recorded = True
            self.emit.event(step, "graph", Message(reasons.GRAPH))
        if refused is not None and self.refused is None:
            self.refused = refused
            self.emit.event(step, "message", Message(reasons.NO_GRAPH, why=refused.why))
            self.emit.event(step, "graph", {"fault": refused.fault[:FAULT_LENGTH]})

    def _look(self) -> None:
        """After a step: an evaluation at the end of an epoch, a glance at growing distances in the first."""
        step, epoch_steps = self.engine.step, self.engine.steps_an_epoch
        if step % epoch_steps == 0:
            self._gather()
            self._evaluate(step // epoch_steps)
        elif step < epoch_steps and is_glanced_at(step):
            self.album.glance()
        self._end_if(self.ending.at_step(step))

    def _flush(self, *, wait: bool = True) -> None:
        """Gather what is buffered, and have all that was emitted stored."""
        self._gather(wait=wait)
        self.emit.flush()
        self.shown = time.perf_counter()

    def _gather(self, *, wait: bool = True) -> None:
        """Send the buffered losses on their way from the device, and take in those that are here.

        Without `wait` what is sent now is taken in the next time, where the device copies while it goes on.
        """
        self._take_in()
        if self.losses:
            first = self.engine.step - len(self.losses) + 1
            self.parcel = Parcel(first, {"loss": self.losses, **self.others}, self.transfer)
            self.losses, self.others = [], {}
        if wait or self.transfer is None:
            self._take_in()

    def _take_in(self) -> None:
        """Look for a divergence among the losses that were sent last, and emit them."""
        parcel, self.parcel = self.parcel, None
        if parcel is None:
            return
        values = parcel.open()
        losses = values["loss"]
        gone = self.watch.read(parcel.first, losses)
        count = len(losses) if gone is None else gone.step - parcel.first + 1
        for name, each in values.items():
            self.emit.metrics(name, parcel.first, each[:count])
        if gone is not None:
            raise Over("diverged", gone.message(self.engine.learning_rate, self.spec), gone.step)

    def rescue(self) -> None:
        """Emit what is still buffered when a fault ends the run, as far as the device gives it."""
        with suppress(Over, RuntimeError):
            self._gather()

    def _evaluate(self, epoch: int) -> None:
        engine = self.engine
        found = engine.evaluate()
        if not np.isfinite(found.loss):
            tried = remedy(engine.learning_rate, self.spec)
            raise Over("diverged", Message(reasons.VALIDATION_NOT_A_NUMBER, step=engine.step, **tried))
        self.emit.metrics("val_loss", engine.step, [found.loss])
        self.emit.metrics("val_accuracy", engine.step, [found.accuracy])
        self.emit.metrics("learning_rate", engine.step, [engine.rate])
        self.album.keep(found)
        self._end_if(self.ending.at_evaluation(epoch, found.loss, found.accuracy))

    def _end_if(self, reason: Message | None) -> None:
        if reason is not None:
            self._end("finished", reason)

    def _end(self, state: State, reason: Message) -> None:
        self._flush()
        if self.engine.step % self.engine.steps_an_epoch:
            self.album.glance()
        self.album.close()
        if state == "finished" and (gone := self.ending.departure(self.engine.learning_rate)):
            raise Over("diverged", gone)
        if advice := self.ending.advice():
            self.emit.event(self.engine.step, "message", advice)
        raise Over(state, reason)

    def _obey(self, command: object) -> None:
        """Do what is wanted; a pause lasts until something ends it."""
        match command:
            case Pause():
                self._pause()
            case Stop():
                self._end("stopped", Message(reasons.STOPPED, step=self.engine.step))
            case SetLearningRate(value=value):
                self._set_learning_rate(value)
            case Rewind():
                self._rewind()
            case _:  # resume and step mean something in a pause only
                return

    def _pause(self) -> None:
        self._flush()
        self.album.close()
        self.emit.event(self.engine.step, "pause")
        self.emit.flush()
        while True:
            match self.commands.wait():
                case Resume():
                    break
                case Step(count=count):
                    self._single_steps(count)
                case Pause():
                    continue
                case other:
                    self._obey(other)
                    self.emit.flush()
        self.emit.event(self.engine.step, "resume")
        self.emit.flush()

    def _single_steps(self, count: int) -> None:
        """So many steps within a pause, or fewer when another command comes."""
        for number in range(count):
            command = self.commands.take()
            if command is not None:
                if not isinstance(command, Pause):
                    self._obey(command)
                break
            self._advance(number == count - 1 or self.album.will_gauge(self.engine.step + 1))
            if len(self.losses) >= HELD_LOSSES or time.perf_counter() - self.shown >= SHOWN_EVERY:
                self._flush()
            self._look()
        self._flush()
        self.album.glance()
        self.emit.flush()

    def _set_learning_rate(self, value: float) -> None:
        self._flush()
        self.engine.set_learning_rate(value)
        self.album.mark()
        self.emit.event(self.engine.step, "learning_rate", {"value": value})

    def _rewind(self) -> None:
        self._flush()
        self.engine.rewind()
        self.forget()
        self.emit.event(0, "rewind")
        self.album.open()
        self.emit.flush()


def _is_out_of_memory(error: BaseException) -> bool:
    known = (MemoryError, torch.OutOfMemoryError)
    return isinstance(error, known) or "can't allocate memory" in str(error)
