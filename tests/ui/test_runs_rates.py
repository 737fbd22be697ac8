"""Learning rates that were set by hand: in the list, in the comparison, on the curves, and before a run is repeated."""

from pathlib import Path

import pytest

from netlib.presets import preset
from netlib.training import DataSpec, RunSpec, ScheduleSpec
from netlib.training.store.history import add_event
from netlib.training.store.rate_changes import rate_changes
from tests.ui.training_stage import StandIn, falling, stage, trained
from ui.runs.catalogue import Plain, find
from ui.runs.comparison import chart
from ui.runs.differences import differences
from ui.runs.listing import listing
from ui.runs.overlaid import Drawn, figure
from ui.runs.shelf import Shelf
from ui.runs.told import rates, settings
from ui.training.bench import Bench
from ui.training.reading import read

SPEC = Bench.fresh().spec


@pytest.fixture
def pool(tmp_path: Path) -> StandIn:
    return stage(tmp_path)


def changed(pool: StandIn, at: dict[int, float], spec: RunSpec = SPEC) -> str:
    """A run of 60 steps whose learning rate was set on the way."""
    run = trained(pool, spec, falling(60))
    set_rates(pool, run, at)
    return run


def set_rates(pool: StandIn, run: str, at: dict[int, float]) -> None:
    with pool.history.database.writing() as connection:
        for step, value in at.items():
            add_event(connection, run, step, "learning_rate", {"value": value})


def test_the_list_says_which_rates_a_run_has_had_and_what_is_not_repeated(pool: StandIn) -> None:
    plain, run = trained(pool, SPEC, falling(60)), changed(pool, {30: 0.01})
    found = find(pool.history, Shelf())
    held = rate_changes(pool.history, [plain, run])
    assert held == {run: {30: 0.01}}
    drawn = listing(found, Shelf(open=run), (), True, held)
    assert {row["id"]: row["settings"] for row in drawn["rows"]} == {
        run: "SGD 0.05 → 0.01, batch 64",
        plain: "SGD 0.05, batch 64",
    }
    assert drawn["opened"]["unrepeated"] == (
        "Running it again starts with its first learning rate, 0.05: what was changed by hand on the way "
        "(0.05 → 0.01 at step 30) is not repeated."
    )
    assert listing(found, Shelf(open=plain), (), True, held)["opened"]["unrepeated"] == ""


def test_what_was_changed_before_a_rewind_no_longer_counts(pool: StandIn) -> None:
    run = changed(pool, {30: 0.01})
    with pool.history.database.writing() as connection:
        connection.execute("UPDATE runs SET generation = generation + 1")
    assert rate_changes(pool.history, [run]) == {}


def test_the_comparison_has_a_row_of_it_only_where_a_rate_was_changed(pool: StandIn) -> None:
    runs = [changed(pool, {}), changed(pool, {30: 0.01, 50: 0.002})]
    known = {one.row.id: one for one in find(pool.history, Shelf()).every}

    def row(*chosen: str) -> list[str] | None:
        found = differences([known[one] for one in chosen], [read(pool.history, one) for one in chosen])
        return next((list(one.values) for one in found if one.label == "learning rate changed"), None)

    assert row(*runs) == ["–", "0.05 → 0.01 at step 30, 0.01 → 0.002 at step 50"]
    assert row(runs[0]) is None


def test_a_mark_stands_on_the_curve_where_the_rate_was_changed(pool: StandIn) -> None:
    run = changed(pool, {30: 0.01, 90: 0.5})
    reading = read(pool.history, run)
    drawn = [Drawn("one", reading, 64)]
    [mark] = [trace for trace in figure(drawn, Shelf(), "light").data if trace.mode == "markers"]
    assert list(mark.x) == [30], "what lies beyond the curve has no place on it"
    assert list(mark.y) == pytest.approx([reading.smoothed[29]])
    assert "learning rate 0.01" in mark.hovertemplate[0]
    first = chart(drawn, Shelf(), "light")
    set_rates(pool, run, {40: 0.3})
    assert chart([Drawn("one", read(pool.history, run), 64)], Shelf(), "light") is not first


def test_settings_name_schedule_and_clipping_and_no_batch_of_one_word(pool: StandIn) -> None:
    trained(pool, SPEC.with_(schedule=ScheduleSpec(name="cosine"), clip=1.0), falling(20))
    hello = RunSpec(network=preset("hello-rnn"), data=DataSpec(name="hello"))
    trained(pool, hello, falling(20))
    said = {one.plain.data: settings(one.plain) for one in find(pool.history, Shelf()).every}
    assert said == {
        "digits": "SGD 0.05, batch 64, cosine schedule, clipped at 1",
        "hello": "SGD 0.05",
    }
    assert settings(Plain()) == "Settings that this version no longer reads"


def test_many_rates_are_the_first_and_the_last_ones() -> None:
    assert rates(0.1, {1: 0.2, 2: 0.3, 3: 0.4, 4: 0.5}) == "0.1 → … → 0.4 → 0.5"
    assert rates(0.1, {}) == "0.1"


def test_a_pair_of_own_words_is_listed_by_them(pool: StandIn) -> None:
    words = RunSpec(network=preset("hello-cell"), data=DataSpec(name="hello", source="abc", target="bca"))
    given = words.with_(data=DataSpec(name="hello"))
    runs = [trained(pool, spec, falling(15)) for spec in (words, given)]
    found = {one.row.id: one for one in find(pool.history, Shelf()).every}
    assert [found[run].data for run in runs] == ["abc → bca", "hello → ohlol"]
    assert len(find(pool.history, Shelf(data="hello")).entries) == 2, "they are one data set"
