"""The two blocks of ResNet (He et al., "Deep Residual Learning for Image Recognition", 2015, figure 5)."""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from netlib.block import Block, Case, Leaf, Measured, make
from netlib.blocks.composite import projection
from netlib.knob import Choice, Whole, field
from netlib.merging import output_of
from netlib.nodes import Call, Chain, Item, Node, call, chain, fork
from netlib.reach import Window
from netlib.tensortype import Layout, TensorType, image
from netlib.words import words

Shortcut = Literal["A", "B", "C"]


def _stride_field() -> Any:
    return field(
        Whole(
            label=words("Stride", "步长"),
            help=words("2 halves height and width.", "取 2 时高和宽减半。"),
            symbol="s",
            hi=16,
        ),
        1,
    )


class ZeroPadShortcut(
    Leaf,
    kind="ZeroPadShortcut",
    label=words("Zero-padding shortcut", "补零捷径"),
    about=words(
        "Every stride-th pixel, and zeros for new channels: a shortcut without parameters.",
        "每隔一个步长取一个像素，新通道补零：没有参数的捷径。",
    ),
    category="composite",
):
    """Option A of He et al. 2015 (section 3.3)."""

    accepts: ClassVar[tuple[Layout, ...]] = ("image",)

    more_channels: int = field(
        Whole(
            label=words("More channels", "增加的通道"),
            help=words("Channels of zeros put behind those that come in.", "接在输入通道之后的全零通道数。"),
            lo=0,
            hi=65_536,
        ),
        0,
    )
    stride: int = _stride_field()

    def lower(self, x: TensorType) -> Call:
        return call("ZeroPadShortcut", self.more_channels, stride=self.stride)

    def measure(self, x: TensorType) -> Measured:
        size = tuple(-(-i // self.stride) for i in x.spatial)
        window = Window(1, self.stride)
        return Measured(x.resized(x.dims[0] + self.more_channels, *size), moves=(window, window))

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(
            cls(more_channels=2, stride=2),
            image(3, 7),
            image(5, 4),
            0,
            0,
            by_hand=lambda model, x: _zero_padded_by_hand(x),
        )
        yield Case(cls(), image(3, 8), image(3, 8), 0, 0, by_hand=lambda model, x: x)


def _zero_padded_by_hand(x: Any) -> Any:
    """Two channels of zeros behind every second pixel."""
    y = x.new_zeros(x.shape[0], 5, 4, 4)
    y[:, :3] = x[:, :, [0, 2, 4, 6]][..., [0, 2, 4, 6]]
    return y


def _shortcut_field() -> Any:
    return field(
        Choice(
            label=words("Shortcut", "捷径"),
            help=words(
                "A: zeros for new channels. B: a projection where the shape changes. C: always a projection.",
                "A：新通道补零。B：形状变化处用投影。C：总是用投影。",
            ),
            options=("A", "B", "C"),
        ),
        "B",
    )


def _conv_norm(filters: int, kernel: int, stride: int) -> tuple[Item, Item]:
    conv = make(
        "Conv2d", out_channels=filters, kernel_size=kernel, stride=stride, padding=kernel // 2, bias=False
    )
    return conv, make("BatchNorm2d")


def _joined(body: Chain, x: TensorType, option: Shortcut, stride: int) -> Node:
    """relu(body(x) + shortcut(x))"""
    return chain(fork(body, _shortcut(x, output_of(body, x), option, stride), merge="add"), make("ReLU"))


def _shortcut(x: TensorType, y: TensorType | None, option: Shortcut, stride: int) -> Item:
    if y is None or (x == y and option != "C"):
        return chain()
    more = y.dims[0] - x.dims[0]
    if option == "A" and more >= 0:
        return ZeroPadShortcut(more_channels=more, stride=stride)
    return projection(x, y)


class BasicBlock(
    Block,
    kind="BasicBlock",
    label=words("Basic residual block", "基本残差块"),
    about=words(
        "Two 3×3 convolutions with batch norm, and a shortcut around them.",
        "两个带批量归一化的 3×3 卷积，外加捷径。",
    ),
    category="composite",
):
    accepts: ClassVar[tuple[Layout, ...]] = ("image",)

    planes: int = field(
        Whole(
            label=words("Width", "宽度"),
            help=words("Filters of both convolutions.", "两个卷积的卷积核数。"),
            hi=16_384,
            start=64,
        )
    )
    stride: int = _stride_field()
    shortcut: Shortcut = _shortcut_field()

    def lower(self, x: TensorType) -> Node:
        body = chain(*_conv_norm(self.planes, 3, self.stride), make("ReLU"), *_conv_norm(self.planes, 3, 1))
        return _joined(body, x, self.shortcut, self.stride)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        # the paper's first block at 64 channels: 73,728 weights
        yield Case(cls(planes=64), image(64, 56), image(64, 56), 73_728 + 256, 73_728 * 56 * 56)
        yield Case(
            cls(planes=32, stride=2, shortcut="A"),
            image(16, 32),
            image(32, 16),
            9 * 16 * 32 + 9 * 32 * 32 + 128,
            256 * (9 * 16 * 32 + 9 * 32 * 32),
        )
        yield Case(
            cls(planes=16, shortcut="C"),
            image(16, 8),
            image(16, 8),
            2 * 9 * 256 + 256 + 3 * 32,
            64 * (2 * 9 * 256 + 256),
        )


class Bottleneck(
    Block,
    kind="Bottleneck",
    label=words("Bottleneck residual block", "瓶颈残差块"),
    about=words(
        "1×1 down, 3×3, 1×1 up to four times the width, and a shortcut.",
        "1×1 降维、3×3、1×1 升到四倍宽，外加捷径。",
    ),
    category="composite",
):
    accepts: ClassVar[tuple[Layout, ...]] = ("image",)

    planes: int = field(
        Whole(
            label=words("Width", "宽度"),
            help=words("Filters of the 3×3; four times as many come out.", "3×3 的卷积核数；输出为其四倍。"),
            hi=16_384,
            start=64,
        )
    )
    stride: int = _stride_field()
    stride_on: Literal["3x3", "1x1"] = field(
        Choice(
            label=words("Stride on", "步长位置"),
            help=words(
                "The paper strides in the first 1×1, torchvision in the 3×3.",
                "论文在第一个 1×1 上跨步，torchvision 在 3×3 上。",
            ),
            options=("3x3", "1x1"),
            rare=True,
        ),
        "3x3",
    )
    shortcut: Shortcut = _shortcut_field()

    def lower(self, x: TensorType) -> Node:
        first, second = (1, self.stride) if self.stride_on == "3x3" else (self.stride, 1)
        body = chain(
            *_conv_norm(self.planes, 1, first),
            make("ReLU"),
            *_conv_norm(self.planes, 3, second),
            make("ReLU"),
            *_conv_norm(4 * self.planes, 1, 1),
        )
        return _joined(body, x, self.shortcut, self.stride)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        # 256 channels: 69,632 weights
        yield Case(
            cls(planes=64), image(256, 56), image(256, 56), 69_632 + 2 * (64 + 64 + 256), 69_632 * 56 * 56
        )
        yield Case(
            cls(planes=8, stride=2, stride_on="1x1"),
            image(16, 8),
            image(32, 4),
            16 * 8 + 9 * 64 + 8 * 32 + 16 * 32 + 2 * (8 + 8 + 32 + 32),
            16 * (16 * 8 + 9 * 64 + 8 * 32 + 16 * 32),
        )
