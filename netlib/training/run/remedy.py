"""What to try after a run whose loss left for good: a smaller learning rate, clipped gradients. No torch."""

from typing import Any

from netlib.training.optimiser_spec import LEARNING_RATE, LEAST_LEARNING_RATE
from netlib.training.spec import RunSpec
from netlib.words import Message, words

CLIP = 1.0
"""The gradient norm that is proposed; as in Pascanu et al. 2013, a usual bound where gradients explode."""

_TENTH = words(
    "Try a learning rate ten times smaller ({rate:.2g}).",
    "请把学习率缩小十倍（{rate:.2g}）。",
)
_TENTH_OR_CLIP = words(
    "Try a learning rate ten times smaller ({rate:.2g}), or clip gradients at {clip:g}.",
    "请把学习率缩小十倍（{rate:.2g}），或把梯度裁剪到 {clip:g}。",
)
_USUAL = words(
    "Try a learning rate of {rate:.2g}, where {optimiser} usually starts.",
    "请试试学习率 {rate:.2g}，这是 {optimiser} 通常的起点。",
)
_LOOK = words(
    "The learning rate is not the cause. Look at the data and at the network's output: a layer may divide by zero, "
    "take the logarithm of it, or overflow.",
    "原因不在学习率。请检查数据和网络输出：可能有层除以零、对零取对数或数值溢出。",
)


def remedy(learning_rate: float, spec: RunSpec) -> dict[str, Any]:
    """The values of a sentence about a run of `spec` that diverged at that rate: "advice", and the "rate" to try.

    The rate is a tenth, or where people usually start, whichever is smaller: a tenth of 1,000 is no better. There is
    none where a smaller one could not be set, so small that it moves nothing.
    """
    tenth, usual = learning_rate / 10, LEARNING_RATE[spec.optimiser.name]
    if tenth < LEAST_LEARNING_RATE:
        return {"advice": look()}
    if usual < tenth:
        return {"advice": Message(_USUAL, rate=usual, optimiser=spec.optimiser.name), "rate": usual}
    if may_clip(learning_rate, spec):
        return {"advice": Message(_TENTH_OR_CLIP, rate=tenth, clip=CLIP), "rate": tenth}
    return {"advice": Message(_TENTH, rate=tenth), "rate": tenth}


def look() -> Message:
    """What to try where no learning rate helps."""
    return Message(_LOOK)


def may_clip(learning_rate: float, spec: RunSpec) -> bool:
    """Whether clipping at `CLIP` is worth trying: where it is tighter than what the run did, at a rate it can mend.

    At more than ten times the usual rate a gradient of norm 1 still throws the weights too far.
    """
    clips_less = spec.clip is None or spec.clip > CLIP
    return clips_less and learning_rate / 10 <= LEARNING_RATE[spec.optimiser.name]
