"""The residual page without a browser: its networks, repairs, exercises, links, and what it makes of measurements."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from netlib import BadLink, Message, Network, build, source, trace
from netlib.presets import preset
from netlib.questions import answer
from netlib.training import DataSpec
from netlib.training.data.fit import fit
from ui.lab.bench import Bench
from ui.lab.link import packed, unpacked
from ui.residual import exercises as tasks
from ui.residual import measured
from ui.residual.explorer import LAB, data, questions, trains
from ui.residual.network import network_of, plain_of, road, stack, stem_layers
from ui.residual.presets import PRESETS
from ui.residual.repairs import repairs
from ui.residual.state import ResidualState

CASES = json.loads((Path(__file__).parent.parent / "cases" / "seed_cases.json").read_text(encoding="utf-8"))

states = st.builds(
    ResidualState,
    block=st.sampled_from(["basic", "bottleneck"]),
    channels=st.integers(1, 70),
    filters=st.integers(1, 70),
    size=st.integers(1, 20),
    stride=st.integers(1, 2),
    shortcut=st.sampled_from(["identity", "A", "B", "C"]),
    norm=st.booleans(),
    activation=st.sampled_from(["ReLU", "GELU", "Tanh"]),
    depth=st.integers(2, 21),
)


@given(states)
@settings(max_examples=150, deadline=None)
def test_only_an_identity_that_does_not_fit_is_refused(state: ResidualState) -> None:
    traced = trace(network_of(state))
    assert traced.ok == (road(state) != "refused")
    plain = trace(plain_of(state))
    assert plain.ok
    if traced.ok:
        assert traced.output == plain.output
        assert (traced.params > plain.params) == (road(state) == "projection")


@given(states)
@settings(max_examples=150, deadline=None)
def test_each_repair_of_a_refused_sum_works(state: ResidualState) -> None:
    found = repairs(state)
    assert len(found) == (3 if road(state) == "refused" else 0)
    assert len({repaired.label for repaired in found}) == len(found)
    for repaired in found:
        traced = trace(network_of(repaired.state))
        assert traced.ok
        changed = repaired.state.model_dump()
        assert {n: v for n, v in changed.items() if v != getattr(state, n)}


def test_a_repair_says_what_it_costs() -> None:
    state = ResidualState(channels=64, filters=128, stride=2, norm=True)
    project, pad, keep = repairs(state)
    assert project.label == "1×1: +8,448 parameters"
    assert trace(network_of(project.state)).params == trace(plain_of(state)).params + 64 * 128 + 2 * 128
    assert trace(network_of(pad.state)).params == trace(plain_of(state)).params
    assert keep.state.filters == 64
    assert keep.state.stride == 1


@given(states)
@settings(max_examples=25, deadline=None)
def test_both_stacks_take_digits_and_give_classes(state: ResidualState) -> None:
    for residual in (False, True):
        network = stack(state, residual=residual)
        assert fit(network, DataSpec(name="digits")).ok
        assert Network.from_link(network.to_link()) == network
        assert len(network.layers) == stem_layers(state) + state.depth + 3


@pytest.mark.parametrize(
    "state", [ResidualState(), ResidualState(norm=True, shortcut="C", block="bottleneck")]
)
def test_the_layers_of_both_stacks_stand_under_each_other(state: ResidualState) -> None:
    short = state.with_(depth=2)
    question, payload = measured.gradient_question(short)
    runs = answer(question, {**payload, "seeds": [0, 1]})["runs"]
    curves = [
        measured.curve(trace(stack(short, residual=flag)), found, stem_layers(short), 2)
        for flag, found in zip((False, True), runs, strict=True)
    ]
    layers = 2 * (2 if state.block == "basic" else 3) + 2
    for curve in curves:
        assert len(curve["norms"]) == len(curve["moved"]) == len(curve["names"]) == layers
        assert all(len(norms) == 2 for norms in curve["norms"])
        assert curve["factor"] > 0


def test_a_factor_is_what_one_block_leaves() -> None:
    layers = [{"path": "0", "norm": 1.0, "moved": 1.0}]
    flows: list[float | None] = [9.0, 8.0, 4.0, 2.0, 1.0, 5.0]
    runs = [{"layers": layers, "flows": flows}]
    traced = trace(stack(ResidualState(depth=3), residual=False))
    assert measured.curve(traced, runs, first=2, depth=3)["factor"] == pytest.approx(2.0)
    flows[4] = 0.0
    assert measured.curve(traced, runs, first=2, depth=3)["factor"] is None


def test_presets_change_fields_that_there_are() -> None:
    for preset_ in PRESETS:
        state = ResidualState().with_(**preset_.changes)
        assert trace(network_of(state)).ok == (preset_.label != "1 + 16")


def found_for(question: measured.Question) -> Mapping[str, Any] | Message | None:
    """The worker's answer, worked out here."""
    return answer(*question)


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "known", found_for)
    monkeypatch.setattr(measured, "known", found_for)


def test_exercises_equal_the_figures_of_the_study_notes(answered: None) -> None:
    found = {task.name: [question.answer for question in task.questions] for task in tasks.exercises()}
    cases = {case["id"]: case for case in CASES["cases"]}
    cifar = cases["resnet20.cifar"]
    assert found["options"] == [(cifar["option_A"]["params"],), (cifar["option_B"]["params"],)]
    deep = [cases[name]["params_total"] for name in ("resnet34.imagenet", "resnet50.imagenet")]
    assert found["deeper"][:2] == [(params,) for params in deep]
    assert found["deeper"][2] == (
        round(100 * (trace(preset("resnet50")).macs / trace(preset("resnet34")).macs - 1)),
    )
    assert found["bottleneck"] == [(1_179_648,), (69_632,), (73_728,)]
    errors = {case["action"]: case for case in CASES["expected_errors"]}
    silent = errors["residual add (1,16,12,12)+(1,1,12,12)"]
    assert found["broadcast"][0] == tuple(silent["result_shape"][1:])
    assert found["wider"] == [(32, 12, 12), (16 * 32 + 2 * 32,), (0,)]
    assert found["identity"] == [(0,), (0,)]


def test_the_first_exercise_waits_for_its_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "known", lambda question: None)
    assert "identity" not in [task.name for task in tasks.exercises()]


@pytest.mark.parametrize(("one", "other"), [((1, 4, 4), (16, 4, 4)), ((3, 1), (3, 5)), ((2, 2), (2, 2))])
def test_broadcast_is_torchs(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    import torch

    assert tasks.broadcast(one, other) == tuple((torch.zeros(one) + torch.zeros(other)).shape)
    with pytest.raises(ValueError, match="do not broadcast"):
        tasks.broadcast((*one, 2), (*other, 3))


@pytest.mark.parametrize(
    "state",
    [
        ResidualState(),
        ResidualState(channels=16, filters=32, size=12),
        ResidualState(norm=True, shortcut="A", channels=8, filters=16, stride=2, size=9, zeroed=True),
    ],
)
def test_everything_that_the_picture_gets_is_json(answered: None, state: ResidualState) -> None:
    found = data(Bench(state, ResidualState()))
    assert json.loads(json.dumps(found)) == json.loads(json.dumps(found, allow_nan=False))
    assert found["counted"]["residual"]["ok"] == (road(state) != "refused")
    assert not found["waits"]
    assert (found["zeros"] is not None) == state.zeroed


def test_programs_run_and_have_the_traced_parameters() -> None:
    state = ResidualState(channels=8, filters=16, size=6, stride=2, shortcut="A")
    for network in (plain_of(state), network_of(state)):
        space: dict[str, Any] = {"__name__": "program"}
        exec(source(trace(network)), space)
        model = space["make_model"]()
        assert sum(p.numel() for p in model.parameters()) == trace(network).params
        assert sum(p.numel() for p in build(trace(network)).parameters()) == trace(network).params


def test_the_door_to_training_follows_the_sum() -> None:
    whole, refused = ResidualState(), ResidualState(filters=32)
    assert trains(whole, {"to": "training"}) == stack(whole, residual=True)
    assert trains(whole, {"to": "training", "net": "plain"}) == stack(whole, residual=False)
    for wanted in ({"to": "training"}, "training", None, {"net": ["plain"]}):
        assert trains(refused, wanted) == stack(refused, residual=False)


def test_what_workers_are_asked_does_not_depend_on_the_input_size() -> None:
    one, other = ResidualState(size=56), ResidualState(size=28)
    assert questions(one)[0] == questions(other)[0]
    assert questions(one.with_(zeroed=True)) != questions(one)


@given(states, st.booleans())
@settings(max_examples=50, deadline=None)
def test_a_link_restores_the_state(state: ResidualState, keeps: bool) -> None:
    bench = Bench(state, ResidualState(filters=3) if keeps else None)
    link = LAB.link(bench)
    assert link is None or LAB.read(unpacked(link)) == bench


HOSTILE: dict[str, Any] = {
    "too many channels": {"now": {"channels": 100_000}},
    "no channels": {"now": {"filters": 0}},
    "a float": {"now": {"stride": 1.5}},
    "a text for a switch": {"now": {"norm": "yes"}},
    "an unknown shortcut": {"now": {"shortcut": "D"}},
    "an unknown field": {"now": {"colour": "red"}},
    "a depth that hangs": {"now": {"depth": 10**9}},
    "an unknown part": {"then": {}},
    "kept is hostile too": {"kept": {"seed": -1}},
}


@pytest.mark.parametrize("state", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_state_is_refused(state: dict[str, Any]) -> None:
    with pytest.raises((ValidationError, BadLink)):
        LAB.read(unpacked(packed(state)))
