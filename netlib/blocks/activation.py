"""Activations: a curve applied to every element, and the two softmaxes."""

from collections.abc import Iterator
from typing import Any, ClassVar

from netlib.block import Case, Leaf, Measured
from netlib.errors import Rejected
from netlib.formula import Formula
from netlib.knob import Real, Whole, field
from netlib.nodes import Call, call
from netlib.tensortype import TensorType, image, sequence, vector
from netlib.words import words

SLOPES = Formula(lambda n: n, n="num_parameters")

_AXIS = words(
    "dim {dim} is the batch axis, or not an axis of {dims} (with the batch as axis 0); use 1 to {last}",
    "dim {dim} 是批量轴，或不是 {dims} 的轴（批量为第 0 轴）；请用 1 到 {last}",
)
_SLOPE_COUNT = words(
    "num_parameters must be 1 or the number of channels, {channels}; got {got}",
    "num_parameters 必须是 1 或通道数 {channels}；收到 {got}",
)


class _Curve(Leaf):
    """A curve without parameters of its own kind; backward keeps its input or its output."""

    keeps: ClassVar[str] = "input"
    settings: ClassVar[tuple[str, ...]] = ()

    def lower(self, x: TensorType) -> Call:
        return call(f"nn.{self.kind}", **self.changed(*self.settings))

    def measure(self, x: TensorType) -> Measured:
        return Measured(x, keeps_input=self.keeps == "input", keeps_output=self.keeps == "output")

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(), image(3, 8), image(3, 8), 0, 0)
        yield Case(cls(), sequence(5, 7), sequence(5, 7), 0, 0)


class ReLU(
    _Curve,
    kind="ReLU",
    label=words("ReLU", "ReLU"),
    about=words("Negative values become 0.", "负值变为 0。"),
    category="activation",
):
    keeps: ClassVar[str] = "output"

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(), image(3, 8), image(3, 8), 0, 0, by_hand=lambda model, x: x * (x > 0))


class LeakyReLU(
    _Curve,
    kind="LeakyReLU",
    label=words("Leaky ReLU", "带泄漏 ReLU"),
    about=words("Negative values are scaled down instead of cut.", "负值被缩小而不是截断。"),
    category="activation",
):
    settings: ClassVar[tuple[str, ...]] = ("negative_slope",)
    negative_slope: float = field(
        Real(
            label=words("Negative slope", "负半轴斜率"),
            help=words("Factor for negative values.", "负值的系数。"),
            lo=0.0,
            hi=10.0,
            step=0.01,
        ),
        0.01,
    )

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(
            cls(negative_slope=0.2),
            vector(9),
            vector(9),
            0,
            0,
            by_hand=lambda model, x: x.clamp(min=0) + 0.2 * x.clamp(max=0),
        )


class PReLU(
    Leaf,
    kind="PReLU",
    label=words("PReLU", "PReLU"),
    about=words("Leaky ReLU whose slope is learned.", "斜率可学习的带泄漏 ReLU。"),
    category="activation",
):
    num_parameters: int = field(
        Whole(
            label=words("Slopes", "斜率个数"),
            help=words(
                "One slope for all channels, or one a channel.", "所有通道共用一个斜率，或每通道一个。"
            ),
        ),
        1,
    )
    init: float = field(
        Real(
            label=words("Initial slope", "初始斜率"),
            help=words("Where training starts.", "训练的起点。"),
            lo=-10,
            hi=10,
        ),
        0.25,
    )

    def lower(self, x: TensorType) -> Call:
        return call("nn.PReLU", **self.changed("num_parameters", "init"))

    def measure(self, x: TensorType) -> Measured:
        channels = x.dims[0]
        if self.num_parameters not in (1, channels):
            raise Rejected(_SLOPE_COUNT, field="num_parameters", channels=channels, got=self.num_parameters)
        return Measured(x, params=SLOPES(n=self.num_parameters), keeps_input=True)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(), image(3, 8), image(3, 8), 1, 0)
        yield Case(cls(num_parameters=3), image(3, 8), image(3, 8), 3, 0)
        yield Case(cls(num_parameters=2), image(3, 8), because="number of channels, 3")


class ELU(
    _Curve,
    kind="ELU",
    label=words("ELU", "ELU"),
    about=words("Negative values bend towards −alpha.", "负值弯向 −alpha。"),
    category="activation",
):
    keeps: ClassVar[str] = "input"
    settings: ClassVar[tuple[str, ...]] = ("alpha",)
    alpha: float = field(
        Real(
            label=words("Alpha", "Alpha"),
            help=words("Where negative values end.", "负值的极限。"),
            lo=0,
            hi=10,
        ),
        1.0,
    )


class GELU(
    _Curve,
    kind="GELU",
    label=words("GELU", "GELU"),
    about=words("Scale by the Gaussian distribution function.", "按高斯分布函数缩放。"),
    category="activation",
):
    pass


class SiLU(
    _Curve,
    kind="SiLU",
    label=words("SiLU", "SiLU"),
    about=words("x times sigmoid(x), also called swish.", "x 乘 sigmoid(x)，又名 swish。"),
    category="activation",
):
    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(), vector(9), vector(9), 0, 0, by_hand=lambda model, x: x / (1 + (-x).exp()))


class Hardswish(
    _Curve,
    kind="Hardswish",
    label=words("Hardswish", "Hardswish"),
    about=words("SiLU from straight pieces, cheap on phones.", "由直线段组成的 SiLU，手机上很省。"),
    category="activation",
):
    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(), vector(9), vector(9), 0, 0, by_hand=lambda model, x: x * (x + 3).clamp(0, 6) / 6)


class Hardsigmoid(
    _Curve,
    kind="Hardsigmoid",
    label=words("Hardsigmoid", "Hardsigmoid"),
    about=words("Sigmoid from straight pieces.", "由直线段组成的 sigmoid。"),
    category="activation",
):
    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(), vector(9), vector(9), 0, 0, by_hand=lambda model, x: (x + 3).clamp(0, 6) / 6)


class ReLU6(
    _Curve,
    kind="ReLU6",
    label=words("ReLU6", "ReLU6"),
    about=words("ReLU that stops at 6.", "上限为 6 的 ReLU。"),
    category="activation",
):
    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(), vector(9), vector(9), 0, 0, by_hand=lambda model, x: x.clamp(0, 6))


class Tanh(
    _Curve,
    kind="Tanh",
    label=words("Tanh", "双曲正切"),
    about=words("Squeeze into −1 to 1.", "压缩到 −1 到 1。"),
    category="activation",
):
    keeps: ClassVar[str] = "output"


class Sigmoid(
    _Curve,
    kind="Sigmoid",
    label=words("Sigmoid", "Sigmoid"),
    about=words("Squeeze into 0 to 1.", "压缩到 0 到 1。"),
    category="activation",
):
    keeps: ClassVar[str] = "output"

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(), vector(9), vector(9), 0, 0, by_hand=lambda model, x: 1 / (1 + (-x).exp()))


def _dim_field() -> Any:
    return field(
        Whole(
            label=words("Axis", "轴"),
            help=words("The axis that sums to 1; the batch is axis 0.", "和为 1 的那个轴；批量为第 0 轴。"),
            lo=-5,
            hi=5,
        ),
        1,
    )


class _OverAxis(Leaf):
    """Softmax and its logarithm, over one axis."""

    dim: int = _dim_field()

    def lower(self, x: TensorType) -> Call:
        return call(f"nn.{self.kind}", dim=self.dim)

    def measure(self, x: TensorType) -> Measured:
        rank = len(x.dims) + 1
        if not 1 <= (self.dim if self.dim > 0 else rank + self.dim if self.dim < 0 else 0) < rank:
            raise Rejected(_AXIS, field="dim", dim=self.dim, dims=str(x), last=rank - 1)
        return Measured(x, keeps_output=True)

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(), vector(9), vector(9), 0, 0)
        yield Case(cls(dim=-1), sequence(5, 7), sequence(5, 7), 0, 0)
        yield Case(cls(dim=0), vector(9), because="batch axis")


class Softmax(
    _OverAxis,
    kind="Softmax",
    label=words("Softmax", "Softmax"),
    about=words("Scores become shares that sum to 1.", "分数变为和为 1 的占比。"),
    category="activation",
):
    pass


class LogSoftmax(
    _OverAxis,
    kind="LogSoftmax",
    label=words("Log-softmax", "对数 softmax"),
    about=words("Logarithm of the softmax.", "softmax 的对数。"),
    category="activation",
):
    pass
