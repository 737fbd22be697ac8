"""What a run's network says of a name, letter by letter, with the weights that the run kept last."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from numpy import ndarray

from netlib.construction import build
from netlib.errors import NetlibError
from netlib.knob import Whole, field
from netlib.threads import one_thread
from netlib.tracing import trace
from netlib.training.data.datasets import data_set
from netlib.training.data.feeding import feeding
from netlib.training.data.names import padded, read_name
from netlib.training.data.tensors import prepared
from netlib.training.spec import RunSpec
from netlib.training.store.history import History
from netlib.training.store.kept_weights import kept_weights
from netlib.training.value import Text, Value
from netlib.words import words

SHOWN = 3
"""Classes that are named for each beginning."""
DECIMALS = 4

_NO_TEXT = words("This run did not learn from texts.", "这个运行不是从文本中学习的。")
_NO_WEIGHTS = words(
    "This run has kept no weights yet: they are kept at the end of an epoch.",
    "这个运行还没有保存权重：权重在每轮结束时保存。",
)


class Asked(Value):
    """A name for a run, as the history in a file has it."""

    database: str = field(Text(most=4096))
    run: str = field(Text(most=40))
    generation: int = field(Whole(lo=0, hi=1_000_000_000), 0)
    step: int | None = field(Whole(lo=0, hi=10**12, optional=True), None)
    name: str = field(Text(most=200))


def answer(payload: Mapping[str, Any]) -> dict[str, Any]:
    """{"name", "step", "guesses": [[[class, probability], …], …]}: of each beginning of the name the likeliest classes.

    `step` is that of the weights, which are the latest at or before the step that was asked for.

    Raises:
        ValidationError: for a field out of its bounds.
        NetlibError: for what is no name, a run that learns something else, or one without weights, in a sentence.
    """
    asked = Asked.model_validate(dict(payload))
    history = History.joined(Path(asked.database))
    try:
        spec = RunSpec.from_json(history.state(asked.run).spec_text)
        found = kept_weights(history, asked.run, asked.generation, asked.step)
    finally:
        history.close()
    if found is None:
        raise NetlibError(_NO_WEIGHTS)
    step, weights = found
    return {"step": step, **guessed(spec, weights, asked.name)}


def guessed(spec: RunSpec, weights: Mapping[str, ndarray], text: str) -> dict[str, Any]:
    """The name as it was read, and what the network says of each of its beginnings.

    Raises:
        NetlibError: for what is no name, or a network that does not read names.
    """
    about, given = data_set(spec.data), spec.network.input
    way = feeding(about, given)
    if about.task != "text" or way is None:
        raise NetlibError(_NO_TEXT)
    name = read_name(text, way.steps)
    beginnings = [name[: length + 1] for length in range(len(name))]
    model = build(trace(spec.network))
    model.load_state_dict({key: torch.from_numpy(value.copy()) for key, value in weights.items()})
    model.eval()
    with one_thread(), torch.inference_mode():
        rows = torch.from_numpy(padded(beginnings, way.steps))
        chances = model(prepared(about, way, rows)).softmax(-1)
    best = chances.topk(min(SHOWN, about.classes), dim=-1)
    guesses = [
        [[about.class_names[kind], round(chance, DECIMALS)] for kind, chance in zip(kinds, row, strict=True)]
        for kinds, row in zip(best.indices.tolist(), best.values.tolist(), strict=True)
    ]
    return {"name": name, "guesses": guesses}
