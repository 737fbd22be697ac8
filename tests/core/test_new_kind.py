"""A kind is one file: the example of CONTRIBUTING.md appears everywhere once it is read."""

import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

from netlib import KINDS, Block, Network, build, source, trace
from netlib.block import Leaf, all_knobs, make, measured
from netlib.table import table
from netlib.words import CATALOGUE

GUIDE = Path(__file__).parents[2] / "CONTRIBUTING.md"


@pytest.fixture
def softplus() -> Iterator[type[Block]]:
    """The guide's kind, read from the guide, and gone after the test."""
    text = GUIDE.read_text(encoding="utf-8").partition("## Adding a kind")[2]
    found = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert found
    known, catalogue = dict(KINDS), dict(CATALOGUE)
    module = types.ModuleType("throw_away_kind")
    sys.modules[module.__name__] = module
    exec(compile(found[1], str(GUIDE), "exec"), module.__dict__)
    yield KINDS["Softplus"]
    del sys.modules[module.__name__]
    for shared, before in ((KINDS, known), (CATALOGUE, catalogue)):
        shared.clear()
        shared.update(before)  # type: ignore[arg-type]  # each gets back what it held
    make.cache_clear()
    measured.cache_clear()


def _network() -> Network:
    layer = {"kind": "Softplus", "beta": 2.0}
    return Network.model_validate({"input": {"dims": [3, 8, 8]}, "layers": [layer]})


def test_the_registry_knows_it(softplus: type[Block]) -> None:
    assert list(KINDS)[-1] == "Softplus"
    assert issubclass(softplus, Leaf)
    assert [knob.name for knob in all_knobs(softplus)] == ["beta"]


def test_link_json_table_and_export_know_it(softplus: type[Block]) -> None:
    network = _network()
    assert Network.from_link(network.to_link()) == network
    assert Network.from_json(network.to_json()) == network
    assert list(table(trace(network))["layer"]) == ["Softplus(beta=2.0)"]
    assert "nn.Softplus(beta=2.0),  # 3 × 8 × 8" in source(trace(network))


def test_it_is_built_and_computes(softplus: type[Block]) -> None:
    import torch

    case = next(iter(softplus.cases()))
    assert case.by_hand is not None
    model = build(trace(Network.of(case.given, case.block)))
    x = torch.rand(2, 3, 8, 8)
    assert torch.allclose(model(x), case.by_hand(model, x), atol=1e-6)


def test_the_palette_offers_it(softplus: type[Block]) -> None:
    from ui.builder.palette import palette

    palette.cache_clear()
    offered = [entry["kind"] for group in palette("en") for entry in group["kinds"]]
    palette.cache_clear()
    assert "Softplus" in offered


def test_a_name_that_is_taken_raises() -> None:
    with pytest.raises(TypeError, match="'ReLU' is already taken"):

        class Another(Leaf, kind="ReLU"):
            pass
