"""The doors, as data for the picture."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from ui.contents import Entry, existing
from ui.home.gradient import norms
from ui.home.pipes import frames as pipes
from ui.home.run import curves
from ui.home.stack import frames
from ui.home.unrolled import states
from ui.home.window import window
from ui.words import language, tr

MINIATURES: Mapping[str, Callable[[], Mapping[str, Any]]] = {
    "builder": frames,
    "convolution": window,
    "inception": pipes,
    "residual": norms,
    "recurrent": states,
    "training": curves,
}
"""What each miniature draws. A page without one has a door with its words alone."""


def doors() -> list[dict[str, Any]]:
    """One door for each page that says what it is for, with its words in the session's language."""
    return [_door(entry) for entry in existing() if entry.says]


def _door(entry: Entry) -> dict[str, Any]:
    # A language that the browser chose needs no parameter; one that a person chose stays with the link.
    address = f"{entry.name}?lang={language()}" if "lang" in st.query_params else entry.name
    return {
        "name": entry.name,
        "title": tr(entry.title),
        "says": tr(entry.says),
        "address": address,
        "picture": _picture(entry.name),
        "words": _words(entry.name),
    }


def _words(name: str) -> dict[str, str]:
    match name:
        case "builder":
            return {"parameters": tr("parameters")}
        case "inception":
            return {"macs": tr("MACs")}
        case "residual":
            return {"plain": tr("plain"), "residual": tr("residual")}
        case "training":
            return {"training": tr("training"), "validation": tr("validation"), "loss": tr("loss, nats")}
    return {}


@st.cache_data(show_spinner=False)
def _picture(name: str) -> Mapping[str, Any] | None:
    return MINIATURES[name]() if name in MINIATURES else None
