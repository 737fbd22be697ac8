"""What is set once in the server's process, before the first page draws."""

import gc
import sys
import threading

import streamlit as st
from streamlit import net_util

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
    threading.Thread(target=_collect, name="collector", daemon=True).start()


def keep_silent() -> None:
    """Keeps Streamlit from asking a foreign host for this machine's public address.

    It does so in its start banner and whenever it refuses a foreign origin. A made-up local answer stops both; a test
    fails when the name is gone.
    """
    net_util._external_ip = "127.0.0.1"


def _collect() -> None:
    pause = threading.Event()
    while not pause.wait(COLLECT_EVERY):
        if slot.idle():
            gc.collect()
