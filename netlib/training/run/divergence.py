"""When a loss has left for good: not a number, or far above where it began and still rising."""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from netlib.words import Message, words

FAR = 20.0
"""Times the first loss."""
RISING_STEPS = 100

_NOT_A_NUMBER = words(
    "The loss stopped being a number at step {step:,}, after {first:.4g} → {last:.4g}. "
    "Try a learning rate ten times smaller ({rate:.2g}), or clip gradients at 1.",
    "损失在第 {step:,} 步变成了非数值（NaN），此前为 {first:.4g} → {last:.4g}。"
    "请把学习率缩小十倍（{rate:.2g}），或把梯度裁剪到 1。",
)
_AT_ONCE = words(
    "The loss was not a number at the very first step. Try a learning rate ten times smaller ({rate:.2g}), "
    "or look at the network's output: a layer may divide by zero or take the logarithm of it.",
    "损失在第一步就不是数值（NaN）。请把学习率缩小十倍（{rate:.2g}），或检查网络输出：可能有层除以零或对零取对数。",
)
_FAR = words(
    "The loss left for good: {first:.4g} → {last:.4g} by step {step:,}, more than {far:g} times the first and "
    "rising for {rising} steps. Try a learning rate ten times smaller ({rate:.2g}), or clip gradients at 1.",
    "损失已发散：到第 {step:,} 步 {first:.4g} → {last:.4g}，超过最初的 {far:g} 倍并连续 {rising} 步上升。"
    "请把学习率缩小十倍（{rate:.2g}），或把梯度裁剪到 1。",
)


@dataclass(frozen=True)
class Divergence:
    """The step at which a run diverged, and how the losses went to it."""

    step: int
    first: float
    last: float
    finite: bool

    def message(self, learning_rate: float) -> Message:
        """What happened and what to try, for a run at that learning rate."""
        values = {"step": self.step, "first": self.first, "last": self.last, "rate": learning_rate / 10}
        if self.finite:
            return Message(_FAR, far=FAR, rising=RISING_STEPS, **values)
        if self.step == 1:
            return Message(_AT_ONCE, rate=learning_rate / 10)
        return Message(_NOT_A_NUMBER, **values)


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
                return Divergence(first_step + i, first, before, finite=False)
            self._last.append(loss)
            if self._is_leaving(far):
                return Divergence(first_step + i, first, loss, finite=True)
        return None

    def _is_leaving(self, far: float) -> bool:
        """Whether the last steps all lie above `far`, the later half above the earlier one."""
        if len(self._last) < RISING_STEPS or min(self._last) <= far:
            return False
        last = np.array(self._last)
        half = RISING_STEPS // 2
        return bool(last[half:].mean() > last[:half].mean())
