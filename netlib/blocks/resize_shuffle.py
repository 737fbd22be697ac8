"""Pixel shuffling: channels become pixels, and pixels channels."""

from collections.abc import Iterator
from typing import Any, ClassVar

from netlib.block import Case, Leaf, Measured, Repair
from netlib.errors import Rejected
from netlib.formula import Formula
from netlib.knob import Whole, field
from netlib.nodes import Call, call
from netlib.reach import Repeat, Window
from netlib.tensortype import Layout, TensorType, image, sequence
from netlib.windows import AXIS_NAMES
from netlib.words import Message, words

SPREAD_OUT = Formula(lambda i, r: i * r, i="i", r="r")
FOLDED = Formula(lambda i, r: i // r, i="i", r="r")

_SET = words("set {field} = {value}", "设 {field} = {value}")
_SHUFFLE = words(
    "upscale_factor {r} spreads {square} channels over each pixel, but {channels} channels are not divisible by {square}",
    "upscale_factor {r} 把每 {square} 个通道铺成像素，但 {channels} 个通道不能被 {square} 整除",
)
_UNSHUFFLE = words(
    "downscale_factor {r} must divide height and width, but {i} cells along {axis} are not divisible by {r}",
    "downscale_factor {r} 必须整除高和宽，但沿 {axis} 轴的 {i} 格不能被 {r} 整除",
)


def _factor_field(help: str) -> Any:
    return field(Whole(label=words("Factor", "倍数"), help=help, symbol="r", hi=256, start=2))


class PixelShuffle(
    Leaf,
    kind="PixelShuffle",
    label=words("Pixel shuffle", "像素重排"),
    about=words(
        "Spread channels over space: (C·r², H, W) to (C, H·r, W·r).",
        "把通道铺到空间：(C·r², H, W) 变为 (C, H·r, W·r)。",
    ),
    category="reshape",
):
    """Shi et al. 2016, "Real-Time Single Image and Video Super-Resolution"."""

    accepts: ClassVar[tuple[Layout, ...]] = ("image",)

    upscale_factor: int = _factor_field(
        words("How many times as high and wide the output is.", "输出的高和宽是输入的多少倍。")
    )

    def lower(self, x: TensorType) -> Call:
        return call("nn.PixelShuffle", self.upscale_factor)

    def measure(self, x: TensorType) -> Measured:
        r, (channels, height, width) = self.upscale_factor, x.dims
        if channels % r**2:
            fit = max(f for f in range(1, r + 1) if channels % f**2 == 0)
            fix = Repair(Message(_SET, field="upscale_factor", value=fit), changes=(("upscale_factor", fit),))
            raise Rejected(
                _SHUFFLE, field="upscale_factor", fixes=(fix,), r=r, square=r**2, channels=channels
            )
        sizes = (("H", SPREAD_OUT(i=height, r=r)), ("W", SPREAD_OUT(i=width, r=r)))
        return Measured(
            x.resized(channels // r**2, height * r, width * r), size=sizes, moves=(Repeat(r), Repeat(r))
        )

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(upscale_factor=3), image(18, 5, 7), image(2, 15, 21), 0, 0, by_hand=_shuffled)
        yield Case(cls(upscale_factor=2), image(6, 4), because="not divisible by 4")
        yield Case(cls(upscale_factor=2), sequence(4, 4), because="PixelShuffle takes an image")


def _shuffled(_model: Any, x: Any) -> Any:
    """Channel c·9 + 3·i + j goes to row 3·h + i, column 3·w + j of channel c."""
    return x.unflatten(1, (-1, 3, 3)).permute(0, 1, 4, 2, 5, 3).flatten(4, 5).flatten(2, 3)


class PixelUnshuffle(
    Leaf,
    kind="PixelUnshuffle",
    label=words("Pixel unshuffle", "像素反重排"),
    about=words(
        "Gather space into channels: (C, H·r, W·r) to (C·r², H, W).",
        "把空间收进通道：(C, H·r, W·r) 变为 (C·r², H, W)。",
    ),
    category="reshape",
):
    accepts: ClassVar[tuple[Layout, ...]] = ("image",)

    downscale_factor: int = _factor_field(
        words("How many times as high and wide the input is.", "输入的高和宽是输出的多少倍。")
    )

    def lower(self, x: TensorType) -> Call:
        return call("nn.PixelUnshuffle", self.downscale_factor)

    def measure(self, x: TensorType) -> Measured:
        r, (channels, height, width) = self.downscale_factor, x.dims
        for axis, i in zip(AXIS_NAMES[2], x.spatial, strict=True):
            if i % r:
                fit = max(f for f in range(1, r + 1) if height % f == 0 and width % f == 0)
                fix = Repair(
                    Message(_SET, field="downscale_factor", value=fit), changes=(("downscale_factor", fit),)
                )
                raise Rejected(_UNSHUFFLE, field="downscale_factor", fixes=(fix,), r=r, i=i, axis=axis)
        sizes = (("H", FOLDED(i=height, r=r)), ("W", FOLDED(i=width, r=r)))
        return Measured(
            x.resized(channels * r**2, height // r, width // r),
            size=sizes,
            moves=(Window(r, r), Window(r, r)),
        )

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(
            cls(downscale_factor=2),
            image(3, 4, 6),
            image(12, 2, 3),
            0,
            0,
            by_hand=lambda model, x: (
                x.unflatten(3, (3, 2)).unflatten(2, (2, 2)).permute(0, 1, 3, 5, 2, 4).flatten(1, 3)
            ),
        )
        yield Case(cls(downscale_factor=3), image(3, 9, 8), because="8 cells along W")
