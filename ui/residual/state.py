"""Everything the residual page shows, as one value: a block, what flows in, and the stack it is measured in."""

from typing import Literal

from netlib.knob import Choice, Switch, Whole, field
from netlib.training.value import Value
from netlib.words import words

Block = Literal["basic", "bottleneck"]
Shortcut = Literal["identity", "A", "B", "C"]
Activation = Literal["ReLU", "GELU", "Tanh"]

MOST_CHANNELS = 1_024
MOST_SIZE = 224
MOST_DEPTH = 21
"""Blocks in the stack: 44 layers of the basic kind, as in the CIFAR net of that depth."""


class ResidualState(Value):
    """A block without and with a shortcut. `filters` come out; a bottleneck is a quarter as wide inside."""

    block: Block = field(Choice(label=words("Block", "块"), options=("basic", "bottleneck")), "basic")
    channels: int = field(Whole(label=words("Channels in", "输入通道数"), lo=1, hi=MOST_CHANNELS), 64)
    filters: int = field(Whole(label=words("Channels out", "输出通道数"), lo=1, hi=MOST_CHANNELS), 64)
    size: int = field(Whole(label=words("Input size", "输入尺寸"), lo=1, hi=MOST_SIZE), 56)
    stride: int = field(Whole(label=words("Stride", "步长"), lo=1, hi=2), 1)
    shortcut: Shortcut = field(
        Choice(label=words("Shortcut", "捷径"), options=("identity", "A", "B", "C")), "identity"
    )
    norm: bool = field(Switch(label=words("Batch norm", "批量归一化")), False)
    activation: Activation = field(
        Choice(label=words("Activation function", "激活函数"), options=("ReLU", "GELU", "Tanh")), "ReLU"
    )
    depth: int = field(Whole(label=words("Depth in blocks", "深度（块数）"), lo=2, hi=MOST_DEPTH), MOST_DEPTH)
    zeroed: bool = field(Switch(label=words("Zero the last convolution", "将最后一个卷积置零")), False)
    seed: int = field(Whole(label=words("First seed", "第一个随机种子"), lo=0, hi=9_999), 0)
