"""What a picture is given: one JSON text, of which the part that never changes is written once for each language."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
import streamlit as st

from netlib.words import Language
from ui import component
from ui.component import Picture

Drawn = list[dict[str, Any]]


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> list[Language]:
    """The session's language, as the last of a list."""
    languages: list[Language] = ["en"]
    monkeypatch.setattr(component, "language", lambda: languages[-1])
    return languages


def picture(monkeypatch: pytest.MonkeyPatch, fixed: component.Fixed | None = None) -> tuple[Picture, Drawn]:
    """A picture of the owner's folder, and what it has handed to Streamlit."""
    drawn: Drawn = []

    def declared(*_: object, **__: object) -> Any:
        return lambda **given: drawn.append(given)

    monkeypatch.setattr(st.components.v2, "component", declared)
    return Picture("owner", ("look",), fixed), drawn


def read(given: Mapping[str, Any]) -> Any:
    return json.loads(given["data"])


def test_it_is_given_its_data_and_the_language(
    monkeypatch: pytest.MonkeyPatch, spoken: list[Language]
) -> None:
    draws, drawn = picture(monkeypatch)
    draws("key", {"state": {"now": 1}, "note": "池化 \ud800"})
    assert isinstance(drawn[0]["data"], bytes)
    assert read(drawn[0]) == {"state": {"now": 1}, "note": "池化 \ud800", "lang": "en"}


def test_what_is_fixed_is_made_once_for_each_language(
    monkeypatch: pytest.MonkeyPatch, spoken: list[Language]
) -> None:
    made: list[Language] = []

    def fixed() -> dict[str, object]:
        made.append(spoken[-1])
        return {"words": {"add": spoken[-1]}, "none": []}

    draws, drawn = picture(monkeypatch, fixed)
    for value in range(3):
        draws("key", {"value": value})
    spoken.append("zh")
    draws("key", {"value": 3})
    assert made == ["en", "zh"]
    assert read(drawn[2]) == {"value": 2, "lang": "en", "words": {"add": "en"}, "none": []}
    assert read(drawn[3])["words"] == {"add": "zh"}


def test_what_no_browser_could_read_is_a_fault_here(
    monkeypatch: pytest.MonkeyPatch, spoken: list[Language]
) -> None:
    draws, _ = picture(monkeypatch)
    with pytest.raises(ValueError, match="JSON"):
        draws("key", {"loss": float("nan")})


def test_a_callback_without_an_event_is_refused(
    monkeypatch: pytest.MonkeyPatch, spoken: list[Language]
) -> None:
    draws, _ = picture(monkeypatch)
    with pytest.raises(TypeError, match="settled, look"):
        draws("key", {}, leave=lambda: None)
