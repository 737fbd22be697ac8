"""Squeeze-and-excitation (Hu et al., 2017): let an image decide which of its channels matter."""

from collections.abc import Iterator
from typing import Any, ClassVar

from netlib.block import Block, Case, make
from netlib.knob import Whole, field
from netlib.nodes import Node, chain, fork
from netlib.tensortype import Layout, TensorType, image
from netlib.words import words


class SqueezeExcitation(
    Block,
    kind="SqueezeExcitation",
    label=words("Squeeze-and-excitation", "通道注意力（SE）"),
    about=words(
        "Scale every channel by a weight computed from all channels' means.",
        "用所有通道的均值算出权重，缩放每个通道。",
    ),
    category="attention",
):
    accepts: ClassVar[tuple[Layout, ...]] = ("image",)

    reduction: int = field(
        Whole(
            label=words("Reduction", "缩减倍数"),
            help=words("Channels shrink by this factor in between.", "中间层通道缩小的倍数。"),
            symbol="r",
            hi=1_024,
        ),
        16,
    )

    def lower(self, x: TensorType) -> Node:
        c = x.dims[0]
        gate = chain(
            make("AdaptiveAvgPool2d", output_size=1),
            make("Conv2d", out_channels=max(1, c // self.reduction), kernel_size=1),
            make("ReLU"),
            make("Conv2d", out_channels=c, kernel_size=1),
            make("Sigmoid"),
        )
        return fork(chain(), gate, merge="multiply")

    @classmethod
    def cases(cls) -> Iterator[Case]:
        # section 4 of the paper: 2 C² / r weights a block; and two bias vectors
        yield Case(
            cls(), image(256, 14), image(256, 14), 2 * 256 * 16 + 16 + 256, 2 * 256 * 16, by_hand=_by_hand
        )


def _by_hand(model: Any, x: Any) -> Any:
    """Equations 2 to 4 of the paper, as matrix products."""
    w1, b1, w2, b2 = model.parameters()
    z = x.mean((2, 3))
    s = ((z @ w1.flatten(1).T + b1).clamp(min=0) @ w2.flatten(1).T + b2).sigmoid()
    return x * s[:, :, None, None]
