"""What a row says about its block after its name: `5×5 pad 1`, `320 → 10`, `32 num_layers=2 bidirectional`.

In torch's own words, so that it reads the same in every language. A field has a short form of its own below, or is
written as in a call; what is as usual is left out, and so is what the row shows elsewhere.
"""

from collections.abc import Callable
from typing import Any

from netlib import Block, TensorType
from netlib.block import Held, all_knobs
from netlib.knob import REQUIRED, Knob, Switch

SHORTEST = 44
"""Characters that a row has room for."""


def _per_axis(value: Any, rank: int) -> str:
    sizes = value if isinstance(value, tuple) else (value,) * rank
    return "×".join("·" if size is None else str(size) for size in sizes)


def _stride(value: Any, rank: int) -> str:
    return f"/{value}" if isinstance(value, int) else f"/{_per_axis(value, rank)}"


def _padding(value: Any, rank: int) -> str:
    return f"pad {value if isinstance(value, int | str) else _per_axis(value, rank)}"


SHORT: dict[str, Callable[[Any, int], str]] = {
    "kernel_size": _per_axis,
    "output_size": lambda value, rank: f"→ {_per_axis(value, rank)}",
    "stride": _stride,
    "padding": _padding,
    "shortcut": lambda value, rank: str(value),
    "merge": lambda value, rank: str(value),
    "p": lambda value, rank: f"p={value:g}",
    "returns": lambda value, rank: str(value),
}
"""Fields with a short form; the value and the number of spatial axes go in."""

SEEN = {"out_channels", "out_features", "planes"}
"""Fields that the row's ribbon and shape show already."""


def _inception(block: Any) -> str:
    """The widths of the four branches, each after its reduction: `64 · 96→128 · 16→32 · 32`."""
    reduced = [(block.ch3x3red, block.ch3x3), (block.ch5x5red, block.ch5x5)]
    middle = [f"{thin}→{wide}" if thin else str(wide) for thin, wide in reduced]
    return " · ".join([str(block.ch1x1), *middle, str(block.pool_proj or "pool")])


OWN: dict[str, Callable[[Any], str]] = {
    "Inception": _inception,
    "Embedding": lambda block: f"{block.num_embeddings:,} × {block.embedding_dim:,}",
}
"""Kinds with more numbers than a row has room for."""


def says(block: Block, x: TensorType | None) -> str:
    """The block's summary when `x` flows in; None where nothing does."""
    if block.kind in OWN:
        return OWN[block.kind](block)
    pieces = [_through(block, x)] if hasattr(block, "out_features") else []
    for knob in all_knobs(type(block)):
        if isinstance(knob, Held) or (knob.inferred and knob.name == "in_features"):
            continue
        if knob.name in SEEN and (x is not None or hasattr(block, "out_features")):
            continue
        if piece := _piece(knob, getattr(block, knob.name), block.rank):
            pieces.append(piece)
    text = " ".join(pieces)
    return text if len(text) <= SHORTEST else f"{text[: SHORTEST - 1]}…"


def _through(block: Any, x: TensorType | None) -> str:
    """How many features come in and go out."""
    came = block.in_features or (x.dims[-1] if x else None)
    return f"{came:,} → {block.out_features:,}" if came else f"→ {block.out_features:,}"


def _piece(knob: Knob, value: Any, rank: int) -> str:
    if knob.default is REQUIRED:
        short = SHORT.get(knob.name)
        return short(value, rank) if short else _plain(value)
    if value == knob.default and knob.name not in ("merge", "shortcut"):
        return ""
    if knob.name in SHORT:
        return SHORT[knob.name](value, rank)
    if isinstance(knob, Switch) and value:
        return knob.name
    return f"{knob.name}={_plain(value)}"


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(str, value))})"
    return f"{value:,}" if type(value) is int else str(value)
