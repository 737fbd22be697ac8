"""The bench of a page: its state now, the one kept as A, and how both live in the session, the link and the browser."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Generic, TypeVar

import streamlit as st
from pydantic import ValidationError

from netlib import BadLink, Message
from netlib.block import sentences
from netlib.knob import brief
from netlib.training.sentence import from_data, to_data
from netlib.training.value import Value
from netlib.words import words
from ui.lab.link import packed, unpacked
from ui.words import tr

PARAMETER = "state"

_BAD_LINK = words("{why}. The settings stay as they are.", "{why}。设置保持不变。")
_BAD_FIRST_LINK = words("{why}. Here is the usual start instead.", "{why}。这里改为显示默认设置。")
_PARTS = words(
    'a state is an object with "now" and perhaps "kept", got {got}',
    '状态是带有 "now"、可能还有 "kept" 的对象，收到 {got}',
)
_REFUSED = words("{why}. The last change was not taken.", "{why}。最后一次改动未被采用。")

State = TypeVar("State", bound=Value)


@dataclass(frozen=True)
class Bench(Generic[State]):
    """What a page shows: the state now, the one kept as A to compare with, and a sentence until the next change."""

    now: State
    kept: State | None = None
    note: Message | None = None

    def to_data(self) -> dict[str, Any]:
        """What differs from the defaults, as JSON data: {} for a page as it opens."""
        held: dict[str, Any] = {}
        if now := _spec(self.now):
            held["now"] = now
        if self.kept is not None:
            held["kept"] = _spec(self.kept)
        return held


class Lab(Generic[State]):
    """A page about one layer or block, by its name.

    Args:
        name: the page's, the picture's folder's and the session's key.
        state: the page's state; every field needs a default, and the defaults are what the page opens on.
    """

    def __init__(self, name: str, state: type[State]) -> None:
        self.name = name
        self.state = state
        self._key = f"lab {name}"
        # A page asks several times in each run, and again while a worker is awaited.
        self._parsed = lru_cache(maxsize=256)(lambda text: self.read(json.loads(text)))
        self._packed = lru_cache(maxsize=256)(self._pack)

    def open(self) -> None:
        """Takes the state that the address names, where it is a new one; a damaged link leaves a sentence."""
        wanted = st.query_params.get(PARAMETER)
        if not wanted or wanted == self._held().get("link"):
            return
        fresh = not self._held()
        bench = self.bench()
        try:
            bench = self.read(unpacked(wanted))
        except (BadLink, ValidationError) as error:
            bench = replace(bench, note=Message(_BAD_FIRST_LINK if fresh else _BAD_LINK, why=_why(error)))
        self._keep(bench, wanted)

    def bench(self) -> Bench[State]:
        """What the session has; the defaults where it has nothing that can be read."""
        held = self._held()
        try:
            bench = self._parsed(held.get("text", "{}"))
        except (ValueError, TypeError):
            return Bench(self.state())
        return replace(bench, note=from_data(held.get("note")))

    def read(self, data: Mapping[str, Any]) -> Bench[State]:
        """The bench behind {"now": …, "kept": …}, from a link, a browser or the session.

        Raises:
            BadLink: for an object with other parts.
            ValidationError: in a sentence, for a state that the page cannot show.
        """
        if data.keys() - {"now", "kept"}:
            raise BadLink(_PARTS, got=brief(sorted(map(str, data))))
        kept = data.get("kept")
        now = self.state.model_validate(data.get("now", {}))
        return Bench(now, None if kept is None else self.state.model_validate(kept))

    def settled(self) -> None:
        """Takes what the picture proposes; what it must not propose leaves a sentence. For `settled=` of a picture."""
        # On the way to another page, what the picture proposed may be gone already.
        proposed = st.session_state.get(self.name, {}).get("settled")
        if not isinstance(proposed, Mapping):
            return
        try:
            bench = self.read(proposed)
        except (BadLink, ValidationError) as error:
            bench = replace(self.bench(), note=Message(_REFUSED, why=_why(error)))
        self._keep(bench, self._held().get("link"))

    def data(self, bench: Bench[State]) -> dict[str, Any]:
        """What every picture of a lab is given: both states in full, and the note."""
        kept = None if bench.kept is None else bench.kept.model_dump()
        return {
            "state": {"now": bench.now.model_dump(), "kept": kept},
            "note": tr(bench.note) if bench.note else "",
        }

    def link(self, bench: Bench[State]) -> str | None:
        """The text for the address; None for a page as it opens."""
        return self._packed(bench)

    def _pack(self, bench: Bench[State]) -> str | None:
        held = bench.to_data()
        return packed(held) if held else None

    def write_link(self) -> None:
        """Puts the state into the address."""
        bench = self.bench()
        link = self.link(bench)
        if link == st.query_params.get(PARAMETER):
            return
        self._keep(bench, link)
        if link is None:
            st.query_params.pop(PARAMETER, None)
        else:
            st.query_params[PARAMETER] = link

    def _held(self) -> dict[str, Any]:
        held = st.session_state.get(self._key)
        return held if isinstance(held, dict) else {}

    def _keep(self, bench: Bench[State], link: str | None) -> None:
        st.session_state[self._key] = {
            "text": json.dumps(bench.to_data()),
            "link": link,
            "note": to_data(bench.note) if bench.note else None,
        }


def _why(error: BadLink | ValidationError) -> Message:
    return error.message if isinstance(error, BadLink) else sentences(error)[0]


def _spec(state: Value) -> dict[str, Any]:
    return state.model_dump(mode="json", exclude_defaults=True)
