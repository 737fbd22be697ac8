"""RunSpec: everything that decides a training run, as a value.

Two runs of the same settled spec give the same bits on CPU with the same torch, so whatever changes bits
(threads, layout, fused optimiser, precision, compilation) is part of the spec and chosen by rule, never by
stopwatch. Nothing here imports torch.
"""

import json
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ValidationError
from pydantic_core import InitErrorDetails

from netlib import Network
from netlib.block import refusal
from netlib.knob import Choice, Knob, Real, Switch, Whole, brief, field
from netlib.training.data_spec import DataSpec
from netlib.training.limits import Limits
from netlib.training.optimiser_spec import OptimiserSpec, ScheduleSpec
from netlib.training.value import Value
from netlib.words import Message, words

State = Literal[
    "queued", "starting", "running", "paused", "stopping", "stopped", "finished", "diverged", "failed", "lost"
]
Layout = Literal["contiguous", "channels_last"]
Precision = Literal["float32", "bfloat16"]

_NOT_JSON = words("the text is not JSON: {got}", "这段文本不是 JSON：{got}")
_DEVICE = words(
    "{field} must be auto, cpu, mps, cuda or cuda:0 to cuda:99, got {got}",
    "{field} 必须是 auto、cpu、mps、cuda 或 cuda:0 到 cuda:99，收到 {got}",
)


def _nested(model: type[Value]) -> Any:
    """Lets a strict outer value take an inner one as a mapping, which the inner one then judges itself."""
    return BeforeValidator(lambda given: given if isinstance(given, model) else model.model_validate(given))


@dataclass(frozen=True, kw_only=True)
class Device(Knob):
    """``str``: a device as torch names it, or "auto"."""

    def _read(self, value: Any, rank: int) -> str:
        kind, _, index = str(value)[:16].partition(":")
        numbered = kind == "cuda" and index.isascii() and index.isdigit() and len(index) <= 2
        if not isinstance(value, str) or not (value in ("auto", "cpu", "mps", "cuda") or numbered):
            raise self.refuse(_DEVICE, value)
        return value


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
    batch: int = field(
        Whole(
            label=words("Batch size", "批量大小"),
            help=words("Samples that one step looks at.", "每一步使用的样本数。"),
        ),
        64,
    )
    seed: int = field(
        Whole(
            label=words("Seed", "随机种子"),
            help=words("Same seed, same curve.", "相同的种子得到相同的曲线。"),
            lo=0,
            hi=2**31 - 1,
        ),
        0,
    )
    loss: Literal["mean", "sum"] = field(
        Choice(
            label=words("Loss over the steps", "各时间步的损失"),
            help=words(
                "Whether the losses of a sequence's steps are averaged or summed.",
                "序列各时间步的损失取平均还是求和。",
            ),
            options=("mean", "sum"),
            rare=True,
        ),
        "mean",
    )
    clip: float | None = field(
        Real(
            label=words("Clip gradient norm", "梯度裁剪范数"),
            help=words(
                "A longer gradient is shortened to this norm; empty for none.",
                "超过此范数的梯度会被缩短；留空则不裁剪。",
            ),
            lo=1e-6,
            hi=1e6,
            step=0.1,
            optional=True,
        ),
        None,
    )
    auxiliary: float = field(
        Real(
            label=words("Weight of auxiliary losses", "辅助损失权重"),
            help=words(
                "What each auxiliary head's loss is multiplied by.", "每个辅助分类器的损失乘以的权重。"
            ),
            hi=10.0,
            rare=True,
        ),
        0.3,
    )
    device: str = field(
        Device(
            label=words("Device", "设备"),
            help=words("What computes: the processor or a graphics card.", "用什么来计算：处理器或显卡。"),
        ),
        "cpu",
    )
    threads: int | None = field(
        Whole(
            label=words("Threads", "线程数"),
            help=words("Changes the last bits of a result.", "会改变结果的最末几位。"),
            hi=1024,
            optional=True,
            rare=True,
        ),
        None,
    )
    fused: bool | None = None
    layout: Layout | None = None
    precision: Precision | None = None
    compiled: bool = False
    exact: bool = field(
        Switch(
            label=words("Exact", "精确复现"),
            help=words(
                "Deterministic kernels only, where the device has others.", "在设备上只使用确定性算子。"
            ),
            rare=True,
        ),
        True,
    )

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
            line = InitErrorDetails(type=refusal(Message(_NOT_JSON, got=brief(text))), input=text[:40])
            raise ValidationError.from_exception_data(cls.__name__, [line]) from None
        return cls.model_validate(held)


def _network(given: Any) -> Any:
    return Network.model_validate(given) if isinstance(given, dict) else given
