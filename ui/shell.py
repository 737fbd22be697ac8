"""What every page shares: the guard for deep links, the style block, the language, the heading."""

import html
import runpy
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import NoReturn

import streamlit as st

from netlib.words import LANGUAGES
from ui.words import tr

HERE = Path(__file__).resolve().parent
APP = HERE.parent / "app.py"
FAVICON = HERE / "favicon.png"


_AROUND: ContextVar[bool] = ContextVar("around", default=False)
"""Whether this run of the script has drawn the shell; what an earlier run did, which was broken off, says nothing."""


@contextmanager
def around() -> Iterator[None]:
    """While a page is drawn within the shell."""
    token = _AROUND.set(True)
    try:
        yield
    finally:
        _AROUND.reset(token)


def page() -> None:
    """Runs the shell first when a deep link reached a page file alone.

    Streamlit does that on a fresh server, until some session has come as far as the menu in app.py. Every page begins
    with this call.
    """
    if not _AROUND.get():
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


def open_page(name: str, **parameters: str) -> NoReturn:
    """Goes to a page with these query parameters; the language stays.

    `st.switch_page` alone would fail: without parameters of its own it clears the address, which Streamlit refuses
    while the language is bound to it.
    """
    st.switch_page(f"pages/{name}.py", query_params=parameters)


def head(title: str, sentence: str) -> None:
    """Writes a page's title and the one sentence that says what it is for."""
    st.html(f'<header class="x-head"><h1>{html.escape(title)}</h1><p>{html.escape(sentence)}</p></header>')


def line(sentence: str, more: str) -> None:
    """Writes the line of the start page, which needs no title, and what follows from it."""
    first, second = html.escape(sentence), html.escape(more)
    st.html(f'<header class="x-head x-line"><h1>{first}</h1><p>{second}</p></header>')
