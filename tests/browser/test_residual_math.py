"""The residual picture's own arithmetic against netlib and torch, over random settings."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Page

from netlib import trace
from ui.component import HERE, joined
from ui.residual.network import network_of, plain_of, road
from ui.residual.state import ResidualState

ANSWERS = """(states) => states.map((state) => ({
  costs: costsOf(state), meeting: meetingOf(state), road: roadOf(state),
  weights: ["basic", "bottleneck"].map((block) => weightsAs(state, block)),
}))"""


def states(count: int, seed: int) -> list[ResidualState]:
    """Random states; about half have shapes that agree."""
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        channels = chance.choice([1, 2, 3, 4, 7, 16, 64, 256, 1024])
        found.append(
            ResidualState(
                block=chance.choice(["basic", "bottleneck"]),
                channels=channels,
                filters=channels if chance.random() < 0.5 else chance.choice([1, 3, 4, 6, 32, 128, 512]),
                size=chance.choice([1, 2, 3, 7, 8, 12, 55, 56, 224]),
                stride=chance.choice([1, 1, 2]),
                shortcut=chance.choice(["identity", "A", "B", "C"]),
                norm=chance.random() < 0.5,
                activation=chance.choice(["ReLU", "GELU", "Tanh"]),
            )
        )
    return found


@pytest.fixture(scope="module")
def maths(chromium: Browser) -> Iterator[Page]:
    """A page with the arithmetic as global functions."""
    page = chromium.new_page()
    names = "costsOf, meetingOf, roadOf, weightsAs, powersAround, spreadOf, standingStill, lastStill"
    code = joined(HERE / "residual" / "math.js") + joined(HERE / "residual" / "axis.js")
    page.add_script_tag(type="module", content=f"{code}\nObject.assign(window, {{ {names} }});")
    page.wait_for_function("() => Boolean(window.costsOf)")
    yield page
    page.close()


def test_costs_and_shapes_are_netlibs(maths: Page) -> None:
    asked = states(600, seed=3)
    answers: list[dict[str, Any]] = maths.evaluate(ANSWERS, [state.model_dump() for state in asked])
    for state, answer in zip(asked, answers, strict=True):
        assert answer["road"] == road(state), state
        costs = answer["costs"]
        sides = {"plain": trace(plain_of(state)), "residual": trace(network_of(state))}
        for name, traced in sides.items():
            if not traced.ok:
                assert costs[name] is None, state
                continue
            assert traced.output is not None
            assert costs[name]["params"] == traced.params, (name, state)
            assert costs[name]["macs"] == traced.macs, (name, state)
            assert costs[name]["memory"] == traced.output.nbytes, (name, state)
            assert costs[name]["backward"] == traced.saved_bytes(), (name, state)
        if costs["residual"]:
            both = costs["plain"], costs["shortcut"], costs["residual"]
            assert all(
                one[f] + more[f] == total[f] for one, more, total in [both] for f in ("params", "macs")
            )


def test_the_meeting_at_the_plus_is_torchs(maths: Page) -> None:
    asked = [state.with_(size=min(8, state.size)) for state in states(400, seed=4)]
    answers = maths.evaluate(ANSWERS, [state.model_dump() for state in asked])
    seen = set()
    for state, answer in zip(asked, answers, strict=True):
        meeting = answer["meeting"]
        branch, skip = (torch.zeros(1, *meeting[side], device="meta") for side in ("branch", "skip"))
        output = trace(plain_of(state)).output
        assert output is not None
        assert tuple(meeting["branch"]) == output.dims
        seen.add(meeting["verdict"])
        try:
            total = tuple((branch + skip).shape[1:])
        except RuntimeError:
            assert meeting["verdict"] == "refuses", state
            assert meeting["sum"] is None
            continue
        assert tuple(meeting["sum"]) == total
        assert meeting["verdict"] == ("same" if branch.shape == skip.shape else "copies"), state
    assert seen == {"same", "copies", "refuses"}


def test_weights_of_both_forms_are_netlibs(maths: Page) -> None:
    asked = states(60, seed=5)
    answers = maths.evaluate(ANSWERS, [state.model_dump() for state in asked])
    for state, answer in zip(asked, answers, strict=True):
        for block, weights in zip(("basic", "bottleneck"), answer["weights"], strict=True):
            traced = trace(plain_of(state.with_(block=block, norm=True)))
            assert weights == sum(step.params for step in traced.leaves if step.title == "Conv2d")


def test_the_axis_holds_every_value(maths: Page) -> None:
    for values in ([1e-21, 0.1], [0.5], [0.0, 1e-3], [12.3, 0.35], [1e-44, 1e4], []):
        axis = maths.evaluate("(values) => powersAround(values)", values)
        assert axis["grid"]
        assert len(axis["grid"]) <= 7
        for value in values:
            assert value == 0 or 10.0 ** axis["low"] <= value * 1.001
            assert value <= 10.0 ** axis["high"] * 1.001


def test_seeds_are_summed_up_by_their_median(maths: Page) -> None:
    assert maths.evaluate("() => spreadOf([3, 1, 2, 9, 0])") == {"median": 2, "least": 0, "most": 9}
    assert maths.evaluate("() => spreadOf([1, 2])")["median"] == 1.5
    assert maths.evaluate("() => spreadOf([1, null])") is None
    moved = [[0, 0], [0, 0.5], [0, 0], [1, 1]]
    assert maths.evaluate("(moved) => [standingStill(moved), lastStill(moved)]", moved) == [2, 2]
