"""Every state and every gate of a recurrent module over a sequence, worked out again from its own weights.

PyTorch's modules return the states of the top layer and the last ones of all; what happens in between (torch.nn.LSTM,
torch.nn.GRU, torch.nn.RNN, "Definition of variables") is recomputed here, and `difference` says how far that is from
what the module itself returns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

GATES: Mapping[str, tuple[str, ...]] = {"RNN": ("h",), "LSTM": ("i", "f", "g", "o"), "GRU": ("r", "z", "n")}
"""The blocks of rows in `weight_ih` and `weight_hh`, in the order in which torch.nn keeps them."""

HELD: Mapping[str, tuple[str, ...]] = {"RNN": (), "LSTM": ("i", "f", "o"), "GRU": ("r", "z")}
"""The gates proper, between 0 and 1: those that can be held at a value to see what they are there for."""

FREE: Mapping[str, float] = {}

Layer = nn.RNN | nn.LSTM | nn.GRU
Cell = nn.RNNCell | nn.LSTMCell | nn.GRUCell
Module = Layer | Cell


@dataclass(frozen=True)
class Lane:
    """One layer in one direction. Everything is (T, N, ·) in the order of time, for the backward lane too.

    Attributes:
        layer: 0 for the layer that reads the input.
        direction: 0 forward, 1 backward.
        x: what the layer reads, (T, N, I).
        h: its states, (T, N, H).
        c: the cell states of an LSTM, else None.
        gates: values by the gate's name; an RNN has none besides its state.
        from_x: W x + b of each block of rows, before the curve.
        from_h: U h′ + b′ of each block of rows.
    """

    layer: int
    direction: int
    x: Tensor
    h: Tensor
    c: Tensor | None
    gates: Mapping[str, Tensor]
    from_x: Mapping[str, Tensor]
    from_h: Mapping[str, Tensor]


@dataclass(frozen=True)
class Unrolled:
    """A module over a sequence: its lanes, and what torch returns. `output` is (T, N, D·H), `h_n` (D·L, N, H)."""

    kind: str
    lanes: tuple[Lane, ...]
    output: Tensor
    h_n: Tensor
    c_n: Tensor | None


@dataclass(frozen=True)
class _Weights:
    """The four tensors of one layer in one direction; biases may be absent."""

    ih: Tensor
    hh: Tensor
    b_ih: Tensor | None
    b_hh: Tensor | None

    def from_x(self, x: Tensor) -> Tensor:
        return nn.functional.linear(x, self.ih, self.b_ih)

    def from_h(self, h: Tensor) -> Tensor:
        return nn.functional.linear(h, self.hh, self.b_hh)


def unrolled(module: Module, x: Tensor, held: Mapping[str, float] = FREE) -> Unrolled:
    """The lanes of a layer or of a looped cell, from states of zeros.

    Args:
        module: without projection; dropout between layers is left out, as in evaluation.
        x: (T, N, I), or (N, T, I) where the module says `batch_first`.
        held: gates that are not worked out but held, in every unit, step and lane: {"f": 1.0} forgets nothing. What
            comes out then is no module of torch's.

    Raises:
        ValueError: for an LSTM with a projection, or a gate to hold that the module has not.
    """
    if getattr(module, "proj_size", 0):
        raise ValueError("an LSTM with a projection is not unrolled")
    kind = type(module).__name__.removesuffix("Cell")
    if unknown := held.keys() - set(HELD[kind]):
        raise ValueError(f"{kind} has no gate {', '.join(sorted(unknown))} to hold")
    layers = module.num_layers if isinstance(module, nn.RNN | nn.LSTM | nn.GRU) else 1
    directions = 2 if getattr(module, "bidirectional", False) else 1
    if getattr(module, "batch_first", False):
        x = x.transpose(0, 1)
    lanes: list[Lane] = []
    for layer in range(layers):
        here = [_lane(module, kind, layer, direction, x, held) for direction in range(directions)]
        lanes += here
        x = torch.cat([lane.h for lane in here], dim=-1)
    output = x.transpose(0, 1) if getattr(module, "batch_first", False) else x
    h_n = torch.stack([_last(lane.h, lane.direction) for lane in lanes])
    cells = [_last(lane.c, lane.direction) for lane in lanes if lane.c is not None]
    return Unrolled(kind, tuple(lanes), output, h_n, torch.stack(cells) if cells else None)


def _last(states: Tensor, direction: int) -> Tensor:
    """The state after the last step that the lane has taken: at t = 0 for the backward one."""
    return states[0 if direction else -1]


def _lane(
    module: Module, kind: str, layer: int, direction: int, x: Tensor, held: Mapping[str, float]
) -> Lane:
    weights = _weights(module, layer, direction)
    steps, batch, _ = x.shape
    h = x.new_zeros(batch, weights.hh.shape[1])
    c = torch.zeros_like(h)
    from_x = weights.from_x(x)
    taken: list[dict[str, Tensor]] = [{}] * steps
    for t in reversed(range(steps)) if direction else range(steps):
        taken[t] = _step(kind, module, from_x[t], weights.from_h(h), h, c, held)
        h, c = taken[t]["h"], taken[t].get("c", c)
    series = {name: torch.stack([step[name] for step in taken]) for name in taken[0]}
    names = GATES[kind]
    return Lane(
        layer=layer,
        direction=direction,
        x=x,
        h=series["h"],
        c=series.get("c"),
        gates={name: series[name] for name in names if name != "h"},
        from_x=dict(zip(names, from_x.chunk(len(names), dim=-1), strict=True)),
        from_h=dict(zip(names, series["from_h"].chunk(len(names), dim=-1), strict=True)),
    )


def _weights(module: Module, layer: int, direction: int) -> _Weights:
    is_cell = isinstance(module, nn.RNNCell | nn.LSTMCell | nn.GRUCell)
    suffix = "" if is_cell else f"_l{layer}" + ("_reverse" if direction else "")
    ih, hh, b_ih, b_hh = (
        getattr(module, f"{name}{suffix}", None) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    )
    assert ih is not None
    assert hh is not None
    return _Weights(ih, hh, b_ih, b_hh)


def _step(
    kind: str, module: Module, a: Tensor, u: Tensor, h: Tensor, c: Tensor, held: Mapping[str, float]
) -> dict[str, Tensor]:
    """One step: the gates, the new state, and what came from the old one. a, u: (N, gates · H)."""

    def gate(name: str, total: Tensor) -> Tensor:
        return torch.full_like(total, held[name]) if name in held else total.sigmoid()

    if kind == "LSTM":
        i, f, g, o = (a + u).chunk(4, dim=-1)
        i, f, g, o = gate("i", i), gate("f", f), g.tanh(), gate("o", o)
        c = f * c + i * g
        return {"i": i, "f": f, "g": g, "o": o, "c": c, "h": o * c.tanh(), "from_h": u}
    if kind == "GRU":
        (a_r, a_z, a_n), (u_r, u_z, u_n) = a.chunk(3, dim=-1), u.chunk(3, dim=-1)
        r, z = gate("r", a_r + u_r), gate("z", a_z + u_z)
        # torch multiplies by r after the product U h′ + b′, as the first version of Cho et al. (2014) did.
        n = (a_n + r * u_n).tanh()
        return {"r": r, "z": z, "n": n, "h": (1 - z) * n + z * h, "from_h": u}
    curve = torch.relu if getattr(module, "nonlinearity", "tanh") == "relu" else torch.tanh
    return {"h": curve(a + u), "from_h": u}


def difference(found: Unrolled, module: Module, x: Tensor) -> float:
    """The largest difference to what the module itself returns: output, last states, last cell states."""
    if isinstance(module, nn.RNN | nn.LSTM | nn.GRU):
        output, state = module(x)
    else:
        output, state = _looped(module, x)
    h_n, c_n = state if isinstance(state, tuple) else (state, None)
    pairs = [(found.output, output), (found.h_n, h_n), (found.c_n, c_n)]
    return max(float((ours - theirs).abs().max()) for ours, theirs in pairs if ours is not None)


def memory(module: Module, x: Tensor, steps: Sequence[int], held: Mapping[str, float] = FREE) -> Tensor:
    """How far each output hangs on each input: Frobenius norms of ∂output[t] / ∂x[s], (len(steps), T).

    The sequence is read once for each output unit, side by side in a batch, so that one backward pass of the module
    gives the slopes of all units at a step.

    Args:
        module: as for `unrolled`, time first.
        x: (T, 1, I).
        steps: the t that are wanted.
        held: gates to hold, as for `unrolled`.
    """
    directions = 2 if getattr(module, "bidirectional", False) else 1
    units = directions * module.hidden_size
    with torch.enable_grad():
        copies = x.detach().repeat(1, units, 1).requires_grad_()
        if held:
            output = unrolled(module, copies, held).output
        elif isinstance(module, nn.RNN | nn.LSTM | nn.GRU):
            output = module(copies)[0]
        else:
            output = _looped(module, copies)[0]
        sums = [output[t].diagonal().sum() for t in steps]
    slopes = [torch.autograd.grad(one, copies, retain_graph=True)[0] for one in sums]
    return torch.stack([slope.square().sum((1, 2)).sqrt() for slope in slopes])


def _looped(cell: Cell, x: Tensor) -> tuple[Tensor, Tensor | tuple[Tensor, Tensor]]:
    """What a cell gives in a loop over the steps, in the form in which a layer returns it."""
    state, steps = None, []
    for x_t in x:
        state = cell(x_t, state)
        steps.append(state[0] if isinstance(state, tuple) else state)
    output = torch.stack(steps)
    if isinstance(state, tuple):
        return output, (state[0][None], state[1][None])
    return output, steps[-1][None]


def layer_of(cell: Cell) -> Layer:
    """The layer with the same weights as a cell."""
    kind = type(cell).__name__.removesuffix("Cell")
    options = {"nonlinearity": cell.nonlinearity} if isinstance(cell, nn.RNNCell) else {}
    layer: Layer = getattr(nn, kind)(cell.input_size, cell.hidden_size, bias=cell.bias, **options)
    layer.load_state_dict({f"{name}_l0": value for name, value in cell.state_dict().items()})
    return layer
