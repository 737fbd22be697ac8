"""The referee's seal of a page about a layer. It is drawn by the page's own picture, beside the title: two pictures of
different fragments that speak at once would lose one of their runs.
"""

from typing import Any

import streamlit as st

from netlib import Network
from ui.builder import seal
from ui.builder.phrases import phrases

SAYS = (
    *("counting", "faulty", "sealed", "otherwise", "unanswered", "close"),
    *("sealTitle", "sealExplains", "sealSummary", "layer", "output", "params", "macs", "total", "ours"),
)
"""What the seal says, of the builder's words."""


def sealed(network: Network) -> dict[str, Any]:
    """The seal as data for the picture."""
    return seal.data(network.to_json())


def seal_words() -> dict[str, str]:
    """What the seal says, in the session's language."""
    said = phrases()
    return {name: said[name] for name in SAYS}


def seek(page: str, network: Network) -> None:
    """Asks for the verdict that a page's picture looks for, if it is about this network. For `seal=` of the picture."""
    # On the way to another page, what the picture asked may be gone already.
    seal.look(network.to_json(), st.session_state.get(page, {}).get("seal"))
