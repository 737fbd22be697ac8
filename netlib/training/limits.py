"""When a run ends by itself, as a value."""

from math import ceil

from netlib.knob import Real, Whole, field
from netlib.training.value import Value
from netlib.words import words


class Limits(Value):
    """When a run ends by itself; whichever comes first. None means no such limit."""

    epochs: int | None = field(
        Whole(
            label=words("Epochs", "轮次"),
            help=words("How often every training sample is seen.", "每个训练样本被看到多少遍。"),
            hi=100_000,
            optional=True,
        ),
        10,
    )
    steps: int | None = field(
        Whole(
            label=words("Steps", "步数"),
            help=words("How often the weights are changed.", "权重更新多少次。"),
            hi=100_000_000,
            optional=True,
        ),
        None,
    )
    seconds: float | None = field(
        Real(
            label=words("Seconds", "秒数"),
            help=words("Longest time, pauses left out.", "最长时间，不含暂停。"),
            lo=0.01,
            hi=1_000_000.0,
            step=1.0,
            optional=True,
        ),
        None,
    )
    target_loss: float | None = field(
        Real(
            label=words("Target validation loss", "目标验证损失"),
            help=words("End once the validation loss is this low.", "验证损失降到这个值即结束。"),
            hi=1e6,
            optional=True,
        ),
        None,
    )
    target_accuracy: float | None = field(
        Real(
            label=words("Target accuracy", "目标准确率"),
            help=words("End once the validation accuracy is this high.", "验证准确率达到这个值即结束。"),
            optional=True,
        ),
        None,
    )
    patience: int | None = field(
        Whole(
            label=words("Epochs without progress", "无改善的轮次"),
            help=words(
                "End after so many epochs in which the validation loss found no new low.",
                "验证损失连续这么多轮没有创新低就结束。",
            ),
            hi=10_000,
            optional=True,
        ),
        None,
    )

    def further(self, steps: int, steps_an_epoch: int, seconds: float) -> "Limits":
        """As much again for a run that has come so far; what was to end it early is met, and no limit any more."""
        return self.with_(
            epochs=self.epochs and self.epochs + ceil(steps / steps_an_epoch),
            steps=self.steps and self.steps + steps,
            seconds=self.seconds and self.seconds + seconds,
            target_loss=None,
            target_accuracy=None,
            patience=None,
        )

    def within(self, caps: "Limits") -> "Limits":
        """These limits, none of them beyond the caps a server sets on epochs, steps and seconds."""
        lowest = {
            name: min((n for n in (getattr(self, name), getattr(caps, name)) if n is not None), default=None)
            for name in ("epochs", "steps", "seconds")
        }
        return self.with_(**lowest)
