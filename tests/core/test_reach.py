"""Receptive fields: against sets of indices worked out one by one, and against gradients of real layers."""

import random
from collections.abc import Callable
from math import ceil, floor
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from netlib import KINDS, Network, TensorType, image, signal, trace
from netlib.construction import module_of
from netlib.reach import AxisReach, Blend, Move, Reach, Repeat, Share, Spread, Window, merged, start

Reads = Callable[[int], set[int]]

WINDOWS = st.builds(Window, st.integers(1, 5), st.integers(1, 4), st.integers(0, 3), st.integers(1, 3))
SPREADS = st.builds(Spread, st.integers(1, 5), st.integers(1, 3), st.integers(0, 3), st.integers(1, 3))
MOVES = st.one_of(
    WINDOWS,
    SPREADS,
    st.builds(Repeat, st.integers(1, 3)),
    st.builds(Blend, st.integers(1, 4), st.booleans()),
    st.builds(Share, st.integers(1, 9), st.integers(1, 9)),
)


def reads(move: Move) -> Reads:
    """The cells that a unit reads, straight from each layer's definition, on an endless line."""
    match move:
        case Window(k, s, p, d):
            return lambda u: {u * s - p + d * j for j in range(k)}
        case Spread(k, s, p, d):
            return lambda u: {i for i in range(u - 40, u + 41) for j in range(k) if i * s - p + d * j == u}
        case Repeat(f):
            return lambda u: {floor(u / f)}
        case Blend(f, cubic):
            return lambda u: _neighbours((u + 0.5) / f - 0.5, 2 if cubic else 1)
        case Share(i, o):
            return lambda u: set(range(floor(u * i / o), ceil((u + 1) * i / o)))


def _neighbours(place: float, wings: int) -> set[int]:
    """Cells with a weight other than 0 around a place that linear (1) or cubic (2) interpolation reads."""
    if abs(place - round(place)) < 1e-9:
        return {round(place)}
    return set(range(floor(place) - wings + 1, floor(place) + wings + 1))


def cells(moves: list[Move], unit: int) -> set[int]:
    """Inputs that a unit behind all the layers depends on."""
    wanted = {unit}
    for move in reversed(moves):
        of = reads(move)
        wanted = {cell for u in wanted for cell in of(u)}
    return wanted


@given(st.lists(MOVES, max_size=4), st.integers(-30, 30))
def test_a_chain_of_layers_reads_exactly_these_cells(moves: list[Move], unit: int) -> None:
    reach = start(1)
    for move in moves:
        reach = reach.after((move,))
    if reach.axes is None:  # a longer pattern than is followed
        return
    axis, truth = reach.axes[0], cells(moves, unit)
    if truth:
        assert (axis.first(unit), axis.last(unit)) == (min(truth), max(truth))
    else:
        assert axis.last(unit) < axis.first(unit)


@given(st.lists(WINDOWS, max_size=3), st.lists(WINDOWS, max_size=3), st.integers(-9, 9))
def test_branches_that_join_read_what_either_reads(
    left: list[Window], right: list[Window], unit: int
) -> None:
    one, other = start(1), start(1)
    for move in left:
        one = one.after((move,))
    for move in right:
        other = other.after((move,))
    joined = merged([one, other])
    assert one.axes is not None
    assert other.axes is not None
    if one.axes[0].stride != other.axes[0].stride:
        assert joined.axes is None  # no picture can hold two grids that drift apart
        return
    assert joined.axes is not None
    truth = cells(list(left), unit) | cells(list(right), unit)
    assert (joined.axes[0].first(unit), joined.axes[0].last(unit)) == (min(truth), max(truth))


def test_long_patterns_are_given_up_rather_than_followed() -> None:
    reach = start(1)
    for _ in range(20):
        reach = reach.after((Repeat(3),))
    assert reach == Reach(None, False)


def test_a_gate_sees_everything_and_keeps_the_main_path() -> None:
    conv = start(2).after((Window(3), Window(3)))
    gate = conv.after("whole")
    assert merged([conv, gate]) == Reach(conv.axes, True)
    assert conv.after("statistics") == Reach(conv.axes, True)
    assert conv.after("unknown").axes is None


def test_numbers_people_know() -> None:
    """3 × 3 after 3 × 3 sees 5 × 5; a stride of 2 between them makes it 7 (Araujo et al. 2019, section 2)."""
    assert _axis(Window(3), Window(3)).size == 5
    strided = _axis(Window(3, 2, 1), Window(3, 1, 1))
    assert (strided.size, strided.jump, strided.padding) == (7, 2, 3)


def _axis(*moves: Move) -> AxisReach:
    reach = start(1)
    for move in moves:
        reach = reach.after((move,))
    assert reach.axes is not None
    return reach.axes[0]


class SumOfWindow(nn.Module):
    """Stands in for max pooling, whose gradient reaches the largest cell only: adds up the window."""

    def __init__(self, pool: Any, rank: int) -> None:
        super().__init__()
        self.pool, self.rank = pool, rank

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        names = ("kernel_size", "stride", "padding", "dilation")
        kernel, stride, padding, dilation = (
            (v,) * self.rank if isinstance(v := getattr(self.pool, n), int) else v for n in names
        )
        out = self.pool(x).shape[2:]
        reaches = [
            (o - 1) * s + d * (k - 1) + 1 for o, s, d, k in zip(out, stride, dilation, kernel, strict=True)
        ]
        sides = [
            side
            for size, p, r in zip(x.shape[2:], padding, reaches, strict=True)
            for side in (max(0, r - size - p), p)
        ]
        x = nn.functional.pad(x, sides[::-1])
        convolve = getattr(nn.functional, f"conv{self.rank}d")
        ones = torch.ones((x.shape[1], 1, *kernel), dtype=x.dtype)
        y: torch.Tensor = convolve(x, ones, stride=stride, dilation=dilation, groups=x.shape[1])
        return y[(slice(None), slice(None), *(slice(o) for o in out))]


def positive(model: nn.Module, rank: int) -> nn.Module:
    """The model with positive weights, and without pooling that hides cells, so that no gradient cancels."""
    for name, child in model.named_children():
        if type(child).__name__.startswith("AdaptiveMax"):
            setattr(model, name, getattr(nn, type(child).__name__.replace("Max", "Avg"))(child.output_size))
        elif "MaxPool" in type(child).__name__:
            setattr(model, name, SumOfWindow(child, rank))
        else:
            positive(child, rank)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(0.5)
    return model.double().eval()


def support(model: nn.Module, x: TensorType, unit: tuple[int, ...]) -> list[tuple[int, int]]:
    """First and last cell along each axis whose gradient a unit of the output has, summed over channels."""
    batch = torch.ones((1, *x.dims), dtype=torch.float64, requires_grad=True)
    model(batch)[(0, slice(None), *unit)].sum().backward()
    assert batch.grad is not None
    moved = batch.grad[0].abs().sum(0)
    found = []
    for axis in range(moved.dim()):
        along = moved.sum([a for a in range(moved.dim()) if a != axis]) if moved.dim() > 1 else moved
        hit = along.nonzero().flatten()
        found.append((int(hit.min()), int(hit.max())) if len(hit) else (0, -1))
    return found


def compare(network: Network) -> None:
    """Every field from the middle of the output, size and position, is the support of its gradient."""
    traced = trace(network)
    assert traced.ok
    assert traced.output is not None
    reach = traced.root.reach
    assert reach is not None
    assert reach.axes is not None
    x = network.input
    model = positive(module_of(traced.root), len(x.spatial))
    inside = 0
    for unit in _middle(traced.output.spatial):
        ends = [(a.first(u), a.last(u)) for a, u in zip(reach.axes, unit, strict=True)]
        if any(first < 0 or last >= size for (first, last), size in zip(ends, x.spatial, strict=True)):
            continue
        if any(last < first for first, last in ends):
            ends = [(0, -1)] * len(ends)
        assert support(model, x, unit) == ends
        inside += 1
    assert inside, "no unit lies clear of the borders; give the network a larger input"


def _middle(sizes: tuple[int, ...], around: int = 3) -> list[tuple[int, ...]]:
    return [tuple(min(s // 2 + step, s - 1) for s in sizes) for step in range(around)]


def layer(kind: str, **fields: Any) -> dict[str, Any]:
    return {"kind": kind, **fields}


SINGLE: list[dict[str, Any]] = [
    layer("Conv2d", out_channels=2, kernel_size=[3, 4], stride=[2, 1], padding=[1, 2], dilation=[2, 1]),
    layer("Conv2d", out_channels=2, kernel_size=4, padding="same"),
    layer("Conv2d", out_channels=2, kernel_size=3, groups=2, padding=1),
    layer("ConvTranspose2d", out_channels=2, kernel_size=3, stride=2, padding=1, output_padding=1),
    layer("ConvTranspose2d", out_channels=2, kernel_size=2, stride=3),
    layer("ConvTranspose2d", out_channels=2, kernel_size=3, stride=2, dilation=3),
    layer("MaxPool2d", kernel_size=3, stride=2, padding=1, dilation=2, ceil_mode=True),
    layer("MaxPool2d", kernel_size=2),
    layer("AvgPool2d", kernel_size=[2, 3], stride=[3, 2], ceil_mode=True),
    layer("AdaptiveAvgPool2d", output_size=[5, 4]),
    layer("AdaptiveMaxPool2d", output_size=[8, None]),
    layer("Upsample", scale_factor=2),
    layer("Upsample", size=[24, 8]),
    layer("Upsample", size=5),
    layer("Upsample", scale_factor=2, mode="bilinear"),
    layer("Upsample", scale_factor=3, mode="bilinear"),
    layer("Upsample", scale_factor=2, mode="bicubic"),
    layer("Upsample", scale_factor=3, mode="bicubic"),
    layer("ZeroPad2d", padding=[1, 2, 3, -1]),
    layer("ReflectionPad2d", padding=2),
    layer("PixelUnshuffle", downscale_factor=2),
    layer("BatchNorm2d"),
    layer("Dropout"),
]


DIMS = {"[24, 8]": [2, 12, 8], "5": [2, 20, 20]}
"""Inputs that the sizes asked for are a whole factor of."""


@pytest.mark.parametrize("spec", SINGLE, ids=lambda spec: "-".join(map(str, spec.values())))
def test_a_layer_reads_where_its_gradient_goes(spec: dict[str, Any]) -> None:
    dims = DIMS.get(str(spec.get("size")), [2, 16, 16])
    compare(Network.model_validate({"input": {"dims": dims}, "layers": [spec]}))


def test_pixel_shuffle_reads_one_pixel() -> None:
    shuffle = layer("PixelShuffle", upscale_factor=2)
    compare(Network.model_validate({"input": {"dims": [8, 5, 6]}, "layers": [shuffle]}))


def _random_layer(numbers: random.Random) -> dict[str, Any]:
    k, s, d = numbers.randint(1, 3), numbers.randint(1, 2), numbers.randint(1, 2)
    return numbers.choice(
        [
            layer("Conv2d", out_channels=2, kernel_size=k, stride=s, padding=k // 2, dilation=d),
            layer("MaxPool2d", kernel_size=k, stride=s, padding=k // 2, ceil_mode=numbers.random() < 0.5),
            layer("AvgPool2d", kernel_size=k, stride=s),
            layer("ConvTranspose2d", out_channels=2, kernel_size=k, stride=s, dilation=d),
            layer(
                "Upsample", scale_factor=numbers.randint(1, 3), mode=numbers.choice(["nearest", "bilinear"])
            ),
            layer("PixelUnshuffle", downscale_factor=1),
        ]
    )


@pytest.mark.parametrize("seed", range(40))
def test_a_chain_reads_where_its_gradient_goes(seed: int) -> None:
    numbers = random.Random(seed)
    layers = [_random_layer(numbers) for _ in range(numbers.randint(2, 5))]
    compare(Network.model_validate({"input": {"dims": [2, 48, 48]}, "layers": layers}))


def test_sizes_that_are_not_the_same_along_every_axis() -> None:
    reach = trace(
        Network.of(signal(1, 9), KINDS["Conv1d"].model_validate({"out_channels": 1, "kernel_size": 3}))
    )
    assert reach.root.reach is not None
    assert reach.root.reach.axes == (AxisReach(1, 1, (0,), (2,)),)
    assert trace(Network.of(image(1, 9))).root.reach == start(2)
