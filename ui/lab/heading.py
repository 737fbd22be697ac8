"""The head of a page about a layer: title, sentence, and the referee's seal beside them."""

import streamlit as st

from netlib import Network
from ui.seal.panel import seal
from ui.shell import head


def title(name: str, sentence: str, network: Network) -> None:
    """Draws the title with its one sentence, and the seal for the page's network."""
    with st.container(horizontal=True, vertical_alignment="center", key="lab_head"):
        head(name, sentence)
        seal(network.to_json())
