"""Written numbers: examples worked out by hand, and properties that hold for all."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import numbers


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (0, "0"),
        (467_200, "467,200"),
        (999_999, "999,999"),
        (-3_200, "−3,200"),
        (1_000_000, "1.000 M"),
        (6_998_552, "6.999 M"),
        (1_062_500, "1.063 M"),
        (999_999_499, "999.999 M"),
        (999_999_500, "1.000 G"),
        (1_816_000_000, "1.816 G"),
        (138_357_544, "138.358 M"),
        (6 * 10**32, "6.000 × 10³²"),
    ],
)
def test_short(count: int, written: str) -> None:
    assert numbers.short(count) == written


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (0, "0 B"),
        (1_023, "1,023 B"),
        (1_024, "1.00 KiB"),
        (1_152, "1.13 KiB"),
        (10_235, "10.0 KiB"),
        (65_536, "64.0 KiB"),
        (233_472, "228 KiB"),
        (1_048_575, "1.00 MiB"),
        (1_127_428_915, "1.05 GiB"),
    ],
)
def test_size_of(count: int, written: str) -> None:
    assert numbers.size_of(count) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (2.3051, "2.31"),
        (0.108, "0.108"),
        (12.44, "12.4"),
        (0.0048, "0.00480"),
        (0.000012, "1.20 × 10⁻⁵"),
        (9.999, "10.0"),
        (-0.5, "−0.500"),
        (0.0, "0.00"),
        (12_345.6, "12,346"),
        (math.nan, "NaN"),
        (-math.inf, "−∞"),
    ],
)
def test_significant(value: float, written: str) -> None:
    assert numbers.significant(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0031, "3.1 ms"),
        (0.25, "250 ms"),
        (1.25, "1.3 s"),
        (12.4, "12 s"),
        (59.96, "1 min 00 s"),
        (125, "2 min 05 s"),
        (4_200, "1 h 10 min"),
    ],
)
def test_seconds(value: float, written: str) -> None:
    assert numbers.seconds(value) == written


@pytest.mark.parametrize(
    ("now", "before", "written"),
    [
        (64, 178, "−64 %"),
        (1_004, 1_000, "+0.4 %"),
        (1_000_001, 1_000_000, "+<0.1 %"),
        (12_000, 1_000, "12×"),
        (5, 5, ""),
        (5, 0, ""),
    ],
)
def test_change(now: int, before: int, written: str) -> None:
    assert numbers.change(now, before) == written


def test_difference() -> None:
    assert numbers.difference(8_490, 5_290) == "+3,200"
    assert numbers.difference(0, 64) == "−64"
    assert numbers.difference(7, 7) == ""


def test_signed_nothing_has_no_sign() -> None:
    assert [numbers.signed(v, 2) for v in (0.25, -0.25, 0.001, -0.001)] == ["+0.25", "−0.25", "0.00", "0.00"]


@given(st.integers(0, 10**21))
def test_short_is_within_half_of_its_last_digit(count: int) -> None:
    written = numbers.short(count)
    digits, _, unit = written.partition(" ")
    value = (
        float(digits.replace(",", "")) * dict(numbers.COUNT_UNITS).get(unit, 1)
        if "×" not in written
        else count
    )
    assert abs(value - count) <= max(count * 0.000501, 0)


@given(st.integers(0, 2**60))
def test_size_has_three_digits_and_is_within_half_a_per_cent(count: int) -> None:
    digits, unit = numbers.size_of(count).split(" ")
    step = 1024 ** (("B", *numbers.BYTE_UNITS).index(unit))
    assert abs(float(digits.replace(",", "")) * step - count) <= count * 0.005 + 0.5
