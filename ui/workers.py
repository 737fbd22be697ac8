"""The pool of warm workers that this server keeps: training runs, and answers that need PyTorch."""

import streamlit as st

import netlib.training.reasons  # noqa: F401  # runs of before ended in its words, whose Chinese reading is there
from netlib.training.store.history import History
from netlib.training.workers.pool import Pool


@st.cache_resource(show_spinner=False)
def pool() -> Pool:
    """The pool, started by the first page that needs it. Its workers warm up while the page is read."""
    return Pool(History.open())
