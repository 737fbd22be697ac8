"""What the recurrent picture counts under the hand, against netlib and the page's Python."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from netlib import trace
from tests.ui.recurrent_states import states
from ui.component import HERE, joined
from ui.recurrent.layer import (
    GATES,
    input_size,
    layers,
    letters,
    network_of,
    shapes,
    shown_steps,
    text,
    vocabulary,
)
from ui.recurrent.program import call
from ui.recurrent.state import RecurrentState

PER_CALL = 40
"""States that one call into the browser takes."""

LOOK = """(states) => states.map((state) => ({
    letters: m.lettersOf(state.word), text: m.stepsText(state), input: m.inputSizeOf(state),
    vocabulary: m.vocabularyOf(state), shapes: m.shapesOf(state), shown: m.shownSteps(state.steps),
    rows: m.paramRows(state), params: m.paramCount(state), macs: m.macCount(state), factors: m.macText(state),
    kinds: m.KINDS.map((kind) => m.recurrentParams(state, kind)), table: m.tableParams(state),
    code: m.codeOf(state).map(([part]) => part).join(""), word: m.wordOf(state.word),
    costs: m.encodingCosts(state, m.vocabularyOf(state)),
}))"""


@pytest.fixture(scope="module")
def math(chromium: Browser) -> Iterator[Page]:
    """A page with the picture's arithmetic as `window.m`."""
    page = chromium.new_page()
    offered = (
        "lettersOf stepsText inputSizeOf vocabularyOf shapesOf shownSteps paramRows paramCount macCount macText "
        "KINDS recurrentParams tableParams codeOf wordOf encodingCosts"
    )
    source = joined(HERE / "recurrent" / "codeline.js")
    page.add_script_tag(type="module", content=f"{source}\nwindow.m = {{ {', '.join(offered.split())} }};")
    page.wait_for_function("window.m")
    yield page
    page.close()


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(states(), min_size=PER_CALL, max_size=PER_CALL))
def test_what_the_picture_counts_is_what_python_counts(math: Page, many: list[RecurrentState]) -> None:
    seen = math.evaluate(LOOK, [state.model_dump(mode="json") for state in many])
    for state, found in zip(many, seen, strict=True):
        _check_letters(state, found)
        _check_counts(state, found)


def _check_letters(state: RecurrentState, found: dict[str, Any]) -> None:
    assert found["word"] == state.word
    assert tuple(found["letters"]) == letters(state)
    assert tuple(found["text"]) == text(state)
    assert found["vocabulary"] == vocabulary(state)
    assert found["input"] == input_size(state)
    assert tuple(found["shown"]) == shown_steps(state.steps)
    assert {name: tuple(shape["dims"]) for name, shape in found["shapes"].items()} == shapes(state)
    assert found["code"] == call(state)


def _check_counts(state: RecurrentState, found: dict[str, Any]) -> None:
    counted = trace(network_of(state))
    assert (found["params"], found["macs"]) == (counted.params, counted.macs)
    assert found["factors"][0] * found["factors"][1] == counted.macs
    recurrent = counted.leaves[-1].params
    assert found["table"] + recurrent == counted.params
    assert sum(row["value"] for row in found["rows"]) == recurrent
    assert len(found["rows"]) == layers(state)
    for row in found["rows"]:
        assert eval(row["text"].replace("·", "*")) == row["value"], row
    for kind, params in zip(("RNN", "GRU", "LSTM"), found["kinds"], strict=True):
        other = trace(network_of(state.with_(kind=kind)))
        assert params == other.leaves[-1].params == GATES[kind] * found["kinds"][0]
    for way, letters_as in (("hot", "one-hot"), ("embedded", "embedding")):
        one = state.with_(letters=letters_as, form="cell", bias=True)
        assert found["costs"][way] == trace(network_of(one)).params


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("hello", "hello"),
        ("a\tb\u202ec\u00a0d e", "abcd e"),
        ("😀你好", "😀你好"),
        ("thirteen chars", "thirteen cha"),
        ("\u200b", ""),
    ],
)
def test_what_is_typed_becomes_a_word_that_python_takes(math: Page, typed: str, word: str) -> None:
    assert math.evaluate("(typed) => m.wordOf(typed)", typed) == word
    if word:
        assert RecurrentState(word=word).word == word
