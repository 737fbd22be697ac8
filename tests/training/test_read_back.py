"""Losses that come over from the device while it goes on: none is lost, none is read too early, none is shown late."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from netlib.training import RunSpec
from netlib.training.run import loop
from netlib.training.run.loop import train
from netlib.training.run.protocol import Pause, Resume, Rewind, SetLearningRate, Step, Stop
from netlib.training.run.read_back import Parcel, transfer_on
from tests.training.runs import HEADED, SMALL, Recorded, Script, spec_of
from tests.training.test_loop import BreaksAt, TooMuch, alone

TEN_STEPS = {"epochs": None, "steps": 10}


class StandIn:
    """A `Transfer` whose copies hold nothing that is a number until somebody has waited for them."""

    def __init__(self) -> None:
        self.started: list[tuple[Tensor, Tensor]] = []
        self.waits = 0

    def start(self, value: Tensor) -> Tensor:
        held = torch.full_like(value, float("nan"))
        self.started.append((held, value.clone()))
        return held

    def mark(self) -> Callable[[], None]:
        before = list(self.started)

        def wait() -> None:
            self.waits += 1
            for held, value in before:
                held.copy_(value)

        return wait


class Late(Recorded):
    """Remembers after each flush how many losses there were."""

    def __init__(self) -> None:
        super().__init__()
        self.known: list[int] = []
        self.known_at: dict[str, int] = {}

    def flush(self) -> None:
        super().flush()
        self.known.append(len(self.values.get("loss", {})))

    def event(self, step: int, kind: str, detail: object = None) -> None:
        super().event(step, kind, detail)  # type: ignore[arg-type]  # passed on as it is
        self.known_at[kind] = len(self.values.get("loss", {}))


@pytest.fixture(autouse=True)
def transfer(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """Losses leave by the stand-in, and are flushed after every second step whatever the clock says."""
    found = StandIn()
    monkeypatch.setattr(loop, "transfer_on", lambda device: found)
    monkeypatch.setattr(loop, "SHOWN_EVERY", 1e9)
    monkeypatch.setattr(loop, "HELD_LOSSES", 2)
    monkeypatch.setattr(loop, "LISTEN_EVERY", 0.0)
    return found


def run(spec: RunSpec, script: Script | None = None, model: nn.Module | None = None) -> tuple[str, Late]:
    emit = Late()
    factory = None if model is None else lambda: model
    return train(spec, emit, script or Script(), model_factory=factory), emit


LONG = spec_of(SMALL, batch=4, limits={"epochs": None, "steps": 11})
"""Fifty steps an epoch: no evaluation before the end."""


def test_a_parcel_holds_nothing_before_it_is_opened(transfer: StandIn) -> None:
    losses = [torch.tensor(float(n)) for n in range(3)]
    parcel = Parcel(5, {"loss": losses}, transfer)
    assert torch.isnan(transfer.started[0][0]).all()
    assert parcel.open()["loss"].tolist() == [0.0, 1.0, 2.0]
    assert Parcel(5, {"loss": losses}).open()["loss"].dtype == np.float32


def test_the_processor_waits_for_nothing() -> None:
    assert transfer_on(torch.device("cpu")) is None


def test_losses_are_taken_in_at_the_next_flush_and_all_of_them_in_the_end(transfer: StandIn) -> None:
    state, emit = run(LONG)
    assert state == "finished"
    assert emit.losses == alone(LONG, 11)
    assert emit.known[:7] == [0, 2, 2, 4, 6, 8, 11]  # the first are there at once, then always two behind
    assert emit.known[-1] == 11
    assert transfer.waits == 6  # once a parcel


def test_everything_that_is_measured_comes_over() -> None:
    spec = spec_of(HEADED, batch=4, clip=1.0, limits=TEN_STEPS)
    _, emit = run(spec)
    for name in ("loss", "main_loss", "aux_loss_1", "gradient_norm"):
        assert list(emit.values[name]) == list(range(1, 11))
        assert np.isfinite(list(emit.values[name].values())).all()


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("step", [1, 2, 36, 37])
def test_a_divergence_is_found_at_its_exact_step(value: float, step: int) -> None:
    state, emit = run(spec_of(SMALL, batch=4), model=BreaksAt(step, value))
    assert state == "diverged"
    assert len(emit.losses) == step
    assert np.isfinite(emit.losses[:-1]).all()
    assert not np.isfinite(emit.losses[-1])
    assert emit.events[-1][:2] == (step, "reason")
    assert emit.known[-1] == step


def test_nothing_is_late_in_a_pause_at_single_steps_or_at_a_stop() -> None:
    script = Script({6: Pause()}, [Step(), Step(count=3), Stop()])
    state, emit = run(LONG, script)
    assert state == "stopped"
    assert emit.known_at["pause"] == 5
    assert {6, 9} <= set(emit.known)
    assert emit.losses == alone(LONG, 9)


def test_steering_on_the_way_loses_nothing() -> None:
    script = Script({4: SetLearningRate(value=0.01), 6: Rewind()}, [Resume()])
    state, emit = run(LONG, script)
    assert state == "finished"
    assert emit.known_at["learning_rate"] == 3
    assert emit.losses == alone(LONG, 11)


def test_a_target_still_ends_the_run() -> None:
    state, emit = run(spec_of(SMALL, limits={"epochs": 100, "target_accuracy": 0.7}))
    assert state == "finished"
    assert "validation accuracy reached" in emit.reason
    assert len(emit.losses) == max(emit.values["val_loss"])


def test_what_was_measured_before_a_fault_is_kept() -> None:
    state, emit = run(spec_of(SMALL, batch=4), model=TooMuch(10**9, 1.0))
    assert state == "failed"
    assert len(emit.losses) == 2
    assert emit.known[-1] == 2
