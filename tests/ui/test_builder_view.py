"""What the picture is handed equals what the trace found out."""

import json
from typing import Any

import pytest

from netlib import Network, trace
from netlib.presets import PRESETS, preset
from ui.builder.actions import act
from ui.builder.desk import Desk
from ui.builder.presets import named, presets
from ui.builder.program import program
from ui.builder.says import says
from ui.builder.sums import brackets
from ui.builder.view import view
from ui.numbers import dimensions, exact


def desk(slug: str) -> Desk:
    return Desk(preset(slug).to_json())


def wrong(layer: dict[str, Any]) -> Desk:
    """The preset "net" with another fourth layer."""
    spec = json.loads(preset("net").to_json())
    spec["layers"][3] = layer
    return Desk(Network.model_validate(spec).to_json())


@pytest.mark.parametrize("slug", PRESETS)
def test_every_row_shows_its_step(slug: str) -> None:
    found = desk(slug)
    steps = {step.path: step for step in found.trace.root}
    rows = view(found)["rows"]
    layers = [row for row in rows if row["type"] == "layer"]
    assert [row["path"] for row in layers if "." not in row["path"]] == [
        str(index) for index in range(len(found.network.layers))
    ]
    for row in layers:
        step = steps[row["path"]]
        assert row["title"] == step.title
        assert step.output is not None
        assert row["shape"] == dimensions(step.output.dims)
        counted = step.params if not step.is_tap else step.params + step.aux_params
        assert (row["params"] or ["", "0"])[1] == exact(counted)
        if not step.is_tap:
            assert (row["macs"] or ["", "0"])[1] == exact(step.macs)


@pytest.mark.parametrize("slug", PRESETS)
def test_totals_are_those_of_the_trace(slug: str) -> None:
    found = desk(slug)
    params, macs, memory = view(found)["totals"]
    assert params["exactly"].startswith(exact(found.trace.params))
    assert macs["exactly"].startswith(exact(found.trace.macs))
    assert exact(2 * found.trace.macs) in macs["exactly"]
    assert memory["exactly"].startswith(exact(found.trace.saved_bytes()))


def test_memory_of_the_rows_adds_up_to_the_total() -> None:
    found = desk("resnet-mnist")
    own = [row for row in view(found)["rows"] if row["type"] == "layer" and "." not in row["path"]]
    total = sum(int((row["bytes"] or ["", "0"])[1].replace(",", "")) for row in own)
    assert total == found.trace.saved_bytes()


def test_bars_are_shares_of_the_largest_and_an_unfolded_block_has_none() -> None:
    rows = view(desk("resnet-mnist"))["rows"]
    shares = [row["params"][2] for row in rows if row.get("params")]
    assert max(shares) == 1
    assert next(row for row in rows if row["path"] == "3")["params"][2] == 0
    folded = view(act(desk("resnet-mnist"), {"do": "fold", "path": "3"}))["rows"]
    assert next(row for row in folded if row["path"] == "3")["params"][2] > 0


def test_a_fault_keeps_the_rows_above_and_greys_those_below() -> None:
    shown = view(wrong({"kind": "Conv2d", "out_channels": 20, "kernel_size": 15}))
    assert not shown["ok"]
    states = {row["path"]: row.get("state") for row in shown["rows"]}
    assert states == {
        "input": None, "0": None, "1": None, "2": None, "3": "problem",
        "4": "below", "5": "below", "6": "below", "7": "below",
    }  # fmt: skip
    row = next(row for row in shown["rows"] if row["path"] == "3")
    assert "kernel_size 15 does not fit" in row["problem"]["says"]
    assert row["problem"]["fixes"] == ["set padding = 2", "set kernel_size = 12"]
    assert shown["totals"][0]["shown"] == "260"


def test_a_fault_deep_inside_names_its_layer_and_stops_what_is_around() -> None:
    found = act(
        desk("resnet-mnist"), {"do": "set", "path": "3.branches.0.0", "field": "kernel_size", "value": 40}
    )
    states = {row["path"]: row.get("state") for row in view(found)["rows"] if row["type"] == "layer"}
    assert states["3.branches.0.0"] == "problem"
    assert states["3"] == "broken"
    assert states["3.branches.0.1"] == states["4"] == "below"


def test_branches_that_do_not_join_are_a_fault_of_their_block() -> None:
    found = act(
        desk("inception-mnist"), {"do": "set", "path": "3.branches.1.1", "field": "padding", "value": 1}
    )
    row = next(row for row in view(found)["rows"] if row["path"] == "3")
    assert row["state"] == "problem"
    assert "concat joins the C axis" in row["problem"]["says"]


def test_a_row_that_opens_shows_fields_sums_and_what_a_unit_sees() -> None:
    opened = view(act(desk("net"), {"do": "open", "path": "3"}))["open"]
    fields = {field["name"]: field for field in opened["fields"]}
    assert fields["kernel_size"]["value"] == 5
    assert fields["in_channels"] | {"value": None, "inferred": 10} == fields["in_channels"]
    assert fields["padding"]["keywords"] == ["same", "valid"]
    assert fields["dilation"]["rare"]
    assert not fields["stride"]["rare"]
    size, params, macs = opened["sums"]
    assert size["text"] == "⌊(12 + 2·0 − 1·(5 − 1) − 1) / 1⌋ + 1"
    assert (size["name"], size["value"]) == ("H, W", "8")
    assert (params["text"], params["value"]) == ("20 · 10 · 5 · 5 + 20", "5,020")
    assert macs["value"] == "320,000"
    assert "14 × 14" in opened["reach"]["says"]
    assert opened["reach"]["window"] == [[8, 21], [8, 21]]


@pytest.mark.parametrize("slug", PRESETS)
def test_every_row_opens(slug: str) -> None:
    found = desk(slug)
    for row in view(found)["rows"]:
        opened = view(act(found, {"do": "open", "path": row["path"]}))["open"]
        if row["type"] in ("layer", "input"):
            assert opened["path"] == row["path"]
            assert opened["about"].endswith(".")


def test_the_whole_input_is_said_honestly() -> None:
    opened = view(act(desk("net"), {"do": "open", "path": "7"}))["open"]
    assert opened["reach"]["says"] == (
        "Every unit sees the whole input, as far as the layers before it have read it."
    )
    assert "window" not in opened["reach"]


def test_a_stated_value_is_shown_beside_what_was_read() -> None:
    found = act(desk("net"), {"do": "set", "path": "7", "field": "in_features", "value": 784})
    fields = {field["name"]: field for field in view(found)["open"]["fields"]}
    assert (fields["in_features"]["value"], fields["in_features"]["inferred"]) == (784, 320)


def test_the_input_opens_with_its_sizes() -> None:
    opened = view(act(desk("net"), {"do": "open", "path": "input"}))["open"]
    assert [field["value"] for field in opened["fields"]] == [1, 28, 28, "image", "float32"]


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("Conv2d", {"out_channels": 8, "kernel_size": 3, "padding": 1, "stride": 2}, "3×3 /2 pad 1"),
        ("Conv2d", {"out_channels": 8, "kernel_size": [3, 5], "padding": "same", "bias": False}, "3×5 pad same bias=False"),
        ("MaxPool2d", {"kernel_size": 2}, "2×2"),
        ("Linear", {"out_features": 10}, "28 → 10"),
        ("Linear", {"out_features": 10, "in_features": 784}, "784 → 10"),
        ("Dropout", {"p": 0.1}, "p=0.1"),
        ("ReLU", {}, ""),
        ("AdaptiveAvgPool2d", {"output_size": [1, None]}, "→ 1×·"),
        ("Residual", {}, "auto"),
        ("Inception", {"ch3x3red": None}, "64 · 128 · 16→32 · 32"),
    ],
)  # fmt: skip
def test_a_row_says_what_is_not_as_usual(kind: str, fields: dict[str, Any], said: str) -> None:
    network = Network.model_validate({"input": {"dims": [3, 28, 28]}, "layers": [{"kind": kind, **fields}]})
    assert says(network.layers[0], network.input) == said


def test_floors_are_written_as_people_do() -> None:
    assert brackets("floor((28 − 5) / 1) + 1") == "⌊(28 − 5) / 1⌋ + 1"
    assert brackets("2 · (3 + ceil(7 / floor(5 / 2)))") == "2 · (3 + ⌈7 / ⌊5 / 2⌋⌉)"


@pytest.mark.parametrize("slug", PRESETS)
def test_every_layer_has_its_line_in_the_program(slug: str) -> None:
    found = trace(preset(slug))
    lines = {line["path"]: line["text"] for line in program(found) if "path" in line}
    for step in found.steps:
        if step.is_leaf and step.block:
            assert str(step.node) in lines[step.path]


def test_the_program_of_a_faulty_network_is_that_of_what_runs() -> None:
    found = wrong({"kind": "Conv2d", "out_channels": 20, "kernel_size": 15})
    lines = program(found.trace)
    [fault] = [line for line in lines if line.get("problem")]
    assert fault["path"] == "3"
    assert fault["text"].strip() == "# 4 Conv2d cannot run"
    text = "\n".join(line["text"] for line in lines)
    compile(text, "model.py", "exec")
    assert "nn.MaxPool2d" in text


def test_a_network_without_layers_is_shown() -> None:
    shown = view(Desk(Network.model_validate({"input": {"dims": [3]}}).to_json()))
    assert [row["type"] for row in shown["rows"]] == ["input"]
    assert shown["insert"] == ["", 0]
    first = Desk(
        Network.model_validate(
            {"input": {"dims": [3]}, "layers": [{"kind": "Conv2d", "out_channels": 1, "kernel_size": 1}]}
        ).to_json()
    )
    assert view(first)["rows"][1]["state"] == "problem"
    assert view(first)["program"]


def test_a_long_network_is_shown_in_parts() -> None:
    layers = [{"kind": "ReLU"}] * 1_000
    found = Desk(Network.model_validate({"input": {"dims": [3]}, "layers": layers}).to_json())
    rows = view(found)["rows"]
    assert rows[-1] | {"type": "more", "count": 1_001 - found.rows} == rows[-1]
    assert len(view(act(found, {"do": "more"}))["rows"]) > len(rows)


@pytest.mark.parametrize("slug", PRESETS)
def test_the_diagram_holds_every_layer_that_is_drawn(slug: str) -> None:
    found = desk(slug)
    shown = view(found)
    paths = set(_paths(shown["diagram"]))
    drawn = {
        row["path"] for row in shown["rows"] if row["type"] in ("layer", "input") and row["path"] != "more"
    }
    plain = {"3.branches", "plain"}
    missing = {path for path in drawn - paths if found.trace.step(path).is_leaf} if drawn - paths else set()
    assert missing - plain == set()


def _paths(pieces: list[dict[str, Any]]) -> list[str]:
    found: list[str] = []
    for piece in pieces:
        found += [piece[name] for name in ("box", "thin", "block", "fork", "tap") if name in piece]
        found += _paths(piece.get("lane", []))
        for lane in piece.get("lanes", []):
            found += _paths(lane)
    return found


def test_merges_are_drawn() -> None:
    pieces = view(desk("inception-mnist"))["diagram"]
    [first, second] = [piece for piece in pieces if "fork" in piece]
    assert first["merge"] == "concat"
    assert first["widths"] == [16, 24, 24, 24]
    assert second["fork"] == "7"
    skips = [piece for piece in view(desk("resnet-mnist"))["diagram"] if "fork" in piece]
    assert [skip["lanes"][1] for skip in skips] == [[], []]
    taps = [piece for piece in view(desk("googlenet"))["diagram"] if "tap" in piece]
    assert len(taps) == 2


def test_auxiliary_heads_are_told_apart() -> None:
    shown = view(desk("googlenet"))
    assert any("Auxiliary heads add 6.380 M parameters" in remark for remark in shown["remarks"])


def test_the_menu_has_every_preset_once() -> None:
    listed = [entry["slug"] for family in presets("en") for entry in family["presets"]]
    assert sorted(listed) == sorted(PRESETS)


def test_a_changed_preset_is_none() -> None:
    assert named(preset("lenet5").to_json()) == "lenet5"
    assert named(wrong({"kind": "ReLU"}).net) is None
