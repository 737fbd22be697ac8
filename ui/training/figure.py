"""A finished run as a plotly figure: zoom, exact values under the pointer, export as a picture."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from netlib.training.thin import thin
from ui import plotly_template
from ui.tokens import Theme, colour
from ui.training.curves import MOST_EVENTS, marks
from ui.training.reading import Reading
from ui.words import tr

POINTS = 2000
HEIGHT = 372
END = 132
"""Pixels at the right for the names at the curves' ends."""


def config(run: str) -> dict[str, Any]:
    """The mode bar: a picture is saved under the run's id, in twice the pixels."""
    return {**plotly_template.CONFIG, "toImageButtonOptions": {"filename": f"run-{run}", "scale": 2}}


def figure(reading: Reading, seen: Theme) -> go.Figure:
    """Loss on a log axis, raw faint and smoothed strong, validation accuracy below; events as dashed lines."""
    chart = make_subplots(
        rows=2, cols=1, shared_xaxes=True, row_heights=[0.76, 0.24], vertical_spacing=0.05, figure=None
    )
    chart.update_layout(template=plotly_template.name(seen))
    steps, losses = reading.loss.steps, reading.smoothed
    index, raw = thin(reading.loss.values, POINTS)
    ink = {"color": colour("branch-1", seen), "width": 1}
    chart.add_trace(
        go.Scatter(x=steps[index], y=raw, mode="lines", line=ink, opacity=0.28, hoverinfo="skip"), 1, 1
    )
    index, smooth = thin(losses, POINTS)
    _curve(chart, seen, 0, steps[index], smooth, tr("training"), "%{y:.4g}", 1)
    _curve(
        chart, seen, 1, reading.validation.steps, reading.validation.values, tr("validation"), "%{y:.4g}", 1
    )
    _curve(chart, seen, 1, reading.accuracy.steps, reading.accuracy.values, tr("accuracy"), "%{y:.2%}", 2)
    _name_ends(chart, seen, reading)
    _mark(chart, seen, reading)
    _axes(chart)
    return chart


def _curve(
    chart: go.Figure, seen: Theme, index: int, x: Any, y: Any, name: str, shown: str, row: int
) -> None:
    mode = "lines" if len(x) > 40 else "lines+markers"
    hover = f"{tr('step {step}', step='%{x:,}')}<br>{name} {shown}<extra></extra>"
    trace = go.Scatter(
        x=x,
        y=y,
        mode=mode,
        name=name,
        line=plotly_template.curve(index, seen),
        marker={"size": 5},
        hovertemplate=hover,
    )
    chart.add_trace(trace, row, 1)


def _name_ends(chart: go.Figure, seen: Theme, reading: Reading) -> None:
    """The names at the ends, a line apart where two ends meet."""
    ends = []
    if len(reading.loss):
        ends.append((tr("training"), float(reading.smoothed[-1]), "branch-1"))
    if len(reading.validation):
        ends.append((tr("validation"), float(reading.validation.values[-1]), "branch-2"))
    ends = [end for end in ends if np.isfinite(end[1]) and end[1] > 0]
    close = len(ends) == 2 and abs(np.log10(ends[0][1] / ends[1][1])) < 0.3
    for number, (name, value, token) in enumerate(sorted(ends, key=lambda end: -end[1])):
        shift = (9 if number == 0 else -9) if close else 0
        _end(chart, seen, name, float(np.log10(value)), f"{value:.3g}", token, "y", shift)
    if len(reading.accuracy):
        value = float(reading.accuracy.values[-1])
        _end(chart, seen, tr("accuracy"), value, f"{100 * value:.1f} %", "branch-2", "y2", 0)


def _end(
    chart: go.Figure, seen: Theme, name: str, y: float, value: str, token: str, axis: str, shift: int
) -> None:
    chart.add_annotation(
        x=1,
        xref="paper",
        xanchor="left",
        xshift=8,
        y=y,
        yref=axis,
        yshift=shift,
        text=f"<b>{name} {value}</b>",
        showarrow=False,
        font={"color": colour(f"{token}", seen), "size": 13},
    )


def _mark(chart: go.Figure, seen: Theme, reading: Reading) -> None:
    for mark in marks(reading)[:MOST_EVENTS]:
        ink = colour("problem" if mark["about"] == "problem" else "ink-2", seen)
        chart.add_vline(x=mark["step"], line={"color": ink, "dash": "dash", "width": 1.2})
        chart.add_annotation(
            x=mark["step"],
            y=1,
            yref="paper",
            xanchor="left",
            yanchor="bottom",
            text=mark["says"],
            showarrow=False,
            font={"color": ink, "size": 12},
        )


def _axes(chart: go.Figure) -> None:
    chart.update_layout(
        height=HEIGHT, showlegend=False, margin={"l": 8, "r": END, "t": 26, "b": 8}, hovermode="closest"
    )
    chart.update_yaxes(type="log", title=tr("loss, nats (log)"), row=1, col=1)
    chart.update_yaxes(
        range=[-0.04, 1.04],
        tickformat=".0%",
        tickvals=[0, 0.5, 1],
        title=tr("accuracy"),
        row=2,
        col=1,
    )
    chart.update_xaxes(title=tr("steps"), rangemode="tozero", row=2, col=1)
