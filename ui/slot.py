"""One drawing at a time.

Script threads that compute and draw at once make each other slow: the event loop waits a whole switch interval of
Python's lock for every one of them before each small message. With one thread drawing and the others waiting without
the lock, thirty people dragging sliders get about sixteen times as many answers.
"""

import contextlib
import functools
import threading
from collections.abc import Callable, Iterator

import streamlit as st

from ui import faults
from ui.words import one_language

_SLOT = threading.RLock()
"""Re-entrant, so that a drawing function may call another."""

PATIENCE = 2.0
"""Seconds after which a drawing starts all the same: the slot is a courtesy, and nobody's fault may stop the rest."""


@contextlib.contextmanager
def drawing() -> Iterator[None]:
    """Holds the draw slot. Nothing that waits (disk, network, a worker, sleep) belongs inside."""
    held = _SLOT.acquire(timeout=PATIENCE)
    try:
        with one_language():
            yield
    finally:
        if held:
            _SLOT.release()


def idle() -> bool:
    """Whether nobody draws just now."""
    if not _SLOT.acquire(blocking=False):
        return False
    _SLOT.release()
    return True


def drawn(function: Callable[[], None]) -> Callable[[], None]:
    """The function as a fragment of its own that draws in the slot: the home of everything that people drag.

    A fault in it ends in a sentence in its place.
    """

    @functools.wraps(function)
    def in_slot() -> None:
        with faults.in_words(), drawing():
            function()

    return st.fragment(in_slot)
