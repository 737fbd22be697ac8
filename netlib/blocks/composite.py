"""Blocks that hold blocks: a sequence, parallel branches, a residual shortcut, an auxiliary head."""

from collections.abc import Iterator
from typing import ClassVar, Literal, Self

from netlib.block import AnyBlock, Block, Case, Held, make
from netlib.blocks.activation import ReLU
from netlib.blocks.convolution import Conv2d
from netlib.blocks.linear import Linear
from netlib.errors import Rejected
from netlib.knob import Choice, field
from netlib.merging import output_of
from netlib.nodes import Chain, Fork, Item, Node, Tap, chain
from netlib.tensortype import Layout, TensorType, image, sequence, tokens, vector
from netlib.words import words

_ANY: tuple[Layout, ...] = ("vector", "sequence", "signal", "image", "volume", "tokens")


class Sequential(
    Block,
    kind="Sequential",
    label=words("Sequential", "顺序模块"),
    about=words("Layers one after another, kept together.", "依次执行、归在一起的若干层。"),
    category="composite",
):
    accepts: ClassVar[tuple[Layout, ...]] = _ANY

    layers: tuple[AnyBlock, ...] = field(
        Held(label=words("Inner layers", "内部各层"), help=words("Run in this order.", "按此顺序执行。")), ()
    )

    def lower(self, x: TensorType) -> Node:
        return Chain(self.layers)

    def held(self) -> dict[str, tuple[Block, ...]]:
        return {"": self.layers}

    def holding(self, where: str, blocks: tuple[Block, ...]) -> Self:
        return self.with_(layers=blocks)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(layers=(Linear(out_features=4), ReLU())), vector(3), vector(4), 16, 12)
        yield Case(cls(), tokens(3), tokens(3), 0, 0)


class Parallel(
    Block,
    kind="Parallel",
    label=words("Parallel branches", "并行分支"),
    about=words(
        "The same input to every branch; the outputs are joined.", "同一输入送入各分支，再把输出合并。"
    ),
    category="composite",
):
    accepts: ClassVar[tuple[Layout, ...]] = _ANY

    merge: Literal["concat", "add", "multiply"] = field(
        Choice(
            label=words("Merge", "合并方式"),
            help=words("Join channels, add, or multiply element by element.", "拼接通道、逐元素相加或相乘。"),
            options=("concat", "add", "multiply"),
        ),
        "concat",
    )
    branches: tuple[tuple[AnyBlock, ...], ...] = field(
        Held(
            label=words("Branches", "分支"),
            help=words(
                "Two to eight lists of layers; an empty one passes the input on.",
                "二到八个层列表；空列表原样传递输入。",
            ),
            lists=True,
            least=2,
            most=8,
        ),
        ((), ()),
    )

    def lower(self, x: TensorType) -> Node:
        return Fork(tuple(Chain(b) for b in self.branches), self.merge)

    def held(self) -> dict[str, tuple[Block, ...]]:
        return {f"branches.{i}": b for i, b in enumerate(self.branches)}

    def holding(self, where: str, blocks: tuple[Block, ...]) -> Self:
        at = int(where.removeprefix("branches."))
        return self.with_(branches=(*self.branches[:at], blocks, *self.branches[at + 1 :]))

    @classmethod
    def cases(cls) -> Iterator[Case]:
        two = ((Conv2d(out_channels=4, kernel_size=1),), (Conv2d(out_channels=6, kernel_size=3, padding=1),))
        yield Case(cls(branches=two), image(3, 8), image(10, 8), 4 * 4 + 6 * 28, 64 * (4 * 3 + 6 * 27))
        yield Case(cls(merge="concat"), sequence(5, 7), sequence(5, 14), 0, 0)
        yield Case(cls(merge="add"), vector(9), vector(9), 0, 0, by_hand=lambda model, x: 2 * x)
        shrinks = ((), (Conv2d(out_channels=3, kernel_size=3, stride=2),))
        yield Case(cls(branches=shrinks), image(3, 8), because="all other sizes must match")
        yield Case(
            cls(merge="add", branches=((), (Conv2d(out_channels=1, kernel_size=1),))),
            image(16, 8),
            because="without a word",
        )
        one_number = (Conv2d(out_channels=1, kernel_size=8),)
        yield Case(
            cls(merge="multiply", branches=((), one_number)), image(16, 8), because="a gate of C × 1 × 1"
        )


_NO_STRIDE = words(
    "no projection leads from {start} to {end}: a 1×1 convolution can keep a size or divide it by a stride",
    "没有投影能从 {start} 变到 {end}:1×1 卷积只能保持尺寸或按步长缩小",
)


def projection(x: TensorType, y: TensorType) -> Item:
    """The cheapest layer that turns the shape of `x` into that of `y`: 1×1 convolution with the stride of `y`, BatchNorm.

    Vectors and sequences take a Linear without bias instead.

    Raises:
        Rejected: when no stride leads there.
    """
    if x.layout not in ("image", "signal", "volume"):
        if x.layout != y.layout or x.dims[:-1] != y.dims[:-1]:
            raise Rejected(_NO_STRIDE, field="shortcut", start=str(x), end=str(y))
        return Linear(out_features=y.dims[-1], bias=False)
    if x.layout != y.layout:
        raise Rejected(_NO_STRIDE, field="shortcut", start=str(x), end=str(y))
    strides = tuple(-(-i // o) for i, o in zip(x.spatial, y.spatial, strict=True))
    if any((i - 1) // s + 1 != o for i, o, s in zip(x.spatial, y.spatial, strides, strict=True)):
        raise Rejected(_NO_STRIDE, field="shortcut", start=str(x), end=str(y))
    rank = len(x.spatial)
    stride = strides[0] if len(set(strides)) == 1 else strides
    conv = make(f"Conv{rank}d", out_channels=y.dims[0], kernel_size=1, stride=stride, bias=False)
    return chain(conv, make(f"BatchNorm{rank}d"))


class Residual(
    Block,
    kind="Residual",
    label=words("Residual", "残差模块"),
    about=words(
        "Add what the body makes of the input to the input: y = F(x) + x.",
        "把主体的输出加到输入上：y = F(x) + x。",
    ),
    category="composite",
):
    """Branch 0 is the body, branch 1 the shortcut (He et al., "Deep Residual Learning", 2015)."""

    body: tuple[AnyBlock, ...] = field(
        Held(label=words("Body", "主体"), help=words("The layers that compute F(x).", "计算 F(x) 的层。")), ()
    )
    shortcut: Literal["auto", "identity", "projection"] = field(
        Choice(
            label=words("Shortcut", "捷径"),
            help=words(
                "auto: identity where the shapes agree, else a 1×1 projection with the body's width and stride.",
                "auto：形状一致时为恒等，否则用与主体同宽度、同步长的 1×1 投影。",
            ),
            options=("auto", "identity", "projection"),
        ),
        "auto",
    )

    def lower(self, x: TensorType) -> Node:
        body = Chain(self.body)
        return Fork((body, self._shortcut(x, output_of(body, x))), "add")

    def _shortcut(self, x: TensorType, y: TensorType | None) -> Item:
        if y is None or self.shortcut == "identity" or (self.shortcut == "auto" and x == y):
            return chain()
        return projection(x, y)

    def held(self) -> dict[str, tuple[Block, ...]]:
        return {"branches.0": self.body}

    def holding(self, where: str, blocks: tuple[Block, ...]) -> Self:
        return self.with_(body=blocks)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        # the lecture's residual block of 16 channels: two 3 × 3 convolutions with bias
        conv = Conv2d(out_channels=16, kernel_size=3, padding=1)
        yield Case(cls(body=(conv, ReLU(), conv)), image(16, 12), image(16, 12), 4_640, 663_552)
        half = Conv2d(out_channels=32, kernel_size=3, padding=1, stride=2, bias=False)
        yield Case(
            cls(body=(half,)),
            image(16, 8),
            image(32, 4),
            32 * 16 * 9 + 32 * 16 + 64,
            16 * (32 * 16 * 9 + 32 * 16),
        )
        yield Case(cls(body=(Linear(out_features=4),)), vector(3), vector(4), 16 + 12, 12 + 12)
        yield Case(cls(body=(half,), shortcut="identity"), image(16, 8), because="add needs equal shapes")
        yield Case(
            cls(body=(Conv2d(out_channels=3, kernel_size=3),)), image(3, 8), because="no projection leads"
        )


class AuxiliaryHead(
    Block,
    kind="AuxiliaryHead",
    label=words("Auxiliary head", "辅助分类器"),
    about=words(
        "A side exit used in training only; the input passes unchanged.",
        "只在训练时使用的侧向出口；输入原样通过。",
    ),
    category="composite",
):
    accepts: ClassVar[tuple[Layout, ...]] = _ANY

    layers: tuple[AnyBlock, ...] = field(
        Held(
            label=words("Inner layers", "内部各层"),
            help=words("What the side exit computes.", "侧向出口计算的内容。"),
        ),
        (),
    )

    def lower(self, x: TensorType) -> Node:
        return Tap(Chain(self.layers))

    def held(self) -> dict[str, tuple[Block, ...]]:
        return {"branch": self.layers}

    def holding(self, where: str, blocks: tuple[Block, ...]) -> Self:
        return self.with_(layers=blocks)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(layers=(Linear(out_features=4),)), vector(3), vector(3), 0, 0)
