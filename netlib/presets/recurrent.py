"""Recurrent networks: 'hello', the name classifier, a text classifier."""

from typing import Any

from netlib.presets.catalogue import Layers, linear, preset_of
from netlib.words import words


def _sequence(dims: list[int], layers: Layers) -> dict[str, Any]:
    return {"input": {"dims": dims}, "layers": layers}


def _tokens(steps: int, layers: Layers) -> dict[str, Any]:
    return {"input": {"dims": [steps], "dtype": "int64"}, "layers": layers}


@preset_of(
    "hello-cell",
    words("hello: RNNCell", "hello:RNNCell"),
    words(
        "One-hot letters, a cell of four units, its state as scores.",
        "独热字母，四个单元的循环单元，状态即分数。",
    ),
)
def hello_cell() -> dict[str, Any]:
    return _sequence([5, 4], [{"kind": "RNNCell", "hidden_size": 4}])


@preset_of(
    "hello-rnn",
    words("hello: RNN", "hello:RNN"),
    words("The same with torch's RNN layer.", "同一任务，使用 torch 的 RNN 层。"),
)
def hello_rnn() -> dict[str, Any]:
    return _sequence([5, 4], [{"kind": "RNN", "hidden_size": 4}])


def _embedded(kind: str) -> dict[str, Any]:
    embedding = {"kind": "Embedding", "num_embeddings": 4, "embedding_dim": 10}
    return _tokens(5, [embedding, {"kind": kind, "hidden_size": 8, "num_layers": 2}, linear(4)])


_EMBEDDED = words(
    "Letters as indices: embedding, two recurrent layers, a linear head.",
    "字母用索引：嵌入、两层循环、线性输出。",
)


@preset_of("hello-embedding", words("hello: Embedding + RNN", "hello：嵌入 + RNN"), _EMBEDDED)
def hello_embedding() -> dict[str, Any]:
    return _embedded("RNN")


@preset_of("hello-lstm", words("hello: Embedding + LSTM", "hello：嵌入 + LSTM"), _EMBEDDED)
def hello_lstm() -> dict[str, Any]:
    return _embedded("LSTM")


@preset_of("hello-gru", words("hello: Embedding + GRU", "hello：嵌入 + GRU"), _EMBEDDED)
def hello_gru() -> dict[str, Any]:
    return _embedded("GRU")


@preset_of(
    "names-gru",
    words("Name classifier (GRU)", "姓名分类器（GRU）"),
    words(
        "A name of 10 letters to 18 languages: embedding, two bidirectional GRU layers.",
        "10 个字母的姓名分到 18 种语言：嵌入、两层双向 GRU。",
    ),
)
def names_gru() -> dict[str, Any]:
    return _tokens(10, [_letters(100), _packed("GRU", 100, num_layers=2), linear(18)])


def _letters(width: int) -> dict[str, Any]:
    """An embedding of ASCII codes, with 0 for padding."""
    return {"kind": "Embedding", "num_embeddings": 128, "embedding_dim": width, "padding_idx": 0}


def _packed(kind: str, hidden: int, **more: Any) -> dict[str, Any]:
    """Bidirectional layers whose last state is each name's own."""
    options = {"bidirectional": True, "returns": "last", "packed": True}
    return {"kind": kind, "hidden_size": hidden, **more, **options}


_NAMES = words(
    "A name of up to 18 letters to 17 languages: embedding, one bidirectional layer, packed.",
    "最多 18 个字母的姓名分到 17 种语言：嵌入、一层双向循环、打包。",
)


@preset_of("names17-gru", words("Names: GRU", "姓名：GRU"), _NAMES)
def names17_gru() -> dict[str, Any]:
    return _tokens(18, [_letters(64), _packed("GRU", 64), linear(17)])


@preset_of("names17-lstm", words("Names: LSTM", "姓名：LSTM"), _NAMES)
def names17_lstm() -> dict[str, Any]:
    return _tokens(18, [_letters(64), _packed("LSTM", 64), linear(17)])


@preset_of("names17-rnn", words("Names: RNN", "姓名：RNN"), _NAMES)
def names17_rnn() -> dict[str, Any]:
    return _tokens(18, [_letters(64), _packed("RNN", 64), linear(17)])


@preset_of(
    "text-lstm",
    words("Text classifier (LSTM)", "文本分类器（LSTM）"),
    words("100 words of a vocabulary of 10,000 to two classes.", "词表 10,000 的 100 个词分为两类。"),
)
def text_lstm() -> dict[str, Any]:
    embedding = {"kind": "Embedding", "num_embeddings": 10_000, "embedding_dim": 100}
    lstm = {"kind": "LSTM", "hidden_size": 128, "returns": "last"}
    return _tokens(100, [embedding, lstm, {"kind": "Dropout"}, linear(2)])
