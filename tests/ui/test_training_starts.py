"""The presets that a page offers for the toy text task learn it with the settings that come with them."""

import pytest

from netlib.presets import PRESETS, preset
from netlib.training import DataSpec
from netlib.training.data.datasets import DATA_SETS
from netlib.training.data.fit import fit
from netlib.training.run.engine import Engine
from ui.training.bench import unsettled
from ui.training.starts import PROVEN, proven, slug_of, start, suited


@pytest.mark.parametrize("slug", PROVEN)
def test_hello_is_learnt(slug: str) -> None:
    spec = proven(slug, DataSpec(name="hello"))
    engine = Engine(spec)
    for _ in range(spec.limits.epochs or 0):
        engine.advance()
    said, _ = engine.look()
    assert "".join(engine.data.about.class_names[letter] for letter in said[0]) == "ohlol"


@pytest.mark.parametrize("data", DATA_SETS)
def test_every_data_set_starts_with_a_network_that_fits(data: str) -> None:
    slug, spec = start(data)
    assert spec.data.name == data
    assert fit(spec.network, spec.data, spec.batch).ok
    assert slug in suited(spec.data)[0]
    assert unsettled(spec) == spec


def test_suited_presets_come_first_and_none_is_lost() -> None:
    fitting, others = suited(DataSpec(name="hello"))
    assert fitting == list(PROVEN)
    assert sorted(fitting + others) == sorted(PRESETS)
    assert slug_of(preset("net")) == "net"
