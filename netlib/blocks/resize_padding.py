"""Padding layers for images: zeros around them, or their mirror image."""

from collections.abc import Iterator
from typing import Any, ClassVar

from netlib.block import Case, Leaf, Measured, Repair
from netlib.errors import Rejected
from netlib.formula import Formula
from netlib.knob import Numbers, field
from netlib.nodes import Call, call
from netlib.reach import Window
from netlib.tensortype import Layout, TensorType, image
from netlib.windows import AXIS_NAMES, PADDING
from netlib.words import Message, words

PADDED = Formula(lambda i, first, last: i + first + last, i="i", first="p₁", last="p₂")

_SET = words("set {field} = {value}", "设 {field} = {value}")
_NOTHING_LEFT = words(
    "padding {padding} cuts {i} cells along {axis} down to {o}; at least 1 must be left",
    "padding {padding} 把沿 {axis} 轴的 {i} 格裁到 {o} 格；至少要剩 1 格",
)
_MIRROR = words(
    "reflection padding {p} must be smaller than the input, which has {i} cells along {axis}",
    "反射 padding {p} 必须小于输入，输入沿 {axis} 轴有 {i} 格",
)


def _sides_field(least: int, help: str) -> Any:
    return field(Numbers(label=PADDING, help=help, single=True, least=4, most=4, lo=least, hi=1_024, start=1))


class _Pad(Leaf):
    """Cells are added on the left, right, top and bottom: one number for all four, or four."""

    accepts: ClassVar[tuple[Layout, ...]] = ("image",)
    padding: Any

    def lower(self, x: TensorType) -> Call:
        return call(f"nn.{self.kind}", self.padding)

    def measure(self, x: TensorType) -> Measured:
        left, right, top, bottom = (self.padding,) * 4 if isinstance(self.padding, int) else self.padding
        sides = ((top, bottom), (left, right))
        sizes = tuple(
            (axis, PADDED(i=i, first=first, last=last))
            for axis, i, (first, last) in zip(AXIS_NAMES[2], x.spatial, sides, strict=True)
        )
        self._check_sides(x, sides)
        return Measured(
            x.resized(x.dims[0], *(size.value for _, size in sizes)),
            size=sizes,
            moves=tuple(Window(1, 1, first) for first, _ in sides),
            keeps_input=self.kind == "ReflectionPad2d",
        )

    def _check_sides(self, x: TensorType, sides: tuple[tuple[int, int], ...]) -> None:
        raise NotImplementedError

    def _at_most(self, most: int) -> tuple[Repair, ...]:
        return (Repair(Message(_SET, field="padding", value=most), changes=(("padding", most),)),)


class ZeroPad2d(
    _Pad,
    kind="ZeroPad2d",
    label=words("Zero padding 2-D", "二维零填充"),
    about=words("Surround an image with zeros; negative numbers cut away.", "在图像四周补零；负数则裁掉。"),
    category="reshape",
):
    padding: Any = _sides_field(
        -1_024,
        words(
            "Zeros on every side, or four numbers: left, right, top, bottom. Negative numbers cut.",
            "每侧补的零数，或四个数：左、右、上、下。负数表示裁掉。",
        ),
    )

    def _check_sides(self, x: TensorType, sides: tuple[tuple[int, int], ...]) -> None:
        for axis, i, (first, last) in zip(AXIS_NAMES[2], x.spatial, sides, strict=True):
            left = i + min(0, first) + min(0, last)
            if left < 1:
                shown = self.padding if isinstance(self.padding, int) else list(self.padding)
                least = -((min(x.spatial) - 1) // 2)
                raise Rejected(
                    _NOTHING_LEFT,
                    field="padding",
                    fixes=self._at_most(least),
                    padding=shown,
                    o=left,
                    axis=axis,
                    i=i,
                )

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(
            cls(padding=(1, 2, 3, 0)),
            image(2, 4, 5),
            image(2, 7, 8),
            0,
            0,
            by_hand=lambda model, x: x.new_zeros(*x.shape[:2], 7, 8).index_put(_placed(3, 1, x), x),
        )
        yield Case(
            cls(padding=-1), image(2, 4, 5), image(2, 2, 3), 0, 0, by_hand=lambda model, x: x[..., 1:-1, 1:-1]
        )
        yield Case(cls(padding=-20), image(3, 32), because="cuts 32 cells along H down to -8")


def _placed(top: int, left: int, x: Any) -> Any:
    """Indices at which an image's cells lie when it is moved down and right."""
    from torch import arange

    n, c, h, w = (arange(size) for size in x.shape)
    return n[:, None, None, None], c[:, None, None], h[:, None] + top, w + left


class ReflectionPad2d(
    _Pad,
    kind="ReflectionPad2d",
    label=words("Reflection padding 2-D", "二维反射填充"),
    about=words("Surround an image with its own mirror image.", "用图像自身的镜像填充四周。"),
    category="reshape",
):
    padding: Any = _sides_field(
        0,
        words(
            "Mirrored cells on every side, or four numbers: left, right, top, bottom.",
            "每侧的镜像格数，或四个数：左、右、上、下。",
        ),
    )

    def _check_sides(self, x: TensorType, sides: tuple[tuple[int, int], ...]) -> None:
        for axis, i, ends in zip(AXIS_NAMES[2], x.spatial, sides, strict=True):
            if max(ends) >= i:
                fixes = self._at_most(min(x.spatial) - 1)
                raise Rejected(_MIRROR, field="padding", fixes=fixes, p=max(ends), i=i, axis=axis)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(padding=1), image(2, 4, 5), image(2, 6, 7), 0, 0, by_hand=_mirrored)
        yield Case(cls(padding=(0, 2, 1, 0)), image(2, 4, 5), image(2, 5, 7), 0, 0)
        yield Case(cls(padding=4), image(2, 4, 5), because="must be smaller than the input")


def _mirrored(_model: Any, x: Any) -> Any:
    from torch import cat

    wide = cat([x[..., 1:2], x, x[..., -2:-1]], 3)
    return cat([wide[:, :, 1:2], wide, wide[:, :, -2:-1]], 2)
