"""What the recurrent page's door draws: a small RNN over a word, its state after every letter."""

import math
import random
from typing import Any

WORD = "hello"
UNITS = 6
SEED = 7
GAIN = 3.0
"""PyTorch's first weights lie within ±1/√H; three times as large, the states differ enough to be seen."""


def states() -> dict[str, Any]:
    """The letters, and the units of the state after each: h = tanh(W x + U h′ + b) with untrained weights."""
    alphabet = sorted(set(WORD))
    chance = random.Random(SEED)  # noqa: S311  # a picture, no secret
    bound = GAIN / math.sqrt(UNITS)
    draw = [[chance.uniform(-bound, bound) for _ in range(len(alphabet) + UNITS + 1)] for _ in range(UNITS)]
    state, found = [0.0] * UNITS, []
    for letter in WORD:
        reads = [1.0 if letter == other else 0.0 for other in alphabet]
        inputs = [*reads, *state, 1.0]
        state = [math.tanh(sum(w * x for w, x in zip(row, inputs, strict=True))) for row in draw]
        found.append([round(value, 3) for value in state])
    return {"letters": list(WORD), "states": found}
