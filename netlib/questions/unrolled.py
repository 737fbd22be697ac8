"""The states and gates of a recurrent layer over a word, recomputed from the weights of a real module.

Asked with the fields of `Asked`. The weights are those that torch draws after `manual_seed(seed)`, times `gain`.
"""

from collections.abc import Mapping
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from netlib.errors import NetlibError
from netlib.knob import Choice, Numbers, Switch, Whole, field
from netlib.training.value import Value
from netlib.unrolled import HELD, Cell, Lane, Layer, Module, difference, layer_of, memory, unrolled
from netlib.words import words

DECIMALS = 4
DIGITS = 3
MOST_SLOPES = 4_000
"""Lanes × steps × output units up to which the memory is worked out, in a second or so."""
MOST_STEPS = 64
MOST_UNITS = 128

Held = Literal["free", "0", "1"]

OUTSIDE = words(
    "the ids must be smaller than the vocabulary of {vocabulary}, got {got}",
    "索引必须小于词表大小 {vocabulary}，收到 {got}",
)
UNSHOWN = words("step {got} cannot be shown: there are {steps}", "无法显示第 {got} 步：共有 {steps} 步")


class Asked(Value):
    """A layer or a looped cell, its weights, what it reads, and the steps and units that are wanted."""

    kind: Literal["RNN", "LSTM", "GRU"] = field(Choice(options=("RNN", "LSTM", "GRU")))
    cell: bool = field(Switch(), False)
    nonlinearity: Literal["tanh", "relu"] = field(Choice(options=("tanh", "relu")), "tanh")
    hidden_size: int = field(Whole(lo=1, hi=MOST_UNITS))
    num_layers: int = field(Whole(lo=1, hi=4), 1)
    bidirectional: bool = field(Switch(), False)
    bias: bool = field(Switch(), True)
    ids: tuple[int, ...] = field(Numbers(lo=0, hi=MOST_UNITS, least=1, most=MOST_STEPS))
    vocabulary: int = field(Whole(lo=1, hi=MOST_UNITS))
    embedded: bool = field(Switch(), False)
    width: int = field(Whole(lo=1, hi=MOST_UNITS), 10)
    seed: int = field(Whole(lo=0, hi=2**31 - 1), 0)
    gain: int = field(Whole(lo=1, hi=10), 1)
    hold_i: Held = field(Choice(options=("free", "0", "1")), "free")
    hold_f: Held = field(Choice(options=("free", "0", "1")), "free")
    hold_o: Held = field(Choice(options=("free", "0", "1")), "free")
    hold_r: Held = field(Choice(options=("free", "0", "1")), "free")
    hold_z: Held = field(Choice(options=("free", "0", "1")), "free")
    shown: tuple[int, ...] = field(Numbers(lo=0, hi=MOST_STEPS, least=1, most=16))
    units: int = field(Whole(lo=1, hi=MOST_UNITS), MOST_UNITS)

    @property
    def held(self) -> dict[str, float]:
        """The gates of this kind that are held, and at what."""
        wanted = {name: getattr(self, f"hold_{name}") for name in HELD[self.kind]}
        return {name: float(value) for name, value in wanted.items() if value != "free"}


def answer(payload: Mapping[str, Any]) -> dict[str, Any]:
    """{"lanes", "x", "table", "memory", "difference", "layerDifference", "tableDifference"}, with four decimals.

    A lane holds `h`, `c` and the gates by name, and "x_" and "h_" before a name for the two sums in front of its
    curve; each is a list over `shown` steps of lists over units. `table` is the embedding's weight. `difference` is
    the largest one between this recomputation and the module, which holds no gate; `layerDifference` that between a loop of a cell and
    the layer with the same weights, None for a layer; `tableDifference` that between looking up and multiplying.
    `memory` has the norm of ∂output[t] / ∂x[s] for shown steps t (rows) and s, with three digits; None for what is
    too large to wait for.

    Raises:
        ValidationError: for a field out of its bounds.
        NetlibError: for an id outside the vocabulary, or a step that is not there.
    """
    asked = Asked.model_validate(dict(payload))
    if max(asked.ids) >= asked.vocabulary:
        raise NetlibError(OUTSIDE, vocabulary=asked.vocabulary, got=max(asked.ids))
    if max(asked.shown) >= len(asked.ids):
        raise NetlibError(UNSHOWN, got=max(asked.shown), steps=len(asked.ids))
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        return _answered(asked)


def _answered(asked: Asked) -> dict[str, Any]:
    torch.manual_seed(asked.seed)
    module = _module(asked)
    table = nn.Embedding(asked.vocabulary, asked.width)
    for weight in module.parameters():
        weight.mul_(asked.gain)
    ids = torch.tensor(asked.ids)
    hot = one_hot(ids, asked.vocabulary).float()
    looked_up = table(ids)
    x = (looked_up if asked.embedded else hot).unsqueeze(1)
    found = unrolled(module, x, asked.held)
    layer = layer_of(module) if isinstance(module, nn.RNNCell | nn.LSTMCell | nn.GRUCell) else None
    return {
        "lanes": [_lane(lane, asked) for lane in found.lanes],
        "x": _rounded(x[list(asked.shown), 0]),
        "table": _rounded(table.weight),
        "memory": _memory(module, x, asked),
        "difference": difference(found, module, x),
        "layerDifference": difference(found, layer, x) if layer else None,
        "tableDifference": float((hot @ table.weight - looked_up).abs().max()),
    }


def _module(asked: Asked) -> Module:
    size = asked.width if asked.embedded else asked.vocabulary
    options: dict[str, Any] = {"bias": asked.bias}
    if asked.kind == "RNN":
        options["nonlinearity"] = asked.nonlinearity
    if asked.cell:
        cell: Cell = getattr(nn, f"{asked.kind}Cell")(size, asked.hidden_size, **options)
        return cell
    layer: Layer = getattr(nn, asked.kind)(
        size,
        asked.hidden_size,
        num_layers=asked.num_layers,
        bidirectional=asked.bidirectional,
        **options,
    )
    return layer


def _lane(lane: Lane, asked: Asked) -> dict[str, Any]:
    series = {"h": lane.h, **lane.gates}
    if lane.c is not None:
        series["c"] = lane.c
    series |= {f"x_{name}": value for name, value in lane.from_x.items()}
    series |= {f"h_{name}": value for name, value in lane.from_h.items()}
    shown = list(asked.shown)
    # The states before each shown step stand beside those after it: an equation needs both, also across a fold.
    before = {"was_h": _before(lane.h, lane.direction)}
    if lane.c is not None:
        before["was_c"] = _before(lane.c, lane.direction)
    return {
        "layer": lane.layer,
        "direction": lane.direction,
        **{name: _rounded(value[shown, 0, : asked.units]) for name, value in (series | before).items()},
    }


def _memory(module: Module, x: Tensor, asked: Asked) -> list[list[float]] | None:
    directions = 2 if getattr(module, "bidirectional", False) else 1
    lanes = directions * getattr(module, "num_layers", 1)
    if lanes * len(x) * directions * module.hidden_size > MOST_SLOPES:
        return None
    norms = memory(module, x, asked.shown, asked.held)[:, list(asked.shown)]
    return [[float(f"{float(norm):.{DIGITS}g}") for norm in row] for row in norms]


def _before(states: Tensor, direction: int) -> Tensor:
    """The state that each step began with, in the order of time."""
    nothing = torch.zeros_like(states[:1])
    return torch.cat([states[1:], nothing] if direction else [nothing, states[:-1]])


def _rounded(values: Tensor) -> Any:
    return [[round(float(value), DECIMALS) for value in row] for row in values]
