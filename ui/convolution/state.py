"""Everything the convolution page shows, as one value: the layer, its input, and where the person looks."""

from typing import Literal

from netlib.knob import Choice, Numbers, Switch, Whole, field
from netlib.training.value import Value
from netlib.words import words

Kind = Literal["conv", "transposed", "max", "average"]
Pad = Literal["number", "same", "valid"]
PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]
Spread = Literal["scatter", "zeros"]

MOST_SIZE = 512
MOST_CHANNELS = 4_096
MOST_KERNEL = 11
MOST_STRIDE = 11
MOST_PADDING = 16
MOST_DILATION = 6

_SIZE = words("Input size", "输入尺寸")
_KERNEL = words("Kernel size", "卷积核大小")
_STRIDE = words("Stride", "步长")
_PADDING = words("Padding", "填充")
_DILATION = words("Dilation", "膨胀率")
_OUTPUT_PADDING = words("Output padding", "输出填充")


def _pair(label: str, lo: int, hi: int, default: tuple[int, int]) -> tuple[int, ...]:
    """A size along H and along W."""
    pair: tuple[int, ...] = field(Numbers(label=label, lo=lo, hi=hi, least=2, most=2), default)
    return pair


class ConvolutionState(Value):
    """One layer over one input. Sizes are pairs, H and W; with one axis only the second counts."""

    layer: Kind = field(
        Choice(label=words("Layer", "层"), options=("conv", "transposed", "max", "average")), "conv"
    )
    axes: int = field(Whole(label=words("Axes", "轴数"), lo=1, hi=2), 2)
    size: tuple[int, ...] = _pair(_SIZE, 1, MOST_SIZE, (8, 8))
    channels: int = field(Whole(label=words("Input channels", "输入通道数"), lo=1, hi=MOST_CHANNELS), 3)
    filters: int = field(Whole(label=words("Filters", "卷积核数"), lo=1, hi=MOST_CHANNELS), 8)
    kernel: tuple[int, ...] = _pair(_KERNEL, 1, MOST_KERNEL, (3, 3))
    stride: tuple[int, ...] = _pair(_STRIDE, 1, MOST_STRIDE, (2, 2))
    pad: Pad = field(
        Choice(label=words("Padding by", "填充方式"), options=("number", "same", "valid")), "number"
    )
    padding: tuple[int, ...] = _pair(_PADDING, 0, MOST_PADDING, (1, 1))
    dilation: tuple[int, ...] = _pair(_DILATION, 1, MOST_DILATION, (1, 1))
    groups: int = field(Whole(label=words("Groups", "分组数"), lo=1, hi=MOST_CHANNELS), 1)
    padding_mode: PaddingMode = field(
        Choice(
            label=words("Padding mode", "填充方式"), options=("zeros", "reflect", "replicate", "circular")
        ),
        "zeros",
    )
    bias: bool = field(Switch(label=words("Bias", "偏置")), True)
    ceil_mode: bool = field(Switch(label=words("Round up", "向上取整")), False)
    count_include_pad: bool = field(Switch(label=words("Count padding", "计入填充")), True)
    output_padding: tuple[int, ...] = _pair(_OUTPUT_PADDING, 0, MOST_STRIDE, (0, 0))
    spread: Spread = field(
        Choice(label=words("Transposed picture", "转置卷积的画法"), options=("scatter", "zeros")), "scatter"
    )
    at: tuple[int, ...] = _pair(words("Window", "窗口"), 0, 65_535, (1, 1))
