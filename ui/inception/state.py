"""Everything the inception page shows, as one value: the module, its input, and what is broken on purpose."""

from typing import Any, Literal

from netlib.knob import Choice, Switch, Whole, field
from netlib.training.value import Value
from netlib.words import words

Form = Literal["paper", "lecture"]

MOST_CHANNELS = 2_048
MOST_SIZE = 256
MOST_PADDING = {"pad3": 3, "pad5": 4, "pad_pool": 1}
"""A pooling window may be padded by half its size at most (torch refuses more)."""


def _channels(label: str, default: int) -> Any:
    return field(Whole(label=label, lo=1, hi=MOST_CHANNELS), default)


def _padding(name: str, label: str, default: int) -> Any:
    return field(Whole(label=label, lo=0, hi=MOST_PADDING[name]), default)


class InceptionState(Value):
    """An Inception module and its input. It opens on module 3a of GoogLeNet (Szegedy et al. 2014, table 1).

    `form` is the paper's module (max pooling, ReLU after each convolution) or the lecture's InceptionA (two 3×3
    convolutions in a row, average pooling, no activation). What is not reduced reads all input channels, and a pool
    that is not projected passes them all on. `match` gives the module without 1×1 layers the same projection.
    """

    form: Form = field(Choice(label=words("Module", "模块"), options=("paper", "lecture")), "paper")
    channels: int = _channels(words("Input channels", "输入通道数"), 192)
    size: int = field(Whole(label=words("Height and width", "高与宽"), lo=1, hi=MOST_SIZE), 28)
    out1: int = _channels(words("1×1 filters", "1×1 卷积核数"), 64)
    red3: int = _channels(words("Reduce before 3×3", "3×3 前降维"), 96)
    out3: int = _channels(words("3×3 filters", "3×3 卷积核数"), 128)
    red5: int = _channels(words("Reduce before 5×5", "5×5 前降维"), 16)
    out5: int = _channels(words("5×5 filters", "5×5 卷积核数"), 32)
    proj: int = _channels(words("Pool projection", "池化投影"), 32)
    reduces3: bool = field(Switch(label=words("Reduce the 3×3 branch", "3×3 分支降维")), True)
    reduces5: bool = field(Switch(label=words("Reduce the 5×5 branch", "5×5 分支降维")), True)
    projects: bool = field(Switch(label=words("Project the pool branch", "池化分支投影")), True)
    match: bool = field(Switch(label=words("Match output channels", "输出通道对齐")), False)
    pad3: int = _padding("pad3", words("Padding of the 3×3 branch", "3×3 分支的填充"), 1)
    pad5: int = _padding("pad5", words("Padding of the 5×5 branch", "5×5 分支的填充"), 2)
    pad_pool: int = _padding("pad_pool", words("Padding of the pool", "池化的填充"), 1)


KEEPING: dict[str, int] = {"pad3": 1, "pad5": 2, "pad_pool": 1}
"""The padding with which each window keeps height and width."""
