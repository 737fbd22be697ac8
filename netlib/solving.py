"""Settings that reach a wanted output size: every kernel, stride, padding and dilation within bounds, cheapest first.

Output sizes come from the closed forms of `netlib.windows` and of the layers; nothing is built, so tens of thousands of
settings are looked at in a fraction of a second.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Literal

from netlib.blocks.convolution import SPREAD_OUTPUT
from netlib.blocks.pooling import pooled_size
from netlib.windows import OUTPUT

Sweep = Literal["conv", "transposed", "max", "average"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The largest numbers that are looked at."""

    kernel: int = 11
    stride: int = 8
    padding: int = 16
    dilation: int = 4
    output_padding: int = 3


@dataclass(frozen=True, slots=True)
class Setting:
    """One number for all axes; `same` stands for padding='same'."""

    kernel: int
    stride: int
    padding: int
    dilation: int = 1
    output_padding: int = 0
    same: bool = False

    @property
    def span(self) -> int:
        """Cells from the first to the last that a window reads."""
        return self.dilation * (self.kernel - 1) + 1


@dataclass(frozen=True, slots=True)
class Offer:
    """A setting that reaches the wanted size.

    Attributes:
        setting: the numbers.
        taps: cells of the kernel over all axes: weights of a filter for one channel, or what a window of a pool reads.
        unread: input cells that no window reads, counted over the whole input; 0 for a transposed layer.
        idle: whether a window at the border sees nothing but padding; transposed, whether all that an input at the
            border makes is cut off.
    """

    setting: Setting
    taps: int
    unread: int
    idle: bool


@lru_cache(maxsize=128)
def offers(
    sweep: Sweep,
    sizes: tuple[int, ...],
    wanted: tuple[int, ...],
    bounds: Bounds = Bounds(),
    ceil_mode: bool = False,
) -> tuple[Offer, ...]:
    """Every setting that turns an input of `sizes` into one of `wanted`, along all axes: the cheapest first.

    Cheap is a small kernel; among equals come first those that leave nothing unread, and pad and dilate least. Those
    that look at nothing but padding come last.
    """
    found = []
    # An axis that is the same as one before needs no second look.
    pairs = tuple(dict.fromkeys(zip(sizes, wanted, strict=True)))
    for setting in settings(sweep, bounds):
        if all(reached(sweep, i, setting, ceil_mode) == o for i, o in pairs):
            taps = setting.kernel ** len(sizes)
            found.append(Offer(setting, taps, _unread(sweep, sizes, wanted, setting), _idle(setting)))
    return tuple(sorted(found, key=_order))


@lru_cache(maxsize=16)
def settings(sweep: Sweep, bounds: Bounds = Bounds()) -> tuple[Setting, ...]:
    """Every setting within bounds that PyTorch would take; a dilation that changes nothing is left out."""
    return tuple(_settings(sweep, bounds))


def _settings(sweep: Sweep, bounds: Bounds) -> Iterator[Setting]:
    for kernel, stride in product(range(1, bounds.kernel + 1), range(1, bounds.stride + 1)):
        for dilation in _dilations(sweep, kernel, bounds):
            most = kernel // 2 if sweep in ("max", "average") else bounds.padding
            for padding in range(min(most, bounds.padding) + 1):
                yield Setting(kernel, stride, padding, dilation)
                if sweep == "transposed":
                    for more in range(1, min(bounds.output_padding + 1, max(stride, dilation))):
                        yield Setting(kernel, stride, padding, dilation, more)
            # An even number of cells over is what a number on both sides gives as well.
            if sweep == "conv" and stride == 1 and dilation * (kernel - 1) % 2:
                yield Setting(kernel, 1, dilation * (kernel - 1) // 2, dilation, same=True)


def _dilations(sweep: Sweep, kernel: int, bounds: Bounds) -> range:
    spread = kernel > 1 and sweep != "average"
    return range(1, bounds.dilation + 1) if spread else range(1, 2)


def reached(sweep: Sweep, i: int, setting: Setting, ceil_mode: bool = False) -> int:
    """The output size along an axis of `i` cells; less than 1 where the window does not fit."""
    k, s, p, d = setting.kernel, setting.stride, setting.padding, setting.dilation
    if setting.same:
        return i
    if sweep == "transposed":
        return int(SPREAD_OUTPUT.rule(i, s, p, d, k, setting.output_padding))
    if ceil_mode and sweep != "conv":
        return pooled_size(i, k, s, p, d, True).value
    return int(OUTPUT.rule(i, p, d, k, s))


def _unread(sweep: Sweep, sizes: tuple[int, ...], wanted: tuple[int, ...], setting: Setting) -> int:
    if sweep == "transposed" or setting.same:
        return 0
    total = read = 1
    for i, o in zip(sizes, wanted, strict=True):
        total *= i
        read *= _read_cells(i, o, setting)
    return total - read


def _read_cells(i: int, o: int, setting: Setting) -> int:
    """Cells of an axis that some window reads."""
    k, s, p, d = setting.kernel, setting.stride, setting.padding, setting.dilation
    if s <= d * (k - 1) + 1 and d == 1:
        return max(0, min(i, (o - 1) * s + k - p))
    cells = {w * s + j * d - p for w in range(o) for j in range(k)}
    return sum(0 <= cell < i for cell in cells)


def _idle(setting: Setting) -> bool:
    return not setting.same and setting.padding >= setting.span


def _order(offer: Offer) -> tuple[int, ...]:
    s = offer.setting
    return (offer.idle, offer.taps, offer.unread, s.dilation, s.padding, s.output_padding, s.stride)
