"""A run that ended goes on from its last checkpoint: the same bits as if nothing had happened, and no gap in a curve."""

from typing import Any

import numpy as np
import pytest
import torch
from numpy import ndarray

from netlib.errors import NetlibError
from netlib.training import Limits, RunSpec, settle
from netlib.training.program.record import recorded
from netlib.training.program.script import script
from netlib.training.run import loop
from netlib.training.run.loop import train
from netlib.training.run.protocol import Command, Pause, SetLearningRate, Stop
from netlib.training.store import going_on, queue
from netlib.training.store.history import History
from netlib.training.store.process import this_process
from netlib.training.store.recorder import Recorder
from tests.training.recorded import small_spec
from tests.training.runs import CELL, DROPOUT, HEADED, NORMED, SMALL, Script, hello, spec_of
from tests.training.test_program import printed

pytestmark = pytest.mark.usefixtures("listens_always")


class Dead(Exception):
    """The worker is gone."""


class Dying(Script):
    """Commands of a worker that dies before a step."""

    def __init__(self, step: int) -> None:
        super().__init__()
        self.step = step

    def take(self) -> Command | None:
        if self.looks + 1 == self.step:
            raise Dead
        return super().take()


def small(network: Any, **fields: Any) -> RunSpec:
    fields = {"limits": {"epochs": 4}, "batch": 48, "seed": 3, **fields}
    return settle(spec_of(network, **fields))


SPECS: dict[str, RunSpec] = {
    "dropout, Adam": small(DROPOUT, optimiser={"name": "Adam", "learning_rate": 0.01}),
    "heads, clip, cosine": small(HEADED, clip=0.5, schedule={"name": "cosine"}),
    "BatchNorm, one-cycle": small(NORMED, schedule={"name": "one-cycle"}),
    "hello": settle(hello(CELL, 0.1, loss="sum")),
}


def began(history: History, spec: RunSpec, commands: Script) -> str:
    run = history.create(spec)
    worked(history, run, commands)
    return run


def worked(history: History, run: str, commands: Script | None = None) -> None:
    """What a worker does with a run that waits; one that dies leaves it lost."""
    assert queue.take(history.database, run, this_process())
    row = history.state(run)
    start = going_on.start(history, row) if row.step else None
    begun = going_on.begun(history, row) if row.step else None
    recorder = Recorder(
        history.database, run, generation=row.generation, begun=begun, versions={"torch": torch.__version__}
    )
    try:
        recorder.end(train(row.spec(), recorder, commands or Script(), start=start))
    except Dead:
        recorder.flush()
        assert history.move(run, "lost")


def curves(history: History, run: str, generation: int | None = None) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for name in history.metric_names(run, generation):
        series = history.metrics(run, name, generation=generation)
        assert (np.diff(series.seconds) >= 0).all(), name
        found[name] = list(zip(series.steps.tolist(), series.values.tolist(), strict=True))
    return found


def weights(history: History, run: str) -> dict[str, ndarray]:
    row = history.state(run)
    state = history.snapshot(run, "checkpoint", row.step)
    assert state is not None
    return state


def check_equal(history: History, run: str, whole: str) -> None:
    assert curves(history, run) == curves(history, whole)
    found, expected = weights(history, run), weights(history, whole)
    assert found.keys() == expected.keys()
    assert all(np.array_equal(found[name], expected[name]) for name in found)


@pytest.mark.parametrize("at", [6, 9, 11])
@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_stopped_and_continued_twice_is_as_if_never_stopped(spec: RunSpec, at: int, history: History) -> None:
    change: dict[int, Command] = {3: SetLearningRate(value=0.02)}
    whole = began(history, spec, Script(dict(change)))
    run = began(history, spec, Script({**change, at: Stop()}))
    for again in (Script({3: Stop()}), Script()):
        assert history.state(run).state == "stopped"
        assert going_on.go_on(history, run, spec)
        waiting = history.state(run)
        assert (waiting.state, waiting.reason, waiting.generation) == ("queued", None, 0)
        worked(history, run, again)
    assert history.state(run).state == "finished"
    check_equal(history, run, whole)
    assert "equal: all" in printed(script(spec, recorded(history, run)))


@pytest.mark.parametrize("shown_every", [0.0, 60.0], ids=["every step stored", "the last ones not stored"])
@pytest.mark.parametrize("at", [7, 14])
@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_a_lost_run_goes_on_from_the_checkpoint_before(
    spec: RunSpec, at: int, shown_every: float, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "SHOWN_EVERY", shown_every)
    whole = began(history, spec, Script())
    run = began(history, spec, Dying(at))
    before = curves(history, run)
    step = going_on.last_checkpoint(history, run)
    assert step is not None
    assert 0 < step < at
    assert going_on.go_on(history, run, spec)
    row = history.state(run)
    assert (row.step, row.generation) == (step, int(len(before["loss"]) > step))
    assert len(curves(history, run)["loss"]) == step
    worked(history, run)
    assert history.state(run).state == "finished"
    check_equal(history, run, whole)
    tail = curves(history, run, 0) if row.generation else {}
    assert tail.get("loss", []) == before["loss"][step:]
    assert {e.generation for e in history.events(run) if e.kind == "started"} == {row.generation}
    first = {s.generation for s in history.snapshots(run, "shown")}
    assert first == {row.generation}


def test_a_finished_run_trains_further_under_new_limits(history: History) -> None:
    spec = small(DROPOUT)
    longer = spec.with_(limits=Limits(epochs=7))
    whole = began(history, longer, Script())
    run = began(history, spec, Script())
    with pytest.raises(
        NetlibError, match=r"has done all its 20 steps\. Give it more epochs or steps to go on"
    ):
        going_on.go_on(history, run, spec)
    assert going_on.go_on(history, run, longer)
    worked(history, run)
    assert history.state(run).spec() == longer
    check_equal(history, run, whole)


def test_a_schedule_is_laid_out_anew_and_its_program_follows(history: History) -> None:
    spec = small(SMALL, schedule={"name": "cosine"})
    run = began(history, spec, Script())
    longer = spec.with_(limits=Limits(epochs=7))
    assert going_on.go_on(history, run, longer, 0.07)
    worked(history, run)
    record = recorded(history, run)
    assert (record.steps, record.plans, record.rates) == (35, {0: 20, 20: 35}, {20: 0.07})
    assert "equal: all 35 losses" in printed(script(longer, record))


def test_a_diverged_run_goes_on_at_another_rate_from_before(history: History) -> None:
    spec = small(SMALL, limits={"epochs": 40}, optimiser={"learning_rate": 0.05})
    run = history.create(spec)
    worked(history, run, Script({12: SetLearningRate(value=1000.0)}))
    assert history.state(run).state == "diverged"
    step = going_on.last_checkpoint(history, run)
    assert step is not None
    assert going_on.go_on(history, run, spec.with_(limits=Limits(epochs=step // 5 + 2)), 0.01)
    worked(history, run)
    row = history.state(run)
    assert (row.state, row.generation, row.step) == ("finished", 1, (step // 5 + 2) * 5)
    assert np.isfinite(history.metrics(run, "loss").values).all()


def test_a_rate_set_while_paused_at_the_checkpoint_is_not_forgotten(history: History) -> None:
    spec = small(DROPOUT)
    whole = began(history, spec, Script({8: SetLearningRate(value=0.02)}))
    run = began(history, spec, Script({8: Pause()}, [SetLearningRate(value=0.02), Stop()]))
    assert going_on.go_on(history, run, spec)
    worked(history, run)
    check_equal(history, run, whole)


def test_time_spent_before_counts_and_more_must_be_given(history: History) -> None:
    spec = small(SMALL, limits={"epochs": None, "seconds": 0.05})
    run = began(history, spec, Script())
    spent = history.seconds(run)
    with pytest.raises(NetlibError, match=r"has used all its 0\.05 s\. Give it more time"):
        going_on.go_on(history, run, spec)
    assert going_on.go_on(history, run, spec.with_(limits=Limits(epochs=None, seconds=spent + 0.2)))
    worked(history, run)
    assert spent + 0.15 < history.seconds(run) < spent + 2
    evaluated = history.metrics(run, "val_loss").steps.tolist()
    assert evaluated == list(range(5, evaluated[-1] + 1, 5))  # none is missing where it was interrupted


def test_limits_as_far_again() -> None:
    assert Limits(epochs=10).further(230, 23, 4.0) == Limits(epochs=20)
    assert Limits(epochs=10).further(225, 23, 4.0) == Limits(epochs=20)
    given = Limits(epochs=None, steps=100, seconds=5.0, target_loss=0.1, patience=2)
    assert given.further(60, 23, 2.0) == Limits(epochs=None, steps=160, seconds=7.0)


@pytest.mark.parametrize("state", ["queued", "starting", "running", "failed"])
def test_what_has_not_ended_or_failed_cannot_go_on(state: Any, history: History) -> None:
    run = history.create(small_spec())
    for step in {"queued": (), "starting": ("starting",), "failed": ("starting", "failed")}.get(
        state, ("starting", "running")
    ):
        assert history.move(run, step)  # type: ignore[arg-type]  # names of states
    with pytest.raises(NetlibError, match=f"A run that is {state} cannot go on"):
        going_on.go_on(history, run, small_spec())


def test_without_a_checkpoint_it_can_only_be_run_again(history: History) -> None:
    run = history.create(small_spec())
    assert history.move(run, "stopped")
    assert going_on.last_checkpoint(history, run) is None
    with pytest.raises(NetlibError, match=r"has no checkpoint to go on from\. Run it again instead"):
        going_on.go_on(history, run, small_spec())


def test_of_two_who_continue_one_is_first(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = small(SMALL)
    run = began(history, spec, Script({6: Stop()}))
    longer = spec.with_(limits=Limits(epochs=9))
    check = going_on._check_limits

    def meanwhile(*given: Any) -> None:
        monkeypatch.setattr(going_on, "_check_limits", check)
        assert going_on.go_on(history, run, spec)

    monkeypatch.setattr(going_on, "_check_limits", meanwhile)
    assert not going_on.go_on(history, run, longer)
    assert history.state(run).spec() == spec


def test_it_waits_behind_those_that_wait(history: History) -> None:
    spec = small(SMALL)
    run = began(history, spec, Script({6: Stop()}))
    other = history.create(spec)
    assert going_on.go_on(history, run, spec)
    last = history.create(spec)
    places = [queue.position(history.database, r) for r in (other, run, last)]
    assert places == [1, 2, 3]
    first = queue.first(history.database, this_process())
    assert first is not None
    assert first[0].id == other


def test_a_checkpoint_whose_file_is_gone_is_said(history: History) -> None:
    spec = small(SMALL)
    run = began(history, spec, Script({6: Stop()}))
    assert going_on.go_on(history, run, spec)
    with history.database.writing() as connection:
        connection.execute("DELETE FROM snapshots WHERE kind = 'checkpoint'")
    with pytest.raises(NetlibError, match="The checkpoint of step 5 cannot be read any more"):
        going_on.start(history, history.state(run))
