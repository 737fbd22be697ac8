"""RunSpec: everything that decides a training run, as a value; and the rules that complete it for a machine.

Two runs of the same settled spec give the same bits on CPU with the same torch, so whatever changes bits
(threads, layout, fused optimiser, precision, compilation) is part of the spec and chosen by rule, never by
stopwatch. Nothing here imports torch.
"""

import json
from math import cos, pi
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from netlib import Network, trace
from netlib.training.value import RULES, Value
from netlib.words import words

State = Literal[
    "queued", "starting", "running", "paused", "stopping", "stopped", "finished", "diverged", "failed", "lost"
]
OptimiserName = Literal["SGD", "Adam", "AdamW", "RMSprop"]
ScheduleName = Literal["constant", "step", "cosine", "one-cycle", "warm-up"]
Layout = Literal["contiguous", "channels_last"]
Precision = Literal["float32", "bfloat16"]

LEARNING_RATE: dict[OptimiserName, float] = {"SGD": 0.05, "Adam": 0.001, "AdamW": 0.001, "RMSprop": 0.001}
"""Where a person usually starts; with momentum 0.9 for SGD."""


def _nested(model: type[Value]) -> Any:
    """Lets a strict outer value take an inner one as a mapping, which the inner one then judges itself."""
    return BeforeValidator(lambda given: model.model_validate(given) if isinstance(given, dict) else given)


class DataSpec(Value):
    """Which data set, and how it is divided; `source` and `target` are the words of the toy text task."""

    name: str = Field("digits", min_length=1, max_length=40, title=words("Data", "数据"))
    validation: float = Field(0.2, ge=0.05, le=0.5, title=words("Validation share", "验证集比例"))
    split_seed: int = Field(0, ge=0, le=2**31 - 1, title=words("Split seed", "划分种子"))
    train_samples: int | None = Field(
        None, ge=1, le=10_000_000, title=words("Training samples", "训练样本数")
    )
    source: str = Field("hello", min_length=1, max_length=32, title=words("Source word", "源词"))
    target: str = Field("ohlol", min_length=1, max_length=32, title=words("Target word", "目标词"))


class OptimiserSpec(Value):
    """How weights follow the gradient; names and defaults as in torch.optim, save learning rate and momentum.

    `momentum` acts in SGD and RMSprop; `beta1`, `beta2` in Adam and AdamW; `alpha` in RMSprop.
    """

    name: OptimiserName = Field("SGD", title=words("Optimiser", "优化器"))
    learning_rate: float = Field(0.05, gt=0, le=1000, title=words("Learning rate", "学习率"))
    momentum: float = Field(0.9, ge=0, lt=1, title=words("Momentum", "动量"))
    nesterov: bool = Field(False, title=words("Nesterov", "Nesterov"))
    weight_decay: float = Field(0.0, ge=0, le=10, title=words("Weight decay", "权重衰减"))
    beta1: float = Field(0.9, ge=0, lt=1, title=words("Beta 1", "Beta 1"))
    beta2: float = Field(0.999, ge=0, lt=1, title=words("Beta 2", "Beta 2"))
    alpha: float = Field(0.99, ge=0, lt=1, title=words("Smoothing (alpha)", "平滑系数(alpha)"))
    eps: float = Field(1e-8, gt=0, le=1, title=words("Epsilon", "Epsilon"))

    @classmethod
    def usual(cls, name: OptimiserName) -> Self:
        """The optimiser with the learning rate and momentum that people start from."""
        return cls(name=name, learning_rate=LEARNING_RATE[name], momentum=0.9 if name == "SGD" else 0.0)


class ScheduleSpec(Value):
    """How the learning rate moves over the run: a pure function of step and total, with nothing to store."""

    name: ScheduleName = Field("constant", title=words("Schedule", "学习率调度"))
    warmup: float = Field(0.1, ge=0, le=0.9, title=words("Warm-up share", "预热比例"))
    every: float = Field(0.3, gt=0, le=1, title=words("Step every (share of the run)", "每隔(占全程比例)"))
    gamma: float = Field(0.1, gt=0, le=1, title=words("Step factor", "衰减因子"))
    final: float = Field(0.01, ge=0, le=1, title=words("Final factor", "最终因子"))

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


class Limits(Value):
    """When a run ends by itself; whichever comes first. None means no such limit."""

    epochs: int | None = Field(10, ge=1, le=100_000, title=words("Epochs", "轮次"))
    steps: int | None = Field(None, ge=1, le=100_000_000, title=words("Steps", "步数"))
    seconds: float | None = Field(None, gt=0, le=1_000_000, title=words("Seconds", "秒数"))
    target_loss: float | None = Field(
        None, ge=0, le=1e6, title=words("Target validation loss", "目标验证损失")
    )
    target_accuracy: float | None = Field(None, gt=0, le=1, title=words("Target accuracy", "目标准确率"))
    patience: int | None = Field(
        None, ge=1, le=10_000, title=words("Evaluations without progress", "无改善的评估次数")
    )

    def within(self, caps: "Limits") -> "Limits":
        """These limits, none of them beyond the caps a server sets on epochs, steps and seconds."""
        lowest = {
            name: min((n for n in (getattr(self, name), getattr(caps, name)) if n is not None), default=None)
            for name in ("epochs", "steps", "seconds")
        }
        return self.with_(**lowest)


class RunSpec(Value):
    """A training run as a value: network, data, optimiser, limits, seed, and what changes bits.

    `threads`, `fused`, `layout` and `precision` left at None are filled in by `settle`. `loss` says whether
    the loss of a sequence is the mean or the sum over its steps; over samples it is always the mean. `clip` is
    the largest gradient norm, `auxiliary` the weight of each auxiliary head's loss (0.3 in Szegedy et al. 2015,
    section 5).
    """

    network: Annotated[Network, BeforeValidator(lambda given: _network(given))]
    data: Annotated[DataSpec, _nested(DataSpec)] = DataSpec()
    optimiser: Annotated[OptimiserSpec, _nested(OptimiserSpec)] = OptimiserSpec()
    schedule: Annotated[ScheduleSpec, _nested(ScheduleSpec)] = ScheduleSpec()
    limits: Annotated[Limits, _nested(Limits)] = Limits()
    batch: int = Field(64, ge=1, le=65_536, title=words("Batch size", "批量大小"))
    seed: int = Field(0, ge=0, le=2**31 - 1, title=words("Seed", "随机种子"))
    loss: Literal["mean", "sum"] = Field("mean", title=words("Loss over the steps", "各时间步的损失"))
    clip: float | None = Field(None, gt=0, le=1e6, title=words("Clip gradient norm", "梯度裁剪范数"))
    auxiliary: float = Field(0.3, ge=0, le=10, title=words("Weight of auxiliary losses", "辅助损失权重"))
    device: str = Field("cpu", min_length=2, max_length=16, pattern=r"^(auto|cpu|mps|cuda(:\d{1,2})?)$")
    threads: int | None = Field(None, ge=1, le=1024)
    fused: bool | None = None
    layout: Layout | None = None
    precision: Precision | None = None
    compiled: bool = False
    exact: bool = True

    def to_json(self) -> str:
        """The spec as one line of JSON, defaults left out; `from_json` gives an equal spec."""
        return json.dumps(self.to_data(), separators=(",", ":"), ensure_ascii=False)

    def to_data(self) -> dict[str, Any]:
        """The spec as plain JSON data, defaults left out."""
        held = self.model_dump(mode="json", exclude_defaults=True, exclude={"network"})
        return {"network": json.loads(self.network.to_json()), **held}

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The spec behind a text.

        Raises:
            ValidationError: for text that is not JSON or a spec out of bounds; `sentences` says it in words.
        """
        try:
            held = json.loads(text)
        except (ValueError, RecursionError):
            values = {"got": text if len(text) <= 40 else f"{text[:39]}…"}
            error = PydanticCustomError("json", RULES["json"], values)  # type: ignore[arg-type]  # wants literal text
            raise ValidationError.from_exception_data(
                cls.__name__, [InitErrorDetails(type=error, input=text[:40])]
            ) from None
        return cls.model_validate(held)


def _tuple(given: Any) -> Any:
    return tuple(given) if isinstance(given, list) else given


def _network(given: Any) -> Any:
    return Network.model_validate(given) if isinstance(given, dict) else given


class Machine(Value):
    """What a run may use: cores and runs at a time, devices as torch names them, memory in bytes.

    The default is the plainest machine there is, so that a spec settled for it means the same everywhere.
    """

    cores: int = Field(1, ge=1, le=65_536)
    slots: int = Field(1, ge=1, le=65_536)
    devices: Annotated[tuple[str, ...], BeforeValidator(_tuple)] = ("cpu",)
    memory: int | None = Field(None, ge=0)
    device_memory: int | None = Field(None, ge=0)
    bfloat16: bool = False


FEW_OPERATIONS = 20_000_000
MANY_OPERATIONS = 1_000_000_000
"""FLOPs a step: below the first one thread is fastest, above the second all that a slot has."""
HEAVY_SAMPLE = 100_000_000
"""FLOPs of one sample from which bfloat16 pays on a GPU that has it."""


def settle(spec: RunSpec, machine: Machine | None = None) -> RunSpec:
    """The spec with device, threads, layout, fused and precision filled in by rule; idempotent.

    What a person or an earlier settling has stated is kept, so a recorded run means the same on another
    machine. A device that the machine lacks is kept too: the run then says so, rather than training elsewhere.
    """
    machine = machine or Machine()
    device = spec.device
    if device == "auto":
        device = next((d for d in machine.devices if d != "cpu"), "cpu")
    found = trace(spec.network)
    kind = device.partition(":")[0]
    chosen: dict[str, Any] = {"device": device}
    if spec.threads is None:
        chosen["threads"] = _threads(6 * found.macs * spec.batch, machine) if kind == "cpu" else 1
    if spec.fused is None:
        chosen["fused"] = kind != "mps" and spec.optimiser.name != "RMSprop"
    if spec.layout is None:
        convolves = any(step.block.kind == "Conv2d" for step in found.steps if step.is_leaf)
        chosen["layout"] = "channels_last" if convolves and kind != "mps" else "contiguous"
    if spec.precision is None:
        heavy = kind == "cuda" and machine.bfloat16 and not spec.exact and 2 * found.macs > HEAVY_SAMPLE
        chosen["precision"] = "bfloat16" if heavy else "float32"
    return spec.with_(**chosen)


def _threads(operations: int, machine: Machine) -> int:
    """Threads for a run of that many FLOPs a step; one core is left to the page, which must stay quick."""
    share = max(1, min(machine.cores // machine.slots, machine.cores - 1))
    if operations < FEW_OPERATIONS:
        return 1
    return min(2, share) if operations < MANY_OPERATIONS else share
