"""Edits of a network: each takes the network and an address and gives a new network.

The address is a step's path ("2", "1.branches.0.2"): the same that names a table row, a diagram
box and a module. Only blocks that a person has put somewhere can be edited; the layers that a
block is made of inside cannot.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from netlib.block import Block, Repair
from netlib.network import Network
from netlib.words import Message

Blocks = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Fix:
    """A repair at an address, as a page offers it: a label, and the network it leads to."""

    path: str
    repair: Repair

    @property
    def label(self) -> Message:
        """What the button says."""
        return self.repair.label

    def apply(self, network: Network) -> Network:
        """The network with the repair done.

        Raises:
            KeyError: when the network has no block at the address.
        """
        changes = dict(self.repair.changes)

        def mend(blocks: Blocks, i: int) -> Blocks:
            block = blocks[i].with_(**changes) if changes else blocks[i]
            return (*blocks[:i], *self.repair.before, block, *blocks[i + 1 :])

        return _edited(network, self.path, mend)


def block_at(network: Network, path: str) -> Block:
    """The block at an address.

    Raises:
        KeyError: when there is none.
    """
    where, index = _split(path)
    blocks = list_at(network, where)
    if not 0 <= index < len(blocks):
        raise KeyError(path)
    return blocks[index]


def list_at(network: Network, where: str) -> Blocks:
    """The list of blocks at an address: "" for the network's own, "1.branches.0" for a branch.

    Raises:
        KeyError: when there is none.
    """
    blocks = network.layers
    rest = where.split(".") if where else []
    while rest:
        index, rest = _index(rest[0]), rest[1:]
        if not 0 <= index < len(blocks):
            raise KeyError(where)
        key, rest = _list_key(blocks[index], rest, where)
        blocks = blocks[index].held()[key]
    return blocks


def replaced(network: Network, path: str, block: Block) -> Network:
    """The network with `block` in the place of the one at `path`."""
    return _edited(network, path, lambda blocks, i: (*blocks[:i], block, *blocks[i + 1 :]))


def removed(network: Network, path: str) -> Network:
    """The network without the block at `path`."""
    return _edited(network, path, lambda blocks, i: (*blocks[:i], *blocks[i + 1 :]))


def duplicated(network: Network, path: str) -> Network:
    """The network with the block at `path` twice in a row."""
    return _edited(network, path, lambda blocks, i: (*blocks[: i + 1], blocks[i], *blocks[i + 1 :]))


def inserted(network: Network, where: str, index: int, block: Block) -> Network:
    """The network with `block` at `index` of the list at `where`."""
    blocks = list_at(network, where)
    index = max(0, min(index, len(blocks)))
    return _with_list(network, where, (*blocks[:index], block, *blocks[index:]))


def moved(network: Network, path: str, by: int) -> Network:
    """The network with the block at `path` moved `by` places within its list, as far as the list goes."""

    def shift(blocks: Blocks, i: int) -> Blocks:
        rest = [*blocks[:i], *blocks[i + 1 :]]
        rest.insert(max(0, min(i + by, len(rest))), blocks[i])
        return tuple(rest)

    return _edited(network, path, shift)


def with_input(network: Network, **changes: Any) -> Network:
    """The network with changes to its input ("dims", "dtype", "layout").

    Raises:
        pydantic.ValidationError: when the input is out of bounds.
    """
    return Network.model_validate(
        {"input": {"dims": network.input.dims, **changes}, "layers": network.layers}
    )


def _edited(network: Network, path: str, edit: Callable[[Blocks, int], Blocks]) -> Network:
    where, index = _split(path)
    blocks = list_at(network, where)
    if not 0 <= index < len(blocks):
        raise KeyError(path)
    return _with_list(network, where, edit(blocks, index))


def _with_list(network: Network, where: str, blocks: Blocks) -> Network:
    layers = _rebuilt(network.layers, where.split(".") if where else [], blocks, where)
    return Network.model_validate({"input": network.input, "layers": layers})


def _rebuilt(blocks: Blocks, rest: list[str], new: Blocks, where: str) -> Blocks:
    if not rest:
        return new
    index = _index(rest[0])
    if not 0 <= index < len(blocks):
        raise KeyError(where)
    block = blocks[index]
    key, rest = _list_key(block, rest[1:], where)
    inner = _rebuilt(block.held()[key], rest, new, where)
    return (*blocks[:index], block.holding(key, inner), *blocks[index + 1 :])


def _list_key(block: Block, rest: list[str], where: str) -> tuple[str, list[str]]:
    """Which of the block's lists an address goes on in, and what is left of the address."""
    for key in sorted(block.held(), key=len, reverse=True):
        parts = key.split(".") if key else []
        if rest[: len(parts)] == parts:
            return key, rest[len(parts) :]
    raise KeyError(where)


def _split(path: str) -> tuple[str, int]:
    where, _, last = path.rpartition(".")
    return where, _index(last)


def _index(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise KeyError(text)
    return int(text)
