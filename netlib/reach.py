"""The receptive field: which stretch of the input one unit of a layer depends on.

Per axis, the unit at index ``period·q + r`` depends on the inputs from ``stride·q + lo[r]`` to
``stride·q + hi[r]``, both inclusive and before clipping at the borders. Layers that only skip
keep a period of 1 (Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural
Networks", Distill 2019); upsampling and transposed convolution lengthen it, and stay exact.
"""

from dataclasses import dataclass
from math import gcd, lcm
from typing import Literal

MAX_PERIOD = 4_096


@dataclass(frozen=True, slots=True)
class AxisReach:
    """Along one axis: what the units of a layer see of the input."""

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
        """How many inputs a unit depends on; the widest unit where they differ."""
        return max(last - first + 1 for first, last in zip(self.lo, self.hi, strict=True))

    @property
    def padding(self) -> int:
        """How far the first unit's field reaches over the left border."""
        return -self.lo[0]

    @property
    def jump(self) -> float:
        """Inputs between neighbouring units."""
        return self.stride / self.period


@dataclass(frozen=True, slots=True)
class Window:
    """A window of `kernel` cells moved by `stride`: convolution, pooling; `padding` cells lie before index 0."""

    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    def over(self, axis: AxisReach) -> AxisReach | None:
        reach = self.dilation * (self.kernel - 1)
        if axis.period == 1:
            lo = axis.lo[0] - axis.stride * self.padding
            hi = axis.hi[0] + axis.stride * (reach - self.padding)
            return AxisReach(1, axis.stride * self.stride, (lo,), (hi,))
        period = axis.period // gcd(axis.period, self.stride)
        starts = [self.stride * r - self.padding for r in range(period)]
        stride = axis.stride * self.stride // gcd(axis.period, self.stride)
        return AxisReach(
            period, stride, tuple(axis.first(s) for s in starts), tuple(axis.last(s + reach) for s in starts)
        )


@dataclass(frozen=True, slots=True)
class Spread:
    """Transposed convolution: each input is spread over `kernel` outputs, `stride` apart."""

    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    def over(self, axis: AxisReach) -> AxisReach | None:
        period = axis.period * self.stride
        if period > MAX_PERIOD:
            return None
        reach = self.dilation * (self.kernel - 1)
        lo = [axis.first(-(-(r + self.padding - reach) // self.stride)) for r in range(period)]
        hi = [axis.last((r + self.padding) // self.stride) for r in range(period)]
        return AxisReach(period, axis.stride, tuple(lo), tuple(hi))


@dataclass(frozen=True, slots=True)
class Repeat:
    """Nearest-neighbour upsampling by a whole factor, and pixel shuffle."""

    factor: int

    def over(self, axis: AxisReach) -> AxisReach | None:
        period = axis.period * self.factor
        if period > MAX_PERIOD:
            return None
        lo = tuple(axis.first(r // self.factor) for r in range(period))
        hi = tuple(axis.last(r // self.factor) for r in range(period))
        return AxisReach(period, axis.stride, lo, hi)


@dataclass(frozen=True, slots=True)
class Blend:
    """Upsampling by a whole factor without aligned corners: linear mixes two neighbours, cubic four.

    A unit that lies exactly on an input takes that one alone.
    """

    factor: int
    cubic: bool = False

    def over(self, axis: AxisReach) -> AxisReach | None:
        period = axis.period * self.factor
        if period > MAX_PERIOD:
            return None
        ends = [self._ends(r) for r in range(period)]
        return AxisReach(
            period,
            axis.stride,
            tuple(axis.first(below) for below, _ in ends),
            tuple(axis.last(above) for _, above in ends),
        )

    def _ends(self, unit: int) -> tuple[int, int]:
        below, off = divmod(2 * unit + 1 - self.factor, 2 * self.factor)
        if off == 0:
            return below, below
        return (below - 1, below + 2) if self.cubic else (below, below + 1)


@dataclass(frozen=True, slots=True)
class Share:
    """Adaptive pooling of `inputs` cells into `outputs` windows of nearly equal size, which may overlap."""

    inputs: int
    outputs: int

    def over(self, axis: AxisReach) -> AxisReach | None:
        common = gcd(self.inputs, self.outputs)
        step, count = self.inputs // common, self.outputs // common
        repeats = axis.period // gcd(step, axis.period)
        period = count * repeats
        if period > MAX_PERIOD:
            return None
        lo = tuple(axis.first(r * step // count) for r in range(period))
        hi = tuple(axis.last(-(-(r + 1) * step // count) - 1) for r in range(period))
        return AxisReach(period, axis.stride * step * repeats // axis.period, lo, hi)


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
    lo = tuple(min(a.first(r) for a in axes) for r in range(period))
    hi = tuple(max(a.last(r) for a in axes) for r in range(period))
    return AxisReach(period, first.stride * period // first.period, lo, hi)
