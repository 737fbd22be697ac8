"""An ended run as files to save."""

import json
from pathlib import Path

import pytest

from netlib.training.run.protocol import SetLearningRate
from netlib.training.store import history as histories
from tests.ui.training_stage import StandIn, falling, stage, trained
from ui.training import program as programs
from ui.training.bench import Bench
from ui.training.program import program
from ui.training.reading import read

SPEC = Bench.fresh().spec


@pytest.fixture
def pool(tmp_path: Path) -> StandIn:
    return stage(tmp_path)


def test_a_run_is_offered_as_a_program_and_as_a_notebook(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(30))
    drawn = program(pool.history, read(pool.history, run))
    assert drawn is not None
    python, cells = drawn["files"]
    assert (python["name"], cells["name"]) == (f"run-{run}.py", f"run-{run}.ipynb")
    assert "STEPS = 30" in python["text"]
    assert json.loads(cells["text"])["nbformat"] == 4
    assert drawn["says"] == (
        "Repeats this run and checks 30 losses bit for bit; needs torch and scikit-learn."
    )


def test_what_was_changed_by_hand_is_in_it(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(30), end=None)
    change = SetLearningRate(value=0.004)
    pool.history.database.store(
        lambda connection: histories.add_event(connection, run, 12, "learning_rate", {"value": change.value})
    )
    drawn = program(pool.history, read(pool.history, run))
    assert drawn is not None
    assert "RATES = {12: 0.004}" in drawn["files"][0]["text"]


def test_a_run_that_went_on_has_another_program(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(30), end=None)
    first = program(pool.history, read(pool.history, run))
    with pool.history.database.writing() as connection:
        connection.execute("UPDATE runs SET generation = 1, step = 0 WHERE id = ?", (run,))
    assert program(pool.history, read(pool.history, run)) != first


def test_a_run_that_no_program_can_repeat_offers_none(pool: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained(pool, SPEC, falling(5))
    reading = read(pool.history, run)

    def refuse(*_: object) -> str:
        raise ValueError("no program")

    monkeypatch.setattr(programs, "script", refuse)
    assert program(pool.history, reading) is None


def test_a_run_on_a_graphics_card_is_not_said_to_be_bit_equal(pool: StandIn) -> None:
    run = trained(pool, SPEC.with_(device="cuda"), falling(5))
    drawn = program(pool.history, read(pool.history, run))
    assert drawn is not None
    assert "bit for bit" not in drawn["says"]
