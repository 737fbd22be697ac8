"""The chips of the recurrent page."""

from typing import Any

from ui.lab.presets import Preset


def _demo(**more: Any) -> dict[str, Any]:
    """The lecture's demo: four numbers a step, a state of two, three steps, a batch of one."""
    return {
        "kind": "RNN",
        "form": "layer",
        "nonlinearity": "tanh",
        "hidden_size": 2,
        "num_layers": 1,
        "bidirectional": False,
        "batch_first": False,
        "bias": True,
        "word": "hello",
        "steps": 3,
        "batch": 1,
        "letters": "one-hot",
        "vocabulary": 4,
        **more,
    }


def _hello(**more: Any) -> dict[str, Any]:
    return _demo(steps=5, **more)


PRESETS = (
    Preset("4-2-3", "The lecture's demo: input size 4, hidden size 2, 3 steps.", _demo()),
    Preset(
        "2 layers", "The demo with num_layers=2: h_n gets a row, output does not change.", _demo(num_layers=2)
    ),
    Preset(
        "bidirectional",
        "The demo with a second lane that reads from the end.",
        _demo(num_layers=2, bidirectional=True),
    ),
    Preset(
        "batch-first", "The demo with batch_first: x and output turn, h_n does not.", _demo(batch_first=True)
    ),
    Preset("hello cell", "RNNCell(4, 4) in a loop over 'hello'.", _hello(form="cell", hidden_size=4)),
    Preset(
        "hello LSTM",
        "Letters through an embedding of 10, then an LSTM of two layers.",
        _hello(kind="LSTM", hidden_size=8, num_layers=2, letters="embedding", width=10, batch_first=True),
    ),
    Preset("50 steps", "The same 40 weights, used fifty times.", _hello(hidden_size=4) | {"steps": 50}),
    Preset(
        "names",
        "The name classifier's GRU: embedding 128 × 100, two layers, both directions.",
        _demo(
            kind="GRU",
            hidden_size=100,
            num_layers=2,
            bidirectional=True,
            word="Fitzgerald",
            steps=10,
            letters="embedding",
            vocabulary=128,
            width=100,
        ),
    ),
)
