"""A run that has ended as a plotly figure: zoom, exact values under the pointer, export as a picture.

It has the measures of the live picture (`axes.js`), so that hardly anything moves when the one takes the other's place.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from netlib.training.store.records import Series
from netlib.training.store.thin import thin
from ui import plotly_template
from ui.numbers import significant
from ui.tokens import Theme, colour
from ui.training.curves import Points, loss_title, marks, reference, until
from ui.training.labels import placed
from ui.training.reading import Reading, smoothed
from ui.words import tr

POINTS = 2000
TOP, LOSS, GAP, ACCURACY, BOTTOM, LEFT, RIGHT = 34, 196, 38, 46, 26, 46, 136
HEIGHT = TOP + LOSS + GAP + ACCURACY + BOTTOM
LINE = 17
"""Pixels between two names."""
ROW = 16
"""Pixels between two rows of event words."""
HAIR = 0.004
"""Decades by which the loss axis is longer than its ends, so that the lines there are drawn."""
FEW = 40
"""Points up to which each is drawn."""


@dataclass(frozen=True)
class Name:
    """A name at a curve's end: what it says, at which loss, in which colour; a dotted line has dots before it."""

    says: str
    value: float
    token: str
    dotted: bool = False


def config(run: str) -> dict[str, Any]:
    """The mode bar: a picture is saved under the run's id, in twice the pixels."""
    return {**plotly_template.CONFIG, "toImageButtonOptions": {"filename": f"run-{run}", "scale": 2}}


def figure(reading: Reading, seen: Theme) -> go.Figure:
    """Loss on a log axis, raw faint and smoothed strong, validation accuracy below; events as dashed lines."""
    chart = plotly_template.figure(seen)
    last = max(1, reading.row.step)
    good = until(reference(reading.spec.data.name), last) if reading.spec else None
    earlier = until([reading.earlier.steps.tolist(), smoothed(reading.earlier).tolist()], last)
    for points, name, token in (
        (good, tr("a good run"), "ink-3"),
        (earlier, tr("before it went back"), "branch-1"),
    ):
        if points is not None:
            _line(chart, points[0], points[1], name, _dotted(token, seen))
    _raw(chart, reading.loss, seen)
    _line(chart, reading.loss.steps, reading.smoothed, tr("training"), plotly_template.curve(0, seen))
    amber = plotly_template.curve(1, seen)
    _line(chart, reading.validation.steps, reading.validation.values, tr("validation"), amber)
    _line(chart, reading.accuracy.steps, reading.accuracy.values, tr("accuracy"), amber, ".2%", "y2")
    bottom, top = bounds(_losses(reading, good, earlier))
    _axes(chart, bottom, top, last, loss_title(reading.spec))
    _name_ends(chart, seen, _names(reading, good), bottom, top)
    _mark(chart, seen, reading)
    return chart


def _losses(reading: Reading, *others: Points | None) -> list[float]:
    """The losses that the axis must hold; the raw ones may leave it."""
    held = np.concatenate([reading.smoothed, reading.validation.values])
    return [*held.tolist(), *(value for points in others if points for value in points[1] if value)]


def bounds(values: Sequence[float]) -> tuple[float, float]:
    """The ends of a log axis that holds the values: 1 or 3 times a power of ten."""
    known = [value for value in values if value > 0 and math.isfinite(value)]
    low, high = (min(known), max(known)) if known else (0.1, 3.0)
    bottom, top = _stop(low, down=True), _stop(max(high, low * 1.01), down=False)
    return (bottom if top / bottom >= 9.9 else _stop(bottom * 0.99, down=True)), top


def _stop(value: float, *, down: bool) -> float:
    power = math.floor(math.log10(value))
    stops = [digit * 10.0**at for at in (power - 1, power, power + 1) for digit in (1, 3)]
    if down:
        return max(stop for stop in stops if stop <= value * 1.0001)
    return min(stop for stop in stops if stop >= value * 0.9999)


def _dotted(token: str, seen: Theme) -> dict[str, Any]:
    return {"color": colour(token, seen), "width": 1.3, "dash": "dot"}


def _raw(chart: go.Figure, loss: Series, seen: Theme) -> None:
    index, values = thin(loss.values, POINTS)
    line = {"color": colour("branch-1", seen), "width": 1}
    chart.add_scatter(x=loss.steps[index], y=values, mode="lines", line=line, opacity=0.28, hoverinfo="skip")


def _line(
    chart: go.Figure,
    x: ArrayLike | list[float | None],
    y: ArrayLike | list[float | None],
    name: str,
    line: dict[str, Any],
    shown: str = ".4g",
    axis: str = "y",
) -> None:
    steps, values = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    index, kept = thin(values, POINTS)
    measured = len(values) <= FEW and line.get("dash") != "dot"
    chart.add_scatter(
        x=steps[index],
        y=kept,
        yaxis=axis,
        mode="lines+markers" if measured else "lines",
        line=line,
        marker={"size": 5},
        name=name,
        hovertemplate=f"{tr('step {step}', step='%{x:,}')}<br>{name} %{{y:{shown}}}<extra></extra>",
    )


def _names(reading: Reading, good: Points | None) -> list[Name]:
    found = []
    for name, values, token in (
        (tr("training"), reading.smoothed, "branch-1"),
        (tr("validation"), reading.validation.values, "branch-2"),
    ):
        if len(values) and math.isfinite(last := float(values[-1])) and last > 0:
            found.append(Name(f"<b>{name} {significant(last)}</b>", last, token))
    if good is not None and good[1][-1]:
        found.append(Name(tr("a good run"), float(good[1][-1]), "ink-3", dotted=True))
    return found


def _name_ends(chart: go.Figure, seen: Theme, names: Sequence[Name], bottom: float, top: float) -> None:
    """The names at the ends, moved apart where two would lie on each other."""
    a_decade = LOSS / math.log10(top / bottom)
    pixels = [(a_decade * math.log10(name.value / bottom), name) for name in names]
    below = -math.inf
    for height, name in sorted(pixels, key=lambda pair: pair[0]):
        moved = max(height, below + LINE)
        below = moved
        _end(chart, seen, name, math.log10(name.value), "y", moved - height)
    accuracy = chart.data[-1].y
    if len(accuracy):
        says = f"<b>{100 * float(accuracy[-1]):.1f} %</b>"
        _end(chart, seen, Name(says, 0.0, "branch-2"), float(accuracy[-1]), "y2", 0)


def _end(chart: go.Figure, seen: Theme, name: Name, y: float, axis: str, shift: float) -> None:
    sign = "<b>···</b>" if name.dotted else "●"
    size = "15px" if name.dotted else "9px"
    dot = f'<span style="color:{colour(name.token, seen)};font-size:{size}">{sign}</span>'
    chart.add_annotation(
        x=1,
        xref="paper",
        xanchor="left",
        xshift=5,
        y=y,
        yref=axis,
        yshift=shift,
        text=f"{dot} {name.says}",
        showarrow=False,
    )


def _mark(chart: go.Figure, seen: Theme, reading: Reading) -> None:
    found = marks(reading)
    for mark in found:
        at = mark["step"]
        chart.add_shape(
            type="line",
            x0=at,
            x1=at,
            y0=0,
            y1=1,
            yref="paper",
            line={"color": _ink(mark["about"], seen), "dash": "dash", "width": 1.2},
        )
    for label in placed(found, max(1, reading.row.step)):
        chart.add_annotation(
            x=label.step,
            y=1,
            yref="paper",
            yshift=9 - ROW * label.row,
            xanchor="right" if label.right else "left",
            text=label.says,
            showarrow=False,
            font={"color": _ink(label.about, seen), "size": 12},
        )


def _ink(about: str, seen: Theme) -> str:
    return colour("problem-text" if about == "problem" else "ink-2", seen)


def log_ticks(bottom: float, top: float) -> dict[str, Any]:
    """Where a log axis between two losses has its ticks, and how they are written."""
    span = math.log10(top / bottom)
    digits = (1, 2, 3, 5) if span < 1 else (1, 3) if span <= 3 else (1,)
    every = max(1, math.ceil(span / 6))
    powers = range(math.floor(math.log10(bottom)) - 6, math.ceil(math.log10(top)) + 6)
    ticks = [digit * 10.0**power for power in powers if power % every == 0 for digit in digits]
    return {
        "tickvals": ticks,
        "ticktext": [
            f"{tick:g}" if 1e-3 <= tick < 1e4 else f"10<sup>{math.log10(tick):.0f}</sup>" for tick in ticks
        ],
    }


def _axes(chart: go.Figure, bottom: float, top: float, last: int, loss: str) -> None:
    plain = {
        "automargin": False,
        "showgrid": True,
        "tickfont": {"family": "Explorer Mono, monospace", "size": 12},
    }
    whole = LOSS + GAP + ACCURACY
    chart.update_layout(
        height=HEIGHT,
        margin={"l": LEFT, "r": RIGHT, "t": TOP, "b": BOTTOM},
        showlegend=False,
        xaxis={
            **plain,
            "showgrid": False,
            "range": [0, last],
            "anchor": "y2",
            "tickformat": ",d",
            "nticks": 8,
            "ticklabelstandoff": 4,
        },
        yaxis={
            **plain,
            "type": "log",
            "range": [math.log10(bottom) - HAIR, math.log10(top) + HAIR],
            "domain": [(ACCURACY + GAP) / whole, 1],
            **log_ticks(bottom, top),
        },
        yaxis2={
            **plain,
            "anchor": "x",
            "domain": [0, ACCURACY / whole],
            "range": [-0.01, 1.03],
            "tickvals": [0, 0.5, 1],
            "ticktext": ["0%", "", "100%"],
        },
    )
    _title(chart, loss, 1, 16)
    _title(chart, tr("validation accuracy"), ACCURACY / whole, 12)
    chart.add_annotation(
        x=1, y=0, xref="paper", yref="paper", xshift=8, yshift=-20, xanchor="left", text=tr("steps"), showarrow=False,
        font={"size": 12},
    )  # fmt: skip


def _title(chart: go.Figure, says: str, y: float, shift: int) -> None:
    chart.add_annotation(
        x=0, y=y, xref="paper", yref="paper", xshift=-LEFT, yshift=shift, xanchor="left", yanchor="bottom",
        text=says, showarrow=False, font={"size": 12.5},
    )  # fmt: skip
