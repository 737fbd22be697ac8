"""Runs side by side: their curves in one figure, what differs, and whether they are the same but for that."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netlib.presets import preset
from netlib.training import DataSpec, OptimiserSpec, RunSpec
from tests.ui.training_stage import StandIn, falling, stage, trained
from ui.runs.catalogue import Entry, find
from ui.runs.comparison import bar, chart, steady, table
from ui.runs.differences import differences, least
from ui.runs.likeness import badge
from ui.runs.overlaid import Drawn, config, figure
from ui.runs.shelf import Axis, Shelf
from ui.training.bench import Bench
from ui.training.reading import Reading, read

SPEC = Bench.fresh().spec


@pytest.fixture
def pool(tmp_path: Path) -> StandIn:
    return stage(tmp_path)


def pair(pool: StandIn, *specs: RunSpec, torch: tuple[str, ...] = ()) -> tuple[list[Entry], list[Reading]]:
    """Runs of these specs, 60 steps each, in their order."""
    runs = [trained(pool, spec, [value + 0.1 * n for value in falling(60)]) for n, spec in enumerate(specs)]
    for run, version in zip(runs, torch or ["2.14.1"] * len(runs), strict=True):
        with pool.history.database.writing() as connection:
            connection.execute(
                "UPDATE runs SET versions = ? WHERE id = ?", (f'{{"torch": "{version}"}}', run)
            )
    known = {one.row.id: one for one in find(pool.history, Shelf()).every}
    return [known[run] for run in runs], [read(pool.history, run) for run in runs]


def drawn(pool: StandIn, *specs: RunSpec) -> list[Drawn]:
    entries, readings = pair(pool, *specs)
    return [Drawn(one.name, reading, one.plain.batch) for one, reading in zip(entries, readings, strict=True)]


def rows(pool: StandIn, *specs: RunSpec) -> dict[str, Any]:
    entries, readings = pair(pool, *specs)
    return {row.label: row for row in differences(entries, readings)}


def test_each_run_has_a_raw_a_smoothed_and_an_accuracy_curve_of_its_colour(pool: StandIn) -> None:
    chart = figure(drawn(pool, SPEC, SPEC), Shelf(), "light")
    assert len(chart.data) == 6
    for raw, smooth, accuracy in (chart.data[:3], chart.data[3:]):
        assert raw.opacity < 0.5 < (smooth.opacity or 1)
        assert raw.line.color == smooth.line.color == accuracy.line.color
        assert (len(raw.y), accuracy.yaxis) == (60, "y2")
    assert chart.data[0].line.color != chart.data[3].line.color
    assert chart.layout.yaxis.type == "log"
    assert len([note for note in chart.layout.annotations if "<b>" in note.text]) == 2, "names at the ends"


@pytest.mark.parametrize(("axis", "end"), [("steps", 60), ("examples", 60 * 64), ("seconds", None)])
def test_curves_lie_over_steps_examples_or_seconds(pool: StandIn, axis: Axis, end: int | None) -> None:
    runs = drawn(pool, SPEC)
    chart = figure(runs, Shelf(axis=axis), "dark")
    wanted = runs[0].reading.loss.seconds[-1] if end is None else end
    assert chart.data[1].x[-1] == pytest.approx(wanted)
    assert chart.layout.xaxis.range[1] == pytest.approx(
        max(wanted, runs[0].along(runs[0].reading.validation, axis)[-1])
    )


def test_a_linear_axis_and_the_validation_loss(pool: StandIn) -> None:
    chart = figure(drawn(pool, SPEC), Shelf(log=False, held=True), "light")
    assert chart.layout.yaxis.type is None
    assert chart.layout.yaxis.range[0] == 0
    assert list(chart.data[0].x) == [10, 20, 30, 40, 50, 60]
    assert chart.data[0].y[0] == pytest.approx(1.1 * falling(60)[9])


def test_six_curves_differ_by_colour_or_dash_and_a_hostile_name_is_escaped(pool: StandIn) -> None:
    runs = drawn(pool, *[SPEC] * 6)
    runs[0] = Drawn('<a href="http://x.example">x</a>', runs[0].reading, 64)
    chart = figure(runs, Shelf(), "light")
    looks = {(line.line.color, line.line.dash) for line in chart.data[1::3]}
    assert len(looks) == 6
    assert "<a" not in chart.to_json().replace("\\u003c", "<")
    places = sorted(note.yshift for note in chart.layout.annotations if "<b>" in note.text)
    assert np.diff(places).min() >= 17, "no name lies on another"
    assert places[-1] <= 190


def test_losses_that_are_no_numbers_do_not_spoil_the_axis(pool: StandIn) -> None:
    trained(pool, SPEC, [2.0, math.inf, math.nan, 1.0], end="diverged")
    trained(pool, SPEC, [])
    entries = find(pool.history, Shelf()).every
    runs = [Drawn(one.name, read(pool.history, one.row.id), None) for one in entries]
    for shelf in (Shelf(), Shelf(log=False), Shelf(held=True)):
        chart = figure(runs, shelf, "light")
        assert all(math.isfinite(end) for end in chart.layout.yaxis.range)
    assert config(runs)["toImageButtonOptions"]["filename"].startswith("runs-")


def test_only_what_differs_is_shown_and_the_rest_is_counted(pool: StandIn) -> None:
    adam = SPEC.with_(optimiser=OptimiserSpec.usual("Adam"), batch=32)
    entries, readings = pair(pool, SPEC, adam)
    found = table(entries, readings)
    labels = [row["label"] for row in found["rows"]]
    assert {"Optimiser", "Learning rate", "Momentum", "Batch size", "best validation loss"} <= set(labels)
    assert not {"Seed", "Epochs", "network", "layer 1"} & set(labels)
    assert found["words"]["rest"] == f"{len(found['rest'])} equal rows"
    best = next(row for row in found["rows"] if row["label"] == "best validation loss")
    assert best["best"] == 0
    assert best["values"][0] < best["values"][1]


def test_networks_are_compared_layer_by_layer(pool: StandIn) -> None:
    layers = list(SPEC.network.layers)
    wide = SPEC.network.model_copy(update={"layers": (layers[0].with_(out_channels=12), *layers[1:])})
    found = rows(pool, SPEC, SPEC.with_(network=type(SPEC.network).from_json(wide.to_json())))
    assert found["layer 1"].values == ["Conv2d 10 5×5", "Conv2d 12 5×5"]
    assert found["layer 1"].differs
    assert not found["layer 2"].differs
    assert found["parameters"].differs


def test_a_single_run_shows_what_came_of_it(pool: StandIn) -> None:
    entries, readings = pair(pool, SPEC)
    found = table(entries, readings)
    assert found["words"]["title"] == "This run"
    assert [row["label"] for row in found["rows"]][:2] == ["best validation loss", "best validation accuracy"]
    assert any(row["label"] == "Learning rate" and row["values"] == ["0.05"] for row in found["rest"])
    assert bar(readings, Shelf())["badge"] is None


def test_the_badge_says_whether_runs_are_the_same_but_for_their_settings(pool: StandIn) -> None:
    def word(*specs: RunSpec, torch: tuple[str, ...] = ()) -> str:
        found = badge(pair(pool, *specs, torch=torch)[1])
        return found.word if found else ""

    assert word(SPEC) == ""
    assert word(SPEC, SPEC) == "same seed, same settings"
    assert word(SPEC, SPEC.with_(batch=32)) == "same seed, not the same batch size"
    assert word(SPEC, SPEC.with_(seed=1)) == "different seeds"
    assert word(SPEC, SPEC, torch=("2.14.1", "2.13.0")) == "same seed, not the same torch"
    assert word(SPEC.with_(threads=1), SPEC.with_(threads=2)) == "same seed, not the same threads"


def test_runs_of_different_tasks_and_unreadable_ones_can_stand_beside_each_other(pool: StandIn) -> None:
    hello = RunSpec(network=preset("hello-rnn"), data=DataSpec(name="hello"))
    entries, readings = pair(pool, SPEC, hello)
    with pool.history.database.writing() as connection:
        connection.execute("UPDATE runs SET spec = '{}' WHERE id = ?", (entries[1].row.id,))
    readings = [read(pool.history, one.row.id) for one in entries]
    found = {row.label: row for row in differences(entries, readings)}
    assert found["Batch size"].values == ["64", "?"]
    assert found["layer 1"].values[1] == "–"


def test_the_best_of_equal_or_unknown_values_is_none() -> None:
    assert least([2.0, 1.0, None]) == 1
    assert least([1.0, 1.0]) is None
    assert least([None, 1.0]) is None


@pytest.mark.parametrize(("step", "drawn_to"), [(1, 1), (64, 64), (76, 64), (77, 76), (127, 107)])
def test_the_chart_of_a_run_that_is_going_grows_in_few_strides(
    pool: StandIn, step: int, drawn_to: int
) -> None:
    run = trained(pool, SPEC, falling(step), end=None)
    reading = read(pool.history, run)
    assert steady(reading).loss.steps[-1] == drawn_to
    assert len(reading.loss) == step
    pool.history.move(run, "stopping")
    pool.history.move(run, "stopped")
    assert len(steady(read(pool.history, run)).loss) == step


def test_a_chart_is_made_anew_only_where_something_of_it_changed(pool: StandIn) -> None:
    runs = drawn(pool, SPEC, SPEC)
    first = chart(runs, Shelf(), "light")
    assert chart(runs, Shelf(text="x", sort="loss", pages=3), "light") is first
    renamed = [Drawn("other", runs[0].reading, 64), runs[1]]
    changed = [
        chart(runs, Shelf(), "dark"),
        chart(runs, Shelf(axis="seconds"), "light"),
        chart(runs, Shelf(log=False), "light"),
        chart(runs[::-1], Shelf(), "light"),
        chart(renamed, Shelf(), "light"),
    ]
    assert all(one is not first for one in changed)
    with pool.history.database.writing() as connection:
        connection.execute("UPDATE runs SET beat = beat + 1")
    later = [Drawn(run.name, read(pool.history, run.reading.row.id), 64) for run in runs]
    assert chart(later, Shelf(), "light") is not first, "it has gone on"
    assert chart(runs, Shelf(), "light").to_json() == first.to_json()
