"""Dropout: zero some values while training (Srivastava et al., "Dropout", 2014)."""

from collections.abc import Iterator
from typing import ClassVar

from netlib.block import Case, Leaf, Measured
from netlib.knob import Real, field
from netlib.nodes import Call, call
from netlib.tensortype import Layout, TensorType, image, sequence, signal, vector
from netlib.words import words


class _Dropout(Leaf):
    """In training a share p becomes 0 and the rest is scaled by 1 / (1 − p); in use nothing happens."""

    p: float = field(
        Real(
            label=words("Share dropped", "丢弃比例"),
            help=words("Share of values set to 0 while training.", "训练时被置零的比例。"),
            symbol="p",
        ),
        0.5,
    )

    def lower(self, x: TensorType) -> Call:
        return call(f"nn.{self.kind}", self.p)

    def measure(self, x: TensorType) -> Measured:
        if self.p == 0:
            return Measured(x, views=True)
        if self.p == 1:
            return Measured(x, keeps_once=4)
        return Measured(x, keeps_bytes=4 * self._masked(x))

    def _masked(self, x: TensorType) -> int:
        """How many numbers of the mask there are a sample; backward keeps it."""
        return x.numel


class Dropout(
    _Dropout,
    kind="Dropout",
    label=words("Dropout", "随机失活"),
    about=words("Zero single values at random while training.", "训练时随机把单个值置零。"),
    category="dropout",
):
    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(), vector(9), vector(9), 0, 0, by_hand=lambda model, x: x)
        yield Case(cls(p=0.2), sequence(3, 4), sequence(3, 4), 0, 0)
        yield Case(cls(p=0.0), image(3, 4), image(3, 4), 0, 0)
        yield Case(cls(p=1.0), image(3, 4), image(3, 4), 0, 0)


class Dropout2d(
    _Dropout,
    kind="Dropout2d",
    label=words("Dropout 2-D", "二维随机失活"),
    about=words(
        "Zero whole channels of an image at random while training.", "训练时随机把图像的整个通道置零。"
    ),
    category="dropout",
):
    accepts: ClassVar[tuple[Layout, ...]] = ("image",)

    def _masked(self, x: TensorType) -> int:
        return x.channels

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(), image(3, 8), image(3, 8), 0, 0, by_hand=lambda model, x: x)
        yield Case(cls(), signal(3, 8), because="Dropout2d takes an image")
