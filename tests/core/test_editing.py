"""Edits of nested networks: each changes the one place it names, and what was offered as a fix is one."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from netlib import KINDS, Block, Network, trace
from netlib.editing import (
    Fix,
    block_at,
    duplicated,
    inserted,
    list_at,
    moved,
    removed,
    replaced,
    with_input,
)
from tests.core.growing import networks


def block(kind: str, **fields: Any) -> Block:
    return KINDS[kind].model_validate(fields)


RELU, TANH, GELU = block("ReLU"), block("Tanh"), block("GELU")
CONV = block("Conv2d", out_channels=3, kernel_size=3, padding=1)
NESTED = Network.model_validate(
    {
        "input": {"dims": [3, 8, 8]},
        "layers": [
            CONV,
            {
                "kind": "Parallel",
                "branches": [[RELU, TANH], [{"kind": "Residual", "body": [CONV, RELU]}, GELU]],
            },
            {"kind": "AuxiliaryHead", "layers": [{"kind": "Flatten"}, {"kind": "Linear", "out_features": 2}]},
            {"kind": "Sequential", "layers": [RELU, {"kind": "Sequential", "layers": [TANH]}]},
            {"kind": "BasicBlock", "planes": 6},
        ],
    }
)
PLACES = {
    "0": CONV,
    "1.branches.0.1": TANH,
    "1.branches.1.0.branches.0.0": CONV,
    "1.branches.1.1": GELU,
    "2.branch.1": block("Linear", out_features=2),
    "3.1.0": TANH,
}
"""Paths of blocks at every kind of place, as steps name them."""


def paths(network: Network) -> list[str]:
    """Paths of all blocks that a person has placed."""
    return [s.path for s in trace(network).steps if s.block and s.editable]


def test_steps_and_edits_speak_of_the_same_places() -> None:
    steps = {s.path: s.block for s in trace(NESTED).steps if s.block and s.editable}
    assert {path: steps[path] for path in PLACES} == PLACES
    assert all(block_at(NESTED, path) == placed for path, placed in steps.items())


@pytest.mark.parametrize("path", PLACES)
def test_a_block_is_replaced_where_it_stands(path: str) -> None:
    new = replaced(NESTED, path, block("Sigmoid"))
    assert block_at(new, path) == block("Sigmoid")
    assert replaced(new, path, PLACES[path]) == NESTED


@pytest.mark.parametrize("path", PLACES)
def test_a_block_is_doubled_and_removed(path: str) -> None:
    where, _, index = path.rpartition(".")
    twice = duplicated(NESTED, path)
    assert len(list_at(twice, where)) == len(list_at(NESTED, where)) + 1
    assert list_at(twice, where)[int(index) + 1] == PLACES[path]
    assert removed(twice, path) == NESTED


@pytest.mark.parametrize("where", ["", "1.branches.0", "1.branches.1.0.branches.0", "2.branch", "3", "3.1"])
@pytest.mark.parametrize("index", [0, 1, 99, -5])
def test_a_block_is_inserted_as_near_as_the_list_goes(where: str, index: int) -> None:
    before = list_at(NESTED, where)
    at = max(0, min(index, len(before)))
    new = inserted(NESTED, where, index, block("Sigmoid"))
    assert list_at(new, where) == (*before[:at], block("Sigmoid"), *before[at:])


def test_a_block_moves_within_its_list() -> None:
    assert [b.kind for b in moved(NESTED, "0", 1).layers[:2]] == ["Parallel", "Conv2d"]
    assert [b.kind for b in moved(NESTED, "0", 99).layers][-1] == "Conv2d"
    assert moved(NESTED, "0", -3) == NESTED
    assert list_at(moved(NESTED, "1.branches.0.1", -1), "1.branches.0") == (TANH, RELU)


@pytest.mark.parametrize(
    "path",
    ["", "5", "-1", "1", "x", "0.0", "1.branches.2.0", "1.branches", "4.0", "9.branches.0.0", "1.5", "00x"],
)
def test_a_place_that_is_none_is_a_key_error(path: str) -> None:
    if path == "1":
        with pytest.raises(KeyError):
            list_at(NESTED, path)
        return
    for edit in (block_at, removed, duplicated):
        with pytest.raises(KeyError):
            edit(NESTED, path)


def test_the_inside_of_a_block_that_makes_its_layers_cannot_be_edited() -> None:
    inside = [s for s in trace(NESTED).steps if s.path.startswith("4.")]
    assert inside
    assert not any(s.editable for s in inside)
    with pytest.raises(KeyError):
        removed(NESTED, "4.0")


def test_the_input_changes_alone() -> None:
    smaller = with_input(NESTED, dims=[3, 4, 4])
    assert smaller.layers == NESTED.layers
    assert smaller.input.dims == (3, 4, 4)
    signal = with_input(Network.model_validate({"input": {"dims": [4, 9]}}), layout="signal")
    assert signal.input.layout == "signal"
    with pytest.raises(ValidationError, match="at least 1"):
        with_input(NESTED, dims=[0])


def test_a_projection_is_nobody_s_to_edit() -> None:
    network = Network.of(
        NESTED.input, block("Residual", body=[block("Conv2d", out_channels=6, kernel_size=1)])
    )
    assert paths(network) == ["0", "0.branches.0.0"]


def test_an_edit_leaves_the_network_it_was_given() -> None:
    before = NESTED.to_json()
    removed(NESTED, "1.branches.1.0.branches.0.0")
    assert NESTED.to_json() == before


QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


@settings(max_examples=50, suppress_health_check=QUIET)
@given(networks(), st.data())
def test_edits_undo_one_another_anywhere(network: Network, data: st.DataObject) -> None:
    known = paths(network)
    if not known:
        return
    path = data.draw(st.sampled_from(known))
    placed, (where, _, index) = block_at(network, path), path.rpartition(".")
    assert removed(duplicated(network, path), path) == network
    assert inserted(removed(network, path), where, int(index), placed) == network
    assert replaced(replaced(network, path, RELU), path, placed) == network
    steps = {s.path: s.block for s in trace(duplicated(network, path)).steps}
    assert steps[path] == placed


FAULTY: tuple[Block, ...] = (
    block("Conv2d", out_channels=4, kernel_size=3, in_channels=500),
    block("Conv2d", out_channels=4, kernel_size=9),
    block("Conv2d", out_channels=6, kernel_size=1, groups=4),
    block("Conv2d", out_channels=4, kernel_size=3, padding="same", stride=2),
    block("MaxPool2d", kernel_size=[9, 2], padding=1),
    block("AvgPool2d", kernel_size=3, padding=2),
    block("Linear", out_features=3, in_features=999),
    block("BatchNorm2d", num_features=500),
    block("GroupNorm", num_groups=7),
    block("LayerNorm", normalized_shape=[99]),
    block("Upsample"),
    block("Upsample", scale_factor=2, mode="linear"),
    block("PixelShuffle", upscale_factor=9),
    block("LSTM", hidden_size=4),
    block("BatchNorm1d"),
    block("MultiheadAttention", num_heads=5),
    block("Conv1d", out_channels=2, kernel_size=1),
    block("Embedding", num_embeddings=5, embedding_dim=3),
    block("Residual", body=[block("Conv2d", out_channels=500, kernel_size=1)], shortcut="identity"),
)


@settings(max_examples=80, suppress_health_check=QUIET)
@given(networks(), st.sampled_from(FAULTY), st.data())
def test_every_fix_makes_its_step_run_wherever_it_stands(
    network: Network, fault: Block, data: st.DataObject
) -> None:
    where = data.draw(st.sampled_from(sorted({p.rpartition(".")[0] for p in paths(network)} | {""})))
    index = data.draw(st.integers(0, len(list_at(network, where))))
    for step in trace(inserted(network, where, index, fault)).problems:
        assert step.problem is not None
        for fix in step.problem.fixes:
            assert_mends(fix, inserted(network, where, index, fault))


def assert_mends(fix: Fix, network: Network) -> None:
    """After the fix, the block runs: at its own place, or behind what was put before it."""
    where, _, index = fix.path.rpartition(".")
    at = int(index) + len(fix.repair.before)
    mended = fix.apply(network)
    steps = {s.path: s for s in trace(mended).steps}
    step = steps[f"{where}.{at}" if where else str(at)]
    assert step.output is not None, f"{fix.label}: {step.problem}"
    assert fix.label.say("zh")
