"""Colours: readable in both themes, and one list for stylesheet, configuration and plots."""

import tomllib
from pathlib import Path

import plotly.io as pio
import pytest

from ui import plotly_template
from ui.tokens import THEMES, Theme, colour, tokens

ROOT = Path(__file__).resolve().parent.parent.parent
MEANINGS = (
    "input",
    "weight",
    "output",
    "compute",
    "memory",
    "gradient",
    "padding",
    "lost",
    "problem",
    "good",
)
SURFACES = ("page", "panel", "sunk")


def luminance(hexadecimal: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = [int(hexadecimal[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("meaning", MEANINGS)
def test_words_and_marks_of_a_meaning_can_be_read(meaning: str, theme: Theme) -> None:
    for surface in (*SURFACES, f"{meaning}-wash"):
        assert contrast(colour(f"{meaning}-text", theme), colour(surface, theme)) >= 4.5, surface
        assert contrast(colour(meaning, theme), colour(surface, theme)) >= 3, surface


@pytest.mark.parametrize("theme", THEMES)
def test_ink_and_edges_can_be_read(theme: Theme) -> None:
    for surface in SURFACES:
        for ink in ("ink", "ink-2", "ink-3"):
            assert contrast(colour(ink, theme), colour(surface, theme)) >= 4.5, (ink, surface)
        for mark in ("edge", "branch-1", "branch-2", "branch-3", "branch-4"):
            assert contrast(colour(mark, theme), colour(surface, theme)) >= 3, (mark, surface)


@pytest.mark.parametrize("theme", THEMES)
def test_streamlit_is_configured_with_the_same_surfaces(theme: Theme) -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    pairs = {
        "primaryColor": "input-text",
        "backgroundColor": "page",
        "secondaryBackgroundColor": "sunk",
        "textColor": "ink",
        "borderColor": "line",
        "codeBackgroundColor": "sunk",
        "dataframeHeaderBackgroundColor": "sunk",
        "dataframeBorderColor": "line",
    }
    assert {key: value.lower() for key, value in config["theme"][theme].items()} == {
        key: colour(name, theme) for key, name in pairs.items()
    }


def test_every_colour_of_the_stylesheet_was_read() -> None:
    css = (ROOT / "ui" / "kit" / "tokens.css").read_text(encoding="utf-8")
    assert len(tokens()) == css.count(": light-dark(#")


@pytest.mark.parametrize("theme", THEMES)
def test_plots_use_the_tokens(theme: Theme) -> None:
    layout = pio.templates[plotly_template.name(theme)].layout
    assert layout.font.color == colour("ink", theme)
    assert list(layout.colorway) == [colour(f"branch-{index}", theme) for index in (1, 2, 3, 4)]


def test_a_fifth_curve_differs_by_its_dash() -> None:
    curves = [plotly_template.curve(index, "light") for index in range(5)]
    assert curves[4]["color"] == curves[0]["color"]
    assert curves[4]["dash"] != curves[0]["dash"]
