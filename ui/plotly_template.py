"""One look for every plot: `st.plotly_chart(figure, theme=None, config=CONFIG)` with `figure` made by `figure()`."""

import functools
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio

from ui.tokens import THEMES, Theme, colour, theme

SANS = "Explorer Sans, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"
CONFIG = {"displaylogo": False, "displayModeBar": "hover", "modeBarButtonsToRemove": ["lasso2d", "select2d"]}
DASHES = ("solid", "dash", "dot", "dashdot")
"""After the fourth curve colours come again, each time with the next dash."""


def name(seen: Theme) -> str:
    """The registered name of a theme's template."""
    return f"explorer-{seen}"


def figure(seen: Theme | None = None) -> go.Figure:
    """An empty figure in the session's theme, or in a given one."""
    return go.Figure(layout={"template": name(seen or theme())})


def curve(index: int, seen: Theme | None = None) -> dict[str, Any]:
    """The line of the curve with this index, counted from 0: branch colours in their order, then dashes."""
    return {
        "color": colour(f"branch-{index % 4 + 1}", seen or theme()),
        "dash": DASHES[index // 4 % len(DASHES)],
        "width": 2.4,
    }


def _axis(ink: str, line: str, edge: str) -> dict[str, Any]:
    return {
        "automargin": True,
        "exponentformat": "power",
        "gridcolor": line,
        "linecolor": edge,
        "separatethousands": True,
        "showline": False,
        "tickcolor": edge,
        "tickfont": {"color": ink, "size": 12},
        "ticks": "",
        "title": {"font": {"color": ink, "size": 13}, "standoff": 8},
        "zeroline": False,
    }


def template(seen: Theme) -> go.layout.Template:
    """The template of a theme: the app's font, tokens, thin grid, small margins."""
    get = functools.partial(colour, theme=seen)
    axis = _axis(get("ink-2"), get("line"), get("edge"))
    signed = [[0, get("negative")], [0.5, get("zero")], [1, get("positive")]]
    magnitude = [[0, get("panel")], [1, get("compute")]]
    return go.layout.Template(
        layout={
            "colorway": [get(f"branch-{index}") for index in (1, 2, 3, 4)],
            "colorscale": {"diverging": signed, "sequential": magnitude, "sequentialminus": magnitude[::-1]},
            "coloraxis": {"colorbar": {"outlinewidth": 0, "tickfont": {"color": get("ink-2"), "size": 12}}},
            "font": {"family": SANS, "color": get("ink"), "size": 13},
            "hoverlabel": {
                "align": "left",
                "bgcolor": get("panel"),
                "bordercolor": get("line-2"),
                "font": {"family": SANS, "color": get("ink"), "size": 13},
            },
            "hovermode": "closest",
            "legend": {
                "font": {"color": get("ink-2"), "size": 13},
                "orientation": "h",
                "y": 1.02,
                "yanchor": "bottom",
            },
            "margin": {"b": 8, "l": 8, "r": 8, "t": 8},
            "modebar": {"activecolor": get("ink"), "bgcolor": "rgba(0,0,0,0)", "color": get("ink-3")},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "separators": ".,",
            "uirevision": "constant",
            "xaxis": axis,
            "yaxis": axis,
        },
        data={
            "bar": [{"marker": {"line": {"width": 0}}, "cliponaxis": False}],
            "heatmap": [{"colorscale": signed, "zmid": 0, "xgap": 1, "ygap": 1}],
        },
    )


for _theme in THEMES:
    pio.templates[name(_theme)] = template(_theme)
