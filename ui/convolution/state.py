"""Everything the convolution page shows, as one value: the layer, its input, and where the person looks."""

from typing import Literal, get_args

from netlib.knob import Choice, Numbers, Switch, Whole, field
from netlib.training.value import Value
from netlib.words import words

Kind = Literal["conv", "transposed", "max", "average"]
Pad = Literal["number", "same", "valid"]
PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]
Spread = Literal["scatter", "zeros"]
View = Literal["window", "values", "stack", "map", "image"]
Image = Literal["shapes", "flower", "china", "digit", "own"]
ImageWeights = Literal["bank", "drawn"]
MapAxis = Literal["kernel", "stride", "padding", "dilation", "size", "channels", "filters"]
MapColour = Literal["macs", "params", "output"]
Pattern = Literal["ring", "edge", "spot", "ramp", "checks"]
Goal = Literal["none", "keep", "halve", "double", "size"]
Filter = Literal["edge", "vertical", "blur", "sharpen", "identity"]

MOST_SIZE = 512
MOST_CHANNELS = 4_096
MOST_KERNEL = 11
MOST_STRIDE = 11
MOST_PADDING = 16
MOST_DILATION = 6
MOST_CELLS = 256
"""Cells of an input that can be set one by one."""
MOST_VALUE = 99
MOST_BEHIND = 4
"""Layers that stand behind the first in a row, each as four numbers: kernel, stride, padding, dilation."""

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


def _values(label: str, most: int) -> tuple[int, ...]:
    """Whole numbers set by hand, row by row; none for those of the chosen picture or kernel."""
    values: tuple[int, ...] = field(
        Numbers(label=label, lo=-MOST_VALUE, hi=MOST_VALUE, least=0, most=most), ()
    )
    return values


class ConvolutionState(Value):
    """One layer over one input. Sizes are pairs, H and W; with one axis only the second counts."""

    layer: Kind = field(Choice(label=words("Layer", "层"), options=get_args(Kind)), "conv")
    axes: int = field(Whole(label=words("Axes", "轴数"), lo=1, hi=2), 2)
    size: tuple[int, ...] = _pair(_SIZE, 1, MOST_SIZE, (8, 8))
    channels: int = field(Whole(label=words("Input channels", "输入通道数"), lo=1, hi=MOST_CHANNELS), 3)
    filters: int = field(Whole(label=words("Filters", "卷积核数"), lo=1, hi=MOST_CHANNELS), 8)
    kernel: tuple[int, ...] = _pair(_KERNEL, 1, MOST_KERNEL, (3, 3))
    stride: tuple[int, ...] = _pair(_STRIDE, 1, MOST_STRIDE, (2, 2))
    pad: Pad = field(Choice(label=words("Padding by", "填充方式"), options=get_args(Pad)), "number")
    padding: tuple[int, ...] = _pair(_PADDING, 0, MOST_PADDING, (1, 1))
    dilation: tuple[int, ...] = _pair(_DILATION, 1, MOST_DILATION, (1, 1))
    groups: int = field(Whole(label=words("Groups", "分组数"), lo=1, hi=MOST_CHANNELS), 1)
    padding_mode: PaddingMode = field(
        Choice(label=words("Padding mode", "填充方式"), options=get_args(PaddingMode)),
        "zeros",
    )
    bias: bool = field(Switch(label=words("Bias", "偏置")), True)
    ceil_mode: bool = field(Switch(label=words("Round up", "向上取整")), False)
    count_include_pad: bool = field(Switch(label=words("Count padding", "计入填充")), True)
    output_padding: tuple[int, ...] = _pair(_OUTPUT_PADDING, 0, MOST_STRIDE, (0, 0))
    spread: Spread = field(
        Choice(label=words("Transposed picture", "转置卷积的画法"), options=get_args(Spread)), "scatter"
    )
    at: tuple[int, ...] = _pair(words("Window", "窗口"), 0, 65_535, (1, 1))
    goal: Goal = field(Choice(label=words("Wanted output", "想要的输出"), options=get_args(Goal)), "none")
    wanted: tuple[int, ...] = _pair(words("Wanted size", "想要的尺寸"), 1, 6_000, (4, 4))
    view: View = field(Choice(label=words("View", "视图"), options=get_args(View)), "window")
    pattern: Pattern = field(
        Choice(label=words("Input pattern", "输入图案"), options=get_args(Pattern)), "ring"
    )
    filter: Filter = field(
        Choice(label=words("Kernel's weights", "卷积核的权重"), options=get_args(Filter)), "edge"
    )
    map_across: MapAxis = field(Choice(label=words("Across", "横轴"), options=get_args(MapAxis)), "kernel")
    map_upright: MapAxis = field(Choice(label=words("Upright", "纵轴"), options=get_args(MapAxis)), "stride")
    map_colour: MapColour = field(Choice(label=words("Colour", "颜色"), options=get_args(MapColour)), "macs")
    image: Image = field(Choice(label=words("Picture shown", "图片"), options=get_args(Image)), "shapes")
    image_weights: ImageWeights = field(
        Choice(label=words("Weights of the filters", "滤波器的权重"), options=get_args(ImageWeights)), "bank"
    )
    seed: int = field(Whole(label=words("Seed", "随机种子"), lo=0, hi=9_999), 0)
    stack: tuple[int, ...] = field(
        Numbers(
            label=words("Layers behind", "后面的层"), lo=0, hi=MOST_KERNEL, least=0, most=4 * MOST_BEHIND
        ),
        (3, 1, 1, 1, 3, 1, 1, 1),
    )
    cells: tuple[int, ...] = _values(words("Input cells", "输入单元格"), MOST_CELLS)
    weights: tuple[int, ...] = _values(words("Weights", "权重"), MOST_KERNEL**2)
