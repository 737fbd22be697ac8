"""What is set once in the server's process, before the first page draws."""

import functools
import gc
import sys
import threading
from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit import net_util
from streamlit.runtime import app_session

from ui import slot

SWITCH_INTERVAL = 0.0005
"""Seconds a thread may keep Python's lock while another waits; the default of 5 ms makes every small send wait."""

COLLECT_EVERY = 30.0
"""Seconds between collections; Streamlit's own, after every run, is switched off in the configuration."""


@st.cache_resource(show_spinner=False)
def prepare() -> None:
    """Sets the process up. Later calls do nothing."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    keep_silent()
    remember_configuration()
    threading.Thread(target=_collect, name="collector", daemon=True).start()


def keep_silent() -> None:
    """Keeps Streamlit from asking a foreign host for this machine's public address.

    It does so in its start banner and whenever it refuses a foreign origin. A made-up local answer stops both; a test
    fails when the name is gone.
    """
    net_util._external_ip = "127.0.0.1"


def remember_configuration() -> None:
    """Keeps what Streamlit tells each browser of its configuration; nothing changes it while the server runs.

    Streamlit goes through all its options six times for the message that begins every run of a script, so for every
    move of a slider: a tenth of what a busy server does. A version that calls them otherwise does as it always did; a
    test fails then.
    """
    for name in ("_populate_config_msg", "_populate_theme_msg"):
        if (fill := getattr(app_session, name, None)) is not None:
            setattr(app_session, name, _remembered(fill))


def _remembered(fill: Callable[..., None]) -> Callable[..., None]:
    """The function that fills in a message, doing so once for each section it is asked for."""
    filled: dict[tuple[object, ...], Any] = {}

    @functools.wraps(fill)
    def remembered(message: Any, *section: object) -> None:
        if section not in filled:
            fresh = type(message)()
            fill(fresh, *section)
            filled[section] = fresh
        if filled[section].ByteSize():  # to merge nothing would still say that the part is there
            message.MergeFrom(filled[section])

    return remembered


def _collect() -> None:
    """Collects now and then; what is there at the start stays, and is looked through no more."""
    gc.collect()
    gc.freeze()
    pause = threading.Event()
    while not pause.wait(COLLECT_EVERY):
        if slot.idle():
            gc.collect()
