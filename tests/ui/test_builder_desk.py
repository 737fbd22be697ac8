"""The desk: undo and redo, what a session keeps of it, and addresses while lists change."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from netlib import Network, TooBig
from netlib.editing import block_at
from netlib.network import MAX_TEXT
from netlib.presets import PRESETS, preset
from ui.builder.desk import DESK, MOST_BYTES, MOST_STEPS, NET, Desk, load, packed, save, unpacked
from ui.builder.places import relocated, shifted


def network(*channels: int) -> Network:
    layers = [{"kind": "Conv2d", "out_channels": c, "kernel_size": 1} for c in channels]
    return Network.model_validate({"input": {"dims": [1, 8, 8]}, "layers": layers})


def desk_of(found: Network) -> Desk:
    return Desk(found.to_json())


def test_a_change_can_be_undone_and_done_again() -> None:
    first, second = network(1), network(2)
    changed = desk_of(first).changed(second)
    assert changed.network == second
    assert changed.undone().network == first
    assert changed.undone().redone() == changed
    assert desk_of(first).undone() == desk_of(first)
    assert desk_of(first).redone() == desk_of(first)


def test_a_new_change_ends_what_could_be_done_again() -> None:
    desk = desk_of(network(1)).changed(network(2)).undone().changed(network(3))
    assert desk.redo == ()
    assert desk.undone().network == network(1)


def test_no_change_is_no_step() -> None:
    desk = desk_of(network(1))
    assert desk.changed(network(1)).undo == ()


def test_a_drag_is_one_step() -> None:
    desk = desk_of(network(1))
    for channels in (2, 3, 4):
        desk = desk.changed(network(channels), held="0 out_channels")
    assert desk.network == network(4)
    assert desk.undone().network == network(1)
    other = desk.changed(network(5), held="1 out_channels")
    assert other.undone().network == network(4)


def test_a_session_stays_small() -> None:
    desk = desk_of(network(1))
    for channels in range(2, 400):
        desk = desk.changed(network(*range(channels % 60 + 1, channels % 60 + 30)))
    for _ in range(300):
        desk = desk.undone()
    kept = sum(map(len, (*desk.undo, *desk.redo)))
    assert len(desk.undo) + len(desk.redo) <= 2 * MOST_STEPS
    assert kept <= MOST_BYTES + 2_000


def test_a_network_too_long_to_be_kept_is_refused() -> None:
    layers = [
        {"kind": "Conv2d", "out_channels": 65_535, "kernel_size": 1_023, "padding": 1_000, "dilation": 1_000}
    ] * 1_000
    long = Network.model_validate({"input": {"dims": [1, 8, 8]}, "layers": layers})
    assert len(long.to_json()) > MAX_TEXT
    with pytest.raises(TooBig, match="at most 65,536"):
        desk_of(network(1)).changed(long)


def test_what_is_packed_comes_back() -> None:
    for known in PRESETS.values():
        text = known.network().to_json()
        assert unpacked(packed(text)) == text


def test_the_desk_goes_into_a_session_and_comes_back() -> None:
    session: dict[Any, Any] = {}
    desk = (
        desk_of(network(1))
        .changed(network(2))
        .with_(kept=network(3).to_json(), open="0", folds=frozenset({"0"}), done=7, link="1.x")
    )
    save(session, desk)
    assert load(session) == desk
    assert set(session) == {NET, DESK}


@pytest.mark.parametrize("session", [{}, {NET: 3}, {NET: "{"}, {NET: '{"input": 1}', DESK: "?"}])
def test_what_cannot_be_read_becomes_a_fresh_desk(session: dict[Any, Any]) -> None:
    assert load(session, preset("net").to_json()).network == preset("net")


def test_addresses_shift_with_their_list() -> None:
    assert shifted("2.branches.0.1", "", 1, 1) == "3.branches.0.1"
    assert shifted("0", "", 1, 1) == "0"
    assert shifted("1.branches.0.2", "1.branches.0", 0, 1) == "1.branches.0.3"
    assert shifted("1.branches.1.2", "1.branches.0", 0, 1) == "1.branches.1.2"
    assert shifted("2.5", "2", 5, -1) == "2.4"


NESTED = Network.model_validate(
    {
        "input": {"dims": [4, 8, 8]},
        "layers": [
            {"kind": "ReLU"},
            {"kind": "Parallel", "branches": [[{"kind": "Tanh"}], [{"kind": "Sigmoid"}, {"kind": "ELU"}]]},
            {"kind": "Sequential", "layers": [{"kind": "GELU"}, {"kind": "SiLU"}]},
            {"kind": "Residual", "body": [{"kind": "Hardswish"}]},
        ],
    }
)
PATHS = [
    "0",
    "1",
    "1.branches.0.0",
    "1.branches.1.0",
    "1.branches.1.1",
    "2",
    "2.0",
    "2.1",
    "3",
    "3.branches.0.0",
]
LISTS = ["", "1.branches.0", "1.branches.1", "2", "3.branches.0"]


def kinds(value: Any) -> list[str]:
    """Every kind in a network's JSON values, sorted."""
    if isinstance(value, dict):
        own = [value["kind"]] if "kind" in value else []
        return sorted(own + [kind for inner in value.values() for kind in kinds(inner)])
    if isinstance(value, list):
        return sorted(kind for inner in value for kind in kinds(inner))
    return []


@given(some.sampled_from(PATHS), some.sampled_from(LISTS), some.integers(-1, 9))
def test_moving_keeps_every_block_and_gives_its_new_address(path: str, where: str, index: int) -> None:
    block = block_at(NESTED, path)
    if where == path or where.startswith(f"{path}."):
        with pytest.raises(KeyError):
            relocated(NESTED, path, where, index)
        return
    moved, now = relocated(NESTED, path, where, index)
    assert block_at(moved, now) == block
    assert kinds(moved.model_dump()) == kinds(NESTED.model_dump())


def test_moving_within_a_list_puts_the_block_before_the_one_at_the_index() -> None:
    moved, now = relocated(NESTED, "0", "", 3)
    assert [block.kind for block in moved.layers] == ["Parallel", "Sequential", "ReLU", "Residual"]
    assert now == "2"
