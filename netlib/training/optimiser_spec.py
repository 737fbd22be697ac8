"""How weights follow the gradient, and how the learning rate moves over a run, as values."""

from math import cos, pi
from typing import Literal, Self

from pydantic import model_validator

from netlib.block import refusal
from netlib.knob import Choice, Knob, Real, Switch, field
from netlib.training.value import Value
from netlib.words import Message, words

OptimiserName = Literal["SGD", "Adam", "AdamW", "RMSprop"]
ScheduleName = Literal["constant", "step", "cosine", "one-cycle", "warm-up"]

LEARNING_RATE: dict[OptimiserName, float] = {"SGD": 0.05, "Adam": 0.001, "AdamW": 0.001, "RMSprop": 0.001}
"""Where a person usually starts; with momentum 0.9 for SGD."""
LEAST_LEARNING_RATE = 1e-8

_NESTEROV = words("Nesterov momentum needs a momentum above 0", "Nesterov 动量需要动量大于 0")


class OptimiserSpec(Value):
    """How weights follow the gradient; names and defaults as in torch.optim, save learning rate and momentum.

    `momentum` and `nesterov` act in SGD, `momentum` and `alpha` in RMSprop, `beta1` and `beta2` in Adam and
    AdamW, `eps` in all but SGD.
    """

    name: OptimiserName = field(
        Choice(
            label=words("Optimiser", "优化器"),
            help=words("How the weights follow the gradient.", "权重如何沿梯度更新。"),
            options=("SGD", "Adam", "AdamW", "RMSprop"),
        ),
        "SGD",
    )
    learning_rate: float = field(
        Real(
            label=words("Learning rate", "学习率"),
            help=words("How far one step goes along the gradient.", "每一步沿梯度走多远。"),
            lo=LEAST_LEARNING_RATE,
            hi=1000.0,
            step=0.01,
        ),
        0.05,
    )
    momentum: float = field(
        Real(
            label=words("Momentum", "动量"),
            help=words(
                "Share of the previous step that is kept, in SGD and RMSprop.",
                "SGD 与 RMSprop 中保留上一步更新的比例。",
            ),
            hi=0.9999,
        ),
        0.9,
    )
    nesterov: bool = field(
        Switch(
            label=words("Nesterov momentum", "Nesterov 动量"),
            help=words(
                "Take the gradient where the momentum leads; needs a momentum above 0.",
                "在动量指向的位置取梯度；需要动量大于 0。",
            ),
            rare=True,
        ),
        False,
    )
    weight_decay: float = field(
        Real(
            label=words("Weight decay", "权重衰减"),
            help=words("Pull of every weight towards zero.", "把每个权重拉向零的强度。"),
            hi=10.0,
            step=0.0001,
        ),
        0.0,
    )
    beta1: float = field(
        Real(
            label=words("Beta 1", "Beta 1"),
            help=words("How long Adam remembers the gradient.", "Adam 对梯度的记忆长度。"),
            hi=0.9999,
            rare=True,
        ),
        0.9,
    )
    beta2: float = field(
        Real(
            label=words("Beta 2", "Beta 2"),
            help=words("How long Adam remembers the squared gradient.", "Adam 对梯度平方的记忆长度。"),
            hi=0.999999,
            rare=True,
        ),
        0.999,
    )
    alpha: float = field(
        Real(
            label=words("Smoothing (alpha)", "平滑系数（alpha）"),
            help=words("How long RMSprop remembers the squared gradient.", "RMSprop 对梯度平方的记忆长度。"),
            hi=0.999999,
            rare=True,
        ),
        0.99,
    )
    eps: float = field(
        Real(
            label=words("Epsilon", "Epsilon"),
            help=words("Keeps a division from dividing by zero.", "防止除以零的小常数。"),
            lo=1e-16,
            rare=True,
        ),
        1e-8,
    )

    @classmethod
    def usual(cls, name: OptimiserName) -> Self:
        """The optimiser with the learning rate and momentum that people start from."""
        return cls(name=name, learning_rate=LEARNING_RATE[name], momentum=0.9 if name == "SGD" else 0.0)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.nesterov and self.momentum == 0:
            raise refusal(Message(_NESTEROV))
        return self


def _share(label: str, explained: str, lo: float = 0.0, hi: float = 1.0) -> Knob:
    return Real(label=label, help=explained, lo=lo, hi=hi, rare=True)


class ScheduleSpec(Value):
    """How the learning rate moves over the run: a pure function of step and total, with nothing to store."""

    name: ScheduleName = field(
        Choice(
            label=words("Schedule", "学习率调度"),
            help=words("How the learning rate moves over the run.", "学习率在训练过程中如何变化。"),
            options=("constant", "step", "cosine", "one-cycle", "warm-up"),
        ),
        "constant",
    )
    warmup: float = field(
        _share(
            words("Warm-up share", "预热比例"),
            words("Share of the run in which the learning rate rises.", "学习率上升阶段占全程的比例。"),
            hi=0.9,
        ),
        0.1,
    )
    every: float = field(
        _share(
            words("Share between drops", "两次下降的间隔比例"),
            words(
                "Share of the run after which the learning rate drops.",
                "每经过全程的这个比例，学习率下降一次。",
            ),
            lo=0.001,
        ),
        0.3,
    )
    gamma: float = field(
        _share(
            words("Drop factor (gamma)", "衰减因子（gamma）"),
            words("What the learning rate is multiplied by at a drop.", "每次下降时学习率乘以的因子。"),
            lo=0.001,
        ),
        0.1,
    )
    final: float = field(
        _share(
            words("Final factor", "最终因子"),
            words("Share of the learning rate that is left at the end.", "结束时剩余的学习率比例。"),
        ),
        0.01,
    )

    def factor(self, step: int, total: int) -> float:
        """What the learning rate is multiplied by at a step (0-based) of a run of `total` steps."""
        done = min(step / max(total - 1, 1), 1.0)
        match self.name:
            case "constant":
                return 1.0
            case "step":
                return self.gamma ** int(done / self.every + 1e-9)
            case "cosine":
                return self.final + (1 - self.final) * (1 + cos(pi * done)) / 2
            case "warm-up":
                return min(1.0, (step + 1) / max(1.0, self.warmup * total))
            case "one-cycle":
                rising = max(self.warmup, 1e-9)
                if done < rising:
                    return 0.04 + 0.96 * (1 - cos(pi * done / rising)) / 2
                falling = (done - rising) / max(1 - rising, 1e-9)
                return self.final + (1 - self.final) * (1 + cos(pi * falling)) / 2
