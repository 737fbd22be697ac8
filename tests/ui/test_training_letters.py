"""How names become numbers on the training page, and what is said of a name that somebody types."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st

from netlib import Message
from netlib.training import DataSpec
from tests.ui.training_stage import StandIn, stage, started
from ui.training import letters as page
from ui.training.answers import Answers
from ui.training.bench import Bench
from ui.training.letters import EXAMPLES, KEPT, TYPED, _words, draw_letters, letters
from ui.training.reading import Reading, read
from ui.training.shown import samples, shown

SPEC = Bench.fresh("names17").spec
GUESS = {"name": "Ann", "step": 40, "guesses": [[["English", 0.5], ["Dutch", 0.25], ["Zulu", 0.1]]] * 3}


@pytest.fixture
def pool(tmp_path: Path) -> StandIn:
    return stage(tmp_path)


def run_with_weights(pool: StandIn) -> Reading:
    run, recorder = started(pool, SPEC)
    recorder.snapshot("checkpoint", 40, {"step": np.array(40)})
    recorder.metrics("loss", 1, [2.8])
    recorder.flush()
    return read(pool.history, run)


def drawn(pool: StandIn, reading: Reading | None, text: str = "", why: object = None) -> dict[str, Any]:
    return letters(pool.as_pool(), Answers(), reading, SPEC, {"text": text, "why": why})


def test_before_a_run_the_preparation_is_shown_with_three_names(pool: StandIn) -> None:
    data = drawn(pool, None)
    stages = data["stages"]
    assert stages["names"] == list(EXAMPLES)
    assert stages["codes"][0] == [90, 104, 111, 117]
    assert stages["order"] == [2, 1, 0]
    assert stages["batchSizes"] == [3, 3, 3, 3, 2, 2, 2, 1, 1, 1]
    assert "21 of 30 cells, 30 % saved" in stages["says"]["packed"]
    assert (data["guess"], data["can"], data["look"]) == (None, False, {"every": None})


def test_a_typed_name_joins_the_batch(pool: StandIn) -> None:
    stages = drawn(pool, None, "Müller")["stages"]
    assert stages["names"] == ["Muller", *EXAMPLES]
    assert stages["batchSizes"][0] == 4


def test_a_run_with_weights_is_asked_and_its_answer_shown_by_letter(pool: StandIn) -> None:
    reading = run_with_weights(pool)
    waiting = drawn(pool, reading, "Ann")
    assert waiting["look"]["every"]
    question, payload = pool.asked[-1]
    assert (question, payload["name"], payload["step"]) == ("name_guess", "Ann", 40)
    pool.answers["name_guess"] = GUESS
    guess = drawn(pool, reading, "Ann")["guess"]
    assert [line["read"] for line in guess["lines"]] == ["A", "An", "Ann"]
    assert guess["lines"][2]["best"][0] == {"class": "English", "share": 0.5, "sure": "50 %"}
    assert guess["says"] == "Weights of step 40."


def test_what_is_no_name_is_said_and_not_asked(pool: StandIn) -> None:
    reading = run_with_weights(pool)
    data = drawn(pool, reading, "Ann😀")
    assert "got 😀" in data["why"]
    assert data["stages"]["names"] == list(EXAMPLES)
    assert all(question != "name_guess" for question, _ in pool.asked)
    assert "at most 18 letters, got 30" in drawn(pool, reading, "x" * 30)["why"]


def test_a_refusal_of_the_worker_is_shown(pool: StandIn) -> None:
    pool.answers["name_guess"] = Message("Nothing.")
    data = drawn(pool, run_with_weights(pool), "Ann")
    assert (data["why"], data["guess"]) == ("Nothing.", None)


@pytest.mark.parametrize("settled", [None, 7, [], {}, {"name": 7}, {"name": ["Ann"]}])
def test_nonsense_from_a_browser_changes_nothing(settled: object, monkeypatch: pytest.MonkeyPatch) -> None:
    session: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", session)
    page._typed(settled)
    assert session == {}


def test_a_megabyte_is_judged_at_once_and_not_kept(pool: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    session: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", session)
    page._typed({"name": "x" * 1_000_000})
    assert len(session[TYPED]["text"]) == KEPT
    assert "got 1,000,000" in drawn(pool, None, **session[TYPED])["why"]


def test_names_of_ones_own_are_not_said_to_be_of_languages() -> None:
    assert "languages" in _words("names17")["caution"]
    assert "in the file" in _words("upload-0123456789abcdef")["caution"]


def test_images_have_no_letters(pool: StandIn) -> None:
    assert draw_letters(pool.as_pool(), Answers(), None, Bench.fresh().spec) is None


def test_twenty_names_are_judged(pool: StandIn) -> None:
    run, recorder = started(pool, SPEC)
    ids = np.array([[65, 110, 110, 0], [66, 111, 98, 0]])
    recorder.snapshot("shown", 0, {"ids": ids, "targets": np.array([3, 4])})
    probabilities = np.full((2, 17), 0.01, np.float32)
    probabilities[:, 3] = 0.84
    confusion = np.zeros((17, 17), np.int32)
    confusion[3, 3], confusion[4, 3] = 6, 2
    arrays = {"said": np.array([3, 3], np.int32), "probabilities": probabilities, "confusion": confusion}
    recorder.snapshot("predictions", 77, arrays)
    recorder.metrics("loss", 1, [2.8])
    recorder.flush()
    data = shown(pool.history, read(pool.history, run), DataSpec(name="names17"), None)
    assert data is not None
    assert (data["texts"], data["frames"][0]["right"]) == (["Ann", "Bob"], 1)
    assert data["words"]["baseline"] == "Always the largest class: 75.0 % right"
    before = shown(
        pool.history, None, DataSpec(name="names17"), samples({"ids": ids.tolist(), "targets": [3, 4]})
    )
    assert before is not None
    assert before["texts"] == ["Ann", "Bob"]
