"""The page's closed forms in JavaScript against netlib, and netlib's numbers against PyTorch's modules."""

import json
import random
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from netlib import build, trace
from netlib.presets import preset
from ui.inception.counts import sides_of
from ui.inception.layer import LANES, SIDES, network_of, trained_of
from ui.inception.presets import INPUTS, PRESETS, lecture, paper
from ui.inception.state import KEEPING, MOST_PADDING, InceptionState

MATH = Path(__file__).resolve().parent.parent.parent / "ui" / "inception" / "math.js"
WIDTHS = ("channels", "out1", "red3", "out3", "red5", "out5", "proj")

pytestmark = pytest.mark.skipif(not shutil.which("node"), reason="Node runs the page's arithmetic")


def javascript(expression: str, states: Sequence[InceptionState]) -> list[Any]:
    """What an expression of math.js gives for each state, called `state`."""
    script = (
        f"const math = await import({json.dumps(MATH.as_uri())});"
        "const states = JSON.parse(await new Promise((done) => {"
        " let text = ''; process.stdin.on('data', (part) => { text += part; });"
        " process.stdin.on('end', () => done(text)); }));"
        f"console.log(JSON.stringify(states.map((state) => {expression})));"
    )
    command = ["node", "--input-type=module", "-e", script]
    text = json.dumps([state.model_dump() for state in states])
    found = subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=60)
    answers: list[Any] = json.loads(found.stdout)
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


def test_the_closed_forms_give_what_netlib_counts() -> None:
    for state, found in zip(chosen(), javascript(SHOWN, chosen()), strict=True):
        assert found == counted(state), state


def test_the_names_of_the_branches_are_in_concats_order() -> None:
    states = [InceptionState(form=form) for form in LANES]  # type: ignore[arg-type] # the keys are the choices
    assert javascript("math.laneNames(state)", states) == [list(names) for names in LANES.values()]


def test_a_fault_is_found_where_netlib_finds_one() -> None:
    found = javascript("math.faultOf(state) === null", chosen())
    assert found == [trace(network_of(state)).ok for state in chosen()]
    assert {True, False} == set(found)


@pytest.mark.parametrize("name", ["three", "five"])
def test_a_reduction_pays_up_to_the_break_even_and_no_further(name: str) -> None:
    field = {"three": "red3", "five": "red5"}[name]
    states = [state.with_(**KEEPING, reduces3=True, reduces5=True) for state in chosen()]
    most = javascript(f"math.largestPaying(state, {json.dumps(name)})", states)
    exact = javascript(f"math.breakEven(state, {json.dumps(name)})", states)
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


def test_the_issues_example_of_a_break_even() -> None:
    assert javascript("math.largestPaying(state, 'five')", [InceptionState()]) == [154]


def test_the_ratio_is_that_of_the_two_sums() -> None:
    found = javascript(
        "math.ratioOf(math.moduleOf(state, 'without').macs, math.moduleOf(state, 'with').macs)", chosen()
    )
    for state, (ratio, word) in zip(chosen(), found, strict=True):
        both = counted(state)
        before, now = both["without"]["macs"], both["with"]["macs"]
        assert ratio == pytest.approx(max(before, now) / min(before, now) if before != now else 1)
        assert word == ("same" if before == now else "fewer" if before > now else "more")


def test_torch_has_as_many_parameters_and_gives_that_shape() -> None:
    import torch

    sound = [
        InceptionState.model_validate(
            {**state.model_dump(), **{name: 1 + getattr(state, name) % 40 for name in WIDTHS}, "size": 6}
        )
        for state in chosen()[:16]
    ]
    for state in sound:
        for side in SIDES:
            traced = trace(network_of(state, side))
            if not traced.ok:
                continue
            model = build(traced)
            assert sum(p.numel() for p in model.parameters()) == counted(state)[side]["params"]
            shape = model(torch.zeros(2, state.channels, 6, 6)).shape
            assert shape[1] == counted(state)[side]["channels"]


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
