"""What a run keeps of itself: few of each kind whatever its length, first, best and last among them, in little time."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from netlib.training import RunSpec
from netlib.training.run import looking, loop, thinning
from netlib.training.run.engine import Engine
from netlib.training.run.loop import train
from netlib.training.run.protocol import Pause, Resume, SetLearningRate, Start
from netlib.training.run.thinning import MOST_KEPT
from netlib.training.store import going_on, snapshots
from netlib.training.store.history import History
from netlib.training.store.recorder import Recorder
from tests.training.recorded import started_run
from tests.training.runs import CELL, DROPOUT, EMBEDDING, SMALL, Recorded, Script, hello, spec_of
from tests.training.test_loop import BreaksAt

SMALL_KINDS = ("predictions", "weights")


def kept(emit: Recorded, kind: str) -> list[int]:
    return sorted(step for step, _ in emit.kept(kind))


def run(spec: RunSpec, script: Script | None = None, start: Start | None = None) -> Recorded:
    emit = Recorded()
    train(spec, emit, script or Script(), start=start)
    return emit


@pytest.fixture
def ample(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time that snapshots take makes none of them rarer."""
    monkeypatch.setattr(looking, "FREE_SECONDS", 1e9)


@pytest.mark.usefixtures("ample")
@pytest.mark.parametrize(("epochs", "stride"), [(64, 1), (100, 2), (300, 8)])
def test_long_runs_keep_few_evenly_spread(epochs: int, stride: int) -> None:
    emit = run(hello(EMBEDDING, 0.01, seed=1, limits={"epochs": epochs}))
    losses = emit.values["val_loss"]
    best = min(losses, key=lambda step: losses[step])
    for kind in SMALL_KINDS:
        steps = kept(emit, kind)
        assert {0, best, epochs} <= set(steps)
        even = [step for step in steps if step % stride == 0]
        assert even == list(range(0, epochs + 1, stride))
        assert set(steps) - set(even) <= {best, epochs}
        assert len(steps) <= MOST_KEPT + 3
    assert epochs in kept(emit, "checkpoint")
    assert {0, stride} & set(kept(emit, "checkpoint")) <= {stride}


@pytest.mark.usefixtures("ample")
def test_what_is_kept_of_the_best_epoch_is_of_that_epoch() -> None:
    spec = spec_of(DROPOUT, batch=200, limits={"epochs": 80}, optimiser={"learning_rate": 0.9})
    emit = run(spec)
    losses = emit.values["val_loss"]
    best = min(losses, key=lambda step: losses[step])
    predictions = dict(emit.kept("predictions"))
    counts = predictions[best]["confusion"]
    assert np.trace(counts) / counts.sum() == pytest.approx(emit.values["val_accuracy"][best])
    engine = Engine(spec)
    for _ in range(best):
        engine.advance()
    weights = dict(emit.kept("weights"))[best]
    assert all(np.array_equal(weights[name], value) for name, value in engine.model.state_dict().items())


@pytest.mark.usefixtures("ample")
def test_steps_at_which_something_happens_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "LISTEN_EVERY", 0.0)
    script = Script(
        {72: SetLearningRate(value=0.02), 81: Pause(), 123: SetLearningRate(value=0.03)}, [Resume()]
    )
    emit = run(hello(CELL, 0.01, seed=1, limits={"epochs": 200}), script)
    happened = {step for step, kind, _ in emit.events if kind in ("pause", "learning_rate")}
    assert happened == {71, 80, 122}
    for kind in SMALL_KINDS:
        assert happened | {0, 200} <= set(kept(emit, kind))
    gaps = [b - a for a, b in pairwise(kept(emit, "weights"))]
    assert max(gaps) == 4


def test_what_takes_too_much_time_is_kept_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "FREE_SECONDS", 0.0)
    monkeypatch.setattr(looking, "MOST_SHARE", 0.0)
    emit = run(hello(CELL, 0.01, seed=1, limits={"epochs": 40}))
    assert len(kept(emit, "weights")) <= 4
    assert {0, 40} <= set(kept(emit, "weights"))
    assert kept(emit, "checkpoint") == [40]


@pytest.mark.usefixtures("ample")
def test_a_run_that_diverges_hands_on_its_best(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thinning, "MOST_KEPT", 2)
    spec = spec_of(SMALL, batch=200, limits={"epochs": 40})
    emit = Recorded()
    assert train(spec, emit, Script(), model_factory=lambda: BreaksAt(20, float("nan"))) == "diverged"
    losses = {step: loss for step, loss in emit.values["val_loss"].items() if np.isfinite(loss)}
    assert min(losses, key=lambda step: losses[step]) in kept(emit, "weights")


@pytest.mark.usefixtures("ample")
def test_a_run_that_goes_on_takes_over_what_it_kept(history: History) -> None:
    spec = hello(CELL, 0.02, seed=3, limits={"epochs": 90})
    name = history.create(spec)
    assert history.move(name, "starting")
    recorder = Recorder(history.database, name)
    recorder.end(train(spec, recorder, Script()))
    longer = spec.with_(limits={"epochs": 170})
    assert going_on.go_on(history, name, longer)
    start = going_on.start(history, history.state(name))
    assert {step for kind, step, _ in start.kept if kind == "weights"} >= {0, 2, 90}
    assert 90 in start.events
    emit = Recorded()
    emit.snapshots = [(kind, step, {}) for kind, step, _ in start.kept]
    train(longer, emit, Script(), start=start)
    steps = kept(emit, "weights")
    assert len(steps) <= MOST_KEPT + 4
    assert {0, 90, 170} <= set(steps)
    assert max(b - a for a, b in pairwise(steps)) <= 4


def test_dropped_snapshots_leave_rows_and_files(history: History) -> None:
    name, recorder = started_run(history)
    large = {"w": np.zeros(snapshots.LARGEST_INLINE, np.float32)}
    for step in (1, 2, 3):
        recorder.snapshot("checkpoint", step, large)
        recorder.snapshot("weights", step, {"w": np.full(3, step)})
        if step < 3:
            recorder.flush()
    recorder.drop("checkpoint", [1, 3])  # one is stored, the other not yet
    recorder.drop("weights", [2])
    recorder.flush()
    assert [(row.kind, row.step) for row in history.snapshots(name)] == [
        ("weights", 1), ("checkpoint", 2), ("weights", 3),
    ]  # fmt: skip
    assert [file.name for file in snapshots.folder(history.path, name).iterdir()] == [
        snapshots.file_name(0, "checkpoint", 2)
    ]


def test_nothing_is_dropped_for_what_could_not_be_stored(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, recorder = started_run(history)
    large = {"w": np.zeros(snapshots.LARGEST_INLINE, np.float32)}
    recorder.snapshot("checkpoint", 1, large)
    recorder.flush()

    def full(path: Path, run: str, file: str, data: bytes) -> None:
        raise OSError("no room")

    with monkeypatch.context() as context:
        context.setattr(snapshots, "write_file", full)
        recorder.snapshot("checkpoint", 2, large)
    recorder.drop("checkpoint", [1])
    recorder.flush()
    assert [row.step for row in history.snapshots(name, "checkpoint")] == [1]
    recorder.snapshot("checkpoint", 3, large)
    recorder.drop("checkpoint", [1])
    recorder.flush()
    assert [row.step for row in history.snapshots(name, "checkpoint")] == [3]
