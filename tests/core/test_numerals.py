"""Numbers in sentences are written as people write them."""

import pytest
from pydantic import ValidationError

from netlib import Message
from netlib.knob import brief
from netlib.numerals import numeral, unfolded
from netlib.training import OptimiserSpec, sentences


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (0.05, 3, "0.05"),
        (1000.0, 3, "1,000"),
        (5000.0, 3, "5,000"),
        (123456.0, 3, "123,000"),
        (1e6, 3, "1 × 10⁶"),
        (2.5e-6, 3, "2.5 × 10⁻⁶"),
        (1e-16, 6, "1 × 10⁻¹⁶"),
        (100.0, 3, "100"),
        (0.0, 3, "0"),
        (float("nan"), 3, "nan"),
        (float("inf"), 3, "inf"),
    ],
)
def test_a_number_has_no_exponent_of_a_machine(value: float, digits: int, written: str) -> None:
    assert numeral(value, digits) == written


def test_text_without_an_exponent_stays() -> None:
    assert [unfolded(text) for text in ("2.5", "seven", "1e", "-2e+03")] == ["2.5", "seven", "1e", "-2,000"]


def test_sentences_write_their_numbers_so() -> None:
    assert (
        Message("at {rate:.2g}, after {loss:.4g}", rate=1000.0, loss=1.5e12) == "at 1,000, after 1.5 × 10¹²"
    )
    assert Message("{count:,} of {share:.1%}", count=1000, share=0.5) == "1,000 of 50.0%"
    assert brief([1e-9, 0.5]) == "[1 × 10⁻⁹, 0.5]"
    with pytest.raises(ValidationError) as caught:
        OptimiserSpec(learning_rate=1e-9)
    assert sentences(caught.value)[0].endswith("1 × 10⁻⁸ and 1,000, got 1 × 10⁻⁹")
