"""Sentences in the language of the session: `tr("{n} parameters", n=8)`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import streamlit as st

from netlib.words import CATALOGUE, Language, Message
from netlib.words import tr as said
from ui.chinese import CHINESE

CATALOGUE.update(CHINESE)
_SPOKEN: ContextVar[Language | None] = ContextVar("spoken", default=None)


def language() -> Language:
    """The language of this session, English until the shell has chosen one."""
    return _SPOKEN.get() or ("zh" if st.session_state.get("lang") == "zh" else "en")


@contextmanager
def one_language() -> Iterator[None]:
    """Asks the session for its language once in this block, where it cannot change.

    Each look into the session takes its lock; a page says several hundred sentences.
    """
    before = _SPOKEN.set(language())
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def tr(english: str, **values: Any) -> str:
    """A sentence in the session's language with its values put in.

    A `Message` of netlib carries its own values and is said as it is. A sentence without a Chinese reading stays
    English; a test lists those.
    """
    if isinstance(english, Message):
        return english.say(language())
    return said(english, language(), **values)
