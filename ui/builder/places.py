"""Addresses while lists grow and shrink, and moving a block from one list to another.

A place is a list of blocks and an index in it: ("1.branches.0", 2). An address is a block's path: "1.branches.0.2".
"""

from netlib import Network
from netlib.editing import block_at, inserted, list_at, moved, removed


def joined(where: str, index: int) -> str:
    """The address of the block at a place."""
    return f"{where}.{index}" if where else str(index)


def parted(path: str) -> tuple[str, int]:
    """The place of the block at an address.

    Raises:
        ValueError: for a text that is no address.
    """
    where, _, index = path.rpartition(".")
    return where, int(index)


def shifted(path: str, where: str, index: int, by: int) -> str:
    """The address after the list at `where` has grown (or, negative, shrunk) by so many entries at `index`.

    >>> shifted("1.branches.0.2", "", 0, 1), shifted("0", "", 1, 1)
    ('2.branches.0.2', '0')
    """
    prefix = f"{where}." if where else ""
    if not path.startswith(prefix):
        return path
    head, dot, rest = path[len(prefix) :].partition(".")
    if not head.isdecimal() or int(head) < index:
        return path
    return f"{prefix}{int(head) + by}{dot}{rest}"


def inside(where: str, path: str) -> bool:
    """Whether a list lies inside the block at an address."""
    return where == path or where.startswith(f"{path}.")


def relocated(network: Network, path: str, where: str, index: int) -> tuple[Network, str]:
    """The network with a block moved before the `index`th of the list at `where`, and the block's new address.

    Raises:
        KeyError: when there is no such block or list, or the list lies inside the block.
    """
    block = block_at(network, path)
    if inside(where, path):
        raise KeyError(where)
    index = max(0, min(index, len(list_at(network, where))))
    source, place = parted(path)
    if where == source:
        target = index - 1 if index > place else index
        return moved(network, path, target - place), joined(where, target)
    grown = inserted(network, where, index, block)
    shrunk = removed(grown, shifted(path, where, index, 1))
    return shrunk, joined(shifted(where, source, place + 1, -1), index)
