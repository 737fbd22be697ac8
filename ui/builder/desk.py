"""The desk: what a session keeps of the builder, as a frozen value.

The network is one JSON text, shared with the other pages under `net`. What lies around it (undo, redo, the kept
network, what is open and folded) goes into the session as one mapping of texts and small numbers, so that a session
stays small and survives a change of the program.
"""

import functools
import secrets
import zlib
from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from typing import Any, Self

from netlib import BadLink, Message, Network, TooBig, Trace, trace
from netlib.network import MAX_TEXT
from netlib.training.sentence import from_data, to_data
from netlib.words import words

NET = "net"
DESK = "builder"
MOST_STEPS = 100
MOST_BYTES = 40 * 1024
"""What undo and redo may take together, packed: about two hundred edits of a small network."""
ROWS = 240
"""Rows that are drawn at first; the person can ask for more."""

FALLBACK = '{"input":{"dims":[1,28,28]},"layers":[]}'

_TOO_LONG = words(
    "the network would take {got:,} bytes as text; at most {most:,} are allowed (a limit of this app)",
    "网络写成文本将有 {got:,} 字节；最多 {most:,} 字节（本应用的上限）",
)


@dataclass(frozen=True)
class Desk:
    """What lies on a person's desk.

    Attributes:
        net: the network as JSON text.
        undo, redo: packed texts, the newest last.
        kept: the network to compare with, as text.
        open: the path of the open row; "input" for the input's, None for none.
        focus: the field of the open row that a repair has just changed.
        folds: the rows that are not folded or unfolded as usual.
        rows: how many rows are drawn.
        note: a sentence for the person, until the next action.
        held: the field under a slider that is being dragged, as "path field"; one drag is one step of undo.
        done: the number of the last action that was done.
        token: tells this desk from that of another session, whose last actions a browser may send once more.
        link: the link last written to the address.
    """

    net: str
    undo: tuple[bytes, ...] = ()
    redo: tuple[bytes, ...] = ()
    kept: str | None = None
    open: str | None = None
    focus: str | None = None
    folds: frozenset[str] = frozenset()
    rows: int = ROWS
    note: Message | None = None
    held: str | None = None
    done: int = 0
    token: str = ""
    link: str | None = None

    @property
    def network(self) -> Network:
        """The network on the desk."""
        return network_of(self.net)

    @property
    def trace(self) -> Trace:
        """The network, traced."""
        return traced(self.net)

    def changed(self, network: Network, *, held: str | None = None, **more: Any) -> Self:
        """The desk with another network; the one before can be undone.

        Args:
            network: the new one.
            held: the field being dragged; further changes of it replace this one instead of adding to undo.
            more: other attributes to set.

        Raises:
            TooBig: when the network is too long to be kept as text.
        """
        text = network.to_json()
        if (size := len(text.encode())) > MAX_TEXT:
            raise TooBig(_TOO_LONG, got=size, most=MAX_TEXT)
        if text == self.net:
            return replace(self, held=held, **more)
        undo = self.undo if held and held == self.held else bounded((*self.undo, packed(self.net)))
        return replace(self, net=text, undo=undo, redo=(), held=held, **more)

    def with_(self, **attributes: Any) -> Self:
        """The desk with other attributes."""
        return replace(self, **attributes)

    def undone(self) -> Self:
        """The desk one step back; the same where there is none."""
        if not self.undo:
            return self
        redo = bounded((*self.redo, packed(self.net)))
        return replace(self, net=unpacked(self.undo[-1]), undo=self.undo[:-1], redo=redo, held=None)

    def redone(self) -> Self:
        """The desk one step forward again; the same where there is none."""
        if not self.redo:
            return self
        undo = bounded((*self.undo, packed(self.net)))
        return replace(self, net=unpacked(self.redo[-1]), undo=undo, redo=self.redo[:-1], held=None)

    def linked(self) -> str | None:
        """The network's link; None when it is too long for one."""
        try:
            return self.network.to_link()
        except TooBig:
            return None


def packed(text: str) -> bytes:
    """A text as it is kept for undo."""
    return zlib.compress(text.encode(), 6)


def unpacked(kept: bytes) -> str:
    """The text behind `packed`; only for what this session has packed itself."""
    return zlib.decompress(kept).decode()


def bounded(steps: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """The newest steps, as many as a session may keep; always at least one."""
    size = 0
    for count, step in enumerate(reversed(steps)):
        size += len(step)
        if count and (count == MOST_STEPS or size > MOST_BYTES // 2):
            return steps[len(steps) - count :]
    return steps


@functools.lru_cache(maxsize=256)
def network_of(text: str) -> Network:
    """The network behind a text that this app has written.

    Raises:
        BadLink: for any other text that holds none.
    """
    return Network.from_json(text)


@functools.lru_cache(maxsize=64)
def traced(text: str) -> Trace:
    """The network behind a text, traced."""
    return trace(network_of(text))


def load(session: MutableMapping[Any, Any], default: str = FALLBACK) -> Desk:
    """The session's desk; a fresh one with the default network where there is none that can be read."""
    net = session.get(NET)
    if not isinstance(net, str) or not _readable(net):
        net = default
    around = session.get(DESK)
    if not isinstance(around, dict):
        return Desk(net, token=secrets.token_hex(4))
    known = {name: value for name, value in around.items() if name in Desk.__dataclass_fields__}
    note = from_data(known.pop("note", None))
    folds = frozenset(known.pop("folds", ()))
    undo, redo = tuple(known.pop("undo", ())), tuple(known.pop("redo", ()))
    return Desk(net=net, note=note, folds=folds, undo=undo, redo=redo, **known)


def save(session: MutableMapping[Any, Any], desk: Desk) -> None:
    """Writes the desk into the session, as plain values."""
    session[NET] = desk.net
    session[DESK] = {
        "undo": list(desk.undo),
        "redo": list(desk.redo),
        "kept": desk.kept,
        "open": desk.open,
        "focus": desk.focus,
        "folds": sorted(desk.folds),
        "rows": desk.rows,
        "note": to_data(desk.note) if desk.note else None,
        "held": desk.held,
        "done": desk.done,
        "token": desk.token,
        "link": desk.link,
    }


def _readable(text: str) -> bool:
    try:
        network_of(text)
    except BadLink:
        return False
    return True
