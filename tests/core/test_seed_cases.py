"""Every figure of the study notes and the lectures, on networks written by hand.

The published networks among them are also presets; test_presets.py holds those to the same figures.
"""

from typing import Any

import pytest

from netlib import Network, Step, Trace, trace
from netlib.presets import preset
from tests.core.acceptance import load
from tests.core.seed_networks import NAMES, NETWORKS, cifar_resnet, conv, inception, layer, names, network

FILE = load("seed_cases.json")
CASES: dict[str, dict[str, Any]] = {case["id"]: case for case in FILE["cases"]}

MODULES = [case for name, case in CASES.items() if name.startswith("googlenet.inception")]
CIFAR = [case for name, case in CASES.items() if name.endswith(".cifar")]
PUBLISHED = {
    "googlenet.full_eval": "googlenet",
    "resnet18.imagenet": "resnet18",
    "resnet34.imagenet": "resnet34",
    "resnet50.imagenet": "resnet50",
    "resnet101.imagenet": "resnet101",
    "resnet152.imagenet": "resnet152",
}


def traced(spec: dict[str, Any]) -> Trace:
    found = trace(Network.model_validate(spec))
    assert found.problems == ()
    return found


def described(step: Step) -> tuple[str, tuple[int, ...], int, int]:
    assert step.output is not None
    return step.title, step.output.dims, step.params, step.macs


def listed(case: dict[str, Any]) -> list[tuple[str, tuple[int, ...], int, int]]:
    """The case's layers: kind, sizes, parameters and MACs a sample; recurrent sizes put time first."""
    found = []
    for row in case["layers"]:
        shape, batch = row["output_shape"], case["input_shape"][0]
        if (
            row["type"] in ("RNN", "LSTM", "GRU")
            and case["id"] != "rnn.batch_first"
            and "hidden_shapes" in row
        ):
            time_first = not case["config"].get("batch_first")
            shape, batch = ([1, shape[0], shape[2]], 1) if time_first else (shape, batch)
        elif row["type"].endswith("Cell") or batch == 1:
            batch = 1
        found.append((row["type"], tuple(shape[1:]), row["params"], row["macs"] // batch))
    return found


def test_every_case_is_written_down() -> None:
    apart = {case["id"] for case in (*MODULES, *CIFAR)}
    assert set(CASES) == set(NETWORKS) | set(NAMES) | set(PUBLISHED) | apart


@pytest.mark.parametrize("name", NETWORKS)
def test_every_layer_and_the_totals(name: str) -> None:
    case, found = CASES[name], traced(NETWORKS[name])
    samples = case["input_shape"][0] if name.startswith("googlenet") else 1
    assert found.params == case["params_total"]
    assert found.macs * samples == case["macs_total"]
    kinds = {row["type"] for row in case["layers"]}
    assert [described(s) for s in found.leaves if s.title in kinds] == listed(case)


@pytest.mark.parametrize("case", MODULES, ids=lambda case: case["id"])
def test_the_modules_of_googlenet(case: dict[str, Any]) -> None:
    module = inception(case["config"], naive=case["id"].endswith(".naive"))
    found = traced(network(case["input_shape"][1:], module))
    assert (found.params, found.macs) == (case["params_total"], case["macs_total"])
    kinds = {row["type"] for row in case["layers"]}
    assert [described(s) for s in found.leaves if s.title in kinds] == listed(case)


@pytest.mark.parametrize("option", ["A", "B"])
@pytest.mark.parametrize("case", CIFAR, ids=lambda case: case["id"])
def test_the_cifar_resnets(case: dict[str, Any], option: str) -> None:
    found = traced(cifar_resnet(case["config"]["n"], option))
    known = case[f"option_{option}"]
    assert (found.params, found.macs) == (known["params"], known["macs"])
    ends = [tuple(shape[1:]) for shape in case["stage_output_shapes"]]
    blocks = [s.output.dims for s in found.steps if s.title == "BasicBlock" and s.output]
    n = case["config"]["n"]
    assert blocks[n - 1 :: n] == ends


@pytest.mark.parametrize(("name", "slug"), PUBLISHED.items())
def test_the_published_networks_layer_by_layer(name: str, slug: str) -> None:
    case, found = CASES[name], trace(preset(slug))
    assert found.macs == case["macs_total"]
    assert found.params + found.aux_params == case["params_total"]
    if "layers" in case:
        kinds = ("Conv2d", "MaxPool2d", "LocalResponseNorm", "Linear")
        aside = {s.path for tap in found.steps if tap.is_tap for s in tap}
        main = [described(s) for s in found.leaves if s.title in kinds and s.path not in aside]
        assert main == [row for row in listed(case) if row[0] in kinds]


@pytest.mark.parametrize("name", NAMES)
def test_the_name_classifier_over_names_of_several_lengths(name: str) -> None:
    """MACs are linear in time, so packed lengths 10, 7 and 4 add up."""
    case = CASES[name]
    lengths = [traced(names(*NAMES[name], steps)) for steps in (10, 7, 4)]
    assert {t.params for t in lengths} == {case["params_total"]}
    assert sum(t.macs for t in lengths) == case["macs_total"]
    assert [s.params for s in lengths[0].leaves] == [row["params"] for row in case["layers"]]


@pytest.mark.parametrize("row", FILE["output_size_formula"], ids=str)
def test_output_sizes_and_what_is_never_read(row: dict[str, int]) -> None:
    window = {"stride": row["stride"], "padding": row["padding"], "dilation": row["dilation"]}
    found = traced(network([1, row["input"], row["input"]], conv(1, row["kernel"], **window)))
    assert found.output is not None
    assert found.output.spatial == (row["output"], row["output"])
    unread = max(0, row["never_read_after_padding"] - row["padding"])
    notes = [note for step in found.steps for note in step.notes]
    assert bool(notes) == (unread > 0)


@pytest.mark.parametrize("row", FILE["pooling"], ids=str)
def test_pooled_sizes(row: dict[str, Any]) -> None:
    window = {"kernel_size": row["kernel"], "stride": row["stride"], "padding": row["padding"]}
    pool = layer("MaxPool2d", ceil_mode=row["ceil_mode"], **window)
    found = traced(network([1, row["input"], row["input"]], pool))
    assert found.output is not None
    assert found.output.spatial == (row["output"], row["output"])


def test_receptive_fields_of_the_net() -> None:
    steps = traced(NETWORKS["net10.mnist"]).steps
    fields = [
        s.reach.axes[0] for s in steps if s.title in ("Conv2d", "MaxPool2d") and s.reach and s.reach.axes
    ]
    assert [{"rf": f.size, "jump": f.jump} for f in fields] == [
        {"rf": row["rf"], "jump": row["jump"]} for row in FILE["receptive_field_net10"]
    ]


def branches(merge: str, *filters: int) -> dict[str, Any]:
    """Branches of so many channels over 12 × 12 that are joined."""
    return network([16, 12, 12], layer("Parallel", merge=merge, branches=[[conv(f, 1)] for f in filters]))


CAT = layer("Parallel", branches=[[], [conv(24, 3)]])
FAULTS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "torch.cat dim=1 of (1,16,12,12) and (1,24,10,10)": (
        network([16, 12, 12], CAT),
        ("concat", "16 × 12 × 12", "24 × 10 × 10"),
    ),
    "residual add (1,16,12,12)+(1,32,12,12)": (branches("add", 16, 32), ("16 × 12 × 12", "32 × 12 × 12")),
    "residual add (1,16,12,12)+(1,1,12,12)": (branches("add", 16, 1), ("equal shapes", "without a word")),
    "Net10 on 32x32 input": (
        network(
            [1, 32, 32],
            *NETWORKS["net10.mnist"]["layers"][:-1],
            layer("Linear", out_features=10, in_features=320),
        ),
        ("in_features is 320", "500"),
    ),
    "Conv2d k5 on 4x4, padding 0": (network([1, 4, 4], conv(1, 5)), ("kernel_size 5", "4 cells")),
    "Conv2d(3,8,3) on 1-channel input": (
        network([1, 8, 8], conv(8, 3, in_channels=3)),
        ("in_channels is 3", "1 channels flow in"),
    ),
    "Conv2d(padding='same', stride=2)": (
        network([1, 8, 8], conv(8, 3, padding="same", stride=2)),
        ("padding 'same'", "stride 1 only"),
    ),
    "MaxPool2d(2,padding=2)": (
        network([1, 8, 8], layer("MaxPool2d", kernel_size=2, padding=2)),
        ("padding", "half of kernel_size"),
    ),
    "RNN(4,4) on feature size 3": (
        network([5, 3], layer("RNN", hidden_size=4, input_size=4)),
        ("input_size is 4", "3 features"),
    ),
    "Embedding on float tensor": (
        network([5], layer("Embedding", num_embeddings=4, embedding_dim=3)),
        ("integer indices", "floats"),
    ),
}
"""What the notes and lectures get wrong on purpose, and words of what we say about it."""

ABOUT_DATA = {
    "RNN(4,8,2) with h0 (1,3,8)": "a network states no initial hidden state",
    "batch_first=True but h0 for the other axis": "a network states no initial hidden state",
    "pack_padded_sequence lengths [2,5,3]": "lengths belong to the data",
    "pack_padded_sequence with an empty name": "lengths belong to the data",
    "pack_padded_sequence with lengths on cuda": "lengths belong to the data",
    "Embedding(4,3)(4), e.g. a non-ASCII character": "a value of the data, not its type",
    "CrossEntropy target (5,1)": "the loss belongs to training",
    "CrossEntropy logits (1,5,4) target (1,5): class axis must be dim 1": "the loss belongs to training",
}
"""What cannot go wrong in a network, and why."""


def test_every_expected_error_is_written_down() -> None:
    assert {row["action"] for row in FILE["expected_errors"]} == FAULTS.keys() | ABOUT_DATA.keys()


@pytest.mark.parametrize("action", FAULTS)
def test_mistakes_are_named_with_both_sides(action: str) -> None:
    spec, pieces = FAULTS[action]
    found = trace(Network.model_validate(spec))
    assert len(found.problems) == 1
    problem = found.problems[0].problem
    assert problem is not None
    assert [piece for piece in pieces if piece not in problem.message] == []


TRUE_MACS: dict[str, dict[str, Any]] = {
    "RNNCell(4,4) on (1,4)": network([4], layer("RNNCell", hidden_size=4)),
    "LSTMCell(4,4)": network([4], layer("LSTMCell", hidden_size=4)),
    "RNN(4,4) T=5": network([5, 4], layer("RNN", hidden_size=4)),
    "LSTM(4,4) T=5": network([5, 4], layer("LSTM", hidden_size=4)),
    "Linear(8,4) on (1,5,8)": network([5, 8], layer("Linear", out_features=4)),
    "Embedding(128,100) on (10,2)": network(
        [2], layer("Embedding", num_embeddings=128, embedding_dim=100), dtype="int64"
    ),
    "BatchNorm2d(16)": network([16, 5, 5], layer("BatchNorm2d")),
    "Conv2d(1,10,5) with bias on 28x28": network([1, 28, 28], conv(10, 5)),
}
PACKED = "NameGRU bi, packed lengths 10,7,4"
"""Held to its figure above, length by length."""


@pytest.mark.parametrize("row", FILE["torchinfo_disagreements"], ids=lambda row: row["module"])
def test_macs_are_the_true_ones_where_torchinfo_counts_others(row: dict[str, Any]) -> None:
    if row["module"] == PACKED:
        assert row["true_macs"] == CASES["names.gru18"]["macs_total"]
        return
    assert traced(TRUE_MACS[row["module"]]).macs == row["true_macs"] != row["torchinfo"]
