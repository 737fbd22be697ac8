"""Everything the recurrent page shows, as one value: the layer, what it reads, its weights, and where one looks."""

from typing import Literal

from netlib.knob import Choice, Numbers, Switch, Whole, field
from netlib.training.value import Text, Value
from netlib.words import words

Kind = Literal["RNN", "GRU", "LSTM"]
Form = Literal["layer", "cell"]
Curve = Literal["tanh", "relu"]
Letters = Literal["one-hot", "embedding"]
Held = Literal["free", "0", "1"]

MOST_LETTERS = 12
MOST_STEPS = 50
MOST_BATCH = 64
MOST_WIDTH = 128
MOST_LAYERS = 3
MOST_SEED = 9_999
MOST_GAIN = 8


HOLDS = ("free", "0", "1")


class RecurrentState(Value):
    """A recurrent layer, or a cell in a loop, over a word; the word is repeated or cut to the number of steps."""

    kind: Kind = field(Choice(label=words("Kind", "种类"), options=("RNN", "GRU", "LSTM")), "LSTM")
    form: Form = field(Choice(label=words("Form", "形式"), options=("layer", "cell")), "layer")
    nonlinearity: Curve = field(
        Choice(label=words("Nonlinearity", "非线性"), options=("tanh", "relu")), "tanh"
    )
    hidden_size: int = field(Whole(label=words("Hidden size", "隐藏状态大小"), hi=MOST_WIDTH), 8)
    num_layers: int = field(Whole(label=words("Layers", "层数"), hi=MOST_LAYERS), 2)
    bidirectional: bool = field(Switch(label=words("Bidirectional", "双向")), False)
    batch_first: bool = field(Switch(label=words("Batch first", "批量在前")), True)
    bias: bool = field(Switch(label=words("Bias", "偏置")), True)
    word: str = field(Text(label=words("Word", "单词"), least=1, most=MOST_LETTERS), "hello")
    steps: int = field(Whole(label=words("Steps", "步数"), hi=MOST_STEPS), 5)
    batch: int = field(Whole(label=words("Batch", "批量"), hi=MOST_BATCH), 3)
    letters: Letters = field(
        Choice(label=words("Letters as", "字母表示"), options=("one-hot", "embedding")), "one-hot"
    )
    vocabulary: int = field(Whole(label=words("Vocabulary", "词表大小"), hi=MOST_WIDTH), 4)
    """At least; it grows with the word's letters."""
    width: int = field(Whole(label=words("Width", "宽度"), hi=MOST_WIDTH), 10)
    """Of the embedding."""
    seed: int = field(Whole(label=words("Seed", "随机种子"), lo=0, hi=MOST_SEED), 0)
    gain: int = field(Whole(label=words("Weights times", "权重倍数"), hi=MOST_GAIN), 3)
    hold_i: Held = field(Choice(label=words("Hold i", "固定 i"), options=HOLDS), "free")
    hold_f: Held = field(Choice(label=words("Hold f", "固定 f"), options=HOLDS), "free")
    hold_o: Held = field(Choice(label=words("Hold o", "固定 o"), options=HOLDS), "free")
    hold_r: Held = field(Choice(label=words("Hold r", "固定 r"), options=HOLDS), "free")
    hold_z: Held = field(Choice(label=words("Hold z", "固定 z"), options=HOLDS), "free")
    """Gates that are held shut (0) or open (1) to see what they are there for; a kind without one takes no notice."""
    at: tuple[int, ...] = field(
        Numbers(label=words("Looks at", "查看位置"), lo=0, hi=MOST_WIDTH, least=4, most=4), (0, 0, 2, 1)
    )
    """Layer, direction, step, unit."""
