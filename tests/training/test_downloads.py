"""What people take away: weights that the rebuilt module loads, curves as a table, settings that start the run again."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
import safetensors
import safetensors.torch
import torch

from netlib import build, trace
from netlib.errors import NetlibError
from netlib.training import RunSpec
from netlib.training.run.engine import Engine
from netlib.training.run.loop import train
from netlib.training.store import downloads
from netlib.training.store.history import History
from netlib.training.store.recorder import Recorder
from tests.training.recorded import started_run
from tests.training.runs import NORMED, Script, spec_of


def test_the_weights_are_those_after_the_last_step(history: History, tmp_path: Path) -> None:
    spec = spec_of(NORMED, limits={"epochs": None, "steps": 12})
    run = history.create(spec)
    history.move(run, "starting")
    recorder = Recorder(history.database, run)
    recorder.end(train(spec, recorder, Script()))
    found = downloads.weights(history, run)
    assert found is not None
    file = tmp_path / "weights.safetensors"
    file.write_bytes(found)
    model = build(trace(NORMED))
    model.load_state_dict(safetensors.torch.load_file(file), strict=True)
    engine = Engine(spec)
    for _ in range(12):
        engine.advance()
    for mine, theirs in zip(model.state_dict().values(), engine.model.state_dict().values(), strict=True):
        assert torch.equal(mine, theirs)
    with safetensors.safe_open(file, framework="numpy") as opened:
        about = opened.metadata()
    assert (about["run"], about["step"]) == (run, "12")
    assert RunSpec.from_json(about["spec"]).network == NORMED


def test_the_latest_snapshot_of_the_present_generation_counts(history: History) -> None:
    run, recorder = started_run(history)
    recorder.metrics("loss", 1, [1.0])
    for kind, step, value in (("checkpoint", 4, 1.0), ("weights", 8, 2.0), ("checkpoint", 8, 3.0)):
        name = "model.w" if kind == "checkpoint" else "w"
        recorder.snapshot(kind, step, {name: np.array([value], np.float32), "rng.cpu": np.zeros(3, np.uint8)})
    recorder.flush()
    found = downloads.weights(history, run)
    assert found is not None
    arrays = safetensors.torch.load(found)
    assert (list(arrays), float(arrays["w"])) == (["w"], 3.0)
    recorder.event(8, "rewind")
    recorder.end("stopped")
    assert downloads.weights(history, run) is None


def test_curves_are_a_row_a_step_with_empty_cells(history: History) -> None:
    run, recorder = started_run(history)
    recorder.started("cpu", 1)
    recorder.metrics("loss", 1, [3.0, 2.0, float("nan")])
    recorder.metrics("val_loss", 2, [2.5])
    recorder.flush()
    recorder.event(3, "rewind")
    recorder.metrics("loss", 1, [3.0])
    recorder.end("stopped")
    rows = list(csv.DictReader(io.StringIO(downloads.curves(history, run))))
    assert [(row["generation"], row["step"], row["loss"], row["val_loss"]) for row in rows] == [
        ("0", "1", "3", ""),
        ("0", "2", "2", "2.5"),
        ("0", "3", "", ""),
        ("1", "1", "3", ""),
    ]
    assert float(rows[1]["seconds"]) > 0


def test_a_run_without_curves_has_a_heading_only(history: History) -> None:
    run, _ = started_run(history)
    assert downloads.curves(history, run) == "generation,step,seconds\n"
    assert downloads.weights(history, run) is None


def test_the_settings_start_the_same_run_again(history: History) -> None:
    run, _ = started_run(history)
    text = downloads.settings(history, run)
    assert RunSpec.from_json(text) == history.state(run).spec()
    assert json.loads(text)["batch"] == 8


def test_a_run_that_is_gone_is_a_sentence(history: History) -> None:
    for take in (downloads.weights, downloads.curves, downloads.settings):
        with pytest.raises(NetlibError, match="There is no run"):
            take(history, "nosuchrun")
