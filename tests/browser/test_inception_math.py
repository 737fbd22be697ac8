"""The page's closed forms in JavaScript against netlib, and netlib's numbers against PyTorch's modules."""

import json
import random
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from netlib import trace
from netlib.presets import preset
from tests.core import torch_side
from ui.component import HERE, joined
from ui.inception.counts import sides_of
from ui.inception.layer import LANES, SIDES, network_of, trained_of
from ui.inception.presets import INPUTS, PRESETS, lecture, paper
from ui.inception.state import KEEPING, MOST_PADDING, InceptionState

WIDTHS = ("channels", "out1", "red3", "out3", "red5", "out5", "proj")


@pytest.fixture(scope="module")
def maths(chromium: Browser) -> Iterator[Page]:
    """A page with the arithmetic as one global object, `math`."""
    page = chromium.new_page()
    names = "breakEven, faultOf, laneNames, largestPaying, moduleOf, ratioOf"
    code = joined(HERE / "inception" / "math.js")
    page.add_script_tag(type="module", content=f"{code}\nwindow.math = {{ {names} }};")
    page.wait_for_function("() => Boolean(window.math)")
    yield page
    page.close()


def javascript(maths: Page, expression: str, states: Sequence[InceptionState]) -> list[Any]:
    """What an expression of math.js gives for each state, called `state`."""
    asked = [state.model_dump() for state in states]
    answers: list[Any] = maths.evaluate(f"(states) => states.map((state) => {expression})", asked)
    return answers


@cache
def chosen(count: int = 200) -> tuple[InceptionState, ...]:
    """Random settings over the whole range, one in three with a padding that breaks the module."""
    chance = random.Random(11)

    def one(index: int) -> InceptionState:
        fields: dict[str, Any] = {name: round(2 ** chance.uniform(0, 11)) for name in WIDTHS}
        fields |= {name: chance.random() < 0.7 for name in ("reduces3", "reduces5", "projects")}
        if index % 3 == 0:
            fields |= {name: chance.randint(0, most) for name, most in MOST_PADDING.items()}
        return InceptionState(
            form=chance.choice(("paper", "lecture")),
            size=chance.choice((1, 2, 3, 5, 7, 14, 28, 255)),
            match=chance.random() < 0.5,
            **fields,
        )

    return tuple(one(index) for index in range(count))


def counted(state: InceptionState) -> dict[str, Any]:
    return sides_of(state)


SHOWN = """Object.fromEntries(["without", "with"].map((side) => {
  const module = math.moduleOf(state, side);
  const pick = ({ params, macs, memory, channels }) => ({ params, macs, memory, channels });
  return [side, { ...pick(module), ok: module.ok, lanes: module.lanes.map(pick) }];
}))"""


def test_the_closed_forms_give_what_netlib_counts(maths: Page) -> None:
    for state, found in zip(chosen(), javascript(maths, SHOWN, chosen()), strict=True):
        assert found == counted(state), state


def test_the_names_of_the_branches_are_in_concats_order(maths: Page) -> None:
    states = [InceptionState(form=form) for form in LANES]  # type: ignore[arg-type] # the keys are the choices
    assert javascript(maths, "math.laneNames(state)", states) == [list(names) for names in LANES.values()]


def test_a_fault_is_found_where_netlib_finds_one(maths: Page) -> None:
    found = javascript(maths, "math.faultOf(state) === null", chosen())
    assert found == [trace(network_of(state)).ok for state in chosen()]
    assert {True, False} == set(found)


@pytest.mark.parametrize("name", ["three", "five"])
def test_a_reduction_pays_up_to_the_break_even_and_no_further(maths: Page, name: str) -> None:
    field = {"three": "red3", "five": "red5"}[name]
    states = [state.with_(**KEEPING, reduces3=True, reduces5=True) for state in chosen()]
    most = javascript(maths, f"math.largestPaying(state, {json.dumps(name)})", states)
    exact = javascript(maths, f"math.breakEven(state, {json.dumps(name)})", states)
    index = {form: names.index(name) for form, names in LANES.items()}
    seen = 0
    for state, last, border in zip(states, most, exact, strict=True):
        if border <= 1:  # even a single filter costs more than it saves
            continue
        assert last < border <= last + 1
        bare = counted(state)["without"]["lanes"][index[state.form]]["macs"]
        for reduction, pays in ((last, True), (last + 1, False)):
            if reduction > 2_048:
                continue
            own = counted(state.with_(**{field: reduction}))["with"]["lanes"][index[state.form]]["macs"]
            assert (own < bare) == pays, (state, reduction)
            seen += 1
    assert seen > 200


def test_a_known_break_even(maths: Page) -> None:
    assert javascript(maths, "math.largestPaying(state, 'five')", [InceptionState()]) == [154]


def test_the_ratio_is_that_of_the_two_sums(maths: Page) -> None:
    found = javascript(
        maths,
        "math.ratioOf(math.moduleOf(state, 'without').macs, math.moduleOf(state, 'with').macs)",
        chosen(),
    )
    for state, (ratio, word) in zip(chosen(), found, strict=True):
        both = counted(state)
        before, now = both["without"]["macs"], both["with"]["macs"]
        assert ratio == pytest.approx(max(before, now) / min(before, now) if before != now else 1)
        assert word == ("same" if before == now else "fewer" if before > now else "more")


def test_torch_counts_the_same_and_gives_that_shape() -> None:
    """On meta: parameters of the modules, MACs by torch's own counter, channels and size of what comes out."""
    checked = 0
    for state in chosen():
        for side in SIDES:
            traced = trace(network_of(state, side))
            if not traced.ok:
                continue
            said = counted(state)[side]
            model = torch_side.on_meta(traced)
            assert sum(p.numel() for p in model.parameters()) == said["params"]
            assert torch_side.macs(traced) == said["macs"]
            shape = model(torch_side.batch_of(traced, 2, "meta")).shape
            assert shape[1] == said["channels"]
            checked += 1
    assert checked > 200


def test_the_papers_modules_stand_in_googlenet_on_these_inputs() -> None:
    modules = [step for step in trace(preset("googlenet")).root.children if step.title == "Inception"]
    assert [(step.input.channels, step.input.spatial[0]) for step in modules] == list(INPUTS.values())
    for name, step in zip(INPUTS, modules, strict=True):
        state = InceptionState.model_validate(paper(name))
        assert network_of(state).layers[0] == step.block


def test_the_lectures_blocks_stand_in_its_network_on_these_inputs() -> None:
    found = [step for step in trace(preset("inception-mnist")).root.children if step.title == "Parallel"]
    for step, (channels, size) in zip(found, ((10, 12), (20, 4)), strict=True):
        assert (step.input.channels, step.input.spatial[0]) == (channels, size)
        assert network_of(InceptionState.model_validate(lecture(channels, size))).layers[0] == step.block


@pytest.mark.parametrize("chip", PRESETS, ids=lambda chip: chip.label)
def test_every_chip_leads_to_a_state(chip: Any) -> None:
    state = InceptionState().with_(**chip.changes)
    assert trace(network_of(state)).ok == (chip.label != "broken padding")
    if chip.label != "broken padding":
        assert all(trace(trained_of(state, side)).ok for side in SIDES)
