"""A fault of the program on a page: a sentence for the person, the rest for the server's log."""

import contextlib
import logging
from collections.abc import Iterator

import streamlit as st

from ui.words import tr


@contextlib.contextmanager
def in_words() -> Iterator[None]:
    """Turns whatever fails inside into a sentence on the page."""
    try:
        yield
    except Exception:
        logging.getLogger("explorer").exception("a page failed")
        st.error(
            tr("This page ran into a fault of its own. Reload it; what you have built is in the address.")
        )
