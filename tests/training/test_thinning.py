"""Whatever a run does, few of its snapshots stay, evenly spread, within so many bytes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.training.run.thinning import MOST_BYTES, MOST_KEPT, Shelf, Spread


def after(epochs: int, epoch: int, *, size: int = 1) -> Spread:
    """What stays of a run that is looked at at the end of each epoch."""
    spread = Spread(epoch)
    for step in range(0, epochs * epoch + 1, epoch):
        if spread.is_due(step):
            spread.add(step, size)
    return spread


@pytest.mark.parametrize(("epochs", "kept"), [(10, 11), (64, 65), (100, 51), (3_000, 47), (100_000, 49)])
def test_how_many_stay_of_long_runs(epochs: int, kept: int) -> None:
    assert len(after(epochs, 1).sizes) == kept


@given(st.integers(0, 5_000), st.integers(1, 400))
def test_any_number_of_epochs_leaves_32_to_64_evenly_spread(epochs: int, epoch: int) -> None:
    steps = sorted(after(epochs, epoch).sizes)
    assert min(epochs + 1, MOST_KEPT // 2) <= len(steps) <= MOST_KEPT + 2
    assert steps[0] == 0
    gaps = {b - a for a, b in pairwise(steps)}
    assert len(gaps) <= 1, "one distance between all of them"


@given(
    st.integers(1, 60),
    st.lists(
        st.tuples(st.sampled_from(["epoch", "step", "best", "event"]), st.integers(1, 5)), max_size=400
    ),
)  # fmt: skip
def test_whatever_happens_first_best_last_and_events_stay_and_few_others(
    epoch: int, happens: list[tuple[str, int]]
) -> None:
    spread, step, held, best, seen = Spread(epoch), 0, {0}, None, 1
    spread.add(0, 1)
    for kind, count in happens:
        step = (step // epoch + count) * epoch if kind == "epoch" else step + count
        if kind == "best":
            best = step
        if kind == "event":
            held.add(step)
            spread.events.add(step)
        seen += 1
        gone = spread.add(step, 1, best=kind == "best")
        assert not spread.sizes.keys() & set(gone)
        needed = held | {step} | ({best} if best is not None else set())
        assert needed <= spread.sizes.keys()
        assert len(spread.sizes) <= MOST_KEPT + len(needed)
        cells = {kept // spread.stride for kept in spread.sizes.keys() - needed}
        assert len(cells) >= len(spread.sizes.keys() - needed), "one of each stretch"
    assert len(spread.sizes) >= min(seen, MOST_KEPT // 2)


def test_an_old_best_goes_once_there_is_a_better_one() -> None:
    spread = after(200, 1)
    assert spread.stride == 4
    spread.add(201, 1, best=True)
    spread.add(203, 1)
    assert {201, 203} <= spread.sizes.keys()
    assert spread.add(206, 1, best=True) == [201, 203]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["weights", "predictions", "checkpoint"]), st.integers(1, MOST_BYTES // 3), st.booleans()
        ),
        max_size=120,
    )
)  # fmt: skip
def test_bytes_are_bounded_by_the_budget_and_what_always_stays(
    puts: list[tuple[str, int, bool]],
) -> None:
    shelf = Shelf(5, {"weights": True, "predictions": True, "checkpoint": False})
    there: set[tuple[str, int]] = set()
    for number, (kind, size, happens) in enumerate(puts):
        if happens:
            shelf[kind].events.add(5 * number)
        gone = shelf.put(kind, 5 * number, size, best=number % 7 == 3)
        there.add((kind, 5 * number))
        there -= {(name, step) for name, steps in gone.items() for step in steps}
        assert there == {(name, step) for name, spread in shelf.spreads.items() for step in spread.sizes}
        if shelf.bytes > MOST_BYTES:
            for name, spread in shelf.spreads.items():
                ends = {min(spread.sizes, default=-1), max(spread.sizes, default=-1), spread.best}
                assert spread.sizes.keys() <= ends
                assert name != "checkpoint" or len(spread.sizes) <= 2
            assert shelf["checkpoint"].bytes == 0
    assert puts == [] or there


def test_large_checkpoints_leave_the_best_the_last_and_what_there_is_room_for() -> None:
    shelf = Shelf(23, {"predictions": True, "checkpoint": False})
    for epoch in range(1, 21):
        shelf.put("predictions", 23 * epoch, 5000)
        shelf.put("checkpoint", 23 * epoch, 21 << 20, best=epoch == 7)
        assert len(shelf["checkpoint"].sizes) <= 3
    assert {23 * 7, 23 * 20} <= shelf["checkpoint"].sizes.keys()
    assert shelf.bytes <= MOST_BYTES
    assert len(shelf["predictions"].sizes) == 20


def test_the_kind_that_takes_most_room_becomes_coarser_first() -> None:
    shelf = Shelf(1, {"weights": True, "predictions": True})
    for step in range(60):
        shelf.put("predictions", step, 1000)
        shelf.put("weights", step, 1 << 20)
    assert len(shelf["predictions"].sizes) == 60
    assert 16 <= len(shelf["weights"].sizes) <= 32
    assert shelf.bytes <= MOST_BYTES
