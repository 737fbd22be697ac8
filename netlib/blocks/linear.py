"""The fully connected layer."""

from collections.abc import Iterator
from math import prod
from typing import ClassVar

from netlib.block import KINDS, Case, Leaf, Measured, Repair
from netlib.errors import Rejected
from netlib.formula import Formula, product
from netlib.knob import Switch, Whole, field
from netlib.nodes import Call, call
from netlib.stated import stated
from netlib.tensortype import Layout, TensorType, image, sequence, vector
from netlib.words import Message, words

WEIGHTS = Formula(lambda o, i: o * i, o="F_out", i="F_in")
WEIGHTS_AND_BIAS = Formula(lambda o, i: o * i + o, o="F_out", i="F_in")
MACS = Formula(lambda o, i: o * i, o="F_out", i="F_in")
MACS_AT_EACH = Formula(lambda lead, o, i: product(lead) * o * i, lead="n", o="F_out", i="F_in")

_FEATURES = words(
    "in_features is {stated}, but {got} values arrive",
    "in_features 为 {stated}，但送来的是 {got} 个值",
)
_FEATURES_FLAT = words(
    "in_features is {stated}, but the last axis of {dims} holds {got} values ({all} numbers in all)",
    "in_features 为 {stated}，但 {dims} 的最后一轴有 {got} 个值（总共 {all} 个数）",
)
_USE = words("use in_features = {got}", "改用 in_features = {got}")
_FLATTEN = words("insert Flatten, {got} features", "插入 Flatten，{got} 个特征")
_LAST_AXIS = words(
    "acts on the last axis only ({got}); insert Flatten to use all {all} numbers",
    "只作用于最后一轴（{got}）；要用全部 {all} 个数请先插入 Flatten",
)


class Linear(
    Leaf,
    kind="Linear",
    label=words("Linear", "全连接层"),
    about=words(
        "Mix all features: (F,) to (F_out,); on a sequence, at every time step.",
        "混合所有特征：(F,) 变为 (F_out,)；对序列则逐时间步。",
    ),
    category="dense",
):
    accepts: ClassVar[tuple[Layout, ...]] = ("vector", "sequence", "signal", "image", "volume")

    in_features: int | None = stated(words("Input features", "输入特征数"))
    out_features: int = field(
        Whole(
            label=words("Units", "单元数"),
            help=words("How many features come out.", "输出多少个特征。"),
            symbol="F_out",
            start=10,
        )
    )
    bias: bool = field(
        Switch(
            label=words("Bias", "偏置"),
            help=words("Add a learned offset to every unit.", "给每个单元加一个可学习的偏移。"),
            rare=True,
        ),
        True,
    )

    def lower(self, x: TensorType) -> Call:
        return call("nn.Linear", x.dims[-1], self.out_features, **self.changed("bias"))

    def measure(self, x: TensorType) -> Measured:
        i, lead = x.dims[-1], x.dims[:-1]
        if self.in_features is not None and self.in_features != i:
            raise self._mismatch(x)
        rule = WEIGHTS_AND_BIAS if self.bias else WEIGHTS
        macs = MACS_AT_EACH(lead=lead, o=self.out_features, i=i) if lead else MACS(o=self.out_features, i=i)
        notes = (
            (Message(_LAST_AXIS, got=i, all=x.numel),) if x.layout in ("image", "volume", "signal") else ()
        )
        return Measured(
            x.resized(*lead, self.out_features),
            params=rule(o=self.out_features, i=i),
            macs=macs,
            moves="whole" if x.layout == "vector" else "same" if x.layout == "sequence" else "unknown",
            keeps_input=True,
            notes=notes,
        )

    def _mismatch(self, x: TensorType) -> Rejected:
        got, all = x.dims[-1], prod(x.dims)
        use = Repair(Message(_USE, got=got), changes=(("in_features", None),))
        if len(x.dims) == 1:
            return Rejected(_FEATURES, field="in_features", fixes=(use,), stated=self.in_features, got=got)
        flatten = Repair(
            Message(_FLATTEN, got=all),
            before=(KINDS["Flatten"].model_validate({}),),
            changes=(("in_features", None),),
        )
        return Rejected(
            _FEATURES_FLAT,
            field="in_features",
            fixes=(flatten, use),
            stated=self.in_features,
            dims=str(x),
            got=got,
            all=all,
        )

    @classmethod
    def cases(cls) -> Iterator[Case]:
        # LeNet-5's F6, LeCun et al. 1998: 84 units, 10,164 trainable parameters
        yield Case(cls(out_features=84), vector(120), vector(84), 10_164, 120 * 84)
        yield Case(cls(out_features=32, bias=False), sequence(7, 16), sequence(7, 32), 512, 7 * 16 * 32)
        yield Case(cls(out_features=10), image(20, 4), image(20, 4, 10), 50, 80 * 4 * 10)
        yield Case(cls(out_features=10, in_features=784), image(20, 4), because="320 numbers in all")
        yield Case(cls(out_features=10, in_features=784), vector(320), because="but 320 values arrive")
