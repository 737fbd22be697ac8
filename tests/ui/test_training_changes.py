"""A run that is shown beside other settings: which one it is, what differs, and the way back to its settings."""

from pathlib import Path

import pytest

from netlib.presets import preset
from netlib.training import RunSpec
from tests.ui.training_stage import StandIn, falling, stage, trained
from ui.training.actions import Desk, act
from ui.training.answers import Answers
from ui.training.bench import Bench
from ui.training.changes import changes, strip
from ui.training.reading import read

SPEC = Bench.fresh().spec


@pytest.fixture
def pool(tmp_path: Path) -> StandIn:
    return stage(tmp_path)


def said(run: RunSpec, now: RunSpec) -> list[str]:
    return [str(change) for change in changes(run, now)]


def test_nothing_is_said_of_a_run_beside_its_own_settings(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(20))
    found = read(pool.history, run)
    assert found.spec is not None
    assert found.spec.threads is not None, "what the machine has filled in is no change"
    assert changes(found.spec, SPEC) == []
    assert strip(found, []) is None
    assert strip(None, changes(SPEC, SPEC.with_(seed=1))) is None


def test_each_change_is_named_with_both_values() -> None:
    rate = SPEC.optimiser.with_(learning_rate=1000.0)
    assert said(SPEC, SPEC.with_(optimiser=rate, seed=7)) == [
        "learning rate 0.05 → 1,000",
        "seed 0 → 7",
    ]
    assert said(SPEC, SPEC.with_(clip=1.0)) == ["clip gradient norm – → 1"]
    assert said(SPEC, SPEC.with_(device="auto")) == []


def test_data_and_network_come_first_and_by_name() -> None:
    other = SPEC.with_(network=preset("mlp"), data=SPEC.data.with_(name="shapes28"), batch=32)
    assert [change.label for change in changes(SPEC, other)] == ["data", "network", "Batch size"]
    data, network, _ = said(SPEC, other)
    assert data == "data Digits 8 × 8 → Shapes 28 × 28"
    assert network.startswith("network ")
    assert "→" in network


def test_networks_of_one_name_are_told_apart_by_their_parameters() -> None:
    own = SPEC.with_(network=SPEC.network.model_copy(update={"layers": SPEC.network.layers[:1]}))
    other = SPEC.with_(network=SPEC.network.model_copy(update={"layers": SPEC.network.layers[:3]}))
    (change,) = changes(own, other)
    assert change.was.endswith("parameters") or change.now == "changed"


def test_the_strip_names_the_run_and_at_most_three_changes(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(20))
    now = SPEC.with_(seed=7, batch=32, clip=1.0, limits=SPEC.limits.with_(epochs=99))
    found = strip(read(pool.history, run), changes(SPEC, now))
    assert found is not None
    assert f"run {run[:6]};" in found["says"]
    assert found["says"].endswith("and 1 more. Start training to see a new run here.")
    assert found["ways"] == [{"do": "settings", "word": "Open this run's settings"}]
    blocked = strip(read(pool.history, run), changes(SPEC, now), ready=False)
    assert blocked is not None
    assert "Start training" not in blocked["says"], "there is no run to be started"


def test_the_settings_of_the_run_come_back_at_a_press(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(20))
    bench = Bench.fresh().with_(run=run).with_data("shapes28").set("batch", 32)
    after = act(Desk(bench, pool.as_pool(), Answers()), {"do": "settings"})
    assert after.spec == SPEC
    assert after.run == run
    assert after.revision > bench.revision, "the widgets are built anew"


def test_a_start_puts_the_new_run_in_its_place(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(20))
    bench = Bench.fresh().with_(run=run).set("batch", 32)
    after = act(Desk(bench, pool.as_pool(), Answers()), {"do": "start"})
    assert after.run not in (None, run)
    found = read(pool.history, after.run or "")
    assert found.spec is not None
    assert changes(found.spec, after.spec) == []
