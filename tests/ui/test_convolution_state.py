"""The convolution page's state: the network it stands for, and back; hostile values; exercises."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from netlib import BadLink, trace
from netlib.pictures import PICTURES, SIDE
from ui.convolution import images
from ui.convolution.exercises import exercises
from ui.convolution.explorer import LAB, with_head
from ui.convolution.layer import layer_of, network_of, state_of
from ui.convolution.presets import PRESETS
from ui.convolution.state import ConvolutionState, Image
from ui.lab.link import unpacked


def test_the_page_opens_on_a_layer_that_runs() -> None:
    assert trace(network_of(ConvolutionState())).ok


@pytest.mark.parametrize(
    ("fields", "layer"),
    [
        ({}, {"kind": "Conv2d", "kernel_size": 3, "out_channels": 8, "stride": 2, "padding": 1}),
        (
            {"axes": 1, "stride": (2, 1), "padding": (9, 0)},
            {"kind": "Conv1d", "kernel_size": 3, "out_channels": 8},
        ),
        ({"layer": "max", "kernel": (2, 2), "padding": (0, 0)}, {"kind": "MaxPool2d", "kernel_size": 2}),
        (
            {"layer": "max", "stride": (1, 1), "padding": (0, 0)},
            {"kind": "MaxPool2d", "kernel_size": 3, "stride": 1},
        ),
        (
            {"layer": "transposed", "kernel": (2, 3), "output_padding": (1, 0), "pad": "same"},
            {
                "kind": "ConvTranspose2d",
                "kernel_size": [2, 3],
                "out_channels": 8,
                "stride": 2,
                "padding": 1,
                "output_padding": [1, 0],
            },
        ),
    ],
)
def test_a_layer_says_only_what_it_has(fields: dict[str, Any], layer: dict[str, Any]) -> None:
    assert layer_of(ConvolutionState(**fields)) == layer


def test_every_repair_of_netlib_leads_to_a_state() -> None:
    for fields in (
        {"size": (3, 3), "kernel": (7, 7)},
        {"size": (3, 9), "kernel": (7, 2), "dilation": (2, 1)},
        {"pad": "same"},
        {"groups": 3},
        {"layer": "max", "padding": (2, 2)},
        {"layer": "average", "axes": 1, "size": (1, 2), "kernel": (3, 5), "padding": (0, 0)},
    ):
        before = ConvolutionState.model_validate(
            {k: list(v) if isinstance(v, tuple) else v for k, v in fields.items()}
        )
        traced = trace(network_of(before))
        problem = traced.problems[0].problem
        assert problem is not None
        for fix in problem.fixes:
            after = state_of(fix.apply(traced.network), before)
            assert after is not None, fix.label
            assert trace(network_of(after)).ok, fix.label


@pytest.mark.parametrize("preset", PRESETS, ids=lambda p: p.label)
def test_a_preset_runs_on_the_input_the_page_opens_with(preset: Any) -> None:
    state = ConvolutionState.model_validate({**ConvolutionState().model_dump(), **preset.changes})
    assert trace(network_of(state)).ok


PUBLISHED = {
    "first-layer": [(10, 5, 3, 3), (460,), (10, 98, 98)],
    "floor": [(3,), (1,), (3,)],
    "stem": [(112,), (1,)],
    "even-same": [(6,), (8,), (7,)],
    "ceil": [(55,), (56,)],
    "pool": [(0,), (12,)],
    "linear": [(320,), (500,)],
    "costs": [(36_928,), (36_928,), (1_806_336,), (1_024,)],
    "fully-connected": [(102_760_448,), (102_760_448,)],
    "three-or-one": [(7,), (7,), (110_592,), (200_704,)],
}


def test_exercises_compute_the_numbers_that_are_known() -> None:
    found = {e.name: [q.answer for q in e.questions] for e in exercises()}
    assert {name: found[name] for name in PUBLISHED} == PUBLISHED


def test_the_layer_with_a_head_classifies() -> None:
    output = trace(with_head(network_of(ConvolutionState(channels=1)))).output
    assert output is not None
    assert output.dims == (10,)


JUNK: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIELDS = tuple(ConvolutionState.model_fields)


@given(st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=6), JUNK, max_size=5))
def test_hostile_fields_are_taken_or_refused_and_what_is_taken_traces(fields: dict[str, Any]) -> None:
    try:
        bench = LAB.read({"now": fields, "kept": fields})
    except ValidationError:
        return
    trace(network_of(bench.now))
    link = LAB.link(bench)
    assert link is not None
    assert LAB.read(unpacked(link)) == bench


@given(JUNK)
def test_hostile_benches_are_taken_or_refused(data: Any) -> None:
    if not isinstance(data, dict):
        return
    try:
        LAB.read(data)
    except (BadLink, ValidationError):
        return


def test_an_own_picture_is_taken_only_as_it_should_be() -> None:
    good = {"width": 2, "height": 1, "bytes": "AAAAAAAA"}
    assert images.taken(good) == good
    bad: Any
    for bad in (
        None,
        [],
        {},
        {**good, "width": 3},
        {**good, "width": 0},
        {**good, "width": "2"},
        {**good, "width": 2.0},
        {**good, "width": 113, "height": 10**9},
        {**good, "bytes": "AAAA"},
        {**good, "bytes": "AAAA<b>x"},
        {**good, "bytes": "é" * 8},
        {**good, "bytes": 7},
        {**good, "bytes": "A" * 10**6},
    ):
        assert images.taken(bad) is None, bad


@given(JUNK)
def test_hostile_pictures_are_taken_or_not(data: Any) -> None:
    assert images.taken(data) is None
    if isinstance(data, dict):
        assert images.taken({"width": 1, "height": 1, "bytes": "AAAA", **data}) in (
            None,
            {"width": 1, "height": 1, "bytes": "AAAA"},
        )


@pytest.mark.parametrize("fields", [{"channels": 4}, {"channels": 12, "groups": 4}, {"axes": 1}])
def test_a_picture_that_does_not_fit_the_layer_offers_a_way_out(fields: dict[str, Any]) -> None:
    state = ConvolutionState(view="image", **fields)
    found = images.shown(state)
    assert found is not None
    assert found["is"] == "refused"
    for fix in found["fixes"]:
        after = ConvolutionState.model_validate(fix["state"])
        assert isinstance(images.question(after), dict)


def test_the_pictures_are_those_the_worker_knows() -> None:
    assert {name for name in get_args(Image) if name != "own"} == set(PICTURES)
    assert images.SIDE == SIDE
