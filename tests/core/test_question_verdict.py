"""The referee's verdict as a worker answers it."""

import json

import pytest

from netlib.errors import BadLink, NetlibError
from netlib.presets import preset
from netlib.questions import answer

FAULTY = '{"input":{"dims":[3]},"layers":[{"kind":"Conv2d","out_channels":1,"kernel_size":1}]}'


def test_a_verdict_is_json_and_holds_for_the_net() -> None:
    found = answer("verdict", {"network": preset("net").to_json()})
    assert json.loads(json.dumps(found)) == found
    assert found["ok"]
    assert found["params"] == {"ours": 8_490, "torch": 8_490, "torchinfo": 8_490}
    assert found["macs"]["ours"] == found["macs"]["torch"] == 467_200
    assert "Conv2d" in found["summary"]


def test_a_faulty_network_is_refused_in_a_sentence() -> None:
    with pytest.raises(NetlibError, match="mend 1 of its layers"):
        answer("verdict", {"network": FAULTY})


@pytest.mark.parametrize("payload", [{}, {"network": 3}, {"network": "{"}])
def test_what_is_no_network_is_refused_in_a_sentence(payload: dict[str, object]) -> None:
    with pytest.raises(BadLink):
        answer("verdict", payload)
