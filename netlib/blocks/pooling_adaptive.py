"""Adaptive pooling: the output size is given, and the windows follow from it."""

from collections.abc import Iterator
from typing import Any, ClassVar

from netlib.block import Case, Leaf, Measured
from netlib.formula import Formula
from netlib.knob import Size, field
from netlib.nodes import Call, call
from netlib.reach import Moves, Share
from netlib.tensortype import Layout, TensorType, image, sequence, signal, volume
from netlib.windows import AXIS_NAMES, KEPT, LAYOUT_OF_RANK, per_axis
from netlib.words import Message, words

GIVEN = Formula(lambda o: o, o="output_size")

_LARGER = words(
    "the output has {o} cells along {axis}, more than the input's {i}: cells are repeated",
    "沿 {axis} 轴输出有 {o} 格，多于输入的 {i} 格：部分格会重复",
)


def output_size_field(holes: bool) -> Any:
    """The required ``output_size``; with `holes`, an axis may be left as it is."""
    help = (
        words(
            "Cells along each axis of the output; an empty axis keeps its size.",
            "输出每个轴的格数；留空的轴保持原尺寸。",
        )
        if holes
        else words("Cells of the output.", "输出的格数。")
    )
    label = words("Output size", "输出尺寸")
    return field(Size(label=label, help=help, symbol="o", lo=1, holes=holes, start=1))


class _Adaptive(Leaf):
    """Window i of `outputs` covers the cells from floor(i · in / out) up to ceil((i + 1) · in / out)."""

    output_size: Any = output_size_field(holes=True)

    def lower(self, x: TensorType) -> Call:
        return call(f"nn.{self.kind}", self.output_size)

    def _asked(self) -> tuple[int | None, ...]:
        return per_axis(self.output_size, self.rank)

    def measure(self, x: TensorType) -> Measured:
        axes = AXIS_NAMES[self.rank]
        sizes = tuple(
            (axis, KEPT(i=i) if o is None else GIVEN(o=o))
            for axis, i, o in zip(axes, x.spatial, self._asked(), strict=True)
        )
        out = tuple(size.value for _, size in sizes)
        return Measured(
            x.resized(x.dims[0], *out),
            size=sizes,
            moves=self._moves(x, out),
            keeps_input=self._keeps_input(out),
            keeps_bytes=self._kept(x.dims[0], out),
            notes=tuple(
                Message(_LARGER, o=o, axis=axis, i=i)
                for axis, i, o in zip(axes, x.spatial, out, strict=True)
                if o > i
            ),
        )

    def _moves(self, x: TensorType, out: tuple[int, ...]) -> Moves:
        if out == x.spatial:
            return "same"
        if set(out) == {1}:
            return "whole"
        return tuple(Share(i, o) for i, o in zip(x.spatial, out, strict=True))

    def _keeps_input(self, out: tuple[int, ...]) -> bool:
        return True

    def _kept(self, channels: int, out: tuple[int, ...]) -> int:
        return 0


class _AdaptiveAvg(_Adaptive):
    """Means of windows; one window over everything is a plain mean, whose backward needs no values."""

    def _keeps_input(self, out: tuple[int, ...]) -> bool:
        return set(out) != {1}


class _AdaptiveMax(_Adaptive):
    """Largest values of windows; backward keeps where each lay."""

    def _kept(self, channels: int, out: tuple[int, ...]) -> int:
        return TensorType((channels, *out), "int64").nbytes


class AdaptiveAvgPool1d(
    _AdaptiveAvg,
    kind="AdaptiveAvgPool1d",
    label=words("Adaptive average pooling 1-D", "一维自适应平均池化"),
    about=words("Means over a signal, as many as asked for.", "对信号求平均，得到指定个数的值。"),
    category="pooling",
):
    rank: ClassVar[int] = 1
    accepts: ClassVar[tuple[Layout, ...]] = (LAYOUT_OF_RANK[1],)
    output_size: Any = output_size_field(holes=False)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        # windows over 21 cells: 0–4, 4–8, 8–12, 12–16, 16–20
        yield Case(cls(output_size=5), signal(4, 21), signal(4, 5), 0, 0, by_hand=_five_of_21)
        yield Case(cls(output_size=1), signal(4, 21), signal(4, 1), 0, 0)
        yield Case(cls(output_size=1), sequence(5, 7), because="takes a signal")


def _five_of_21(_model: Any, x: Any) -> Any:
    from torch import stack

    return stack([x[..., 4 * i : 4 * i + 5].mean(-1) for i in range(5)], dim=-1)


class AdaptiveAvgPool2d(
    _AdaptiveAvg,
    kind="AdaptiveAvgPool2d",
    label=words("Adaptive average pooling 2-D", "二维自适应平均池化"),
    about=words(
        "Means over an image down to a given size; size 1 is global average pooling.",
        "把图像平均到给定尺寸；尺寸为 1 即全局平均池化。",
    ),
    category="pooling",
):
    accepts: ClassVar[tuple[Layout, ...]] = (LAYOUT_OF_RANK[2],)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        # the last pooling of ResNet
        yield Case(
            cls(output_size=1),
            image(512, 7),
            image(512, 1),
            0,
            0,
            by_hand=lambda model, x: x.mean((2, 3), keepdim=True),
        )
        yield Case(cls(output_size=(6, None)), image(8, 13, 11), image(8, 6, 11), 0, 0)
        yield Case(cls(output_size=7), image(8, 3), image(8, 7), 0, 0)


class AdaptiveAvgPool3d(
    _AdaptiveAvg,
    kind="AdaptiveAvgPool3d",
    label=words("Adaptive average pooling 3-D", "三维自适应平均池化"),
    about=words("Means over a volume down to a given size.", "把体数据平均到给定尺寸。"),
    category="pooling",
):
    rank: ClassVar[int] = 3
    accepts: ClassVar[tuple[Layout, ...]] = (LAYOUT_OF_RANK[3],)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(output_size=(2, None, 3)), volume(2, 6, 5, 7), volume(2, 2, 5, 3), 0, 0)
        yield Case(cls(output_size=1), volume(2, 6, 5, 7), volume(2, 1, 1, 1), 0, 0)


class AdaptiveMaxPool1d(
    _AdaptiveMax,
    kind="AdaptiveMaxPool1d",
    label=words("Adaptive max pooling 1-D", "一维自适应最大池化"),
    about=words(
        "Largest values over a signal, as many as asked for.", "在信号上取最大值，得到指定个数的值。"
    ),
    category="pooling",
):
    rank: ClassVar[int] = 1
    accepts: ClassVar[tuple[Layout, ...]] = (LAYOUT_OF_RANK[1],)
    output_size: Any = output_size_field(holes=False)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(
            cls(output_size=3),
            signal(4, 9),
            signal(4, 3),
            0,
            0,
            by_hand=lambda model, x: x.unflatten(2, (3, 3)).amax(3),
        )


class AdaptiveMaxPool2d(
    _AdaptiveMax,
    kind="AdaptiveMaxPool2d",
    label=words("Adaptive max pooling 2-D", "二维自适应最大池化"),
    about=words("Largest values over an image, down to a given size.", "在图像上取最大值，缩到给定尺寸。"),
    category="pooling",
):
    accepts: ClassVar[tuple[Layout, ...]] = (LAYOUT_OF_RANK[2],)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(output_size=(5, 7)), image(8, 13, 11), image(8, 5, 7), 0, 0)
        yield Case(
            cls(output_size=1),
            image(8, 13, 11),
            image(8, 1),
            0,
            0,
            by_hand=lambda model, x: x.amax((2, 3), keepdim=True),
        )


class AdaptiveMaxPool3d(
    _AdaptiveMax,
    kind="AdaptiveMaxPool3d",
    label=words("Adaptive max pooling 3-D", "三维自适应最大池化"),
    about=words("Largest values over a volume, down to a given size.", "在体数据上取最大值，缩到给定尺寸。"),
    category="pooling",
):
    rank: ClassVar[int] = 3
    accepts: ClassVar[tuple[Layout, ...]] = (LAYOUT_OF_RANK[3],)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(output_size=(2, None, 3)), volume(2, 6, 5, 7), volume(2, 2, 5, 3), 0, 0)
