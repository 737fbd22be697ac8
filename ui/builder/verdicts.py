"""Verdicts of the referee: asked of a worker once, kept for everybody who looks at the same network."""

import threading
import time
from collections import OrderedDict
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from netlib import Message
from ui import workers

MOST = 96
"""Verdicts that are kept, the least recently seen going first."""
PATIENCE = 120.0
"""Seconds that a verdict may take; the first waits until PyTorch is warm."""
FORGOTTEN = 4.0
"""Seconds without a look after which nobody waits for a verdict any more."""
SOON = 0.1
"""Seconds that a look waits for the verdict it asks for: most come sooner, and the page is then drawn once instead of
twice."""
QUESTION = "verdict"

Answer = dict[str, Any] | Message


@dataclass
class _Asked:
    """A verdict that is there or on its way, and when somebody last looked for it."""

    answer: "Future[Answer]"
    looked: float

    @property
    def failed(self) -> bool:
        return self.answer.done() and isinstance(self.answer.result(), Message)

    @property
    def forgotten(self) -> bool:
        return not self.answer.done() and time.monotonic() - self.looked > FORGOTTEN


@dataclass
class Verdicts:
    """The verdicts that this server has asked for, by the network's JSON text."""

    _asked: OrderedDict[str, _Asked] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def known(self, network: str) -> Answer | None:
        """The verdict, or a sentence where there is none; None while nobody has it."""
        with self._lock:
            asked = self._asked.get(network)
        return asked.answer.result() if asked and asked.answer.done() else None

    def await_soon(self, network: str) -> None:
        """Waits a moment for a verdict that is on its way. Nothing to do while drawing: others wait to draw."""
        with self._lock:
            asked = self._asked.get(network)
        if asked is not None:
            wait([asked.answer], SOON)

    def ask(self, network: str, again: bool = False) -> None:
        """Asks for a verdict, unless it is there or on its way; `again` for one that came to nothing.

        What nobody looks for any more is called off, so that it does not stand in the way.
        """
        with self._lock:
            asked = self._asked.get(network)
            if asked is not None and not (again and asked.failed):
                asked.looked = time.monotonic()
                self._asked.move_to_end(network)
                return
            for text in [text for text, other in self._asked.items() if other.forgotten]:
                self._asked.pop(text).answer.cancel()
            answer = workers.pool().inquire(QUESTION, {"network": network}, PATIENCE)
            self._asked[network] = _Asked(answer, time.monotonic())
            while len(self._asked) > MOST:
                self._asked.popitem(last=False)


@st.cache_resource(show_spinner=False)
def verdicts() -> Verdicts:
    """The one store of verdicts."""
    return Verdicts()
