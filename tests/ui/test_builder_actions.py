"""What a browser may propose: every action, and what is not one."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from netlib import KINDS, Network
from netlib.presets import PRESETS, preset
from ui.builder.actions import ACTIONS, STARTS, act, starting
from ui.builder.desk import ROWS, Desk
from ui.builder.view import view


def desk(slug: str = "net") -> Desk:
    return Desk(preset(slug).to_json())


def values(found: Desk) -> Any:
    return json.loads(found.net)


def test_a_field_is_set() -> None:
    after = act(desk(), {"do": "set", "path": "0", "field": "kernel_size", "value": 3})
    assert values(after)["layers"][0]["kernel_size"] == 3
    assert str(after.trace.step("0").output) == "10 × 26 × 26"
    assert after.open == "0"
    assert after.undone().network == preset("net")


def test_a_field_takes_one_value_an_axis_a_word_or_nothing() -> None:
    after = act(desk(), {"do": "set", "path": "0", "field": "kernel_size", "value": [3, 5]})
    after = act(after, {"do": "set", "path": "0", "field": "padding", "value": "same"})
    assert values(after)["layers"][0] == {
        "kind": "Conv2d", "out_channels": 10, "kernel_size": [3, 5], "padding": "same",
    }  # fmt: skip
    stated = act(after, {"do": "set", "path": "1", "field": "stride", "value": 1})
    assert "stride" in values(stated)["layers"][1]
    assert (
        "stride"
        not in values(act(stated, {"do": "set", "path": "1", "field": "stride", "value": None}))["layers"][1]
    )


def test_a_drag_is_one_step_of_undo() -> None:
    found = desk()
    for value in (11, 12, 13):
        found = act(found, {"do": "set", "path": "0", "field": "out_channels", "value": value, "live": True})
    found = act(found, {"do": "set", "path": "0", "field": "out_channels", "value": 14})
    assert values(found)["layers"][0]["out_channels"] == 14
    assert found.undone().network == preset("net")
    again = act(found, {"do": "set", "path": "0", "field": "out_channels", "value": 15})
    assert values(again.undone())["layers"][0]["out_channels"] == 14


def test_a_name_that_is_too_long_is_refused_and_neither_cut_nor_ignored() -> None:
    after = act(desk(), {"do": "save", "name": "n" * 500})
    assert after.note == "A name has at most 80 characters, got 500."


def test_a_value_that_breaks_a_rule_becomes_a_sentence() -> None:
    after = act(desk(), {"do": "set", "path": "0", "field": "kernel_size", "value": 0})
    assert after.net == desk().net
    assert after.note is not None
    assert after.note == "kernel_size must be at least 1, got 0"
    assert after.note.say("zh").startswith("kernel_size 至少为 1")
    assert act(after, {"do": "hush"}).note is None


@pytest.mark.parametrize("layout", STARTS)
def test_the_input_takes_every_layout(layout: str) -> None:
    after = act(desk(), {"do": "set", "path": "input", "field": "layout", "value": layout})
    assert after.network.input.layout == layout
    assert after.note is None


def test_the_input_takes_sizes_and_a_type() -> None:
    after = act(desk(), {"do": "set", "path": "input", "field": "dims.1", "value": 32})
    assert after.network.input.dims == (1, 32, 28)
    after = act(after, {"do": "set", "path": "input", "field": "layout", "value": "signal"})
    assert (
        act(after, {"do": "set", "path": "input", "field": "dims.0", "value": 3}).network.input.layout
        == "signal"
    )
    vector = act(desk("mlp"), {"do": "set", "path": "input", "field": "layout", "value": "vector"})
    assert (
        act(vector, {"do": "set", "path": "input", "field": "dtype", "value": "int64"}).network.input.dtype
        == "int64"
    )
    refused = act(desk(), {"do": "set", "path": "input", "field": "dims.0", "value": 0})
    assert refused.note is not None
    assert "at least 1" in refused.note


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_added_and_opened(kind: str) -> None:
    after = act(desk(), {"do": "add", "where": "", "index": 3, "kind": kind})
    assert after.network.layers[3].kind == kind
    assert after.open == "3"
    shown = view(after)
    assert shown["open"]["kind"] == kind


def test_blocks_are_added_inside_blocks() -> None:
    after = act(
        desk("resnet-mnist"), {"do": "add", "where": "3.branches.0", "index": 1, "kind": "BatchNorm2d"}
    )
    assert after.trace.step("3.branches.0.1").title == "BatchNorm2d"
    head = act(desk(), {"do": "add", "where": "", "index": 2, "kind": "AuxiliaryHead"})
    inner = act(head, {"do": "add", "where": "2.branch", "index": 0, "kind": "Flatten"})
    assert inner.trace.step("2.branch.0").title == "Flatten"
    plain = act(desk(), {"do": "add", "where": "", "index": 0, "kind": "Sequential"})
    assert (
        act(plain, {"do": "add", "where": "0", "index": 0, "kind": "ReLU"}).trace.step("0.0").title == "ReLU"
    )


def test_a_block_is_deleted_duplicated_and_moved() -> None:
    gone = act(desk(), {"do": "delete", "path": "0"})
    assert [block.kind for block in gone.network.layers][:2] == ["MaxPool2d", "ReLU"]
    assert gone.open == "0"
    twice = act(desk(), {"do": "duplicate", "path": "0"})
    assert twice.network.layers[0] == twice.network.layers[1]
    assert twice.open == "1"
    down = act(desk(), {"do": "move", "path": "1", "by": 1})
    assert [block.kind for block in down.network.layers][:3] == ["Conv2d", "ReLU", "MaxPool2d"]
    assert down.open == "2"
    stays = act(desk(), {"do": "move", "path": "0", "by": -3})
    assert stays.net == desk().net


def test_a_block_is_moved_into_another() -> None:
    after = act(desk("resnet-mnist"), {"do": "move", "path": "0", "where": "3.branches.0", "index": 0})
    assert after.trace.step("2.branches.0.0").title == "Conv2d"
    assert after.open == "2.branches.0.0"
    itself = act(desk("resnet-mnist"), {"do": "move", "path": "3", "where": "3.branches.0", "index": 0})
    assert itself.net == desk("resnet-mnist").net


def test_the_last_block_of_a_list_leaves_nothing_open() -> None:
    found = act(desk(), {"do": "add", "where": "", "index": 0, "kind": "Residual"})
    found = act(found, {"do": "add", "where": "0.branches.0", "index": 0, "kind": "ReLU"})
    assert act(found, {"do": "delete", "path": "0.branches.0.0"}).open is None


def test_a_repair_is_done_and_points_at_its_field() -> None:
    wrong = act(desk(), {"do": "set", "path": "7", "field": "in_features", "value": 784})
    assert not wrong.trace.ok
    mended = act(wrong, {"do": "fix", "path": "7", "number": 0})
    assert mended.trace.ok
    assert (mended.open, mended.focus) == ("7", "in_features")
    assert mended.network == preset("net")
    assert act(mended, {"do": "open", "path": "0"}).focus is None


def test_a_repair_that_puts_a_layer_before_follows_the_layer() -> None:
    flat = act(desk(), {"do": "delete", "path": "6"})
    wrong = act(flat, {"do": "set", "path": "6", "field": "in_features", "value": 784})
    mended = act(wrong, {"do": "fix", "path": "6", "number": 0})
    assert mended.trace.ok
    assert mended.open == "7"
    assert [block.kind for block in mended.network.layers][6:] == ["Flatten", "Linear"]


def test_branches_are_added_and_deleted_within_their_bounds() -> None:
    found = desk("inception-mnist")
    more = act(found, {"do": "add branch", "path": "3"})
    assert len(values(more)["layers"][3]["branches"]) == 5
    fewer = act(more, {"do": "delete branch", "path": "3", "number": 4})
    assert fewer.network == found.network
    for _ in range(3):
        fewer = act(fewer, {"do": "delete branch", "path": "3", "number": 0})
    assert len(values(fewer)["layers"][3]["branches"]) == 2
    assert fewer.note is not None
    assert "2 to 8 entries" in fewer.note


@pytest.mark.parametrize("slug", PRESETS)
def test_taking_a_preset_can_be_undone(slug: str) -> None:
    before = act(desk(), {"do": "set", "path": "0", "field": "out_channels", "value": 77})
    taken = act(before, {"do": "preset", "slug": slug})
    assert taken.network == preset(slug)
    assert act(taken, {"do": "undo"}).net == before.net


def test_a_file_is_loaded_or_refused_in_a_sentence() -> None:
    text = preset("lenet5").to_json(indent=2)
    assert act(desk(), {"do": "load", "text": text}).network == preset("lenet5")
    refused = act(desk(), {"do": "load", "text": "{"})
    assert refused.net == desk().net
    assert refused.note is not None
    assert "not JSON" in refused.note


FAULTS = {
    "": ("a value is missing", "缺少一个值"),
    "{": ("a name in double quotes is missing", "缺少双引号中的名称"),
    '{"input" 1}': ("a colon is missing", "缺少冒号"),
    '{"input": 1 2}': ("a comma is missing", "缺少逗号"),
    "{} {}": ("something follows after the end", "结尾之后还有内容"),
    '{"a': ("a text has no closing quotation mark", "一段文本缺少右引号"),
    '{"a\tb": 1}': ("a line break or a tab stands inside a text", "文本中有换行或制表符"),
    '{"a\\x": 1}': ("a backslash in a text is followed by no known sign", "文本中反斜杠之后的符号无法识别"),
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_file_that_is_no_json_is_refused_by_its_name_and_wholly_in_one_language(text: str) -> None:
    note = act(desk(), {"do": "load", "text": text, "file": "my net\u202e.json"}).note
    assert note is not None
    english, chinese = FAULTS[text]
    assert note.startswith("my net .json cannot be taken: this is not JSON: ")
    assert english in note
    assert note.endswith("Choose a file that “Download JSON” has saved.")
    said = note.say("zh")
    assert chinese in said
    rest = said.replace("my net .json", "").replace("JSON", "")
    assert not re.search("[A-Za-z]", rest), rest


def test_a_network_is_kept_compared_taken_back_and_forgotten() -> None:
    kept = act(desk(), {"do": "keep"})
    changed = act(kept, {"do": "set", "path": "0", "field": "out_channels", "value": 20})
    assert [total["change"] for total in view(changed)["totals"]] != ["", "", ""]
    assert act(changed, {"do": "back"}).network == preset("net")
    assert act(changed, {"do": "forget"}).kept is None
    assert act(desk(), {"do": "back"}) == desk()


def test_rows_are_opened_folded_and_shown() -> None:
    found = act(desk("resnet-mnist"), {"do": "open", "path": "3"})
    assert found.open == "3"
    assert act(found, {"do": "open", "path": None}).open is None
    folded = act(found, {"do": "fold", "path": "3"})
    assert len(view(folded)["rows"]) < len(view(found)["rows"])
    assert act(folded, {"do": "fold", "path": "3"}).folds == found.folds
    assert act(found, {"do": "more"}).rows == 2 * ROWS


def test_folds_follow_their_blocks() -> None:
    folded = act(desk("resnet-mnist"), {"do": "fold", "path": "3"})
    assert act(folded, {"do": "add", "where": "", "index": 0, "kind": "ReLU"}).folds == {"4"}
    assert act(folded, {"do": "delete", "path": "0"}).folds == {"2"}
    assert act(folded, {"do": "delete", "path": "3"}).folds == frozenset()


HOSTILE: list[Any] = [
    None, 7, "undo", [], [{"do": "undo"}], {}, {"do": None}, {"do": ["undo"]}, {"do": "__class__"},
    {"do": "set"}, {"do": "set", "path": 0, "field": "bias", "value": True},
    {"do": "set", "path": "0", "field": "kind", "value": "ReLU"},
    {"do": "set", "path": "0", "field": "__dict__", "value": 1},
    {"do": "set", "path": "9", "field": "bias", "value": True},
    {"do": "set", "path": "0.branches.0", "field": "bias", "value": True},
    {"do": "set", "path": "-1", "field": "bias", "value": True},
    {"do": "set", "path": "0" * 500, "field": "bias", "value": True},
    {"do": "set", "path": "input", "field": "dims.9", "value": 3},
    {"do": "set", "path": "input", "field": "dims", "value": [1]},
    {"do": "add", "where": "", "index": 0, "kind": "Nothing"},
    {"do": "add", "where": "", "index": "0", "kind": "ReLU"},
    {"do": "add", "where": "0", "index": 0, "kind": "ReLU"},
    {"do": "add", "where": "", "index": True, "kind": "ReLU"},
    {"do": "delete", "path": ""}, {"do": "delete", "path": "٣x"}, {"do": "delete", "path": "99"},
    {"do": "duplicate", "path": "input"}, {"do": "move", "path": "0"}, {"do": "move", "path": "0", "by": 1e9},
    {"do": "move", "path": "0", "where": "5.branches.1", "index": 0}, {"do": "move", "path": "0", "by": 10**30},
    {"do": "fix", "path": "0", "number": 0}, {"do": "fix", "path": "77", "number": 0},
    {"do": "add branch", "path": "0"}, {"do": "delete branch", "path": "0", "number": 0},
    {"do": "preset", "slug": "../etc"}, {"do": "load", "text": 7}, {"do": "load", "text": "x" * 300_000},
    {"do": "fold", "path": 3}, {"do": "open", "path": {}},
]  # fmt: skip


@pytest.mark.parametrize("action", HOSTILE, ids=lambda action: json.dumps(action)[:60])
def test_what_makes_no_sense_changes_nothing(action: Any) -> None:
    after = act(desk(), action)
    assert after.net == desk().net
    assert after.undo == ()


@pytest.mark.parametrize(
    "value", [10**40, -1, 1.5, "7", True, [1, 2, 3], {"a": 1}, None, float("nan"), "x" * 9_999]
)
def test_a_wild_value_ends_in_a_sentence(value: Any) -> None:
    after = act(desk(), {"do": "set", "path": "0", "field": "kernel_size", "value": value})
    assert after.net == desk().net
    assert after.note is not None
    assert 10 < len(after.note) < 400


def test_a_network_that_grows_too_large_is_refused_in_a_sentence() -> None:
    found = desk()
    for _ in range(12):
        found = act(found, {"do": "add", "where": "", "index": 0, "kind": "Sequential"})
        found = act(found, {"do": "duplicate", "path": "0"})
    nested = Network.model_validate({"input": {"dims": [4]}, "layers": [starting("ReLU")] * 1_024})
    full = act(Desk(nested.to_json()), {"do": "duplicate", "path": "0"})
    assert full.note is not None
    assert "at most 1,024" in full.note


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
WORDS = some.sampled_from(
    ["0", "7", "", "input", "3.branches.0", "kernel_size", "in_features", "net", "ReLU", "dims.1"]
)


@given(
    some.sampled_from(sorted(ACTIONS)),
    some.dictionaries(
        some.sampled_from(
            ["path", "field", "value", "where", "index", "kind", "by", "number", "slug", "text", "live"]
        ),
        WORDS | some.integers(-3, 9) | JSON,
    ),
)
def test_no_action_ever_fails_and_every_outcome_can_be_shown(do: str, rest: dict[str, Any]) -> None:
    before = act(desk("resnet-mnist"), {"do": "keep"})
    after = act(before, {**rest, "do": do})
    assert Network.from_json(after.net) == after.network
    assert json.dumps(view(after))
