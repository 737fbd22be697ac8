"""The four nodes that every block lowers to: a deferred call, a chain, a fork, a tap.

The set is closed on purpose. Kinds of block are open (one file each); the interpreters (trace,
build, source, diagram) are closed over these four.
"""

import importlib
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from netlib.tensortype import TensorType

Merge = Literal["add", "concat", "multiply"]


@dataclass(frozen=True)
class Call:
    """A constructor call, not yet called: `make` calls it, `str` prints it.

    What runs and what is exported cannot disagree. `fn` is "nn.Conv2d", or the bare name of a
    class of `netlib.modules`, which exported code carries with it.
    """

    fn: str
    args: tuple[Any, ...] = ()
    kwargs: tuple[tuple[str, Any], ...] = ()

    def make(self) -> Any:
        """The `torch.nn.Module`, freshly initialised; imports torch."""
        name = self.fn.removeprefix("nn.")
        home = importlib.import_module("torch.nn" if self.is_stock else "netlib.modules")
        return getattr(home, name)(*self.args, **dict(self.kwargs))

    @property
    def is_stock(self) -> bool:
        """True for a class that PyTorch ships."""
        return self.fn.startswith("nn.")

    def __str__(self) -> str:
        shown = [repr(a) for a in self.args] + [f"{k}={v!r}" for k, v in self.kwargs]
        return f"{self.fn}({', '.join(shown)})"


@dataclass(frozen=True)
class Chain:
    """Items one after another; the empty chain is the identity."""

    items: "tuple[Item, ...]" = ()


@dataclass(frozen=True)
class Fork:
    """The same input to every branch; `merge` joins what comes out."""

    branches: "tuple[Item, ...]"
    merge: Merge


@dataclass(frozen=True)
class Tap:
    """The input passes unchanged; the branch's output is an auxiliary output while training."""

    branch: "Item"


class Lowers(Protocol):
    """What a block looks like from here."""

    def lower(self, x: TensorType) -> "Node": ...

    def __hash__(self) -> int: ...


Node = Call | Chain | Fork | Tap
Item = Lowers | Node


def call(fn: str, *args: Any, **kwargs: Any) -> Call:
    """A `Call` with its keyword arguments in the order given."""
    return Call(fn, args, tuple(kwargs.items()))


def chain(*items: Item) -> Chain:
    """A `Chain` of the items."""
    return Chain(items)


def fork(*branches: Item, merge: Merge) -> Fork:
    """A `Fork` over the branches."""
    return Fork(branches, merge)
