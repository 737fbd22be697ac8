"""What can be taken away of the runs that are compared: weights, curves, settings, made when they are asked for."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from netlib.errors import NetlibError
from netlib.training.store import downloads
from netlib.training.store.history import History
from ui.numbers import exact, size_of
from ui.runs.catalogue import Entry
from ui.text import plain
from ui.training.program import program
from ui.training.reading import read
from ui.words import tr


def draw(history: History, chosen: Sequence[Entry]) -> None:
    """Draws the buttons: in a row for a single run, folded away for several.

    Raises:
        NetlibError: when a run is gone, or the file cannot be read.
    """
    if len(chosen) == 1:
        with st.container(horizontal=True, gap="small", key="downloads"):
            _buttons(history, chosen[0])
        return
    with st.popover(tr("Download"), icon=":material/download:"):
        for one in chosen:
            st.markdown(plain(one.name, 40))
            with st.container(horizontal=True, gap="small"):
                _buttons(history, one)


def _buttons(history: History, one: Entry) -> None:
    run = one.row.id
    held = downloads.weights_of(history, run)
    _button(
        tr("Weights"),
        partial(_or_nothing, downloads.weights, history, run),
        f"run-{run}.safetensors",
        "application/octet-stream",
        disabled=held is None,
        help=tr("No weights are kept of this run.")
        if held is None
        else tr(
            "The weights after step {step} as safetensors, {size} with what the optimiser keeps.",
            step=exact(held.step),
            size=size_of(held.bytes),
        ),
    )
    _button(
        tr("Curves"),
        partial(_or_nothing, downloads.curves, history, run),
        f"run-{run}-curves.csv",
        "text/csv",
        disabled=not one.row.step,
        help=tr("Every value of every curve as CSV."),
    )
    _button(
        tr("Settings"),
        partial(_or_nothing, downloads.settings, history, run),
        f"run-{run}-settings.json",
        "application/json",
        help=tr("Network, data and settings as JSON."),
    )
    _programs(history, one)


def _programs(history: History, one: Entry) -> None:
    """The run as a program and as a notebook, as the training page has them."""
    if not one.row.ended or not one.row.step:
        return
    made = program(history, read(history, one.row.id))
    for file in made["files"] if made else []:
        _button(file["word"], file["text"], file["name"], file["type"], help=made["says"] if made else None)


def _button(label: str, data: Any, file_name: str, mime: str, **look: Any) -> None:
    st.download_button(
        label,
        data,
        file_name,
        mime,
        key=f"download_{file_name}",
        on_click="ignore",
        icon=":material/download:",
        **look,
    )


def _or_nothing(make: Any, history: History, run: str) -> bytes | str:
    """The file, an empty one where the run is gone since the button was drawn."""
    try:
        return make(history, run) or b""
    except NetlibError:
        return b""
