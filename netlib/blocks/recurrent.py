"""Recurrent layers and cells over a sequence.

Every leaf returns one tensor: all steps (T, D·H), or the last state (D·H,). Weights per layer
and direction: gates × (H × inputs + H × H) and two bias vectors of gates × H each (torch.nn.RNN).
"""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from netlib.block import Case, Leaf, Measured, Repair
from netlib.errors import Rejected
from netlib.formula import Formula, Quantity
from netlib.knob import Choice, Real, Switch, Whole, field
from netlib.nodes import Call, call
from netlib.stated import stated
from netlib.tensortype import Layout, TensorType, sequence, vector
from netlib.words import Message, words

Returns = Literal["sequence", "last"]

CELL_PARAMS = Formula(lambda G, H, I: G * (H * (I + H) + 2 * H), G="gates", H="H", I="I")
CELL_PARAMS_BARE = Formula(lambda G, H, I: G * H * (I + H), G="gates", H="H", I="I")
CELL_MACS = Formula(lambda T, G, H, I: T * G * H * (I + H), T="T", G="gates", H="H", I="I")


def _stack(G: Any, H: Any, R: Any, I: Any, D: Any, L: int, bias: bool, proj: bool) -> Any:
    """Parameters of L layers in D directions: R is what a direction hands on (H, or the projection)."""

    def direction(inputs: Any) -> Any:
        weights = G * H * (inputs + R)
        if bias:
            weights = weights + 2 * G * H
        return weights + R * H if proj else weights

    first = D * direction(I)
    if L == 1:
        return first
    rest = D * direction(D * R)
    return first + rest if L == 2 else first + (L - 1) * rest


def _stack_formula(L: int, bias: bool, proj: bool) -> Formula:
    if proj:
        return Formula(
            lambda G, H, R, I, D: _stack(G, H, R, I, D, L, bias, True),
            G="gates",
            H="H",
            R="proj",
            I="I",
            D="D",
        )
    return Formula(lambda G, H, I, D: _stack(G, H, H, I, D, L, bias, False), G="gates", H="H", I="I", D="D")


def _macs_formula(L: int, proj: bool) -> Formula:
    if proj:
        return Formula(
            lambda T, G, H, R, I, D: T * _stack(G, H, R, I, D, L, False, True),
            T="T",
            G="gates",
            H="H",
            R="proj",
            I="I",
            D="D",
        )
    return Formula(
        lambda T, G, H, I, D: T * _stack(G, H, H, I, D, L, False, False),
        T="T",
        G="gates",
        H="H",
        I="I",
        D="D",
    )


_INPUT = words(
    "input_size is {stated}, but every step of {dims} has {got} features",
    "input_size 为 {stated}，但 {dims} 的每一步有 {got} 个特征",
)
_USE = words("use input_size = {got}", "改用 input_size = {got}")
_PROJ = words(
    "proj_size must be smaller than hidden_size {hidden}, got {got}",
    "proj_size 必须小于 hidden_size {hidden}，收到 {got}",
)
_DROPOUT = words(
    "dropout acts between layers only; with num_layers = 1 it does nothing",
    "dropout 只作用于层与层之间；num_layers = 1 时不起作用",
)


_PACKED = words(
    "counted for a sequence without padding; steps of zeros at the end cost nothing",
    "按没有填充的序列计算；末尾全为零的时间步没有开销",
)


class _OverTime(Leaf):
    """What layers and cells share."""

    accepts: ClassVar[tuple[Layout, ...]] = ("sequence",)
    gates: ClassVar[int] = 1

    input_size: int | None = stated(words("Input features", "输入特征数"))
    hidden_size: int = field(
        Whole(
            label=words("Hidden size", "隐藏状态大小"),
            help=words("How many numbers the state holds.", "隐藏状态有多少个数。"),
            symbol="H",
            start=32,
        )
    )

    def _check_input(self, x: TensorType) -> None:
        got = x.dims[-1]
        if self.input_size is not None and self.input_size != got:
            raise Rejected(
                _INPUT,
                field="input_size",
                fixes=(Repair(Message(_USE, got=got), changes=(("input_size", None),)),),
                stated=self.input_size,
                dims=str(x),
                got=got,
            )


def _returns() -> Any:
    return field(
        Choice(
            label=words("Returns", "返回"),
            help=words(
                "All time steps of the top layer, or the last state only.",
                "顶层的所有时间步，或只有最后的状态。",
            ),
            options=("sequence", "last"),
        ),
        "sequence",
    )


def _bias() -> Any:
    return field(
        Switch(
            label=words("Bias", "偏置"),
            help=words(
                "Two learned offsets a gate, as PyTorch keeps them.",
                "每个门两个可学习的偏移，与 PyTorch 一致。",
            ),
            rare=True,
        ),
        True,
    )


def _nonlinearity() -> Any:
    return field(
        Choice(
            label=words("Nonlinearity", "非线性"),
            help=words("The curve that makes the new state.", "产生新状态的曲线。"),
            options=("tanh", "relu"),
            rare=True,
        ),
        "tanh",
    )


class _Layer(_OverTime):
    """A stack of recurrent layers: (T, F) to (T, D·H), or (D·H,)."""

    num_layers: int = field(
        Whole(
            label=words("Layers", "层数"),
            help=words("Recurrent layers stacked on one another.", "上下叠放的循环层数。"),
            symbol="L",
            hi=64,
        ),
        1,
    )
    bidirectional: bool = field(
        Switch(
            label=words("Bidirectional", "双向"),
            help=words("A second lane reads the sequence from its end.", "另一条通路从末尾开始读序列。"),
        ),
        False,
    )
    returns: Returns = _returns()
    packed: bool = field(
        Switch(
            label=words("Packed", "打包"),
            help=words(
                "Steps of zeros at the end are padding: they are left out, and the last state is that of "
                "each sequence's own end.",
                "末尾全为零的时间步视为填充：不参与计算，最后的状态取自每个序列自己的末尾。",
            ),
            rare=True,
        ),
        False,
    )
    bias: bool = _bias()
    dropout: float = field(
        Real(
            label=words("Dropout", "随机失活"),
            help=words(
                "Share of outputs zeroed between layers while training.", "训练时层间被置零的输出比例。"
            ),
            rare=True,
        ),
        0.0,
    )

    def _projection(self) -> int:
        return 0

    def lower(self, x: TensorType) -> Call:
        names = ("num_layers", "bidirectional", "bias", "dropout", "nonlinearity", "proj_size")
        more = self.changed(*(n for n in names if n in type(self).model_fields))
        module = "PackedRecurrent" if self.packed else "Recurrent"
        return call(module, self.kind, x.dims[-1], self.hidden_size, **self.changed("returns"), **more)

    def measure(self, x: TensorType) -> Measured:
        self._check_input(x)
        steps, features = x.dims
        D, R = (2 if self.bidirectional else 1), self._projection()
        numbers: dict[str, int] = {"G": self.gates, "H": self.hidden_size, "I": features, "D": D}
        if R:
            numbers["R"] = R
        out = D * (R or self.hidden_size)
        said = ((_DROPOUT, self.dropout and self.num_layers == 1), (_PACKED, self.packed))
        notes = tuple(Message(note) for note, holds in said if holds)
        return Measured(
            vector(out) if self.returns == "last" else sequence(steps, out),
            params=_stack_formula(self.num_layers, self.bias, bool(R))(**numbers),
            macs=_macs_formula(self.num_layers, bool(R))(T=steps, **numbers),
            moves="whole",
            keeps_input=True,
            keeps_bytes=4 * steps * D * self.num_layers * self.hidden_size * self.gates,
            at_least=True,
            notes=notes,
        )


class RNN(
    _Layer,
    kind="RNN",
    label=words("RNN", "循环层（RNN）"),
    about=words("Read a sequence step by step and keep a state.", "逐步读序列并保持一个状态。"),
    category="recurrent",
):
    nonlinearity: Literal["tanh", "relu"] = _nonlinearity()

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(hidden_size=4), sequence(5, 4), sequence(5, 4), 4 * 4 + 4 * 4 + 4 + 4, 5 * 32)
        yield Case(cls(hidden_size=2, num_layers=2), sequence(3, 4), sequence(3, 2), 16 + 12, 3 * 12 + 3 * 8)
        yield Case(
            cls(hidden_size=4, nonlinearity="relu", bias=False), sequence(5, 4), sequence(5, 4), 32, 160
        )
        yield Case(cls(hidden_size=4), vector(9), because="RNN takes a sequence")
        yield Case(cls(hidden_size=8, input_size=8), sequence(5, 9), because="input_size is 8")


class LSTM(
    _Layer,
    kind="LSTM",
    label=words("LSTM", "长短期记忆网络（LSTM）"),
    about=words("An RNN with a cell state and three gates.", "带细胞状态和三个门的循环层。"),
    category="recurrent",
):
    gates: ClassVar[int] = 4
    proj_size: int = field(
        Whole(
            label=words("Projection", "投影大小"),
            help=words(
                "Shrink the state to this many numbers; 0 leaves it.",
                "把状态压缩到这么多个数；0 表示不压缩。",
            ),
            lo=0,
            rare=True,
        ),
        0,
    )

    def _projection(self) -> int:
        if self.proj_size >= self.hidden_size:
            raise Rejected(_PROJ, field="proj_size", hidden=self.hidden_size, got=self.proj_size)
        return self.proj_size

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(hidden_size=2), sequence(3, 4), sequence(3, 2), 4 * (2 * 4 + 2 * 2 + 4), 144)
        yield Case(
            cls(hidden_size=20, num_layers=2, bidirectional=True),
            sequence(7, 10),
            sequence(7, 40),
            15_040,
            302_400 // 3,
        )
        yield Case(
            cls(hidden_size=8, num_layers=2, bidirectional=True, returns="last"),
            sequence(7, 16),
            vector(16),
            2 * 4 * (16 * 8 + 64 + 16) + 2 * 4 * (16 * 8 + 64 + 16),
            7 * 2 * 4 * 2 * (16 * 8 + 64),
            by_hand=_both_ends,
        )
        # torch.nn.LSTM's own example of a projection: 4·20·(10 + 5) + 2·80 + 5·20 = 1,460 in the first layer
        yield Case(
            cls(hidden_size=20, proj_size=5), sequence(7, 10), sequence(7, 5), 1_460, 7 * (80 * 15 + 100)
        )
        yield Case(cls(hidden_size=4, proj_size=4), sequence(5, 4), because="smaller than hidden_size")


class GRU(
    _Layer,
    kind="GRU",
    label=words("GRU", "门控循环单元（GRU）"),
    about=words("An RNN with a reset and an update gate.", "带重置门和更新门的循环层。"),
    category="recurrent",
):
    gates: ClassVar[int] = 3

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(hidden_size=2), sequence(3, 4), sequence(3, 2), 3 * (2 * 4 + 2 * 2 + 4), 108)
        # the lecture's name classifier: two bidirectional layers of 100
        yield Case(
            cls(hidden_size=100, num_layers=2, bidirectional=True, returns="last"),
            sequence(10, 100),
            vector(200),
            302_400,
            10 * 2 * 3 * 100 * (200 + 300),
        )
        yield Case(
            cls(hidden_size=4, bidirectional=True, returns="last", packed=True),
            sequence(5, 3),
            vector(8),
            2 * 3 * (4 * 3 + 4 * 4 + 8),
            5 * 2 * 3 * 4 * (3 + 4),
            by_hand=_one_by_one,
        )
        yield Case(
            cls(hidden_size=4, packed=True), sequence(5, 3), sequence(5, 4), 3 * (12 + 16 + 8), 5 * 3 * 28
        )


def _both_ends(model: Any, x: Any) -> Any:
    """The forward lane ends at the last step, the backward lane at the first."""
    from torch import cat

    steps, _ = model.get_submodule("0").rnn(x)
    half = steps.shape[-1] // 2
    return cat([steps[:, -1, :half], steps[:, 0, half:]], dim=1)


def _one_by_one(model: Any, x: Any) -> Any:
    """Without padding, packing changes nothing: each sequence alone through PyTorch's own layer."""
    from torch import cat, stack

    rnn = model.get_submodule("0").rnn
    ends = [rnn(sequence[None])[1] for sequence in x]
    return stack([cat([end[0, 0], end[1, 0]]) for end in ends])


class _Cell(_OverTime):
    """One cell, run over the steps of a sequence in a loop; a vector counts as one step."""

    accepts: ClassVar[tuple[Layout, ...]] = ("sequence", "vector")

    returns: Returns = _returns()
    bias: bool = _bias()

    def lower(self, x: TensorType) -> Call:
        names = ("bias", "nonlinearity")
        more = self.changed(*(n for n in names if n in type(self).model_fields))
        return call(
            "RecurrentCell", self.kind, x.dims[-1], self.hidden_size, **self.changed("returns"), **more
        )

    def measure(self, x: TensorType) -> Measured:
        self._check_input(x)
        steps = x.dims[0] if x.layout == "sequence" else 1
        numbers = {"G": self.gates, "H": self.hidden_size, "I": x.dims[-1]}
        params: Quantity = (CELL_PARAMS if self.bias else CELL_PARAMS_BARE)(**numbers)
        all_steps = self.returns == "sequence" and x.layout == "sequence"
        return Measured(
            sequence(steps, self.hidden_size) if all_steps else vector(self.hidden_size),
            params=params,
            macs=CELL_MACS(T=steps, **numbers),
            moves="whole",
            keeps_input=True,
            keeps_bytes=4 * steps * self.hidden_size,
            at_least=True,
        )


class RNNCell(
    _Cell,
    kind="RNNCell",
    label=words("RNN cell", "RNN 单元"),
    about=words("One RNN cell, run over the sequence in a loop.", "单个 RNN 单元，沿序列循环执行。"),
    category="recurrent",
):
    nonlinearity: Literal["tanh", "relu"] = _nonlinearity()

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(hidden_size=2), vector(4), vector(2), 16, 12)
        yield Case(cls(hidden_size=4), sequence(5, 4), sequence(5, 4), 40, 160, by_hand=_by_module("RNN"))


class LSTMCell(
    _Cell,
    kind="LSTMCell",
    label=words("LSTM cell", "LSTM 单元"),
    about=words("One LSTM cell, run over the sequence in a loop.", "单个 LSTM 单元，沿序列循环执行。"),
    category="recurrent",
):
    gates: ClassVar[int] = 4

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(hidden_size=2), vector(4), vector(2), 64, 48)
        yield Case(cls(hidden_size=4, returns="last"), sequence(5, 4), vector(4), 160, 640)
        yield Case(cls(hidden_size=4), sequence(5, 4), sequence(5, 4), 160, 640, by_hand=_by_module("LSTM"))


class GRUCell(
    _Cell,
    kind="GRUCell",
    label=words("GRU cell", "GRU 单元"),
    about=words("One GRU cell, run over the sequence in a loop.", "单个 GRU 单元，沿序列循环执行。"),
    category="recurrent",
):
    gates: ClassVar[int] = 3

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(cls(hidden_size=2), vector(4), vector(2), 48, 36)
        yield Case(cls(hidden_size=4), sequence(5, 4), sequence(5, 4), 120, 480, by_hand=_by_module("GRU"))


def _by_module(kind: str) -> Any:
    """The looped cell must equal PyTorch's own layer with the same weights."""

    def compute(model: Any, x: Any) -> Any:
        from torch import nn

        cell = model.get_submodule("0").cell
        layer = getattr(nn, kind)(cell.input_size, cell.hidden_size, batch_first=True)
        layer.load_state_dict({f"{name}_l0": value for name, value in cell.state_dict().items()})
        return layer(x)[0]

    return compute
