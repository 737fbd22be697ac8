"""The network as a tree of pieces for the diagram, in the order the data meets them.

* {"box": address, "name", "size", "channels", "side", "about"}   a layer that changes the shape or has weights
* {"thin": address, "name"}                                     one that does neither
* {"block": address, "name", "size", "glyph", …}                  a block that is folded, as one box
* {"fork": address, "merge", "lanes": [[…], …], "widths"}         branches and where they join; an empty lane is the identity
* {"tap": address, "lane": […]}                                   an auxiliary head, in training only
"""

from collections.abc import Iterator
from typing import Any

from netlib import Block, Step, TensorType
from netlib.nodes import Call, Fork
from netlib.tracing import Trace
from ui.builder.actions import INPUT
from ui.builder.desk import Desk
from ui.builder.places import joined
from ui.numbers import exact

Piece = dict[str, Any]

NAMES = {
    "convolution": "conv",
    "pooling": "pool",
    "dense": "linear",
    "activation": "",
    "normalisation": "norm",
    "dropout": "dropout",
    "recurrent": "",
    "attention": "attn",
    "reshape": "",
}
"""Short names under the boxes, by category; where it is empty the kind's own name stands there."""


def diagram(desk: Desk) -> list[Piece]:
    """The pieces of a desk's network, the input first."""
    drawing = _Drawing(desk)
    x = desk.network.input
    return [{"box": INPUT, "name": "in", "about": "input", **_sized(x)}, *drawing.all()]


class _Drawing:
    def __init__(self, desk: Desk) -> None:
        self.trace: Trace = desk.trace
        self.folds = desk.folds
        self.layers = desk.network.layers

    def all(self) -> Iterator[Piece]:
        """The network's own layers; those that nothing reaches as pale boxes."""
        for step in self.trace.root.children:
            yield from self._step(step)
        for index in range(len(self.trace.root.children), len(self.layers)):
            yield _pale(joined("", index), self.layers[index])

    def _step(self, step: Step) -> Iterator[Piece]:
        block = step.block
        held = bool(block and block.held())
        folded = (step.path in self.folds) == held
        if step.is_leaf:
            yield _leaf(step)
        elif block and folded:
            yield _block(step)
        elif step.is_tap:
            yield {"tap": step.path, "lane": self._inside(step), **_state(step)}
        elif isinstance(step.node_inside, Fork):
            yield self._fork(step, step.node_inside)
        else:
            for child in step.children:
                yield from self._step(child)

    def _fork(self, step: Step, node: Fork) -> Piece:
        return {
            "fork": step.path,
            "merge": node.merge,
            "lanes": [list(self._lane(child)) for child in step.children],
            "widths": [child.output.channels if child.output else 0 for child in step.children],
            **_state(step),
        }

    def _lane(self, step: Step) -> Iterator[Piece]:
        if step.block or isinstance(step.node_inside, Fork):
            yield from self._step(step)
            return
        for child in step.children:
            yield from self._step(child)

    def _inside(self, step: Step) -> list[Piece]:
        return [piece for child in step.children for piece in self._lane(child)]


def _leaf(step: Step) -> Piece:
    y = step.output
    if y is not None and not step.params and y.dims == step.input.dims:
        return {"thin": step.path, "name": step.title, **_state(step)}
    sized = _sized(y) if y else {"size": "✕", **_boxed(step.input)}
    return {"box": step.path, "name": _name(step.block), **sized, **_state(step)}


def _block(step: Step) -> Piece:
    merges = [inner.node_inside.merge for inner in step if isinstance(inner.node_inside, Fork)]
    y = step.output
    sized = _sized(y) if y else {"size": "✕", **_boxed(step.input)}
    name = _name(step.block)
    return {"block": step.path, "name": name, "glyph": merges[0] if merges else "", **sized, **_state(step)}


def _pale(path: str, block: Block) -> Piece:
    return {
        "box": path,
        "name": _name(block),
        "size": "?",
        "channels": 16,
        "side": None,
        "state": "below",
        "about": "nothing",
    }


def _name(block: Block | None) -> str:
    """A word short enough to stand under a box."""
    if block is None:
        return ""
    name = NAMES.get(block.category, "") or block.kind
    return name if len(name) <= 10 else f"{name[:9]}…"


def _sized(y: TensorType) -> Piece:
    return {"size": _size(y), **_boxed(y)}


def _boxed(y: TensorType) -> Piece:
    return {
        "channels": y.dims[0] if y.layout == "tokens" else y.channels,
        "side": max(y.spatial) if y.spatial else None,
    }


def _size(y: TensorType) -> str:
    """What stands under a box: 24² for a square map, 24×12 for another, the length of a row of numbers."""
    if len(y.spatial) == 2 and y.spatial[0] == y.spatial[1]:
        return f"{y.spatial[0]}²"
    return "×".join(str(size) for size in y.spatial) or "×".join(exact(size) for size in y.dims)


def _state(step: Step) -> Piece:
    if step.problem:
        return {"state": "problem", "about": "problem"}
    if step.output is None:
        return {"state": "broken", "about": "nothing"}
    if isinstance(step.node_inside, Call) or step.is_leaf:
        return {"about": "weight" if step.params else "nothing"}
    return {"about": "weight" if step.params else "output"}
