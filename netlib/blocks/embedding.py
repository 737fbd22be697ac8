"""The embedding: a learned vector for each index."""

from collections.abc import Iterator
from typing import Any, ClassVar

from netlib.block import Case, Leaf, Measured
from netlib.errors import Rejected
from netlib.formula import Formula
from netlib.knob import Whole, field
from netlib.nodes import Call, call
from netlib.tensortype import LAYOUT_NAMES, MAX_AXES, Layout, TensorType, sequence, tokens, vector
from netlib.words import Message, words

TABLE = Formula(lambda V, D: V * D, V="V", D="D")

_INDICES = words(
    "Embedding looks up integer indices, but {layout} of floats ({dims}) flows in",
    "Embedding 查找整数索引，但流入的是浮点数的{layout}（{dims}）",
)

_TOO_MANY = words(
    "the output would have {got} dimensions; at most {most} are allowed (without the batch)",
    "输出将有 {got} 个维度；最多 {most} 个（不含批量）",
)


_PADDING = words(
    "padding_idx is an index of the vocabulary, so at most {most}; got {got}",
    "padding_idx 是词表中的索引，最大为 {most}；收到 {got}",
)


class Embedding(
    Leaf,
    kind="Embedding",
    label=words("Embedding", "嵌入层"),
    about=words(
        "Look up a learned vector for every index: (T,) to (T, D).",
        "为每个索引查一个可学习的向量：(T,) 变为 (T, D)。",
    ),
    category="recurrent",
):
    accepts: ClassVar[tuple[Layout, ...]] = ("tokens",)

    num_embeddings: int = field(
        Whole(
            label=words("Vocabulary", "词表大小"),
            help=words("How many different indices exist.", "有多少个不同的索引。"),
            symbol="V",
            hi=1_000_000,
            start=128,
        )
    )
    embedding_dim: int = field(
        Whole(
            label=words("Width", "宽度"),
            help=words("Numbers in each vector.", "每个向量有多少个数。"),
            symbol="D",
            start=32,
        )
    )
    padding_idx: int | None = field(
        Whole(
            label=words("Padding index", "填充索引"),
            help=words(
                "This index stands for padding: its vector is zeros and is never learned. Empty for none.",
                "该索引表示填充：对应的向量为零且不学习。留空则没有。",
            ),
            lo=0,
            hi=999_999,
            optional=True,
            rare=True,
        ),
        None,
    )

    def check(self, x: TensorType) -> None:
        if x.dtype != "int64":
            raise Rejected(_INDICES, layout=Message(LAYOUT_NAMES[x.layout]), dims=str(x))

    def lower(self, x: TensorType) -> Call:
        return call("nn.Embedding", self.num_embeddings, self.embedding_dim, **self.changed("padding_idx"))

    def measure(self, x: TensorType) -> Measured:
        if len(x.dims) >= MAX_AXES:
            raise Rejected(_TOO_MANY, got=len(x.dims) + 1, most=MAX_AXES)
        if self.padding_idx is not None and self.padding_idx >= self.num_embeddings:
            raise Rejected(_PADDING, field="padding_idx", most=self.num_embeddings - 1, got=self.padding_idx)
        return Measured(
            TensorType((*x.dims, self.embedding_dim)),
            params=TABLE(V=self.num_embeddings, D=self.embedding_dim),
            keeps_input=True,
        )

    @classmethod
    def cases(cls) -> Iterator[Case]:
        yield Case(
            cls(num_embeddings=1_000, embedding_dim=16),
            tokens(7),
            sequence(7, 16),
            16_000,
            0,
            by_hand=_one_hot,
        )
        yield Case(cls(num_embeddings=9, embedding_dim=4, padding_idx=0), tokens(7), sequence(7, 4), 36, 0)
        padded = cls(num_embeddings=9, embedding_dim=4, padding_idx=9)
        yield Case(padded, tokens(7), because="at most 8")
        yield Case(cls(num_embeddings=10, embedding_dim=4), vector(5), because="integer indices")
        four = TensorType((2, 2, 2, 2), "int64")
        yield Case(cls(num_embeddings=10, embedding_dim=4), four, because="would have 5 dimensions")


def _one_hot(model: Any, x: Any) -> Any:
    """A look-up is the product of one-hot rows with the weight."""
    from torch.nn.functional import one_hot

    weight = model.get_submodule("0").weight
    return one_hot(x, weight.shape[0]).float() @ weight
