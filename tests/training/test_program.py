"""The exported program: a file without netlib that gives the losses of the run, bit for bit, and says so."""

import contextlib
import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from netlib import trace
from netlib.errors import NetlibError
from netlib.presets import preset
from netlib.training import RunSpec, settle
from netlib.training.data import datasets
from netlib.training.data.feeding import feeding
from netlib.training.data.tensors import load, prepared
from netlib.training.program.notebook import notebook
from netlib.training.program.pieces import shortest
from netlib.training.program.record import Record, changes, recorded
from netlib.training.program.script import script
from netlib.training.run.loop import train
from netlib.training.run.protocol import Command, SetLearningRate
from netlib.training.store.history import History
from netlib.training.store.recorder import Recorder
from netlib.training.store.records import Event
from tests.training.runs import CELL, DROPOUT, EMBEDDING, HEADED, NORMED, SMALL, Script, hello, spec_of

LINEAR: dict[str, Any] = {"kind": "Linear", "out_features": 10}
TOKENS = {
    "input": {"dims": [18], "dtype": "int64"},
    "layers": [
        {"kind": "Embedding", "num_embeddings": 128, "embedding_dim": 8},
        {"kind": "GRU", "hidden_size": 6, "returns": "last"},
        {"kind": "Linear", "out_features": 17},
    ],
}
SEVENTEEN: dict[str, Any] = {"kind": "Linear", "out_features": 17}
VECTOR = {"input": {"dims": [64]}, "layers": [LINEAR]}
ROWS = {"input": {"dims": [16, 8]}, "layers": [{"kind": "RNN", "hidden_size": 6, "returns": "last"}, LINEAR]}
WIDE = {
    "input": {"dims": [1, 12, 12]},
    "layers": [{"kind": "Conv2d", "out_channels": 3, "kernel_size": 5}, {"kind": "Flatten"}, LINEAR],
}
FEW = {"epochs": None, "steps": 17}


def small(network: Any, **fields: Any) -> RunSpec:
    return spec_of(network, **{"limits": FEW, "batch": 48, "seed": 3, **fields})


SPECS: dict[str, RunSpec] = {
    "heads, clip, cosine": small(HEADED, clip=0.5, schedule={"name": "cosine"}),
    "dropout, Adam, one-cycle": small(
        DROPOUT, optimiser={"name": "Adam", "learning_rate": 0.01}, schedule={"name": "one-cycle"}
    ),
    "BatchNorm, AdamW, warm-up": small(
        NORMED,
        optimiser={"name": "AdamW", "learning_rate": 0.01, "weight_decay": 0.01},
        schedule={"name": "warm-up", "warmup": 0.5},
    ),
    "RMSprop, step": small(
        SMALL,
        optimiser={"name": "RMSprop", "learning_rate": 0.001, "momentum": 0.5},
        schedule={"name": "step"},
    ),
    "nesterov, not fused": small(
        SMALL, optimiser={"nesterov": True, "weight_decay": 0.001}, fused=False, layout="contiguous"
    ),
    "a vector, the whole set at once": small(VECTOR, batch=10_000),
    "rows, another split": small(
        ROWS, data={"train_samples": 100, "validation": 0.4, "split_seed": 5}, batch=33
    ),
    "resized, a last batch of one": small(WIDE, data={"train_samples": 97}),
    "bfloat16": small(SMALL, precision="bfloat16"),
    "ids": hello(EMBEDDING, 0.05, seed=4),
    "names as ids": small(TOKENS, data={"name": "names17", "train_samples": 150}),
    "names, one-hot": small(
        {
            "input": {"dims": [20, 128]},
            "layers": [{"kind": "RNN", "hidden_size": 6, "returns": "last"}, SEVENTEEN],
        },
        data={"name": "names17", "train_samples": 150},
    ),
    "one-hot, summed": hello(CELL, 0.1, loss="sum", seed=4),
}


def run_of(history: History, spec: RunSpec, before: dict[int, Command] | None = None) -> str:
    """A run in the history that has ended, with commands before given steps."""
    spec = settle(spec)
    run = history.create(spec)
    assert history.move(run, "starting")
    recorder = Recorder(history.database, run, versions={"torch": torch.__version__})
    assert recorder.end(train(spec, recorder, Script(before)))
    return run


def printed(code: str) -> str:
    """What a program prints, run in this process but without seeing anything of it."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "program", "exec"), {"__name__": "__main__"})
    return out.getvalue()


def alone(code: str, folder: Path) -> str:
    """What a program prints in a Python that knows nothing of this folder."""
    file = folder / "program.py"
    file.write_text(code, encoding="utf-8")
    found = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", str(file)],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


def test_the_net_on_digits_is_equal_in_a_process_of_its_own(
    history: History, tmp_path: Path, listens_always: None
) -> None:
    spec = RunSpec.model_validate({"network": preset("net"), "limits": {"epochs": 2}, "seed": 7})
    changed: dict[int, Command] = {5: SetLearningRate(value=0.02), 30: SetLearningRate(value=0.013)}
    run = run_of(history, spec, changed)
    code = script(history.state(run).spec(), recorded(history, run))
    assert "import netlib" not in code
    assert "from netlib" not in code
    assert alone(code, tmp_path).splitlines()[-1] == (
        "equal: all 46 losses are those of the run, bit for bit"
    )


def test_the_notebook_of_hello_is_equal_in_a_process_of_its_own(history: History, tmp_path: Path) -> None:
    run = run_of(history, hello(preset("hello-cell"), 0.1, loss="sum"))
    held = json.loads(notebook(history.state(run).spec(), recorded(history, run)))
    assert (held["nbformat"], held["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in held["cells"]}) == len(held["cells"])
    assert [c["cell_type"] for c in held["cells"]][:3] == ["markdown", "markdown", "code"]
    cells = ["".join(cell["source"]) for cell in held["cells"] if cell["cell_type"] == "code"]
    found = alone("\n".join(cells), tmp_path).splitlines()
    assert found[-1] == "equal: all 15 losses are those of the run, bit for bit"


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_equal_bits(spec: RunSpec, history: History, listens_always: None) -> None:
    run = run_of(history, spec, {4: SetLearningRate(value=0.03), 9: SetLearningRate(value=0.01)})
    found = printed(script(history.state(run).spec(), recorded(history, run)))
    assert "equal: all" in found, found


def test_a_program_says_where_it_differs(history: History) -> None:
    run = run_of(history, small(SMALL))
    spec, record = history.state(run).spec(), recorded(history, run)
    other = printed(script(spec.with_(seed=9), record))
    assert "differs: at step 1 the loss is " in other
    assert f"recorded was {float(record.first[1]):.9g}" in other
    held = vars(record)
    assert "differs somewhere between step 9 and step 9" in printed(
        script(spec, Record(**{**held, "digest": "0"}))
    )
    assert "equal: the first and last of 17 losses" in printed(
        script(spec, Record(**{**held, "digest": None}))
    )


def test_a_run_that_diverged_is_equal_up_to_its_end(history: History) -> None:
    spec = small(SMALL, optimiser={"learning_rate": 1000.0}, limits={"epochs": None, "steps": 200})
    run = run_of(history, spec)
    assert history.state(run).state == "diverged"
    assert "equal: all" in printed(script(spec, recorded(history, run)))


def test_without_a_record_it_trains_as_the_spec_says() -> None:
    found = printed(script(small(SMALL))).splitlines()
    assert found[-1].startswith("step 17: training loss ")
    assert "RECORDED" not in script(small(SMALL))


def test_a_schedule_that_was_laid_out_anew(history: History) -> None:
    events = [
        Event(1, 0, 4, 0.0, "continued", None, {"planned_before": 10, "planned": 30}),
        Event(2, 0, 6, 0.0, "learning_rate", None, {"value": 0.5}),
        Event(3, 0, 7, 0.0, "continued", None, {"planned_before": 30, "planned": 30}),
    ]
    assert changes(events) == ({6: 0.5}, {0: 10, 4: 30})
    spec = small(SMALL, schedule={"name": "cosine"})
    code = script(spec, Record("x", 9, {6: 0.5}, {0: 10, 4: 30}))
    names: dict[str, Any] = {}
    exec(code[: code.index("# --- The loss")], names)
    base, factor = spec.optimiser.learning_rate, spec.schedule.factor
    expected = [base * factor(s, 10) for s in range(4)] + [base * factor(s, 30) for s in range(4, 6)]
    changed = 0.5 / factor(6, 30)
    expected += [changed * factor(s, 30) for s in range(6, 9)]
    assert [names["rate_at"](step) for step in range(9)] == expected


@pytest.mark.parametrize("size", [4 << 10, 20 << 10, 1 << 30])
def test_samples_too_large_to_keep_are_prepared_by_the_batch(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netlib.training.program.data.RESIDENT_BYTES", size)
    monkeypatch.setattr("netlib.training.data.tensors.RESIDENT_BYTES", size)
    spec = settle(small(WIDE, data={"train_samples": 30}))
    data = load(spec.data, spec.network.input)
    names: dict[str, Any] = {}
    code = script(spec)
    exec(code[: code.index("# --- The model")], names)
    index = torch.tensor([3, 1, 7])
    for half, held in (("train", data.train), ("valid", data.validation)):
        x, y = names["batch"](names[f"{half}_x"], names[f"{half}_y"], index)
        inputs, targets = data.batch(held, index)
        assert torch.equal(x, inputs)
        assert torch.equal(y, targets)
        assert (names[f"{half}_x"].shape[-1] == 8) == held.raw


@pytest.mark.parametrize("name", [name for name, data in datasets.DATA_SETS.items() if data.mean])
def test_downloaded_images_are_prepared_as_in_a_run(name: str) -> None:
    about = datasets.DATA_SETS[name]
    given = {"dims": [about.dims[0], 30, 40]}
    spec = settle(small({"input": given, "layers": [{"kind": "Flatten"}, LINEAR]}, data={"name": name}))
    code = script(spec)
    assert f"datasets.{about.load.__self__.cls}(" in code  # type: ignore[attr-defined]  # a reader's own method
    body = code[code.index("def prepare") :]
    body = body[: body.index("\n\n\n")]
    names: dict[str, Any] = {"torch": torch, "F": torch.nn.functional}
    exec(body, names)
    x = torch.randint(0, 256, (3, *about.dims), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
    way = feeding(about, spec.network.input)
    assert way is not None
    assert torch.equal(names["prepare"](x), prepared(about, way, x))


def test_data_of_unknown_origin_are_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    digits = datasets.DATA_SETS["digits"]
    monkeypatch.setitem(
        datasets.DATA_SETS, "digits", replace(digits, name="mine", label="Mine", load=datasets._digits)
    )
    with pytest.raises(NetlibError, match="no program for runs on Mine"):
        script(small(SMALL))


def test_a_title_cannot_end_the_docstring() -> None:
    code = script(small(SMALL), Record('"""; print("out") \\', 3))
    assert printed(code).startswith("step 3")


@pytest.mark.parametrize("slug", ["net", "googlenet", "resnet20-cifar", "hello-lstm"])
@pytest.mark.parametrize("device", ["cuda:0", "mps"])
def test_programs_for_other_devices_are_python(slug: str, device: str) -> None:
    network = preset(slug)
    data = {
        "name": "hello"
        if network.input.dims[0] == 5
        else "cifar10"
        if network.input.dims[0] == 3
        else "digits"
    }
    spec = RunSpec.model_validate({"network": network, "data": data, "device": device, "compiled": True})
    assert trace(network).ok
    code = script(settle(spec), Record("x", 3))
    compile(code, "program", "exec")
    assert f'DEVICE = "{device}"' in code
    assert "not bit for bit" in code


def test_losses_are_written_as_short_as_they_may_be() -> None:
    values = np.random.default_rng(0).uniform(0, 5, 5000).astype(np.float32)
    assert all(np.float32(float(shortest(value))) == value for value in values)
    assert shortest(np.float32(2.3)) == "2.3"
    assert shortest(np.float32("nan")) == 'float("nan")'
