"""Sentences as data: what is sent is said in both languages, also where its Chinese reading was not known."""

import json
import subprocess
import sys

import numpy as np
import pytest

from netlib.training.sentence import from_data, to_data
from netlib.words import CATALOGUE, Message, learn, words

SENT = words("{count:,} of a test, {share:.1%}", "测试的 {count:,}，{share:.1%}")


def test_a_reading_travels_with_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = json.dumps(to_data(Message(SENT, count=1200, share=0.5)))
    monkeypatch.delitem(CATALOGUE, SENT)
    read = from_data(json.loads(sent))
    assert read is not None
    assert (read, read.say("zh")) == ("1,200 of a test, 50.0%", "测试的 1,200，50.0%")


def test_a_reading_travels_within_another_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = json.dumps(to_data(Message("{text}", text=Message(SENT, count=1, share=0.25))))
    monkeypatch.delitem(CATALOGUE, SENT)
    read = from_data(json.loads(sent))
    assert read is not None
    assert read.say("zh") == "测试的 1，25.0%"


def test_what_was_stored_without_a_reading_is_still_read() -> None:
    read = from_data({"say": SENT, "with": {"count": 3, "share": 0.1}})
    assert read is not None
    assert read.say("zh") == "测试的 3，10.0%"


@pytest.mark.parametrize("chinese", ["{other}", "{", "没有占位符"])
def test_a_reading_that_does_not_fit_is_not_learnt(chinese: str) -> None:
    learn("a sentence of a test about {count}", chinese)
    assert "a sentence of a test about {count}" not in CATALOGUE


def test_a_reading_that_is_known_stays() -> None:
    learn(SENT, "{count}{share}")
    assert CATALOGUE[SENT].startswith("测试的")


def test_numbers_of_numpy_stay_numbers() -> None:
    read = from_data(json.loads(json.dumps(to_data(Message(SENT, count=np.int64(7), share=np.float32(0.5))))))
    assert read == "7 of a test, 50.0%"


def test_the_app_says_in_chinese_how_earlier_runs_ended() -> None:
    """Their history holds no reading, and the modules that train are never loaded there."""
    code = (
        "import ui.workers; from netlib.training.sentence import from_data; "
        'print(ascii(from_data({"say": "All epochs are done ({epochs:,}).", "with": {"epochs": 15}}).say("zh")))'
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert found.stdout.strip() == ascii("全部轮次已完成（15）。")
