"""The Inception module of GoogLeNet (Szegedy et al., "Going Deeper with Convolutions", 2014, figure 2)."""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from netlib.block import Block, Case, make
from netlib.knob import Choice, Switch, Whole, field
from netlib.nodes import Chain, Item, Node, chain, fork
from netlib.tensortype import Layout, TensorType, image
from netlib.words import words


def _width(english: str, chinese: str, start: int) -> Any:
    help = words("Filters of this branch.", "这一分支的卷积核数。")
    return field(Whole(label=words(english, chinese), help=help, start=start), start)


def _reduction(english: str, chinese: str, start: int) -> Any:
    help = words(
        "1×1 filters that thin the channels out first; leave empty to do without.",
        "先用 1×1 卷积减少通道；留空则不用。",
    )
    return field(Whole(label=words(english, chinese), help=help, start=start, optional=True), start)


class Inception(
    Block,
    kind="Inception",
    label=words("Inception module", "Inception 模块"),
    about=words(
        "1×1, 3×3, 5×5 and pooling side by side, joined along channels.",
        "1×1、3×3、5×5 与池化并联，沿通道拼接。",
    ),
    category="composite",
):
    """Four branches in the paper's order; ReLU after each convolution. Field names as in torchvision.

    The paper's third branch has 5×5 filters; torchvision's GoogLeNet has 3×3 there and a BatchNorm
    after each convolution (a known departure, noted in its source).
    """

    accepts: ClassVar[tuple[Layout, ...]] = ("image",)

    ch1x1: int = _width("1×1", "1×1", 64)
    ch3x3red: int | None = _reduction("3×3 reduce", "3×3 降维", 96)
    ch3x3: int = _width("3×3", "3×3", 128)
    ch5x5red: int | None = _reduction("5×5 reduce", "5×5 降维", 16)
    ch5x5: int = _width("5×5", "5×5", 32)
    pool_proj: int | None = _reduction("Pool projection", "池化投影", 32)
    third_kernel: Literal["5x5", "3x3"] = field(
        Choice(
            label=words("Third branch", "第三分支"),
            help=words("5×5 as in the paper, or 3×3 as in torchvision.", "论文用 5×5，torchvision 用 3×3。"),
            options=("5x5", "3x3"),
            rare=True,
        ),
        "5x5",
    )
    batch_norm: bool = field(
        Switch(
            label=words("Batch norm", "批量归一化"),
            help=words(
                "BatchNorm after each convolution, which then has no bias.",
                "每个卷积后加 BatchNorm，卷积不再带偏置。",
            ),
            rare=True,
        ),
        False,
    )

    def lower(self, x: TensorType) -> Node:
        third = 5 if self.third_kernel == "5x5" else 3
        pool = make("MaxPool2d", kernel_size=3, stride=1, padding=1)
        project = () if self.pool_proj is None else self._conv(self.pool_proj, 1)
        return fork(
            Chain(self._conv(self.ch1x1, 1)),
            chain(*self._reduced(self.ch3x3red), *self._conv(self.ch3x3, 3)),
            chain(*self._reduced(self.ch5x5red), *self._conv(self.ch5x5, third)),
            chain(pool, *project),
            merge="concat",
        )

    def _reduced(self, filters: int | None) -> tuple[Item, ...]:
        return () if filters is None else self._conv(filters, 1)

    def _conv(self, filters: int, kernel: int) -> tuple[Item, ...]:
        bias = not self.batch_norm
        conv = make("Conv2d", out_channels=filters, kernel_size=kernel, padding=kernel // 2, bias=bias)
        norm = (make("BatchNorm2d", eps=0.001),) if self.batch_norm else ()
        return (conv, *norm, make("ReLU"))

    @classmethod
    def cases(cls) -> Iterator[Case]:
        # module 3a of the paper's table 1: 159K weights, 128M operations
        weights = 192 * 64 + 192 * 96 + 96 * 128 * 9 + 192 * 16 + 16 * 32 * 25 + 192 * 32
        biases = 64 + 96 + 128 + 16 + 32 + 32
        yield Case(cls(), image(192, 28), image(256, 28), weights + biases, weights * 784)
        naive = 192 * 64 + 192 * 128 * 9 + 192 * 32 * 25
        yield Case(
            cls(ch3x3red=None, ch5x5red=None, pool_proj=None),
            image(192, 28),
            image(416, 28),
            naive + 64 + 128 + 32,
            naive * 784,
        )
