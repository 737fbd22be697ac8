"""The colour tokens, read from ui/kit/tokens.css so that there is one list: `colour("weight", "dark")`."""

import functools
import re
from pathlib import Path
from typing import Literal

import streamlit as st

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")

_SOURCE = Path(__file__).resolve().parent / "kit" / "tokens.css"
_PAIR = re.compile(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\);")


@functools.cache
def tokens() -> dict[str, dict[Theme, str]]:
    """Every colour token with its value in both themes, as #rrggbb."""
    pairs = _PAIR.findall(_SOURCE.read_text(encoding="utf-8"))
    return {name: {"light": light, "dark": dark} for name, light, dark in pairs}


def colour(name: str, theme: Theme) -> str:
    """A token's value, as #rrggbb.

    Raises:
        KeyError: for a name that is no token.
    """
    return tokens()[name][theme]


def theme() -> Theme:
    """The theme this session sees, light until the browser has said."""
    return "dark" if st.context.theme.type == "dark" else "light"
