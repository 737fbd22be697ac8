"""The receptive field: which stretch of the input one unit of a layer depends on.

Per axis, the unit at index ``period·q + r`` depends on the inputs from ``stride·q + lo[r]`` to
``stride·q + hi[r]``, both inclusive and before clipping at the borders. Layers that only skip
keep a period of 1 (Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural
Networks", Distill 2019); upsampling and transposed convolution lengthen it, and stay exact.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import gcd, lcm
from typing import Literal, Protocol

MAX_PERIOD = 4_096
MAX_WORK = 65_536
"""Longer patterns than these are not followed; the field is then unknown."""


@dataclass(frozen=True, slots=True)
class AxisReach:
    """Along one axis: what the units of a layer see of the input.

    A unit that depends on nothing (between the spread cells of a transposed convolution with a
    stride longer than its kernel) has a last index before its first.
    """

    period: int = 1
    stride: int = 1
    lo: tuple[int, ...] = (0,)
    hi: tuple[int, ...] = (0,)

    def first(self, unit: int) -> int:
        """First input index that `unit` depends on."""
        q, r = divmod(unit, self.period)
        return self.stride * q + self.lo[r]

    def last(self, unit: int) -> int:
        """Last input index that `unit` depends on."""
        q, r = divmod(unit, self.period)
        return self.stride * q + self.hi[r]

    @property
    def size(self) -> int:
        """How many inputs a unit depends on, gaps included; the widest unit where they differ."""
        return max(last - first + 1 for first, last in zip(self.lo, self.hi, strict=True))

    @property
    def padding(self) -> int:
        """How far the first unit's field reaches over the left border."""
        return -self.lo[0]

    @property
    def jump(self) -> float:
        """Inputs between neighbouring units."""
        return self.stride / self.period


class _Pattern(Protocol):
    """How a layer's units along an axis read its input: `count` units on, they read `step` cells on."""

    @property
    def step(self) -> int: ...

    @property
    def count(self) -> int: ...

    def sources(self, unit: int) -> Iterable[int]:
        """The cells that a unit reads."""
        ...


def _over(pattern: _Pattern, axis: AxisReach, reads: int) -> AxisReach | None:
    """What the units of a pattern of `reads` cells a unit see, where its cells see what `axis` says."""
    repeats = axis.period // gcd(pattern.step, axis.period)
    period = pattern.count * repeats
    if period > MAX_PERIOD or period * reads > MAX_WORK:
        return None
    lo, hi = [], []
    for unit in range(period):
        ends = [(axis.first(c), axis.last(c)) for c in pattern.sources(unit)]
        seen = [(first, last) for first, last in ends if first <= last]
        lo.append(min((first for first, _ in seen), default=0))
        hi.append(max((last for _, last in seen), default=-1))
    return AxisReach(period, axis.stride * pattern.step * repeats // axis.period, tuple(lo), tuple(hi))


@dataclass(frozen=True, slots=True)
class Window:
    """A window of `kernel` cells moved by `stride`: convolution, pooling; `padding` cells lie before index 0."""

    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    @property
    def step(self) -> int:
        return self.stride

    @property
    def count(self) -> int:
        return 1

    def sources(self, unit: int) -> Iterable[int]:
        start = unit * self.stride - self.padding
        return range(start, start + self.dilation * (self.kernel - 1) + 1, self.dilation)

    def over(self, axis: AxisReach) -> AxisReach | None:
        if axis.period > 1:
            return _over(self, axis, self.kernel)
        lo = axis.lo[0] - axis.stride * self.padding
        hi = axis.hi[0] + axis.stride * (self.dilation * (self.kernel - 1) - self.padding)
        return AxisReach(1, axis.stride * self.stride, (lo,), (hi,))


@dataclass(frozen=True, slots=True)
class Spread:
    """Transposed convolution: each input is spread over `kernel` outputs, `stride` apart."""

    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    @property
    def step(self) -> int:
        return 1

    @property
    def count(self) -> int:
        return self.stride

    def sources(self, unit: int) -> Iterable[int]:
        starts = (unit + self.padding - self.dilation * j for j in range(self.kernel))
        return [start // self.stride for start in starts if start % self.stride == 0]

    def over(self, axis: AxisReach) -> AxisReach | None:
        return _over(self, axis, self.kernel)


@dataclass(frozen=True, slots=True)
class Repeat:
    """Nearest-neighbour upsampling by a whole factor, and pixel shuffle."""

    factor: int

    @property
    def step(self) -> int:
        return 1

    @property
    def count(self) -> int:
        return self.factor

    def sources(self, unit: int) -> Iterable[int]:
        return (unit // self.factor,)

    def over(self, axis: AxisReach) -> AxisReach | None:
        return _over(self, axis, 1)


@dataclass(frozen=True, slots=True)
class Blend:
    """Upsampling by a whole factor without aligned corners: linear mixes two neighbours, cubic four.

    A unit that lies exactly on an input takes that one alone.
    """

    factor: int
    cubic: bool = False

    @property
    def step(self) -> int:
        return 1

    @property
    def count(self) -> int:
        return self.factor

    def sources(self, unit: int) -> Iterable[int]:
        below, off = divmod(2 * unit + 1 - self.factor, 2 * self.factor)
        if off == 0:
            return (below,)
        return range(below - 1, below + 3) if self.cubic else (below, below + 1)

    def over(self, axis: AxisReach) -> AxisReach | None:
        return _over(self, axis, 4)


@dataclass(frozen=True, slots=True)
class Share:
    """Adaptive pooling of `inputs` cells into `outputs` windows of nearly equal size, which may overlap."""

    inputs: int
    outputs: int

    @property
    def step(self) -> int:
        return self.inputs // gcd(self.inputs, self.outputs)

    @property
    def count(self) -> int:
        return self.outputs // gcd(self.inputs, self.outputs)

    def sources(self, unit: int) -> Iterable[int]:
        first = unit * self.inputs // self.outputs
        return range(first, -(-(unit + 1) * self.inputs // self.outputs))

    def over(self, axis: AxisReach) -> AxisReach | None:
        return _over(self, axis, -(-self.inputs // self.outputs) + 1)


Move = Window | Spread | Repeat | Blend | Share
Moves = tuple[Move, ...] | Literal["same", "statistics", "whole", "unknown"]
"""How a layer's windows move: over each spatial axis; or not at all ("same"), not at all but with
means over the whole input in every unit ("statistics"), over everything, or in a way not followed here.
"""


@dataclass(frozen=True, slots=True)
class Reach:
    """What the units of a layer see of the network's input.

    `axes` holds one entry a spatial axis, None where it cannot be told from position alone. With
    `whole`, every unit depends on the whole input; `axes` then tells the main path's field, if any.
    """

    axes: tuple[AxisReach, ...] | None
    whole: bool = False

    def after(self, moves: Moves) -> "Reach":
        """The reach behind a layer that moves like this over the spatial axes."""
        if moves == "same":
            return self
        if moves == "statistics":
            return Reach(self.axes, True)
        if moves == "whole":
            return WHOLE
        if isinstance(moves, str) or self.axes is None or len(moves) != len(self.axes):
            return Reach(None, self.whole)
        moved = [move.over(axis) for move, axis in zip(moves, self.axes, strict=True)]
        return Reach(None if None in moved else tuple(a for a in moved if a), self.whole)


WHOLE = Reach(None, True)


def start(rank: int) -> Reach:
    """The reach of the input itself, over `rank` spatial axes."""
    return Reach((AxisReach(),) * rank if rank else None)


def merged(reaches: "list[Reach]") -> Reach:
    """The reach of a unit that several branches feed."""
    whole = any(r.whole for r in reaches)
    known = [r.axes for r in reaches if r.axes is not None]
    if not known or (len(known) < len(reaches) and not whole):
        return Reach(None, whole)
    joined = [_joined(list(axes)) for axes in zip(*known, strict=False)]
    return Reach(None if None in joined else tuple(a for a in joined if a), whole)


def _joined(axes: list[AxisReach]) -> AxisReach | None:
    first = axes[0]
    if all(a == first for a in axes):
        return first
    if any(a.stride * first.period != first.stride * a.period for a in axes):
        return None
    period = lcm(*(a.period for a in axes))
    if period > MAX_PERIOD:
        return None
    seen = [[a for a in axes if a.first(r) <= a.last(r)] for r in range(period)]
    lo = tuple(min((a.first(r) for a in those), default=0) for r, those in enumerate(seen))
    hi = tuple(max((a.last(r) for a in those), default=-1) for r, those in enumerate(seen))
    return AxisReach(period, first.stride * period // first.period, lo, hi)
