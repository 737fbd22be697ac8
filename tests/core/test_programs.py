"""The exported program, run in an empty namespace with torch alone, is the app's own module, bit by bit."""

from typing import Any

import pytest
import torch

from netlib import Network, Trace, source, trace
from netlib.presets import PRESETS, preset
from tests.core import torch_side
from tests.core.acceptance import network_of
from tests.core.seed_networks import NETWORKS
from tests.core.test_layers_json import SAYABLE, name


def check(traced: Trace) -> None:
    """Weights and buffers by name, and what comes out for the same input."""
    ours, theirs = torch_side.built(traced).eval(), torch_side.exported(source(traced)).eval()
    own, exported = ours.state_dict(), theirs.state_dict()
    assert list(own) == list(exported)
    assert all(torch.equal(own[key], exported[key]) for key in own)
    x = torch_side.batch_of(traced, samples=1)
    with torch.inference_mode():
        assert torch.equal(torch_side.main_output(ours(x)), torch_side.main_output(theirs(x)))


@pytest.mark.parametrize("slug", PRESETS)
def test_every_preset(slug: str) -> None:
    check(trace(preset(slug)))


@pytest.mark.parametrize("case", SAYABLE, ids=name)
def test_every_layer_of_the_cases(case: dict[str, Any]) -> None:
    check(trace(Network.model_validate(network_of(case))))


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_of_the_cases(name: str) -> None:
    check(trace(Network.model_validate(NETWORKS[name])))
