"""What every page shares: the guard for deep links, the style block, the language, the heading."""

import contextlib
import html
import logging
import runpy
from collections.abc import Iterator
from pathlib import Path

import streamlit as st

from netlib.words import LANGUAGES
from ui.words import tr

HERE = Path(__file__).resolve().parent
APP = HERE.parent / "app.py"
FAVICON = HERE / "favicon.png"


def page() -> None:
    """Runs the shell first when a deep link reached a page file alone.

    Streamlit does that on a fresh server, until some session has run app.py. Every page begins with this call.
    """
    if not st.session_state.get("_shell"):
        runpy.run_path(str(APP), run_name="__main__")
        st.stop()


def style() -> None:
    """Writes the tokens and the page rules once; custom properties inherit into every component."""
    css = "".join((HERE / "kit" / name).read_text(encoding="utf-8") for name in ("tokens.css", "page.css"))
    st.html(f"<style>{css}</style>")


def choose_language() -> None:
    """Sets the session's language at its start: the link's `?lang=`, else the browser's, else English."""
    if "lang" not in st.session_state:
        wanted = st.query_params.get("lang") or st.context.locale or ""
        st.session_state["lang"] = wanted[:2] if wanted[:2] in LANGUAGES else LANGUAGES[0]


def language_switch() -> None:
    """Draws the switch at the right of the menu. Its value is the link's `?lang=` and outlives a page switch."""
    with st.container(key="language"):
        st.segmented_control(
            tr("Language"),
            LANGUAGES,
            key="lang",
            bind="query-params",
            required=True,
            label_visibility="collapsed",
        )


@contextlib.contextmanager
def faults_in_words() -> Iterator[None]:
    """Turns a fault of the program into a sentence on the page; the server's log has the rest."""
    try:
        yield
    except Exception:
        logging.getLogger("explorer").exception("a page failed")
        st.error(
            tr("This page ran into a fault of its own. Reload it; what you have built is in the address.")
        )


def head(title: str, sentence: str) -> None:
    """Writes a page's title and the one sentence that says what it is for."""
    st.html(f'<header class="x-head"><h1>{html.escape(title)}</h1><p>{html.escape(sentence)}</p></header>')


def line(sentence: str, more: str) -> None:
    """Writes the line of the start page, which needs no title, and what follows from it."""
    first, second = html.escape(sentence), html.escape(more)
    st.html(f'<header class="x-head x-line"><h1>{first}</h1><p>{second}</p></header>')
