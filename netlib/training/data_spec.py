"""Which data a run learns from, as a value."""

from typing import Self

from pydantic import model_validator

from netlib.block import refusal
from netlib.knob import Real, Whole, brief, field
from netlib.training.value import Text, Value
from netlib.words import Message, words

_LENGTHS = words(
    "the source and the target must be of one length, got {source} and {target} letters",
    "源词与目标词的长度必须相同，收到 {source} 和 {target} 个字母",
)
_ONE_LETTER = words(
    "the words must have at least two different letters, got {got} only: there is nothing to tell apart",
    "两个词至少要有两种不同的字母，只收到 {got}：没有可区分的内容",
)
LONGEST_WORD = 64
WORD = "hello"
"""The toy text task: its data are the one pair of words of the spec."""


class DataSpec(Value):
    """Which data set, and how it is divided; `source` and `target` are the words of the toy text task."""

    name: str = field(
        Text(
            label=words("Data", "数据"),
            help=words("What the network learns from.", "网络从什么数据中学习。"),
            most=40,
        ),
        "digits",
    )
    validation: float = field(
        Real(
            label=words("Validation share", "验证集比例"),
            help=words(
                "Share of the samples kept for validation, where the data have no test set of their own.",
                "在数据没有自带测试集时，留作验证的样本比例。",
            ),
            lo=0.05,
            hi=0.5,
        ),
        0.2,
    )
    split_seed: int = field(
        Whole(
            label=words("Split seed", "划分种子"),
            help=words(
                "Which samples are kept for validation; apart from the run's seed, so that runs can be compared.",
                "决定哪些样本留作验证；与训练种子分开，便于比较不同的训练。",
            ),
            lo=0,
            hi=2**31 - 1,
        ),
        0,
    )
    train_samples: int | None = field(
        Whole(
            label=words("Training samples", "训练样本数"),
            help=words(
                "Use only so many of the training samples; empty for all.",
                "只使用这么多训练样本；留空则全部使用。",
            ),
            lo=1,
            hi=10_000_000,
            optional=True,
        ),
        None,
    )
    source: str = field(
        Text(
            label=words("Source word", "源词"),
            help=words("The letters the network reads.", "网络读入的字母。"),
            most=LONGEST_WORD,
        ),
        "hello",
    )
    target: str = field(
        Text(
            label=words("Target word", "目标词"),
            help=words(
                "The letter to be said at each step; as long as the source.",
                "每一步要输出的字母；长度与源词相同。",
            ),
            most=LONGEST_WORD,
        ),
        "ohlol",
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len(self.source) != len(self.target):
            raise refusal(Message(_LENGTHS, source=len(self.source), target=len(self.target)))
        if len(self.alphabet) < 2:
            raise refusal(Message(_ONE_LETTER, got=brief(self.alphabet)))
        return self

    @staticmethod
    def next_letters(source: str) -> str:
        """The target that teaches the letter after each, "elloh" for "hello": after the last comes the first again."""
        return source[1:] + source[:1]

    @property
    def is_word(self) -> bool:
        """Whether the data are the one pair of words, which is every batch."""
        return self.name == WORD

    @property
    def alphabet(self) -> str:
        """The letters of both words in order: "ehlo" for hello -> ohlol."""
        return "".join(sorted(set(self.source + self.target)))
