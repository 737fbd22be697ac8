"""Normalisation of the last axes of each sample, whatever they mean: LayerNorm and RMSNorm."""

from collections.abc import Iterator
from typing import Any, ClassVar

from netlib.block import NOTHING, Case, Leaf, Measured, Repair
from netlib.blocks.normalisation import eps_field
from netlib.errors import Rejected
from netlib.formula import Formula, product
from netlib.knob import Numbers, Switch, field
from netlib.nodes import Call, call
from netlib.reach import Moves
from netlib.tensortype import SPATIAL, Layout, TensorType, image, sequence, vector
from netlib.words import Message, words

SCALES = Formula(lambda size: product(size), size="size")
SCALES_AND_SHIFTS = Formula(lambda size: 2 * product(size), size="size")

_SHAPE = words(
    "normalized_shape {stated} must be the last sizes of what flows in, which is {dims}",
    "normalized_shape {stated} 必须等于流入张量的最后几个尺寸，流入的是 {dims}",
)
_USE = words("use normalized_shape = {shape}", "改用 normalized_shape = {shape}")
_LAST_AXIS = words(
    "normalises along the last axis only ({got} numbers); normalized_shape = {all} takes all together",
    "只沿最后一轴归一化（{got} 个数）；normalized_shape = {all} 则一起归一化",
)


class _LastAxes(Leaf):
    """Fields and rules that both share."""

    accepts: ClassVar[tuple[Layout, ...]] = ("sequence", "vector", "signal", "image", "volume")

    normalized_shape: Any = field(
        Numbers(
            label=words("Normalised sizes", "归一化的尺寸"),
            help=words(
                "The last sizes, normalised together; left empty, the last axis alone.",
                "一起归一化的最后几个尺寸；留空则只取最后一轴。",
            ),
            optional=True,
            single=True,
            rare=True,
            lo=1,
            hi=2**31,
        ),
        None,
    )

    def shape(self, x: TensorType) -> tuple[int, ...]:
        """The sizes that are normalised together.

        Raises:
            Rejected: when those stated are not the last of `x`.
        """
        stated = self.normalized_shape
        if stated is None:
            return x.dims[-1:]
        wanted = (stated,) if isinstance(stated, int) else tuple(stated)
        if wanted != x.dims[-len(wanted) :]:
            last = list(x.dims[-min(len(wanted), len(x.dims)) :])
            use = Repair(Message(_USE, shape=last), changes=(("normalized_shape", tuple(last)),))
            raise Rejected(_SHAPE, field="normalized_shape", fixes=(use,), stated=list(wanted), dims=str(x))
        return wanted

    def moves(self, x: TensorType, shape: tuple[int, ...]) -> Moves:
        """Statistics over everything keep the window; over a sequence's features nothing moves."""
        if shape == x.dims:
            return "statistics"
        return "same" if x.layout == "sequence" else "unknown"

    def notes(self, x: TensorType) -> tuple[Message, ...]:
        """Along the last axis of an image, a row is normalised: rarely what is meant."""
        if self.normalized_shape is None and x.layout in SPATIAL:
            return (Message(_LAST_AXIS, got=x.dims[-1], all=list(x.dims)),)
        return ()


def _argument(shape: tuple[int, ...]) -> int | tuple[int, ...]:
    return shape[0] if len(shape) == 1 else shape


def elementwise_affine_field() -> Any:
    """``elementwise_affine``, on by default."""
    return field(
        Switch(
            label=words("Learned scale", "可学习的缩放"),
            help=words("Learn a scale for every element.", "为每个元素学习缩放。"),
            rare=True,
        ),
        True,
    )


class LayerNorm(
    _LastAxes,
    kind="LayerNorm",
    label=words("Layer norm", "层归一化"),
    about=words(
        "Centre and scale the features of every time step on their own.",
        "对每个时间步的特征各自做中心化和缩放。",
    ),
    category="normalisation",
):
    """Ba, Kiros and Hinton, "Layer Normalization", 2016."""

    eps: float = eps_field()
    elementwise_affine: bool = elementwise_affine_field()
    bias: bool = field(
        Switch(
            label=words("Learned shift", "可学习的平移"),
            help=words("Learn a shift beside the scale.", "在缩放之外再学习平移。"),
            rare=True,
        ),
        True,
    )

    def lower(self, x: TensorType) -> Call:
        return call(
            "nn.LayerNorm", _argument(self.shape(x)), **self.changed("eps", "elementwise_affine", "bias")
        )

    def measure(self, x: TensorType) -> Measured:
        shape = self.shape(x)
        rule = SCALES_AND_SHIFTS if self.bias else SCALES
        return Measured(
            x,
            params=rule(size=shape) if self.elementwise_affine else NOTHING,
            moves=self.moves(x, shape),
            keeps_input=True,
            keeps_bytes=2 * 4 * (x.numel // SCALES(size=shape).value),
            notes=self.notes(x),
        )

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(), sequence(10, 32), sequence(10, 32), 64, 0, by_hand=_layer_norm_by_hand)
        yield Case(cls(bias=False), vector(9), vector(9), 9, 0)
        yield Case(cls(normalized_shape=(4, 5)), image(3, 4, 5), image(3, 4, 5), 40, 0)
        yield Case(cls(normalized_shape=(3, 4, 5)), image(3, 4, 5), image(3, 4, 5), 120, 0)
        yield Case(cls(elementwise_affine=False), sequence(10, 32), sequence(10, 32), 0, 0)
        yield Case(cls(normalized_shape=16), sequence(10, 32), because="normalized_shape [16]")


def _layer_norm_by_hand(model: Any, x: Any) -> Any:
    norm = model.get_submodule("0")
    mean, variance = x.mean(-1, keepdim=True), x.var(-1, unbiased=False, keepdim=True)
    return (x - mean) / (variance + norm.eps).sqrt() * norm.weight + norm.bias


class RMSNorm(
    _LastAxes,
    kind="RMSNorm",
    label=words("RMS norm", "RMS 归一化"),
    about=words(
        "Divide the features of every time step by their root mean square.", "用均方根去除每个时间步的特征。"
    ),
    category="normalisation",
):
    """Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019."""

    eps: float | None = eps_field(None, optional=True)
    elementwise_affine: bool = elementwise_affine_field()

    def lower(self, x: TensorType) -> Call:
        return call("nn.RMSNorm", _argument(self.shape(x)), **self.changed("eps", "elementwise_affine"))

    def measure(self, x: TensorType) -> Measured:
        shape = self.shape(x)
        roots = 4 * (x.numel // SCALES(size=shape).value)
        return Measured(
            x,
            params=SCALES(size=shape) if self.elementwise_affine else NOTHING,
            moves=self.moves(x, shape),
            keeps_input=True,
            keeps_bytes=roots + (x.nbytes if self.elementwise_affine else 0),
            notes=self.notes(x),
        )

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(eps=1e-6), sequence(10, 32), sequence(10, 32), 32, 0, by_hand=_rms_norm_by_hand)
        yield Case(cls(elementwise_affine=False), vector(9), vector(9), 0, 0)
        yield Case(cls(normalized_shape=(4, 5)), image(3, 4, 5), image(3, 4, 5), 20, 0)
        yield Case(cls(normalized_shape=(5, 7)), vector(9), because="normalized_shape [5, 7]")


def _rms_norm_by_hand(model: Any, x: Any) -> Any:
    norm = model.get_submodule("0")
    return x / (x.square().mean(-1, keepdim=True) + norm.eps).sqrt() * norm.weight
