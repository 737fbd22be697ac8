"""The head of a page about a layer: its title and its sentence, with room for the seal that the picture draws there."""

import streamlit as st

from ui.shell import head


def title(name: str, sentence: str) -> None:
    """Draws the title with its one sentence."""
    with st.container(key="lab_head"):
        head(name, sentence)
