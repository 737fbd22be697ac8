"""`python -m netlib train`: lines of JSON, a progress bar, and exit codes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from netlib.__main__ import main
from netlib.presets import preset
from netlib.training.run import loop
from tests.training.runs import EMBEDDING, SMALL, image_net
from tests.training.test_data import write_mnist

FIELDS = ["step", "epoch", "loss", "val_loss", "val_accuracy", "seconds"]


@pytest.fixture
def small(tmp_path: Path) -> str:
    path = tmp_path / "small.json"
    path.write_text(SMALL.to_json())
    return str(path)


def lines(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    code = main(["train", *arguments, "--json"])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def without_seconds(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in line.items() if k != "seconds"} for line in found]


def test_a_line_a_step_a_line_an_epoch_and_the_state(small: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = lines(capsys, small, "--epochs", "2", "--seed", "0", "--data", "digits")
    assert code == 0
    assert found[-1] == {"state": "finished", "reason": "All epochs are done (2)."}
    assert all(list(line) == FIELDS for line in found[:-1])
    steps = [line for line in found[:-1] if line["val_loss"] is None]
    epochs = [line for line in found[:-1] if line["val_loss"] is not None]
    assert [line["step"] for line in steps] == list(range(1, 47))  # 1,437 samples in batches of 64
    assert [(line["epoch"], line["step"]) for line in epochs] == [(1, 23), (2, 46)]
    assert found.index(epochs[0]) == 23
    mean = sum(line["loss"] for line in steps[23:]) / 23
    assert epochs[1]["loss"] == pytest.approx(mean)
    assert epochs[1]["val_accuracy"] > epochs[0]["val_accuracy"]
    seconds = [line["seconds"] for line in found[:-1]]
    assert seconds == sorted(seconds)


def test_the_same_settings_print_the_same_lines(
    small: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = (small, "--epochs", "2", "--seed", "5", "--optimiser", "Adam", "--schedule", "cosine")
    first = lines(capsys, *arguments)
    monkeypatch.setattr(loop, "SHOWN_EVERY", 0.0)
    second = lines(capsys, *arguments)
    other = lines(capsys, *arguments[:4], "6", *arguments[5:])
    assert without_seconds(first[1]) == without_seconds(second[1])
    assert without_seconds(first[1]) != without_seconds(other[1])


def test_defaults_are_ten_epochs_of_sgd(small: str, capsys: pytest.CaptureFixture[str]) -> None:
    by_default = lines(capsys, small)
    stated = lines(
        capsys,
        *(small, "--data", "digits", "--epochs", "10", "--seed", "0", "--batch", "64"),
        *("--optimiser", "SGD", "--lr", "0.05", "--momentum", "0.9"),
    )
    assert len(by_default[1]) == 10 * 24 + 1
    assert without_seconds(by_default[1]) == without_seconds(stated[1])


def test_hello_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Reading(EMBEDDING.to_json()))
    arguments = (
        "-",
        "--data",
        "hello",
        "--optimiser",
        "Adam",
        "--lr",
        "0.05",
        "--epochs",
        "15",
        "--seed",
        "1",
    )
    code, found = lines(capsys, *arguments)
    assert code == 0
    assert found[-2]["val_accuracy"] == 1.0


class Reading:
    """A standard input that holds a text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self) -> str:
        """The whole text."""
        return self.text


def test_a_progress_bar_and_a_line_an_epoch(small: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", small, "--epochs", "2"]) == 0
    out, err = capsys.readouterr()
    assert [line.split()[:2] for line in out.splitlines()[:2]] == [["epoch", "1"], ["epoch", "2"]]
    assert "accuracy" in out
    assert out.splitlines()[-1] == "finished: All epochs are done (2)."
    assert "step" in err


def test_steps_stand_in_for_the_ten_epochs(small: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, found = lines(capsys, small, "--steps", "30")
    assert found[-2]["step"] == 30
    assert found[-1]["reason"] == "All steps are done (30)."


def test_a_divergence_ends_with_advice_and_exit_code_1(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "inception.json"
    path.write_text(preset("inception-mnist").to_json())
    code, found = lines(capsys, str(path), "--lr", "5", "--epochs", "8")
    assert code == 1
    assert found[-1]["state"] == "diverged"
    assert "Try a learning rate of 0.05" in found[-1]["reason"]
    assert found[-2]["loss"] is None or found[-2]["loss"] > 40


def test_mnist_from_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_mnist(tmp_path)
    path = tmp_path / "net.json"
    path.write_text(preset("net").to_json())
    code, found = lines(
        capsys, str(path), "--data", "mnist", "--folder", str(tmp_path), "--epochs", "2", "--batch", "10"
    )
    assert code == 0
    assert [line["step"] for line in found[:-1] if line["val_loss"] is not None] == [3, 6]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--data", "mnist", "--folder", "/nowhere"), "Download it"),
        (("--data", "imagenet"), "there are no data named imagenet"),
        (("--data", "cifar10"), "CIFAR-10 has 3, the network takes 1"),
        (("--batch", "0"), "batch must be at least 1, got 0"),
        (("--lr", "-1"), "learning_rate must be"),
        (("--optimiser", "Adagrad"), "name must be one of SGD, Adam, AdamW, RMSprop"),
        (("--device", "tpu"), "device must be auto, cpu"),
        (("--data", "hello", "--target", "hi"), "one length, got 5 and 2"),
    ],
)
def test_what_cannot_be_trained_is_said_with_exit_code_1(
    arguments: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "net.json"
    path.write_text(preset("net").to_json())
    code, found = lines(capsys, str(path), *arguments)
    assert (code, found[-1]["state"]) == (1, "failed")
    assert said in found[-1]["reason"]
    assert main(["train", str(path), *arguments]) == 1
    printed = capsys.readouterr()
    assert said in printed.err + printed.out
    assert "Traceback" not in printed.err


def test_fixes_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wide.json"
    path.write_text(image_net({"kind": "Flatten"}, {"kind": "Linear", "out_features": 17}).to_json())
    assert main(["train", str(path)]) == 1
    assert "try: set out_features = 10 on 2 Linear" in capsys.readouterr().err


@pytest.mark.parametrize("text", [None, "{", '{"input": {"dims": [3]}, "layers": [{"kind": "No"}]}', "\xff"])
def test_a_network_that_cannot_be_read_is_exit_code_2(
    text: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "net.json"
    if text is not None:
        path.write_bytes(text.encode("latin-1"))
    assert main(["train", str(path)]) == 2
    error = capsys.readouterr().err
    assert error
    assert "Traceback" not in error


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal")
def test_ctrl_c_stops_after_the_step_in_progress(small: str) -> None:
    command = [sys.executable, "-m", "netlib", "train", small, "--epochs", "100000", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        rest = [json.loads(line) for line in process.stdout]
    assert process.returncode == 0
    assert (first["step"], first["epoch"]) == (1, 1)
    assert rest[-1]["state"] == "stopped"
    assert rest[-1]["reason"].startswith("Stopped at step")
