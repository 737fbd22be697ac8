"""What is worth knowing about a network that fits its data: how images are given, and floors of the loss. No torch."""

from collections.abc import Iterator
from math import exp, log

from netlib import Network, Trace, trace
from netlib.training.data.datasets import DataSet
from netlib.training.data.feeding import Feeding
from netlib.training.data.names import PADDING
from netlib.words import Message, words

_RESIZED = words("The images are resized from {native} to {inner}.", "图像从 {native} 缩放到 {inner}。")
_FRAMED = words(
    "The images are resized from {native} to {inner}, with {margin} empty pixels around ({size}).",
    "图像从 {native} 缩放到 {inner}，四周留 {margin} 个空白像素（{size}）。",
)
_ROWS = words(
    "An image is read row by row: {steps} steps of {features} pixels.",
    "图像逐行读入：{steps} 个时间步，每步 {features} 个像素。",
)
_FLAT = words("An image is given as one vector of {count} pixels.", "图像展平成 {count} 个像素的向量。")
_PADDED = words(
    "{where} reads the zeros after a short text too: its last state is not the text's own. Set packed = true there.",
    "{where} 会把短文本后面的零也读进去，最后的状态不是文本自身的。请在该层设置 packed = true。",
)
_PADDING_ROW = words(
    "{where} gives the zeros after a short text a vector of their own. Set padding_idx = 0 there.",
    "{where} 会给短文本后面的零一个向量。请在该层设置 padding_idx = 0。",
)
_SOFTMAX = words(
    "{where} at the end: the loss takes raw scores and applies softmax itself, so it cannot fall under {floor:.4f}.",
    "末尾的 {where}：损失函数接受原始分数并自带 softmax，因此损失无法低于 {floor:.4f}。",
)
_TANH = words(
    "{where} gives numbers between -1 and 1, so the loss cannot fall under {floor:.4f} a letter; "
    "a Linear after it lifts that.",
    "{where} 的输出在 -1 到 1 之间，因此每个字母的损失无法低于 {floor:.4f}；在其后加 Linear 即可消除。",
)


def notes(network: Network, data: DataSet, way: Feeding) -> Iterator[Message]:
    """Sentences that stop nothing."""
    if data.task == "image":
        native, inner, size = data.dims[1:], way.inner, way.size
        if max(way.margin):
            yield Message(
                _FRAMED,
                native=times(native),
                inner=times(inner),
                margin=_each(way.margin),
                size=times(size),
            )
        elif inner != native:
            yield Message(_RESIZED, native=times(native), inner=times(inner))
        if way.way == "rows":
            yield Message(_ROWS, steps=size[0], features=size[1])
        if way.way == "flat":
            yield Message(_FLAT, count=network.input.numel)
    found = trace(network)
    if data.task == "text":
        yield from _padding(found)
    last = next(
        (s for s in reversed(found.leaves) if s.title not in ("Identity", "Flatten", "Dropout")), None
    )
    if last is None:
        return
    if last.title == "Softmax":
        yield Message(_SOFTMAX, where=found.where(last), floor=log(1 + (data.classes - 1) / exp(1)))
    elif last.title in ("Tanh", "LSTM", "GRU", "LSTMCell", "GRUCell") or (
        last.title in ("RNN", "RNNCell") and getattr(last.block, "nonlinearity", "") == "tanh"
    ):
        yield Message(_TANH, where=found.where(last), floor=log(1 + (data.classes - 1) * exp(-2)))


def _padding(found: Trace) -> Iterator[Message]:
    """What a recurrent layer still lacks to end where each text ends."""
    recurrent = [step for step in found.leaves if hasattr(step.block, "packed")]
    if not recurrent:
        return
    for step in found.leaves:
        if hasattr(step.block, "padding_idx") and getattr(step.block, "padding_idx", None) != PADDING:
            yield Message(_PADDING_ROW, where=found.where(step))
    for step in recurrent:
        if not getattr(step.block, "packed", False):
            yield Message(_PADDED, where=found.where(step))


def times(dims: tuple[int, ...]) -> str:
    """Sizes for people: "28 × 28"."""
    return " × ".join(map(str, dims))


def _each(margin: tuple[int, int]) -> str:
    return str(margin[0]) if margin[0] == margin[1] else times(margin)
