"""Random sound networks: what is said about them is what PyTorch makes of them."""

import pytest
from hypothesis import HealthCheck, given, settings

from netlib import Network, source, trace
from tests.core import torch_side
from tests.core.growing import networks

QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def compare(network: Network) -> None:
    """Shape and parameters on the CPU; MACs and what backward keeps on meta; the program, bit by bit."""
    traced = trace(network)
    assert traced.problems == ()
    model = torch_side.built(traced).eval()
    x = torch_side.batch_of(traced)
    if not x.is_floating_point():
        x = x * 0  # branches may add indices up, and only 0 stays one that every embedding knows
    y = torch_side.main_output(model(x))
    assert torch_side.type_of(y) == torch_side.expected_type(traced.output)
    assert sum(p.numel() for p in model.parameters()) == traced.params + traced.aux_params
    assert torch_side.macs(traced) == traced.macs + traced.aux_macs
    kept, said = torch_side.saved_bytes(traced, samples=3), traced.saved_bytes(3)
    assert said == kept if traced.memory_is_exact else said <= kept
    names = [name for name, _ in torch_side.exported(source(traced)).named_parameters()]
    assert names == [name for name, _ in model.named_parameters()]
    assert Network.from_link(network.to_link()) == network


@settings(max_examples=200, suppress_health_check=QUIET, report_multiple_bugs=False)
@given(networks())
def test_random_networks_are_what_they_say(network: Network) -> None:
    compare(network)


def test_a_norm_takes_a_volume_whose_axes_were_turned() -> None:
    """PyTorch's own fails there: it views what only `reshape` could flatten."""
    layers = [{"kind": "Permute", "dims": [0, 2, 1, 4, 3]}, {"kind": "LocalResponseNorm", "size": 1}]
    given = {"input": {"dims": [2, 6, 5, 4], "layout": "volume"}, "layers": layers}
    compare(Network.model_validate(given))


@pytest.mark.slow
@settings(max_examples=5_000, suppress_health_check=QUIET, report_multiple_bugs=False)
@given(networks(most=9))
def test_thousands_of_random_networks_are_what_they_say(network: Network) -> None:
    compare(network)
