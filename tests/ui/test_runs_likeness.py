"""Whether runs are alike: what the badge claims of them, and which of them a table may call the best."""

from pathlib import Path

import pytest

from netlib.presets import preset
from netlib.training import DataSpec, OptimiserSpec, RunSpec, ScheduleSpec
from netlib.training.data.datasets import DATA_SETS
from netlib.training.store.history import add_event
from tests.ui.training_stage import StandIn, falling, stage, trained
from ui.numbers import seconds
from ui.runs.acting import acting, learnt, measured
from ui.runs.catalogue import find
from ui.runs.differences import differences, settings
from ui.runs.likeness import Badge, badge
from ui.runs.shelf import Shelf
from ui.training.bench import Bench
from ui.training.reading import read

SPEC = Bench.fresh().spec
HELLO = RunSpec(network=preset("hello-rnn"), data=DataSpec(name="hello"))


@pytest.fixture
def pool(tmp_path: Path) -> StandIn:
    return stage(tmp_path)


def run(pool: StandIn, spec: RunSpec, shift: float = 0.0) -> str:
    """A finished run of 60 steps on a known torch."""
    found = trained(pool, spec, [value + shift for value in falling(60)])
    with pool.history.database.writing() as connection:
        connection.execute('UPDATE runs SET versions = \'{"torch": "2.14.1"}\' WHERE id = ?', (found,))
    return found


def claimed(pool: StandIn, *specs: RunSpec) -> Badge:
    found = badge([read(pool.history, run(pool, spec)) for spec in specs])
    assert found is not None
    return found


def best(pool: StandIn, *specs: RunSpec) -> dict[str, int | None]:
    """The best run by row, later runs having the greater losses."""
    runs = [run(pool, spec, 0.1 * place) for place, spec in enumerate(specs)]
    known = {one.row.id: one for one in find(pool.history, Shelf()).every}
    found = differences([known[one] for one in runs], [read(pool.history, one) for one in runs])
    return {row.label: row.best for row in found}


def test_only_runs_that_are_the_same_are_said_to_be_equal_bit_for_bit(pool: StandIn) -> None:
    same = claimed(pool, SPEC, SPEC)
    assert (same.word, same.tone) == ("same seed, same settings", "good")
    assert "bit for bit" in same.means
    longer = SPEC.with_(limits=SPEC.limits.with_(epochs=3))
    assert claimed(pool, SPEC, longer).word == same.word, "limits end a run and change no step"
    planned = [spec.with_(schedule=ScheduleSpec(name="cosine")) for spec in (SPEC, longer)]
    assert claimed(pool, *planned).word == "same seed, other epochs"


@pytest.mark.parametrize(
    ("other", "word"),
    [
        (HELLO, "same seed, not the same data, network, batch size"),
        (SPEC.with_(batch=32), "same seed, not the same batch size"),
        (SPEC.with_(data=DataSpec(validation=0.3)), "same seed, not the same data"),
        (SPEC.with_(network=preset("mlp")), "same seed, not the same network"),
    ],
)
def test_other_data_networks_or_batches_are_named_and_never_good(
    pool: StandIn, other: RunSpec, word: str
) -> None:
    found = claimed(pool, SPEC, other)
    assert (found.word, found.tone) == (word, "calm")
    assert "bit for bit" not in found.means


def test_what_is_compared_is_named_where_all_else_is_equal(pool: StandIn) -> None:
    faster = SPEC.with_(optimiser=SPEC.optimiser.with_(learning_rate=0.1))
    found = claimed(pool, SPEC, faster)
    assert (found.word, found.tone) == ("same seed, other learning rate", "good")
    assert "same weights" in found.means
    assert claimed(pool, SPEC, SPEC.with_(optimiser=OptimiserSpec.usual("Adam"))).word == (
        "same seed, other optimiser"
    )
    limp = SPEC.with_(optimiser=SPEC.optimiser.with_(momentum=0.5, weight_decay=0.1, learning_rate=0.1))
    assert claimed(pool, SPEC, limp).word == "same seed, other settings"
    idle = SPEC.with_(optimiser=SPEC.optimiser.with_(beta1=0.8), data=SPEC.data.with_(source="abcde"))
    assert claimed(pool, SPEC, idle).word == "same seed, same settings", "neither acts in this run"


def test_a_learning_rate_changed_by_hand_is_another_setting(pool: StandIn) -> None:
    runs = [run(pool, SPEC), run(pool, SPEC)]
    with pool.history.database.writing() as connection:
        add_event(connection, runs[1], 30, "learning_rate", {"value": 0.01})
    found = badge([read(pool.history, one) for one in runs])
    assert found is not None
    assert found.word == "same seed, other learning rate"


def test_the_best_is_marked_only_among_runs_that_are_measured_alike(pool: StandIn) -> None:
    alike = best(pool, SPEC, SPEC.with_(batch=32))
    assert (alike["best validation loss"], alike["last training loss"]) == (0, 0)
    assert alike["a step"] is None, "another batch is another amount of work"
    for other in (HELLO, SPEC.with_(data=DataSpec(split_seed=1))):
        apart = best(pool, SPEC, other)
        assert apart["best validation loss"] is None
        assert apart["best validation accuracy"] is None
        assert apart["last training loss"] is None
    fewer = best(pool, SPEC, SPEC.with_(data=DataSpec(train_samples=200)))
    assert fewer["best validation loss"] == 0, "measured on the same samples"
    assert fewer["last training loss"] is None
    wider = best(pool, SPEC, SPEC.with_(network=preset("mlp")))
    assert (wider["best validation loss"], wider["a step"]) == (0, None)


def test_a_step_times_the_steps_is_what_the_run_took(pool: StandIn) -> None:
    ended = run(pool, SPEC)
    [entry] = find(pool.history, Shelf()).every
    reading = read(pool.history, ended)
    [step] = [row for row in differences([entry], [reading]) if row.label == "a step"]
    assert entry.summary.seconds > 0
    assert step.values == [seconds(entry.summary.seconds / 60)]


def test_the_weight_of_auxiliary_losses_acts_where_there_are_auxiliary_heads() -> None:
    assert "auxiliary" not in acting(SPEC)
    assert "auxiliary" in acting(SPEC.with_(network=preset("googlenet")))


def test_settings_that_do_nothing_do_not_act() -> None:
    assert {"batch", "data.validation", "data.split_seed", "optimiser.beta1", "schedule.gamma"}.isdisjoint(
        acting(HELLO)
    )
    assert acting(HELLO)["data.source"] == "hello"
    assert {"data.source", "data.target", "loss", "exact"}.isdisjoint(acting(SPEC))
    assert acting(SPEC)["batch"] == 64
    assert learnt(SPEC) == learnt(SPEC.with_(data=DataSpec(source="abcde")))
    assert measured(HELLO) != measured(HELLO.with_(loss="sum"))


def told(pool: StandIn, *specs: RunSpec) -> dict[str, list[str]]:
    """The rows of settings."""
    readings = [read(pool.history, run(pool, spec)) for spec in specs]
    return {row.label: list(row.values) for row in settings(readings)}


def test_rows_that_mean_nothing_to_any_of_the_runs_are_left_out(pool: StandIn) -> None:
    images, word, both = told(pool, SPEC), told(pool, HELLO), told(pool, SPEC, HELLO)
    assert {"Source word", "Target word", "Loss over the steps", "Beta 1"}.isdisjoint(images)
    assert {"Batch size", "Validation share", "Training samples", "Beta 1"}.isdisjoint(word)
    assert word["Source word"] == ["hello"]
    assert both["Batch size"] == ["64", "–"]
    assert both["Target word"] == ["–", "ohlol"]
    assert both["Data"] == ["Digits 8 × 8", DATA_SETS["hello"].label]


def test_data_are_called_by_their_names_and_two_of_one_name_are_told_apart(
    pool: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = ["upload-0000000000000001", "upload-0000000000000002"]
    specs = [SPEC.with_(data=DataSpec(name=key)) for key in keys]
    called = dict(zip(keys, ("pets.zip", "cars.zip"), strict=True))
    monkeypatch.setattr("ui.runs.differences.data", lambda name: called[name])
    assert told(pool, *specs)["Data"] == ["pets.zip", "cars.zip"]
    called[keys[1]] = "pets.zip"
    assert told(pool, *specs)["Data"] == ["pets.zip (0001)", "pets.zip (0002)"]
    assert told(pool, specs[0], specs[0])["Data"] == ["pets.zip", "pets.zip"]
