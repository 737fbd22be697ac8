"""The question "name_guess": from a run's kept weights to what its network says of each beginning of a name."""

from pathlib import Path

import pytest
import torch

from netlib.errors import NetlibError
from netlib.presets import preset
from netlib.questions import answer
from netlib.training import DataSpec, RunSpec
from netlib.training.data.names import padded
from netlib.training.run.engine import Engine
from netlib.training.store.history import History
from netlib.training.store.recorder import Recorder

SPEC = RunSpec(network=preset("names17-gru"), data=DataSpec(name="names17"))


@pytest.fixture
def engine() -> Engine:
    return Engine(SPEC)


def kept(history: History, engine: Engine | None, spec: RunSpec = SPEC) -> dict[str, object]:
    """A run with a checkpoint of the engine, and what is asked about it."""
    run = history.create(spec)
    if engine is not None:
        recorder = Recorder(history.database, run)
        recorder.snapshot(
            "checkpoint", 7, {name: value.numpy() for name, value in engine.checkpoint().items()}
        )
        recorder.flush()
    return {"database": str(history.path), "run": run}


def test_each_beginning_is_judged_as_a_name_of_its_own(history: History, engine: Engine) -> None:
    found = answer("name_guess", {**kept(history, engine), "name": " Żhang "})
    assert (found["name"], found["step"]) == ("Zhang", 7)
    assert len(found["guesses"]) == 5
    engine.model.eval()
    for length, best in enumerate(found["guesses"], start=1):
        alone = torch.from_numpy(padded(["Zhang"[:length]], 18))
        with torch.inference_mode():
            chances = engine.model(alone)[0].softmax(-1)
        assert [share for _, share in best] == pytest.approx(chances.topk(3).values.tolist(), abs=1e-4)
        assert best[0][0] == engine.data.about.class_names[int(chances.argmax())]


@pytest.mark.parametrize(
    ("name", "says"),
    [("王", "Latin letters"), ("x" * 19, "at most 18 letters, got 19"), (" ", "at least one letter")],
)
def test_what_is_no_name_is_refused(history: History, engine: Engine, name: str, says: str) -> None:
    with pytest.raises(NetlibError, match=says):
        answer("name_guess", {**kept(history, engine), "name": name})


def test_a_run_without_weights_or_about_images_is_refused(history: History, engine: Engine) -> None:
    with pytest.raises(NetlibError, match="no weights yet"):
        answer("name_guess", {**kept(history, None), "name": "Ann"})
    with pytest.raises(NetlibError, match="no weights yet"):
        answer("name_guess", {**kept(history, engine), "name": "Ann", "step": 6})
    images = RunSpec(network=preset("net"))
    with pytest.raises(NetlibError, match="did not learn from texts"):
        answer("name_guess", {**kept(history, Engine(images), images), "name": "Ann"})


def test_a_run_that_is_not_there_is_refused(tmp_path: Path, history: History) -> None:
    with pytest.raises(NetlibError):
        answer("name_guess", {"database": str(history.path), "run": "nothing", "name": "Ann"})
