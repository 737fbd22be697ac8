"""A run as the training page reads it: pace, what is left, smoothed curves, thinned curves, the figure afterwards."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlib.presets import preset
from netlib.training import DataSpec, RunSpec
from netlib.training.store.recorder import Recorder
from netlib.training.store.records import Series
from tests.ui.training_stage import StandIn, falling, stage, started, trained
from ui.training.bench import Bench
from ui.training.curves import LONG, RAW_POINTS, curves, loss_title, reach, spread, until
from ui.training.figure import HEIGHT, bounds, config, figure
from ui.training.panel import panel
from ui.training.reading import MOST, SHARE, Reading, read, smoothed, trailing_means
from ui.training.status import Status

SPEC = Bench.fresh().spec


@pytest.fixture
def pool(tmp_path: Path) -> StandIn:
    return stage(tmp_path)


def writing(pool: StandIn) -> tuple[str, Recorder]:
    return started(pool, SPEC)


def curve(values: Sequence[float], every: int = 1) -> Series:
    steps = every * np.arange(1, len(values) + 1)
    return Series(steps, np.array(values, dtype=np.float32), np.zeros(len(values)))


@given(st.lists(st.floats(width=32), max_size=300), st.data())
def test_a_smoothed_curve_stays_as_it_is_when_the_run_goes_on(
    values: list[float], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(values)))
    np.testing.assert_array_equal(smoothed(curve(values[:cut])), smoothed(curve(values))[:cut])


@given(st.integers(0, 5000), st.floats(1, 1e30))
@settings(max_examples=30)
def test_a_smoothed_curve_does_not_move_before_its_cause(cause: int, height: float) -> None:
    values = np.full(6000, 0.5)
    values[cause] = 0.5 + height
    found = smoothed(curve(values.tolist()))
    assert (found[:cause] == 0.5).all()
    assert found[cause] > 0.5
    assert found[cause + MOST + 1 :] == pytest.approx(0.5), "a spike is forgotten"


def test_a_smoothed_value_is_the_mean_of_a_sixteenth_of_the_way() -> None:
    values = np.random.default_rng(0).uniform(0.1, 2.0, 6000)
    found = smoothed(curve(values.tolist()))
    assert found[: SHARE - 1] == pytest.approx(values[: SHARE - 1]), "there is nothing to smooth yet"
    assert found[319] == pytest.approx(values[299:320].mean())
    assert found[-1] == pytest.approx(values[-MOST - 1 :].mean())


def test_a_curve_of_every_tenth_step_is_smoothed_over_as_many_steps() -> None:
    values = np.random.default_rng(0).uniform(0.1, 2.0, 600)
    found = smoothed(curve(values.tolist(), every=10))
    assert found[-1] == pytest.approx(values[-MOST // 10 - 1 :].mean())


def test_means_leave_out_what_is_no_number() -> None:
    values = np.array([1.0, 3.0, math.nan, 5.0, math.inf])
    first = np.array([0, 0, 1, 2, 3])
    assert trailing_means(values, first).tolist() == [1.0, 2.0, 3.0, 5.0, 5.0]
    assert np.isnan(trailing_means(np.full(3, np.nan), first[:3])).all()


def test_a_run_with_nothing_yet_has_no_numbers(pool: StandIn) -> None:
    reading = read(pool.history, pool.submit(SPEC))
    assert (reading.seconds_a_step, reading.seconds_left, len(reading.smoothed)) == (None, None, 0)
    assert (reading.steps, reading.epoch_steps) == (230, 23)
    said = [number["value"] for number in panel(reading, Status("", "calm", ""), 230, True, False)["numbers"]]
    assert said == ["0", "–", "–", "–", "–", "–"]


def test_pace_and_what_is_left(pool: StandIn) -> None:
    run, recorder = writing(pool)
    recorder._clock.halt()
    recorder._clock._before = 1.0
    recorder.metrics("loss", 1, falling(100))
    recorder.flush()
    reading = read(pool.history, run)
    assert reading.seconds_a_step == pytest.approx(0.01)
    assert reading.seconds_left == pytest.approx(1.3)
    assert reading.seconds == pytest.approx(1.0)


def test_the_learning_rate_is_the_one_last_set(pool: StandIn) -> None:
    run, recorder = writing(pool)
    recorder.metrics("loss", 1, [2.3])
    recorder.flush()
    assert read(pool.history, run).learning_rate == 0.05
    recorder.event(1, "learning_rate", {"value": 0.01})
    recorder.flush()
    assert read(pool.history, run).learning_rate == 0.01


def test_after_a_rewind_the_old_curve_stays_beside_the_new_one(pool: StandIn) -> None:
    run, recorder = writing(pool)
    recorder.metrics("loss", 1, falling(80))
    recorder.event(80, "learning_rate", {"value": 0.01})
    recorder.event(0, "rewind")
    recorder.metrics("loss", 1, falling(20))
    recorder.flush()
    reading = read(pool.history, run)
    assert (len(reading.loss), len(reading.earlier)) == (20, 80)
    assert reading.learning_rate == 0.05, "a rewind undoes what was set"
    drawn = curves(reading, "digits", 230)
    assert len(drawn["earlier"][0]) == 80
    assert drawn["events"] == []


@pytest.mark.parametrize(
    ("step", "steps", "end"), [(0, 230, 230), (5, LONG, LONG), (0, 23_000, 256), (100, 23_000, 256)]
)
def test_the_axis_of_a_short_run_has_room_for_all_of_it(step: int, steps: int, end: int) -> None:
    assert reach(step, steps) == end


def test_the_axis_of_a_long_run_grows_with_it_and_holds_what_is_done() -> None:
    for step in range(0, 23_000, 97):
        assert step <= reach(step, 23_000) <= 23_000
        assert reach(step, None) >= step
    assert reach(20_000, 23_000) == 23_000


def test_curves_are_whole_short_and_free_of_what_is_no_number(pool: StandIn) -> None:
    losses = falling(20_000)
    losses[7_777] = 1e9
    losses[-1] = math.nan
    run = trained(pool, SPEC.with_(limits={"epochs": 1000}), losses, end="diverged")
    drawn = curves(read(pool.history, run), "digits", 23_000)
    text = json.dumps(drawn, allow_nan=False)
    assert len(text) < 24_000
    assert len(drawn["raw"][0]) <= RAW_POINTS
    assert max(value for value in drawn["raw"][1] if value) == 1e9, "no spike is lost"
    assert drawn["raw"][1][-1] is None
    assert drawn["events"][-1] == {"step": 20_000, "says": "diverged", "about": "problem"}


def test_the_number_at_a_curves_end_is_not_rounded_before_it_is_written() -> None:
    steps, values = spread([1, 2, 3], [2.30258, math.nan, 0.0914493], 3)
    assert (steps, values) == ([1, 2, 3], [2.303, None, 0.0914493])
    assert spread([], [], 3) == [[], []]


def test_what_happened_at_one_step_stands_at_one_mark(pool: StandIn) -> None:
    run, recorder = writing(pool)
    recorder.metrics("loss", 1, falling(30))
    recorder.event(20, "pause")
    for rate in (0.02, 0.01):
        recorder.event(20, "learning_rate", {"value": rate})
    recorder.event(20, "resume")
    recorder.flush()
    assert curves(read(pool.history, run), "digits", 230)["events"] == [
        {"step": 20, "says": "paused, learning rate 0.01", "about": "event"}
    ]


def test_points_beyond_the_axis_are_left_out() -> None:
    assert until([[1, 5, 9], [0.3, None, 0.1]], 5) == [[1, 5], [0.3, None]]
    assert until([[7], [0.3]], 5) is None
    assert until(None, 5) is None


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ([0.2, 2.3], (0.1, 3.0)),
        ([0.0012, 800.0], (0.001, 1000.0)),
        ([0.5], (0.1, 1.0)),
        ([], (0.1, 3.0)),
        ([math.nan, -1], (0.1, 3.0)),
    ],
)
def test_a_log_axis_ends_at_one_or_three(values: list[float], ends: tuple[float, float]) -> None:
    bottom, top = bounds(values)
    known = [value for value in values if value > 0]
    assert all(bottom <= value <= top for value in known)
    assert (bottom, top) == pytest.approx(ends)


def finished(pool: StandIn, **how: Any) -> Reading:
    return read(pool.history, trained(pool, SPEC, falling(230), epoch=23, **how))


def test_a_finished_run_is_a_figure_with_a_log_axis_and_its_numbers_at_the_ends(pool: StandIn) -> None:
    chart = figure(finished(pool), "light")
    names = [trace.name for trace in chart.data]
    assert names == ["a good run", None, "training", "validation", "accuracy"]
    assert (chart.layout.yaxis.type, chart.layout.height) == ("log", HEIGHT)
    said = " ".join(note.text for note in chart.layout.annotations)
    assert "validation" in said
    assert f"{chart.data[3].y[-1]:.3g}"[:5] in said
    assert "%" in said
    (good,) = [note.text for note in chart.layout.annotations if "a good run" in note.text]
    assert "●" not in good, "its line is dotted"
    longer = figure(read(pool.history, trained(pool, SPEC, falling(460), epoch=23)), "light")
    assert any("a good run" in note.text for note in longer.layout.annotations), (
        "also beside what went further"
    )


def test_words_of_events_at_nearly_one_step_are_one_label(pool: StandIn) -> None:
    run, recorder = writing(pool)
    recorder.metrics("loss", 1, falling(230))
    recorder.event(100, "pause")
    recorder.event(101, "learning_rate", {"value": 0.01})
    recorder.flush()
    chart = figure(read(pool.history, run), "light")
    said = [note.text for note in chart.layout.annotations]
    assert "paused, learning rate 0.01" in said
    assert "paused" not in said


@pytest.mark.parametrize("losses", [[2.3], [math.nan], [0.0, 0.0], [1e30, math.inf]])
def test_every_run_that_ended_can_be_drawn(pool: StandIn, losses: list[float]) -> None:
    run = trained(pool, SPEC, losses, epoch=1, end="diverged")
    chart = figure(read(pool.history, run), "dark")
    low, high = chart.layout.yaxis.range
    assert low < high


def test_the_picture_to_save_bears_the_runs_id() -> None:
    assert config("abcd")["toImageButtonOptions"]["filename"] == "run-abcd"
    assert config("abcd")["displaylogo"] is False


def test_the_loss_of_a_word_says_that_it_is_a_sum() -> None:
    summed = RunSpec(network=preset("hello-cell"), data=DataSpec(name="hello"), loss="sum")
    assert loss_title(summed) == "loss summed over the letters, nats (log)"
    for other in (None, summed.with_(loss="mean"), RunSpec(network=preset("net"), loss="sum")):
        assert loss_title(other) == "loss, nats (log)"


def test_the_rate_that_a_schedule_has_reached_is_said_while_the_run_goes(pool: StandIn) -> None:
    spec = SPEC.with_(schedule=SPEC.schedule.with_(name="cosine", final=0.0))
    run = trained(pool, spec, falling(46), end=None)
    found = read(pool.history, run)
    assert found.steps == 230
    cosine = (1 + math.cos(math.pi * 46 / 229)) / 2
    assert found.scheduled_rate == pytest.approx(spec.optimiser.learning_rate * cosine)
    says = panel(found, Status("", "calm", ""), 230, True, False)["spent"]
    assert says.startswith("The schedule has the learning rate at 0.045")
    assert read(pool.history, trained(pool, SPEC, falling(46), end=None)).scheduled_rate is None
    ended = read(pool.history, trained(pool, spec, falling(46)))
    assert "schedule" not in panel(ended, Status("", "calm", ""), 230, True, False)["spent"]


def test_a_rate_set_by_hand_is_that_of_the_next_step_and_the_schedule_goes_on_from_there(
    pool: StandIn,
) -> None:
    spec = SPEC.with_(schedule=SPEC.schedule.with_(name="cosine", final=0.0))
    run, recorder = started(pool, spec)
    recorder.metrics("loss", 1, falling(46))
    recorder.event(46, "learning_rate", {"value": 0.02})
    recorder.flush()
    assert read(pool.history, run).scheduled_rate == pytest.approx(0.02)
    recorder.metrics("loss", 47, falling(100))
    recorder.flush()
    drop = (1 + math.cos(math.pi * 146 / 229)) / (1 + math.cos(math.pi * 46 / 229))
    assert read(pool.history, run).scheduled_rate == pytest.approx(0.02 * drop)
