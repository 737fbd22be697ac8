"""Learning rates: how they are written, where they usually lie, where a slider stops."""

from netlib.numerals import numeral
from netlib.training.data_spec import WORD
from netlib.training.optimiser_spec import LEARNING_RATE, OptimiserName
from ui.training.starts import start

STOPS = tuple(float(f"{digit}e{power}") for power in range(-6, 3) for digit in (1, 2, 5))
USUAL_FACTOR = 5
"""A good rate lies within this factor of where people start: published recipes for small networks spread that far."""


def written(rate: float) -> str:
    """0.05, 50, 1,000, 1 × 10⁻⁶."""
    return numeral(rate, 3)


def usual(optimiser: OptimiserName, data: str) -> tuple[float, float] | None:
    """The least and the greatest rate that is worth trying first; None where nobody has tried.

    A single word gives the same gradient at every step, so it bears larger steps than batches of images do.
    """
    middle: float | None = LEARNING_RATE[optimiser]
    if data == WORD:
        proven = start(data)[1].optimiser
        middle = proven.learning_rate if proven.name == optimiser else None
    return (middle / USUAL_FACTOR, middle * USUAL_FACTOR) if middle else None
