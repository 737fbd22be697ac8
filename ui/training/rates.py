"""Learning rates: how they are written, where they usually lie, where a slider stops."""

from netlib.training.optimiser_spec import LEARNING_RATE, OptimiserName
from ui.numbers import significant

STOPS = tuple(float(f"{digit}e{power}") for power in range(-6, 3) for digit in (1, 2, 5))
USUAL_FACTOR = 5
"""A good rate lies within this factor of where people start: published recipes for small networks spread that far."""


def written(rate: float) -> str:
    """0.05, 50, 1 × 10⁻⁶."""
    return f"{rate:.3g}" if rate >= 1e-4 else significant(rate, 1)


def usual(optimiser: OptimiserName) -> tuple[float, float]:
    """The least and the greatest rate that is worth trying first."""
    middle = LEARNING_RATE[optimiser]
    return middle / USUAL_FACTOR, middle * USUAL_FACTOR
