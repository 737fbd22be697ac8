"""Published counts of single layers and modules; whole networks are held to theirs in test_presets.py."""

import re
from typing import Any

import pytest

from netlib import Network, trace
from tests.core.acceptance import load
from tests.core.seed_networks import LENET_LIKE, cifar_resnet, conv, layer, network

PAPERS: dict[str, Any] = load("papers.json")


def test_the_stem_of_googlenet() -> None:
    """Szegedy et al. 2014, table 1, first rows; the paper leaves biases out."""
    stem = network(
        [3, 224, 224],
        conv(64, 7, stride=2, padding=3, bias=False),
        layer("MaxPool2d", kernel_size=3, stride=2, ceil_mode=True),
        layer("LocalResponseNorm", size=5),
        conv(64, 1, bias=False),
        conv(192, 3, padding=1, bias=False),
    )
    steps = trace(Network.model_validate(stem)).steps
    table = PAPERS["googlenet_table1"]
    assert (steps[0].params, steps[0].macs) == (table["conv1"]["weights"], table["conv1"]["macs"])
    assert (steps[3].params + steps[4].params, steps[3].macs + steps[4].macs) == (
        table["conv2"]["weights"],
        table["conv2"]["macs"],
    )


def test_the_classifier_of_googlenet() -> None:
    head = network([1_024], layer("Linear", out_features=1_000, bias=False))
    found = trace(Network.model_validate(head))
    known = PAPERS["googlenet_table1"]["linear"]
    assert (found.params, found.macs) == (known["weights"], known["macs"])


def test_what_a_1x1_convolution_saves() -> None:
    known = PAPERS["inception_1x1_example"]
    direct = trace(Network.model_validate(network([192, 28, 28], conv(32, 5, padding=2))))
    thinned = trace(Network.model_validate(network([192, 28, 28], conv(16, 1), conv(32, 5, padding=2))))
    assert direct.macs == known["naive_28x28x192_5x5x32"]
    assert [s.macs for s in thinned.steps] == [known["reduce16_1x1"], known["reduce16_5x5"]]
    assert thinned.macs == known["reduced_total"]
    assert direct.macs / thinned.macs == pytest.approx(known["ratio"])


def test_the_net_like_lenet() -> None:
    known, found = PAPERS["lenet_like"], trace(Network.model_validate(LENET_LIKE))
    rows = {"conv1": 0, "mp1": 1, "conv2": 3, "mp2": 4, "fc": 7}
    for name, place in rows.items():
        step = found.steps[place]
        assert step.output is not None
        assert [1, *step.output.dims] == known["shapes"][name]
        assert step.params == known["params"].get(name, 0)
        assert step.macs == known["macs"].get(name, 0)
    assert (found.params, found.macs) == (known["params"]["total"], known["macs"]["total"])


def test_the_deepest_cifar_resnet() -> None:
    """The deepest network published with these blocks stays within the limits of this app."""
    found = trace(Network.model_validate(cifar_resnet(200, "A")))
    assert found.ok
    assert found.params == PAPERS["resnet_cifar"]["resnet1202"]["params"]


@pytest.mark.parametrize("text", PAPERS["rnn_params"])
def test_parameters_of_recurrent_layers(text: str) -> None:
    kind, inputs, hidden, layers, both, bias = re.fullmatch(  # type: ignore[union-attr]  # a mismatch should fail
        r"(\w+)\((\d+),(\d+),layers=(\d+),bi=(\w+),bias=(\w+)\)", text
    ).groups()
    spec = layer(
        kind,
        hidden_size=int(hidden),
        num_layers=int(layers),
        bidirectional=both == "True",
        bias=bias == "True",
    )
    assert trace(Network.model_validate(network([7, int(inputs)], spec))).params == PAPERS["rnn_params"][text]
