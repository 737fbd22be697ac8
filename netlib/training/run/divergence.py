"""When a loss has left for good: not a number, or far above where it began and not coming down."""

from collections import deque
from dataclasses import asdict, dataclass

import numpy as np
from numpy import ndarray

from netlib.training.run.remedy import look, remedy
from netlib.training.spec import RunSpec
from netlib.words import Message, words

FAR = 20.0
"""Times the first loss."""
RISING_STEPS = 100
"""Latest losses, all of which must lie that far off."""

_NOT_A_NUMBER = words(
    "The loss stopped being a number at step {step:,}: it was {first:.4g} at the first step and {last:.4g} at the "
    "one before. {advice}",
    "损失在第 {step:,} 步变成了非数值（NaN）：第一步为 {first:.4g}，前一步为 {last:.4g}。{advice}",
)
_AT_ONCE = words(
    "The loss was not a number at the very first step, before any weight had moved. {advice}",
    "损失在第一步就不是数值（NaN），此时权重还没有更新过。{advice}",
)
_FAR = words(
    "The loss left for good: it began at {first:.4g}, and the last {count} losses, up to step {step:,}, all lie above "
    "{bound:.4g}, {far:g} times {base:.4g}, and do not come down: "
    "{earlier:.4g} on average in their first half, {later:.4g} in their second. {advice}",
    "损失已发散：最初为 {first:.4g}，而到第 {step:,} 步为止的最后 {count} 个损失"
    "全部高于 {bound:.4g}（{base:.4g} 的 {far:g} 倍），并且没有回落："
    "前一半平均 {earlier:.4g}，后一半平均 {later:.4g}。{advice}",
)


@dataclass(frozen=True)
class Rise:
    """The last losses all lie above `bound`, and the mean of their later half above that of the earlier."""

    bound: float
    earlier: float
    later: float


@dataclass(frozen=True)
class Divergence:
    """The step at which a run diverged, its first loss, the last that was a number, and how they rose to it.

    `rise` is None where the loss at that step is no number.
    """

    step: int
    first: float
    last: float
    rise: Rise | None = None

    def message(self, learning_rate: float, spec: RunSpec) -> Message:
        """What happened and what to try, for a run of those settings that was at that learning rate."""
        if self.rise is not None:
            how = (
                asdict(self.rise) | {"far": FAR, "base": self.rise.bound / FAR} | remedy(learning_rate, spec)
            )
            return Message(_FAR, step=self.step, first=self.first, count=RISING_STEPS, **how)
        if self.step == 1:
            return Message(_AT_ONCE, advice=look())
        how = remedy(learning_rate, spec)
        return Message(_NOT_A_NUMBER, step=self.step, first=self.first, last=self.last, **how)


class Watch:
    """Reads losses in order and says at which step they diverged; the same however they are cut into pieces."""

    def __init__(self) -> None:
        self.first: float | None = None
        self._last: deque[float] = deque(maxlen=RISING_STEPS)

    def read(self, first_step: int, losses: ndarray) -> Divergence | None:
        """The divergence among the losses of the steps from `first_step` on, if there is one."""
        if self.first is None and len(losses):
            self.first = float(losses[0])
        first = self.first if self.first is not None else 0.0
        far = FAR * max(first, 1.0)  # a run continued at a tiny loss has not left when it is back at one nat
        suspect = ~np.isfinite(losses) | (losses > far)
        if not suspect.any():
            self._last.extend(float(loss) for loss in losses[-RISING_STEPS:])
            return None
        for i, loss in enumerate(losses.tolist()):
            before = self._last[-1] if self._last else loss
            if not np.isfinite(loss):
                return Divergence(first_step + i, first, before)
            self._last.append(loss)
            if (rise := self._rise(far)) is not None:
                return Divergence(first_step + i, first, loss, rise)
        return None

    def _rise(self, far: float) -> Rise | None:
        """How the last steps rise, where they all lie above `far`, the later half above the earlier one."""
        if len(self._last) < RISING_STEPS or min(self._last) <= far:
            return None
        last = np.array(self._last)
        half = RISING_STEPS // 2
        earlier, later = float(last[:half].mean()), float(last[half:].mean())
        return Rise(far, earlier, later) if later > earlier else None
