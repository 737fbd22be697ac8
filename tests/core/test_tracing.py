"""Following a sample through a network: totals, faults that do not hide one another, limits, addresses."""

from typing import Any

import pytest

from netlib import BadLink, Network, TooBig, build, trace
from netlib.presets import PRESETS, preset
from tests.core.seed_networks import conv, layer, network


def traced(spec: dict[str, Any]) -> Any:
    return trace(Network.model_validate(spec))


@pytest.mark.parametrize("slug", PRESETS)
def test_totals_are_the_sums_of_the_layers(slug: str) -> None:
    found = trace(preset(slug))
    aside = {s.path for tap in found.steps if tap.is_tap for s in tap}
    main = [s for s in found.leaves if s.path not in aside]
    heads = [s for s in found.leaves if s.path in aside]
    assert (sum(s.params for s in main), sum(s.macs for s in main)) == (found.params, found.macs)
    assert (sum(s.params for s in heads), sum(s.macs for s in heads)) == (found.aux_params, found.aux_macs)
    for step in found.steps:
        inside = [s for s in step.children if not s.is_tap]
        if inside:
            assert (step.params, step.macs) == (sum(s.params for s in inside), sum(s.macs for s in inside))
    assert len({s.path for s in found.steps}) == len(found.steps)


def test_every_fault_is_found_at_once_and_numbers_before_it_stay() -> None:
    branches = [
        [conv(4, 3, padding=1), conv(4, 9)],
        [conv(4, 3, in_channels=7)],
        [conv(4, 3, padding=1), layer("Residual", body=[layer("Linear", out_features=2, in_features=3)])],
    ]
    found = traced(
        network([3, 8, 8], conv(3, 3, padding=1), layer("Parallel", branches=branches), conv(5, 3))
    )
    assert [s.path for s in found.problems] == [
        "1.branches.0.1",
        "1.branches.1.0",
        "1.branches.2.1.branches.0.0",
    ]
    assert found.output is None
    assert not found.ok
    assert [s.path for s in found.steps if s.path == "2"] == []  # nothing flows into it
    assert found.params == 84 + 112 + 112  # the layers that ran: 3·3·9 + 3, and twice 4·3·9 + 4


def test_addresses_for_people_count_from_one() -> None:
    spec = network([3, 8, 8], conv(3, 1), layer("Residual", body=[layer("ReLU"), conv(3, 1)]))
    found = traced(spec)
    assert found.where(found.step("1.branches.0.1")) == "2 Residual › 2 Conv2d"
    assert found.where(found.step("0")) == "1 Conv2d"
    with pytest.raises(KeyError):
        found.step("9")


def test_the_empty_network_passes_its_input_on() -> None:
    found = traced(network([3, 8, 8]))
    assert found.ok
    assert found.output == found.network.input
    assert (found.params, found.macs, found.saved_bytes(4)) == (0, 0, 0)


def test_an_output_past_the_limit_is_refused_before_it_is_anything() -> None:
    found = traced(network([1, 1, 1], *[layer("Upsample", scale_factor=1_024)] * 3))
    assert found.problems[0].path == "1"  # 2^40 numbers
    assert "over the limit of 2,147,483,648" in found.problems[0].problem.message


def test_a_network_of_too_many_steps_is_refused() -> None:
    blocks = [layer("BasicBlock", planes=1)] * 1_000
    found = traced(network([1, 8, 8], *blocks))
    assert "more than 8,192 steps" in found.problems[-1].problem.message


def test_a_budget_is_checked_before_a_weight_is_allocated() -> None:
    found = traced(network([65_536], layer("Linear", out_features=65_536)))
    with pytest.raises(TooBig, match="4,295,032,832 parameters are over the limit"):
        build(found)
    small = traced(network([10], layer("Linear", out_features=10)))
    with pytest.raises(TooBig, match="110 parameters are over the limit of 100"):
        build(small, budget=100)
    assert sum(p.numel() for p in build(small, budget=110).parameters()) == 110


def test_activation_memory_by_hand() -> None:
    """conv-bn-relu three times over 8 × 3 × 64 × 64: the input of each convolution and normalisation, the last ReLU."""
    layers = [
        item for _ in range(3) for item in (conv(16, 3, padding=1), layer("BatchNorm2d"), layer("ReLU"))
    ]
    found = traced(network([3, 64, 64], *layers))
    map_bytes = 16 * 64 * 64 * 4
    assert found.saved_bytes(8) == 8 * 6 * map_bytes + 3 * 2 * 16 * 4
    assert found.memory_is_exact
    assert found.largest_output == map_bytes


def test_memory_of_recurrent_layers_is_a_lower_bound() -> None:
    assert not traced(network([5, 4], layer("LSTM", hidden_size=3))).memory_is_exact


@pytest.mark.parametrize(
    "dims", [[], [0], [1, 2, 3, 4, 5], [65_537], [1.5], ["3"], [True], [65_536, 65_536], None, 3]
)
def test_inputs_out_of_bounds_are_refused(dims: Any) -> None:
    with pytest.raises(ValueError, match="input"):
        Network.model_validate({"input": {"dims": dims}})


@pytest.mark.parametrize("layout", ["image", "tokens", "", 3])
def test_a_layout_that_does_not_fit_names_those_that_would(layout: Any) -> None:
    with pytest.raises(ValueError, match="sequence / signal would"):
        Network.model_validate({"input": {"dims": [3, 4], "layout": layout}})


def test_what_is_no_network_is_a_bad_link_as_text() -> None:
    with pytest.raises(BadLink, match="line 1"):
        Network.from_json("{")
