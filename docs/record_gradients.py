"""Measures what the residual page's door shows and writes it: `python -m docs.record_gradients`.

The gradient norm at each layer of a plain and of a residual net of 44 layers, in the middle of five drawings of their
weights. The same torch on the same machine gives the same numbers.
"""

import json
from statistics import median

import torch

from netlib import trace
from netlib.questions.gradients import answer
from ui.home.gradient import RECORD
from ui.residual.measured import curve, gradient_question
from ui.residual.network import stack, stem_layers
from ui.residual.state import ResidualState


def record() -> dict[str, object]:
    """The norms of both nets, the stem first, each the median over the seeds."""
    state = ResidualState()
    _, payload = gradient_question(state)
    found = answer(payload)
    nets = {}
    for name, runs in zip(("plain", "residual"), found["runs"], strict=True):
        traced = trace(stack(state, residual=name == "residual"))
        measured = curve(traced, runs, stem_layers(state), state.depth)
        nets[name] = [float(f"{median(norms):.6g}") for norms in measured["norms"]]
    return {"torch": torch.__version__, "seeds": payload["seeds"], "samples": found["samples"], **nets}


if __name__ == "__main__":
    RECORD.write_text(json.dumps(record()) + "\n", encoding="utf-8")
