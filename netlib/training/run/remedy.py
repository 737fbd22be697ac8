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
_USUAL_OR_CLIP = words(
    "Try a learning rate of {rate:.2g}, where {optimiser} usually starts, or clip gradients at {clip:g}.",
    "请试试学习率 {rate:.2g}，这是 {optimiser} 通常的起点；或把梯度裁剪到 {clip:g}。",
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
    rate = min(tenth, usual)
    if may_clip(spec):
        template = _USUAL_OR_CLIP if usual < tenth else _TENTH_OR_CLIP
    else:
        template = _USUAL if usual < tenth else _TENTH
    return {
        "advice": Message(template, rate=rate, optimiser=spec.optimiser.name, clip=CLIP),
        "rate": rate,
    }


def look() -> Message:
    """What to try where no learning rate helps."""
    return Message(_LOOK)


def may_clip(spec: RunSpec) -> bool:
    """Whether clipping at `CLIP` would be tighter than what the run did."""
    return spec.clip is None or spec.clip > CLIP
