"""Self-attention over a sequence."""

from collections.abc import Iterator
from typing import Any, ClassVar

from netlib.block import Case, Leaf, Measured, Repair
from netlib.errors import Rejected
from netlib.formula import Formula
from netlib.knob import Real, Switch, Whole, field
from netlib.nodes import Call, call
from netlib.stated import stated
from netlib.tensortype import Layout, TensorType, sequence, vector
from netlib.words import Message, words

WEIGHTS = Formula(lambda E: 4 * E * E, E="E")
WEIGHTS_AND_BIAS = Formula(lambda E: 4 * E * E + 4 * E, E="E")
MACS = Formula(lambda T, E: 4 * T * E * E + 2 * T * T * E, T="T", E="E")

_HEADS = words(
    "num_heads must divide the width: {width} features are not divisible by {heads} heads",
    "num_heads 必须整除宽度：{width} 个特征不能被 {heads} 个头整除",
)
_WIDTH = words(
    "embed_dim is {stated}, but every step of {dims} has {got} features",
    "embed_dim 为 {stated}，但 {dims} 的每一步有 {got} 个特征",
)
_SET = words("set {field} = {value}", "设 {field} = {value}")
_USE = words("use embed_dim = {got}", "改用 embed_dim = {got}")


class MultiheadAttention(
    Leaf,
    kind="MultiheadAttention",
    label=words("Multi-head attention", "多头注意力"),
    about=words(
        "Every step looks at every step (self-attention): (T, E) to (T, E).",
        "每一步看所有步（自注意力）：(T, E) 变为 (T, E)。",
    ),
    category="attention",
):
    accepts: ClassVar[tuple[Layout, ...]] = ("sequence",)

    embed_dim: int | None = stated(words("Width", "宽度"))
    num_heads: int = field(
        Whole(
            label=words("Heads", "头数"),
            help=words(
                "Separate subspaces that attend on their own; must divide the width.",
                "各自做注意力的子空间数；必须整除宽度。",
            ),
            symbol="h",
            start=4,
        )
    )
    dropout: float = field(
        Real(
            label=words("Dropout", "随机失活"),
            help=words("Share of attention weights zeroed while training.", "训练时被置零的注意力权重比例。"),
            rare=True,
        ),
        0.0,
    )
    bias: bool = field(
        Switch(
            label=words("Bias", "偏置"),
            help=words("Learned offsets in all four projections.", "四个投影都带可学习的偏移。"),
            rare=True,
        ),
        True,
    )

    def lower(self, x: TensorType) -> Call:
        return call("SelfAttention", x.dims[-1], self.num_heads, **self.changed("dropout", "bias"))

    def measure(self, x: TensorType) -> Measured:
        steps, width = x.dims
        if self.embed_dim is not None and self.embed_dim != width:
            raise Rejected(
                _WIDTH,
                field="embed_dim",
                fixes=(Repair(Message(_USE, got=width), changes=(("embed_dim", None),)),),
                stated=self.embed_dim,
                dims=str(x),
                got=width,
            )
        if width % self.num_heads:
            fit = max(h for h in range(1, min(self.num_heads, width) + 1) if width % h == 0)
            raise Rejected(
                _HEADS,
                field="num_heads",
                fixes=(Repair(Message(_SET, field="num_heads", value=fit), changes=(("num_heads", fit),)),),
                width=width,
                heads=self.num_heads,
            )
        return Measured(
            x,
            params=(WEIGHTS_AND_BIAS if self.bias else WEIGHTS)(E=width),
            macs=MACS(T=steps, E=width),
            moves="whole",
            keeps_input=True,
            keeps_bytes=4 * 4 * steps * width,
            at_least=True,
        )

    @classmethod
    def cases(cls) -> Iterator[Case]:
        # Vaswani et al. 2017: four E × E projections; attention adds 2 T² E multiply-accumulates
        yield Case(
            cls(num_heads=4),
            sequence(5, 16),
            sequence(5, 16),
            4 * 256 + 64,
            4 * 5 * 256 + 2 * 25 * 16,
            by_hand=_by_hand,
        )
        yield Case(cls(num_heads=5), sequence(5, 16), because="not divisible by 5 heads")
        yield Case(cls(num_heads=4), vector(16), because="takes a sequence")


def _by_hand(model: Any, x: Any) -> Any:
    """Scaled dot products head by head, as equation 1 of the paper writes them."""
    attention = model.get_submodule("0").attention
    heads, width = attention.num_heads, x.shape[-1]
    q, k, v = (x @ attention.in_proj_weight.T + attention.in_proj_bias).chunk(3, dim=-1)
    outs = []
    for part in range(heads):
        cut = slice(part * width // heads, (part + 1) * width // heads)
        scores = (q[..., cut] @ k[..., cut].transpose(1, 2)) / (width // heads) ** 0.5
        outs.append(scores.softmax(-1) @ v[..., cut])
    from torch import cat

    return attention.out_proj(cat(outs, dim=-1))
