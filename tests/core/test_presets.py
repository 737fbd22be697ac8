"""Every published total of the presets, against the papers' cases, torchvision and the referee."""

import json
from pathlib import Path
from typing import Any

import pytest

from netlib import NetlibError, Network, trace
from netlib.presets import PRESETS, preset

CASES = Path(__file__).parents[1] / "cases"
PAPERS: dict[str, Any] = json.loads((CASES / "papers.json").read_text(encoding="utf-8"))
SEED = {
    case["id"]: case for case in json.loads((CASES / "seed_cases.json").read_text(encoding="utf-8"))["cases"]
}

SEED_OF_PRESET = {
    "mlp": "mlp9.baseline",
    "net": "net10.mnist",
    "net-homework": "net10.homework",
    "inception-mnist": "incnet11.mnist",
    "resnet-mnist": "resnet11.mnist",
    "resnet18": "resnet18.imagenet",
    "resnet34": "resnet34.imagenet",
    "resnet50": "resnet50.imagenet",
    "resnet101": "resnet101.imagenet",
    "resnet152": "resnet152.imagenet",
    "hello-rnn": "hello.rnn",
    "hello-embedding": "hello.embedding.rnn",
    "hello-lstm": "hello.embedding.lstm",
    "hello-gru": "hello.embedding.gru",
}

PARAMETERS = {
    "lenet5": 61_706,
    "alexnet": 61_100_840,
    "vgg11": 132_863_336,
    "vgg16": 138_357_544,
    "googlenet": 6_998_552,
    "googlenet-torchvision": 6_624_904,
    "names-gru": 318_818,
    "names17-gru": 60_305,
    "names17-lstm": 76_945,
    "names17-rnn": 27_025,
    "hello-cell": 40,
}
"""Parameters as the papers or torchvision's model pages print them; of the small name classifiers, worked out by hand."""


@pytest.mark.parametrize(("slug", "case"), SEED_OF_PRESET.items())
def test_totals_are_those_of_the_study_notes(slug: str, case: str) -> None:
    traced = trace(preset(slug))
    assert (traced.params, traced.macs) == (SEED[case]["params_total"], SEED[case]["macs_total"])


@pytest.mark.parametrize(("slug", "params"), PARAMETERS.items())
def test_parameters_are_the_published_ones(slug: str, params: int) -> None:
    assert trace(preset(slug)).params == params


@pytest.mark.parametrize("depth", [20, 32, 44, 56, 110])
def test_cifar_resnets_are_those_of_the_paper(depth: int) -> None:
    traced = trace(preset(f"resnet{depth}-cifar"))
    known = PAPERS["resnet_cifar"][f"resnet{depth}"]
    assert (traced.params, traced.macs) == (known["params"], known["macs"])
    assert round(traced.params / 1e6, 2 if depth < 100 else 1) == known["paper_M"]


@pytest.mark.parametrize("depth", [50, 101, 152])
def test_paper_layout_strides_in_the_first_convolution(depth: int) -> None:
    known = PAPERS["resnet_imagenet"][f"resnet{depth} stride@1x1 optB"]
    traced = trace(preset(f"resnet{depth}-paper"))
    assert (traced.params, traced.macs) == (known["params"], known["macs"])


@pytest.mark.parametrize("option", ["A", "B"])
@pytest.mark.parametrize("depth", [18, 34])
def test_shortcut_options_of_the_shallow_resnets(depth: int, option: str) -> None:
    spec = preset(f"resnet{depth}").model_dump()
    for layer in spec["layers"]:
        if layer["kind"] == "BasicBlock":
            layer["shortcut"] = option
    known = PAPERS["resnet_imagenet"][f"resnet{depth} stride@3x3 opt{option}"]
    traced = trace(Network.model_validate(spec))
    assert (traced.params, traced.macs) == (known["params"], known["macs"])


def test_googlenet_counts_its_heads_apart() -> None:
    traced = trace(preset("googlenet"))
    heads = [s for s in traced.steps if s.is_tap]
    assert [h.params for h in heads] == [
        SEED["googlenet.aux1"]["params_total"],
        SEED["googlenet.aux2"]["params_total"],
    ]
    assert (traced.aux_params, traced.macs) == (6_379_728, SEED["googlenet.full_eval"]["macs_total"])
    assert traced.params + traced.aux_params == SEED["googlenet.full_eval"]["params_total"]


@pytest.mark.parametrize("row", PAPERS["googlenet_table1"]["blocks"], ids=lambda row: row["block"])
def test_inception_modules_follow_table_1(row: dict[str, Any]) -> None:
    ones, reduce3, threes, reduce5, fives, pool = row["cfg"]
    full = {
        "kind": "Inception",
        "ch1x1": ones,
        "ch3x3red": reduce3,
        "ch3x3": threes,
        "ch5x5red": reduce5,
        "ch5x5": fives,
        "pool_proj": pool,
    }
    naive = {**full, "ch3x3red": None, "ch5x5red": None, "pool_proj": None}
    dims = [row["cin"], row["hw"], row["hw"]]
    with_1x1 = trace(Network.model_validate({"input": {"dims": dims}, "layers": [full]}))
    without = trace(Network.model_validate({"input": {"dims": dims}, "layers": [naive]}))
    assert with_1x1.output is not None
    assert without.output is not None
    assert (with_1x1.output.dims[0], without.output.dims[0]) == (row["cout"], row["naive_cout"])
    assert (with_1x1.params - row["biases"], with_1x1.macs) == (row["weights"], row["macs"])
    assert without.macs == row["naive_macs"]
    assert without.params - ones - threes - fives == row["naive_weights"]


RECEPTIVE_FIELDS = {
    "net": 16,
    "alexnet": 195,
    "vgg16": 212,
    "resnet18": 435,
    "resnet34": 899,
    "resnet50": 427,
    "resnet50-paper": 483,
    "resnet101-paper": 1027,
    "resnet152-paper": 1507,
    "googlenet": 715,
    "googlenet-torchvision": 379,
}
"""Before the global pooling: Araujo et al. 2019's table, and gradients of torchvision's models."""


@pytest.mark.parametrize(("slug", "size"), RECEPTIVE_FIELDS.items())
def test_receptive_fields_are_the_published_ones(slug: str, size: int) -> None:
    fields = [s.reach.axes for s in trace(preset(slug)).steps if s.reach and s.reach.axes and not s.is_tap]
    assert max(axis.size for axes in fields if axes for axis in axes) == size


@pytest.mark.parametrize("slug", PRESETS)
def test_presets_are_sound_and_travel(slug: str) -> None:
    network = preset(slug)
    assert trace(network).ok
    assert Network.from_json(network.to_json()) == network
    assert Network.from_link(network.to_link()) == network


def test_an_unknown_preset_names_the_known_ones() -> None:
    with pytest.raises(NetlibError, match="resnet50"):
        preset("resnet51")


TORCHVISION = {
    "alexnet": ("alexnet", "AlexNet_Weights"),
    "vgg11": ("vgg11", "VGG11_Weights"),
    "vgg16": ("vgg16", "VGG16_Weights"),
    "resnet18": ("resnet18", "ResNet18_Weights"),
    "resnet50": ("resnet50", "ResNet50_Weights"),
    "resnet152": ("resnet152", "ResNet152_Weights"),
    "googlenet-torchvision": ("googlenet", "GoogLeNet_Weights"),
}


@pytest.mark.parametrize(("slug", "names"), TORCHVISION.items())
def test_torchvision_publishes_the_same_counts(slug: str, names: tuple[str, str]) -> None:
    from torchvision import models

    meta = getattr(models, names[1]).IMAGENET1K_V1.meta
    traced = trace(preset(slug))
    assert traced.params == meta["num_params"]
    assert traced.macs / 1e9 == pytest.approx(meta["_ops"], abs=0.0015)
