"""The training page's bench: what it begins with, what an action makes of it, what address and builder bring."""

from pathlib import Path
from typing import Any

import pytest

from netlib import Network
from netlib.presets import preset
from tests.ui.training_stage import StandIn, falling, stage, trained
from ui.training.address import arrived, write
from ui.training.bench import BENCH, BUILDER, NET, OWN, WORDS, Bench, load, save

OTHER = Network.model_validate(
    {"input": {"dims": [1, 28, 28]}, "layers": [{"kind": "Flatten"}, {"kind": "Linear", "out_features": 10}]}
)


@pytest.fixture
def pool(tmp_path: Path) -> StandIn:
    return stage(tmp_path)


def arrive(pool: StandIn, session: dict[Any, Any], **parameters: str) -> Bench:
    return arrived(session, dict(parameters), pool.history)


def test_a_fresh_bench_trains_the_net_on_digits() -> None:
    spec = Bench.fresh().spec
    assert (spec.network, spec.data.name) == (preset("net"), "digits")
    assert (spec.optimiser.name, spec.optimiser.learning_rate, spec.optimiser.momentum) == ("SGD", 0.05, 0.9)
    assert (spec.batch, spec.limits.epochs, spec.seed) == (64, 10, 0)


def test_hello_begins_with_settings_that_learn_it() -> None:
    bench = Bench.fresh().with_data("hello")
    assert bench.source == "hello-embedding"
    assert (bench.spec.optimiser.name, bench.spec.optimiser.learning_rate) == ("Adam", 0.05)
    assert (bench.spec.limits.epochs, bench.spec.seed) == (15, 1)


def test_other_data_keep_a_network_that_fits() -> None:
    bench = Bench.fresh().set("optimiser.learning_rate", 0.02).with_data("mnist")
    assert (bench.source, bench.spec.network) == ("net", preset("net"))
    assert bench.spec.optimiser.learning_rate == 0.02


def test_data_of_no_such_name_change_nothing() -> None:
    bench = Bench.fresh()
    assert bench.with_data("imagenet") is bench


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("batch", 0, "batch must be at least 1, got 0"),
        ("optimiser.learning_rate", 5000.0, "learning_rate must be a number between"),
        ("limits.epochs", 10**9, "epochs must be at most 100,000"),
        ("device", "tpu", "device must be auto, cpu, mps, cuda"),
    ],
)
def test_a_value_out_of_bounds_is_kept_apart_with_its_rule(place: str, value: Any, said: str) -> None:
    bench = Bench.fresh()
    after = bench.set(place, value)
    assert after.spec == bench.spec
    assert said in after.refused[place]
    assert after.revision == bench.revision, "the widget must keep what was typed"
    assert not after.set(place, bench.value(place)).refused
    assert not after.renewed().refused


def test_a_number_that_is_gone_is_asked_for() -> None:
    after = Bench.fresh().set("batch", None)
    assert after.refused == {"batch": "batch is empty: it needs a number"}
    assert not Bench.fresh().set("limits.epochs", None).refused, "which need not be given"


def test_each_refused_value_stays_until_it_is_mended() -> None:
    bench = Bench.fresh().set("batch", 0).set("limits.epochs", 0)
    assert set(bench.refused) == {"batch", "limits.epochs"}
    assert set(bench.set("batch", 16).refused) == {"limits.epochs"}


def test_words_of_two_lengths_are_refused() -> None:
    after = Bench.fresh("hello").with_words("hello", "ohlolo")
    assert after.spec.data.target == "ohlol"
    assert "one length" in after.refused[WORDS]
    assert not after.with_words("hello", "elloh").refused


def test_a_bench_survives_the_session() -> None:
    session: dict[Any, Any] = {}
    bench = Bench.fresh("hello").set("batch", 0).with_(run="abcd")
    save(session, bench)
    assert load(session) == bench


@pytest.mark.parametrize(
    "held", [None, "text", {}, {"spec": "{"}, {"spec": "{}", "note": None, "address": [1]}]
)
def test_a_session_that_cannot_be_read_is_as_good_as_none(held: Any) -> None:
    assert load({BENCH: held}) is None


def test_a_network_from_the_builder_is_the_one_to_train(pool: StandIn) -> None:
    bench = arrive(pool, {NET: OTHER.to_json()})
    assert (bench.source, bench.spec.network) == (BUILDER, OTHER)


def test_a_choice_stands_until_the_builder_changes_again(pool: StandIn) -> None:
    session: dict[Any, Any] = {NET: OTHER.to_json()}
    save(session, arrive(pool, session).with_network("lenet5", session[NET]))
    assert arrive(pool, session).source == "lenet5"
    session[NET] = preset("mlp").to_json()
    assert arrive(pool, session).spec.network == preset("mlp")


def test_a_link_brings_its_network_here_and_to_the_builder(pool: StandIn) -> None:
    session: dict[Any, Any] = {}
    bench = arrive(pool, session, net=OTHER.to_link())
    assert (bench.source, bench.spec.network) == (BUILDER, OTHER)
    assert session[NET] == OTHER.to_json()


def test_a_damaged_link_is_a_sentence(pool: StandIn) -> None:
    bench = arrive(pool, {}, net="1.broken")
    assert bench.spec.network == preset("net")
    assert bench.note is not None
    assert "keeps the network it had" in bench.note


def test_an_address_with_a_run_shows_it_with_its_settings(pool: StandIn) -> None:
    spec = Bench.fresh("hello").spec.with_(seed=7)
    run = trained(pool, spec, falling(15), epoch=1)
    bench = arrive(pool, {}, run=run)
    assert bench.run == run
    assert bench.spec == spec, "unsettled, so that it compares equal to what a person has set"
    assert bench.source == "hello-embedding"


def test_an_address_with_a_run_that_is_not_there_says_so(pool: StandIn) -> None:
    bench = arrive(pool, {}, run="nosuchrun")
    assert bench.run is None
    assert bench.note == "There is no run nosuchrun in the history."


def test_an_address_that_this_page_wrote_is_no_news(pool: StandIn) -> None:
    session: dict[Any, Any] = {}
    run = trained(pool, Bench.fresh().spec, falling(30))
    address = {"run": run}
    save(session, arrived(session, address, pool.history))
    changed = load(session)
    assert changed is not None
    save(session, write(changed.set("seed", 3), address))
    assert arrived(session, address, pool.history).spec.seed == 3


def test_the_address_holds_run_data_and_a_network_that_is_no_preset() -> None:
    address = {"lang": "zh", "net": "old"}
    write(Bench.fresh("hello").with_(run="abcd"), address)
    assert address == {"lang": "zh", "run": "abcd", "data": "hello"}
    write(Bench.fresh().taking(OTHER, OWN), address)
    assert address == {"lang": "zh", "net": OTHER.to_link()}
