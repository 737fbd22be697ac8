"""Single changes that may bring a network closer to a data set; `fit` tries them. No torch."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from netlib import Network, trace
from netlib.block import Block, read_block
from netlib.editing import block_at, inserted, list_at, replaced, with_input
from netlib.tensortype import TensorType
from netlib.training.data.datasets import DataSet
from netlib.words import Message, words

WIDTHS = ("out_features", "out_channels", "hidden_size")
"""Fields that say how many numbers a layer gives."""

_TAKE = words("change the input to {dims}", "把输入改为 {dims}")
_TAKE_IDS = words("change the input to {steps} ids", "把输入改为 {steps} 个索引")
_SET = words("set {field} = {value} on {where}", "把 {where} 的 {field} 改为 {value}")
_ADD = words("add {layers} at the end", "在末尾添加 {layers}")
_ADD_TO = words("add {layers} at the end of {where}", "在 {where} 的末尾添加 {layers}")


@dataclass(frozen=True)
class Change:
    """One change: what a button says, and how it is made."""

    label: Message
    apply: Callable[[Network], Network]


def input_changes(network: Network, data: DataSet) -> Iterator[Change]:
    """Inputs that the data can be given to: at the network's size, at their own, at 28 and 32 pixels."""
    if data.task in ("sequence", "text"):
        width = data.vocabulary or data.classes
        ids = Change(
            Message(_TAKE_IDS, steps=data.dims[0]),
            lambda n: with_input(n, dims=list(data.dims), dtype="int64"),
        )
        one_hot = _input([*data.dims, width])
        yield from (
            (ids, one_hot) if network.layers and network.layers[0].kind == "Embedding" else (one_hot, ids)
        )
        return
    channels = data.dims[0]
    given = network.input
    if given.layout == "image":
        yield _input([channels, *given.dims[1:]])
    if given.layout == "sequence" and channels == 1:
        yield _input(list(data.dims[1:]))
    yield _input(list(data.dims))
    for side in (28, 32, 64, 224):
        yield _input([channels, side, side])


def _input(dims: list[int]) -> Change:
    return Change(Message(_TAKE, dims=" × ".join(map(str, dims))), lambda n: with_input(n, dims=dims))


def vocabulary_changes(path: str, where: str, classes: int) -> Iterator[Change]:
    """The Embedding at `path` with a row for every letter."""
    yield _set(path, "num_embeddings", classes, where)


def output_changes(network: Network, data: DataSet, below: str = "") -> Iterator[Change]:
    """Ends that give what the data want; with `below`, of the auxiliary head at that path."""
    found = trace(network)
    taps = [step.path for step in found.steps if step.is_tap and step.path != below]
    leaves = [
        step
        for step in reversed(found.leaves)
        if step.editable
        and _is_inside(step.path, below)
        and not any(_is_inside(step.path, tap) for tap in taps)
    ]
    returns = "sequence" if data.task == "sequence" else "last"
    for step in leaves:
        if getattr(step.block, "returns", returns) != returns:
            yield _set(step.path, "returns", returns, found.where(step))
            break
    end = found.step(f"{below}.branch").output if below else found.output
    where = found.where(found.step(below)) if below else ""
    adds = [_append(below, where, layers) for layers in _ends(end, data)]
    wide = [(step, field) for step in leaves for field in WIDTHS if hasattr(step.block, field)][:1]
    widths = [_set(step.path, field, data.classes, found.where(step)) for step, field in wide]
    if end is None or not _is_laid_out(end, data):  # another width would not make it a vector
        yield from adds
    elif wide and wide[0][0].title == "Linear":  # its width is what people mean by the number of outputs
        yield from widths + adds
    else:
        yield from adds + widths


def _is_inside(path: str, where: str) -> bool:
    return not where or path.startswith(f"{where}.")


def _is_laid_out(end: TensorType, data: DataSet) -> bool:
    """Whether only the number of classes can be wrong with what comes out."""
    if data.task == "sequence":
        return end.layout == "sequence" and end.dims[:1] == data.dims
    return end.layout == "vector"


def _ends(end: TensorType | None, data: DataSet) -> Iterator[list[dict[str, Any]]]:
    """Layers that lead from what comes out to what is wanted."""
    linear = {"kind": "Linear", "out_features": data.classes}
    if end is None:
        return
    if data.task == "sequence":
        if end.layout == "sequence":
            yield [linear]
        steps = data.dims[0]
        flat = [] if end.layout == "vector" else [{"kind": "Flatten"}]
        wide = {"kind": "Linear", "out_features": steps * data.classes}
        yield [*flat, wide, {"kind": "Unflatten", "dim": 1, "unflattened_size": [steps, data.classes]}]
    elif end.layout == "vector":
        yield [linear]
    else:
        yield [{"kind": "Flatten"}, linear]
        if end.layout == "image":
            yield [{"kind": "AdaptiveAvgPool2d", "output_size": 1}, {"kind": "Flatten"}, linear]


def _set(path: str, field: str, value: Any, where: str) -> Change:
    def apply(network: Network) -> Network:
        try:
            return replaced(network, path, block_at(network, path).with_(**{field: value}))
        except (ValidationError, KeyError):
            return network

    return Change(Message(_SET, field=field, value=value, where=where), apply)


def _append(below: str, where: str, specs: list[dict[str, Any]]) -> Change:
    layers = [read_block(spec) for spec in specs]
    named = ", ".join(str(layer) for layer in layers)
    label = Message(_ADD_TO, layers=named, where=where) if below else Message(_ADD, layers=named)
    place = f"{below}.branch" if below else ""
    return Change(label, lambda network: _appended(network, place, layers))


def _appended(network: Network, place: str, layers: list[Block]) -> Network:
    for layer in layers:
        network = inserted(network, place, len(list_at(network, place)), layer)
    return network
