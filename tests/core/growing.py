"""Random networks that run: chains are grown from kinds that accept what flows, values drawn from their knobs.

Drawing blindly gives about one sound network in eight; growing gives nothing else.
"""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from pydantic import ValidationError

from netlib import KINDS, Block, Network, TensorType, trace
from netlib.block import Held, all_knobs
from netlib.knob import REQUIRED, Choice, Knob, Numbers, Real, Size, Switch, Whole

Draw = Callable[[st.SearchStrategy[Any]], Any]

MAX_NUMBERS = 6_000
MAX_PARAMETERS = 100_000
MAX_STEPS_IN_TIME = 6
TRIES = 4
"""Draws for a place in a chain before it stays empty."""

INPUTS: tuple[TensorType, ...] = (
    TensorType((7,)),
    TensorType((5, 6)),
    TensorType((4, 12), layout="signal"),
    TensorType((4, 9, 8)),
    TensorType((2, 6, 5, 4)),
    TensorType((5,), "int64"),
)
KEEPING = ("ReLU", "Tanh", "GELU", "Dropout", "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "LayerNorm")
"""Layers whose output is as large as their input; branches that are joined are made of them."""


def value(draw: Draw, knob: Knob, rank: int) -> Any:
    """A small value that the knob takes; layers may still refuse it."""
    # without a momentum, PyTorch's batch norm counts its batches, which it cannot do on meta
    if knob.optional and knob.name != "momentum" and draw(st.booleans()):
        return None
    match knob:
        case Switch():
            return draw(st.booleans())
        case Choice(options=options):
            return draw(st.sampled_from(options))
        case Real(lo=lo, hi=hi):
            return draw(st.sampled_from([0.5, 1.0, 2.0, max(lo, 0.1)]).filter(lambda v: lo <= v <= hi))
        case Size(keywords=keywords, holes=holes):
            one = st.integers(knob.lo, knob.lo + 3)
            entries = st.lists(one | st.none() if holes else one, min_size=rank, max_size=rank)
            words: tuple[st.SearchStrategy[Any], ...] = (st.sampled_from(keywords),) if keywords else ()
            return draw(st.one_of(one, entries, *words))
        case Numbers(least=least, most=most, single=single):
            one = st.integers(max(knob.lo, -1), 4)
            many = st.lists(one, min_size=least, max_size=most)
            return draw(one | many if single else many)
        case Whole():
            return draw(st.integers(knob.lo, max(knob.lo, 0) + 5))
    raise TypeError(f"no values for {knob}")


def fields(draw: Draw, kind: str, x: TensorType) -> dict[str, Any]:
    """Fields for a kind: the required ones, and a few of the others."""
    drawn: dict[str, Any] = {}
    for knob in all_knobs(KINDS[kind]):
        if isinstance(knob, Held) or knob.inferred:
            continue
        if knob.default is REQUIRED or draw(st.integers(0, 2)) == 0:
            drawn[knob.name] = value(draw, knob, max(1, len(x.spatial)))
    return drawn | told(draw, kind, x)


def told(draw: Draw, kind: str, x: TensorType) -> dict[str, Any]:
    """Fields that only what flows in can tell: an order of its axes, its last sizes, parts of a size."""
    rank = len(x.dims)
    match kind:
        case "Permute":
            return {"dims": [0, *draw(st.permutations(range(1, rank + 1)))]}
        case "Unflatten":
            dim = draw(st.integers(1, rank))
            size = x.dims[dim - 1]
            part = draw(st.sampled_from([n for n in range(1, size + 1) if size % n == 0]))
            return {"dim": dim, "unflattened_size": draw(st.sampled_from([[part, -1], [part, size // part]]))}
        case "LayerNorm" | "RMSNorm":
            last = draw(st.integers(0, rank))
            return {"normalized_shape": list(x.dims[rank - last :]) or None}
        case "PReLU":
            return {"num_parameters": draw(st.sampled_from([1, x.dims[0]]))}
    return {}


def inner(draw: Draw, kind: str, x: TensorType, depth: int) -> dict[str, Any]:
    """The lists of layers inside a composite."""
    match kind:
        case "Parallel":
            branches = [keeping(draw, x) for _ in range(draw(st.integers(2, 3)))]
            return {"branches": branches, "merge": draw(st.sampled_from(["concat", "add", "multiply"]))}
        case "Residual":
            return {"body": keeping(draw, x) if draw(st.booleans()) else grown(draw, x, depth - 1, 2)[0]}
        case "Sequential" | "AuxiliaryHead":
            return {"layers": grown(draw, x, depth - 1, 3)[0]}
    return {}


def keeping(draw: Draw, x: TensorType) -> list[Block]:
    """Up to three layers that keep the shape of `x`."""
    kinds = [k for k in KEEPING if x.layout in KINDS[k].accepts]
    found: list[Block] = []
    for _ in range(draw(st.integers(0, 3)) if kinds else 0):
        if x.layout in ("signal", "image", "volume") and draw(st.booleans()):
            rank = len(x.spatial)
            conv = {
                "out_channels": x.channels,
                "kernel_size": draw(st.sampled_from([1, 3])),
                "padding": "same",
            }
            found.append(KINDS[f"Conv{rank}d"].model_validate(conv))
        else:
            found.append(KINDS[draw(st.sampled_from(kinds))].model_validate({}))
    return found


def grown(draw: Draw, x: TensorType, depth: int, most: int) -> tuple[list[Block], TensorType]:
    """Up to `most` blocks that run one after another from `x` on, and what comes out."""
    blocks: list[Block] = []
    for _ in range(draw(st.integers(0, most))):
        for _ in range(TRIES):
            found = tried(draw, x, depth)
            if found:
                blocks.append(found[0])
                x = found[1]
                break
    return blocks, x


def tried(draw: Draw, x: TensorType, depth: int) -> tuple[Block, TensorType] | None:
    """A block of any kind that accepts `x`, and what it gives, where it runs and stays small."""
    kind = draw(st.sampled_from([k for k, block in KINDS.items() if x.layout in block.accepts]))
    holds = any(isinstance(k, Held) for k in all_knobs(KINDS[kind]))
    if holds and depth == 0:
        return None
    lists = inner(draw, kind, x, depth) if holds else {}
    try:
        block = KINDS[kind].model_validate(fields(draw, kind, x) | lists)
    except ValidationError:  # a drawn list of sizes may have a wrong length
        return None
    found = trace(Network.of(x, block))
    if found.output is None or not small(found.output) or found.params > MAX_PARAMETERS:
        return None
    return block, found.output


def small(x: TensorType) -> bool:
    """Whether a real layer can run on it in no time."""
    steps = x.dims[0] if x.layout == "sequence" else 1
    return x.numel <= MAX_NUMBERS and steps <= MAX_STEPS_IN_TIME


@st.composite
def networks(draw: Draw, most: int = 6) -> Network:
    """A sound network of up to `most` blocks, composites up to two deep."""
    x = draw(st.sampled_from(INPUTS))
    blocks, _ = grown(draw, x, 2, most)
    return Network.of(x, *blocks)
