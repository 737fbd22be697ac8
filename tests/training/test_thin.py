import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlib.training.store.thin import thin

CURVES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=400)


@settings(max_examples=100, derandomize=True)
@given(CURVES, st.integers(4, 60))
def test_a_thinned_curve_keeps_its_ends_and_extremes(values: list[float], points: int) -> None:
    index, kept = thin(values, points)
    assert len(index) == len(kept) <= max(points, 4)
    assert (np.diff(index) > 0).all()
    assert index[0] == 0
    assert index[-1] == len(values) - 1
    assert kept.min() == min(values)
    assert kept.max() == max(values)
    assert (np.asarray(values)[index] == kept).all()


def test_one_spike_in_a_hundred_thousand_points_survives() -> None:
    curve = np.random.default_rng(0).normal(size=100_000)
    curve[54_321] = 100
    index, kept = thin(curve, 500)
    assert 54_321 in index
    assert kept.max() == 100
    assert 400 <= len(index) <= 500


def test_a_short_curve_stays_as_it_is() -> None:
    index, kept = thin([3.0, 1.0, 2.0], 4)
    assert index.tolist() == [0, 1, 2]
    assert kept.tolist() == [3.0, 1.0, 2.0]


def test_values_that_are_no_number_hide_no_extreme() -> None:
    curve = np.sin(np.arange(1000.0))
    curve[::3] = np.nan
    curve[500] = 7
    index, kept = thin(curve, 50)
    assert 500 in index
    assert np.nanmin(kept) == np.nanmin(curve)


def test_a_curve_of_fewer_than_four_points_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 4 points, got 3"):
        thin(np.zeros(10), 3)
