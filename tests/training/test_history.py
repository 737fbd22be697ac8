import itertools
import threading
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlib.errors import NetlibError
from netlib.training.spec import State
from netlib.training.states import CONTINUABLE, ENDED, LIVE, MAY_BECOME
from netlib.training.store.history import History
from netlib.training.store.process import this_process
from netlib.training.store.records import Filter, Series
from netlib.words import Message
from tests.training.recorded import small_spec, started_run

STATES: tuple[State, ...] = get_args(State)


# --- runs


def test_a_run_comes_back_as_it_was_made(history: History) -> None:
    spec = small_spec(seed=7)
    run = history.create(spec, name="  Näme (v1.2), 网络 ", owner="me")
    row = history.state(run)
    assert row.spec() == spec
    assert (row.state, row.step, row.seed, row.name, row.owner) == ("queued", 0, 7, "Näme (v1.2), 网络", "me")
    assert row.process == this_process()
    assert not row.live
    assert not row.ended


def test_an_unknown_run_is_refused_in_words(history: History) -> None:
    with pytest.raises(NetlibError, match="There is no run nowhere"):
        history.state("nowhere")


@pytest.mark.parametrize("name", ["<b>", "a:b", "`code`", "x\u202ey", "$x$", "[a](b)", "😀", "n" * 81])
def test_names_that_are_unsafe_to_show_are_not_stored(history: History, name: str) -> None:
    run = history.create(small_spec())
    with pytest.raises(NetlibError, match="A name"):
        history.rename(run, name)
    assert history.state(run).name is None


def test_list_by_state_owner_and_text(history: History) -> None:
    runs = [history.create(small_spec(), owner=owner) for owner in ("ann", "bob", "ann")]
    history.rename(runs[0], "Wide net")
    history.annotate(runs[1], "the one with\na wide layer\x00")
    history.move(runs[2], "stopped")
    assert [row.id for row in history.runs()] == runs[::-1]
    assert [row.id for row in history.runs(Filter(owner="ann"))] == [runs[2], runs[0]]
    assert [row.id for row in history.runs(Filter(states=ENDED))] == [runs[2]]
    assert [row.id for row in history.runs(Filter(text="WIDE"))] == [runs[1], runs[0]]
    assert [row.id for row in history.runs(Filter(limit=1, offset=1))] == [runs[1]]
    assert history.state(runs[1]).note == "the one with\na wide layer"


def put(history: History, state: State) -> str:
    run = history.create(small_spec())
    with history.database.writing() as connection:
        connection.execute("UPDATE runs SET state = ? WHERE id = ?", (state, run))
    return run


def test_only_what_the_table_allows_changes_a_state(history: History) -> None:
    for before, after in itertools.product(STATES, STATES):
        run, allowed = put(history, before), after in MAY_BECOME[before]
        assert history.move(run, after, Message("why")) is allowed, (before, after)
        assert history.state(run).state == (after if allowed else before)
        assert history.state(run).reason == ("why" if allowed else None)
        assert [event.kind for event in history.events(run)] == (["state"] if allowed else [])


@settings(max_examples=30, derandomize=True, deadline=None)
@given(moves=st.lists(st.sampled_from(STATES), max_size=12))
def test_a_run_goes_through_states_in_the_order_of_the_table(
    tmp_path_factory: pytest.TempPathFactory, moves: list[State]
) -> None:
    history = History.open(tmp_path_factory.getbasetemp() / "moves" / "history.db")
    run, expected = history.create(small_spec()), list[State](["queued"])
    for to in moves:
        allowed = to in MAY_BECOME[expected[-1]]
        assert history.move(run, to) is allowed
        expected += [to] if allowed else []
    assert [event.detail["to"] for event in history.events(run)] == expected[1:]
    history.close()


def test_the_table_says_what_the_states_are() -> None:
    assert set(MAY_BECOME) == set(STATES)
    assert set(STATES) - ENDED - LIVE == {"queued"}
    pairs = {(before, after) for before in STATES for after in MAY_BECOME[before]}
    assert len(pairs) == 20
    assert {"stopped", "finished", "diverged", "lost"} == CONTINUABLE


def test_of_two_senders_at_once_one_is_first(history: History) -> None:
    for _ in range(20):
        run, barrier, won = put(history, "running"), threading.Barrier(4), list[State]()

        def send(
            to: State, run: str = run, barrier: threading.Barrier = barrier, won: list[State] = won
        ) -> None:
            barrier.wait()
            if history.move(run, to):
                won.append(to)

        wanted: list[State] = ["finished", "diverged", "failed", "lost"]
        threads = [threading.Thread(target=send, args=(to,)) for to in wanted]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(won) == 1
        assert history.state(run).state == won[0]


def test_a_deleted_run_leaves_nothing(history: History) -> None:
    run, recorder = started_run(history)
    recorder.metrics("loss", 1, [1.0])
    recorder.snapshot("weights", 1, {"large": np.zeros(100_000, np.float32)})
    recorder.flush()
    with pytest.raises(NetlibError, match="is running: stop it"):
        history.delete(run)
    recorder.end("finished")
    child = history.create(small_spec(), parent=run)
    assert (history.path.parent / "runs" / run).is_dir()
    history.delete(run)
    assert [row.id for row in history.runs()] == [child]
    assert history.state(child).parent is None
    assert not (history.path.parent / "runs" / run).exists()
    with history.database.reading() as connection:
        for table in ("metrics", "events", "snapshots"):
            assert (
                connection.execute(f"SELECT count(*) FROM {table} WHERE run = ?", (run,)).fetchone()[0] == 0
            )


# --- curves, events, snapshots


def test_a_curve_comes_back_bit_for_bit_and_piece_by_piece(history: History) -> None:
    run, recorder = started_run(history)
    values = np.random.default_rng(0).normal(size=300).astype(np.float32)
    values[7] = np.nan
    held = Series()
    for first in range(0, 300, 30):
        recorder.metrics("loss", first + 1, values[first : first + 10])
        recorder.metrics("loss", first + 11, values[first + 10 : first + 30])
        recorder.flush()
        held = held.joined(history.metrics(run, "loss", held.last_part))
    assert held.last_part == 9  # one part a write
    assert held.steps.tolist() == list(range(1, 301))
    assert held.values.tobytes() == values.tobytes()
    assert (np.diff(held.seconds) >= 0).all()
    whole = history.metrics(run, "loss")
    assert whole.values.tobytes() == values.tobytes()
    assert np.allclose(whole.seconds, held.seconds)
    assert history.state(run).step == 300
    assert history.latest(run) == {"loss": pytest.approx(float(values[-1]))}


def test_values_at_some_steps_only_keep_their_steps(history: History) -> None:
    run, recorder = started_run(history)
    for step in (10, 20, 30):
        recorder.metrics("val_loss", step, [step / 10])
    recorder.metrics("loss", 1, range(30))
    recorder.flush()
    assert history.metrics(run, "val_loss").steps.tolist() == [10, 20, 30]
    assert history.metrics(run, "val_loss").values.tolist() == [1.0, 2.0, 3.0]
    assert history.metric_names(run) == ["loss", "val_loss"]
    assert len(history.metrics(run, "nothing")) == 0


def test_a_rewind_keeps_the_old_curve(history: History) -> None:
    run, recorder = started_run(history)
    recorder.metrics("loss", 1, [3.0, 2.0])
    recorder.event(2, "rewind")
    recorder.metrics("loss", 1, [9.0])
    recorder.flush()
    assert history.state(run).generation == 1
    assert history.state(run).step == 1
    assert history.metrics(run, "loss").values.tolist() == [9.0]
    assert history.metrics(run, "loss", generation=0).values.tolist() == [3.0, 2.0]


def test_events_hold_sentences_and_values(history: History) -> None:
    run, recorder = started_run(history)
    recorder.event(3, "learning_rate", {"value": 0.5})
    recorder.event(4, "message", Message("at {n}", n=4))
    recorder.flush()
    (_, rate, message) = history.events(run)
    assert (rate.step, rate.kind, rate.detail, rate.message) == (3, "learning_rate", {"value": 0.5}, None)
    assert (message.step, message.message, message.detail) == (4, "at 4", {})
    assert [event.id for event in history.events(run, after=rate.id)] == [message.id]


@pytest.mark.parametrize("count", [10, 100_000])
def test_snapshots_small_and_large(history: History, count: int) -> None:
    run, recorder = started_run(history)
    tensors: dict[str, np.ndarray] = {
        "w": np.arange(count, dtype=np.float32),
        "n": np.array(3, np.int64),
        "t": np.eye(3)[:, ::2],
    }
    recorder.snapshot("weights", 5, tensors)
    recorder.flush()
    (row,) = history.snapshots(run, "weights")
    assert (row.generation, row.kind, row.step) == (0, "weights", 5)
    found = history.snapshot(run, "weights", 5)
    assert found is not None
    assert found.keys() == tensors.keys()
    assert all(
        (found[name] == tensors[name]).all() and found[name].shape == tensors[name].shape for name in found
    )
    files = list((history.path.parent / "runs").rglob("*.*"))
    assert [file.name for file in files] == ([] if row.bytes <= 256 * 1024 else ["0-weights-5.safetensors"])
    assert history.snapshot(run, "weights", 6) is None
    for file in files:
        file.unlink()
        assert history.snapshot(run, "weights", 5) is None


def test_pause_and_resume_are_in_the_state_and_not_in_the_time(history: History) -> None:
    run, recorder = started_run(history)
    recorder.started("cpu", 1)
    recorder.flush()
    assert history.state(run).state == "starting"
    recorder.metrics("loss", 1, [1.0])
    recorder.event(1, "pause")
    assert history.state(run).state == "paused"
    for step in (2, 3):
        recorder.metrics("loss", step, [1.0])
        recorder.flush()
    assert history.state(run).state == "paused"
    _, second, third = history.metrics(run, "loss").seconds
    assert second == third
    recorder.event(3, "resume")
    assert history.state(run).state == "running"
    assert recorder.end("finished")
    assert history.state(run).state == "finished"


@pytest.mark.parametrize(
    ("before", "end", "after"),
    [
        ("starting", "finished", "finished"),
        ("starting", "stopped", "stopped"),
        ("paused", "diverged", "diverged"),
        ("stopping", "finished", "stopped"),
        ("stopping", "failed", "stopped"),
        ("lost", "finished", "lost"),
    ],
)
def test_how_a_run_ends(history: History, before: State, end: State, after: State) -> None:
    run, recorder = started_run(history)
    with history.database.writing() as connection:
        connection.execute("UPDATE runs SET state = ? WHERE id = ?", (before, run))
    recorder.event(3, "reason", Message("because of {n}", n=3))
    assert recorder.end(end)
    row = history.state(run)
    assert row.state == after
    assert row.reason == (None if before == "lost" else "because of 3")
