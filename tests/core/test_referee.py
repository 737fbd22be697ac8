"""The referee agrees with the closed forms over presets, and says why torchinfo differs."""

import pytest

from netlib import Network, build, trace
from netlib.presets import preset
from netlib.referee import judge, verdict

REFEREED = [
    "net",
    "mlp",
    "inception-mnist",
    "resnet-mnist",
    "resnet20-cifar",
    "resnet18",
    "googlenet",
    "googlenet-torchvision",
    "alexnet",
    "hello-cell",
    "hello-lstm",
    "names-gru",
    "text-lstm",
]


@pytest.mark.parametrize("slug", REFEREED)
def test_the_seal_holds(slug: str) -> None:
    found = judge(trace(preset(slug)))
    assert [row for row in found.rows if not row.agrees] == []
    assert found.ok
    assert found.params["ours"] == found.params["torch"] == found.params["torchinfo"]
    assert found.macs["ours"] == found.macs["torch"]


def test_every_difference_of_torchinfo_has_a_reason_in_both_languages() -> None:
    for slug in ("net", "hello-cell", "hello-lstm", "resnet20-cifar"):
        for row in judge(trace(preset(slug))).rows:
            assert (row.reason is None) == (row.macs["ours"] == row.macs["torchinfo"])
            if row.reason:
                assert row.reason["en"] != row.reason["zh"]


def test_auxiliary_heads_are_counted_apart() -> None:
    found = judge(trace(preset("googlenet")))
    assert found.aux_params == {"ours": 6_379_728, "torch": 6_379_728, "torchinfo": 6_379_728}


def test_a_long_sequence_costs_no_long_unrolling() -> None:
    network = Network.model_validate(
        {"input": {"dims": [10_000, 8]}, "layers": [{"kind": "LSTM", "hidden_size": 8, "returns": "last"}]}
    )
    found = judge(trace(network))
    assert found.ok
    assert found.macs["torch"] == 10_000 * 4 * 8 * 16


def test_the_summary_is_the_table_people_know() -> None:
    text = verdict(preset("net").to_json())["summary"]
    assert "Total params: 8,490" in text
    assert "Conv2d" in text


def test_a_faulty_network_has_no_verdict() -> None:
    faulty = {
        "input": {"dims": [784]},
        "layers": [{"kind": "Linear", "out_features": 10, "in_features": 320}],
    }
    with pytest.raises(ValueError, match="problems"):
        verdict(faulty)


def test_a_wrong_closed_form_breaks_the_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    from netlib.blocks import linear
    from netlib.formula import Formula

    wrong = Formula(lambda o, i: o * i + 2 * o, o="F_out", i="F_in")
    monkeypatch.setattr(linear, "WEIGHTS_AND_BIAS", wrong)
    network = Network.model_validate(
        {"input": {"dims": [123]}, "layers": [{"kind": "Linear", "out_features": 45}]}
    )
    found = judge(trace(network))
    assert not found.ok
    assert found.rows[0].params == {"ours": 123 * 45 + 90, "torch": 123 * 45 + 45, "torchinfo": 123 * 45 + 45}
    from netlib.block import measured

    measured.cache_clear()  # the wrong figure must not outlive the test
    assert build(trace(preset("net"))) is not None
