"""The command line's output and exit codes, as a script sees them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from netlib.__main__ import main
from netlib.presets import PRESETS, preset

SOUND = preset("net").to_json()
FAULTY = '{"input": {"dims": [784]}, "layers": [{"kind": "Linear", "out_features": 10, "in_features": 320}]}'


@pytest.fixture
def network_file(tmp_path: Path) -> Path:
    file = tmp_path / "net.json"
    file.write_text(SOUND, encoding="utf-8")
    return file


def test_trace_prints_totals(network_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", str(network_file)]) == 0
    shown = capsys.readouterr().out
    assert "8,490 parameters" in shown
    assert "934,400 FLOPs" in shown


def test_trace_as_json(network_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "--json", str(network_file)]) == 0
    read = json.loads(capsys.readouterr().out)
    assert (read["ok"], read["output"], read["params"], read["macs"]) == (True, [10], 8_490, 467_200)
    assert [s["path"] for s in read["steps"]] == [str(i) for i in range(8)]
    assert sum(s["params"] for s in read["steps"] if s["is_leaf"]) == 8_490


def test_a_problem_exits_1_and_names_layer_and_rule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "faulty.json"
    file.write_text(FAULTY, encoding="utf-8")
    assert main(["trace", "--json", str(file)]) == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert problems[0]["path"] == "0"
    assert problems[0]["field"] == "in_features"
    assert main(["code", str(file)]) == 1
    assert "1 Linear: in_features is 320" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"input": {"dims": [0]}}', "\x00", '{"input": {"dims": [1]}, "layers": 3}']
)
def test_an_unreadable_file_exits_2(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bad.json"
    file.write_text(text, encoding="utf-8")
    assert main(["trace", str(file)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_missing_file_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err


def test_preset_prints_one_a_line_name_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preset"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(PRESETS)


def test_preset_prints_json_that_trace_reads(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["preset", "resnet18"]) == 0
    file = tmp_path / "resnet18.json"
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["trace", str(file)]) == 0
    assert "11,689,512 parameters" in capsys.readouterr().out


def test_code_runs_on_its_own(network_file: Path, tmp_path: Path) -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "netlib", "code", str(network_file)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    program = tmp_path / "model.py"
    program.write_text(printed, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, str(program)], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert ran.stdout.strip() == "(2, 10)"


def test_describing_loads_neither_torch_nor_pandas() -> None:
    check = (
        "import sys, netlib, netlib.presets as p; t = netlib.trace(p.preset('resnet50')); netlib.source(t);"
        "assert t.ok; print(sorted({'torch', 'pandas', 'numpy', 'torchinfo'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
