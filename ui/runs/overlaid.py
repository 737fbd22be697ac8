"""Curves of several runs over each other as a plotly figure: zoom, values under the pointer, export as a picture."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy import float64
from numpy.typing import NDArray

from netlib.training.store.records import Series
from netlib.training.store.thin import thin
from ui import plotly_template
from ui.numbers import exact, significant
from ui.runs.shelf import Axis, Shelf
from ui.text import plotly_text
from ui.tokens import Theme, colour
from ui.training.figure import bounds, log_ticks
from ui.training.rates import written
from ui.training.reading import Reading, smoothed
from ui.words import tr

POINTS = 1200
RAW_POINTS = 800
TOP, LOSS, GAP, ACCURACY, BOTTOM, LEFT, RIGHT = 24, 190, 40, 62, 28, 48, 148
HEIGHT = TOP + LOSS + GAP + ACCURACY + BOTTOM
LINE = 17
"""Pixels between two names."""
LONGEST_NAME = 18


@dataclass(frozen=True)
class Drawn:
    """A run to draw: its name, its curves, and the samples that one of its steps looks at."""

    name: str
    reading: Reading
    batch: int | None

    def along(self, series: Series, axis: Axis) -> NDArray[float64]:
        """Where the values of a curve lie on the axis."""
        if axis == "seconds":
            return series.seconds
        samples = self.batch or 1 if axis == "examples" else 1
        return series.steps.astype(float64) * samples


def config(runs: Sequence[Drawn]) -> dict[str, Any]:
    """The mode bar: a picture is saved under the runs' ids, in twice the pixels."""
    name = "-".join(["runs" if len(runs) > 1 else "run", *(run.reading.row.id for run in runs)])
    return {**plotly_template.CONFIG, "toImageButtonOptions": {"filename": name, "scale": 2}}


def figure(runs: Sequence[Drawn], shelf: Shelf, seen: Theme) -> go.Figure:
    """Losses above, raw faint and smoothed strong or those of the validation; validation accuracy below."""
    chart = plotly_template.figure(seen)
    ends: list[tuple[int, Drawn, float]] = []
    losses: list[float] = []
    for index, run in enumerate(runs):
        line = plotly_template.curve(index, seen)
        series = run.reading.validation if shelf.held else run.reading.loss
        values = series.values.astype(float) if shelf.held else smoothed(series)
        if not shelf.held:
            _raw(chart, run, series, shelf.axis, line["color"])
        _line(chart, run, run.along(series, shelf.axis), values, line, shelf.axis)
        _changes(chart, run, series, values, line["color"], shelf.axis)
        accuracy = run.reading.accuracy
        places = run.along(accuracy, shelf.axis)
        _line(chart, run, places, accuracy.values.astype(float), line, shelf.axis, ".2%", "y2")
        finite = values[np.isfinite(values)]
        losses += finite.tolist()
        if len(finite):
            ends.append((index, run, float(finite[-1])))
    low, high = _bounds(losses, shelf.log)
    _axes(chart, shelf, low, high, _reach(runs, shelf.axis))
    _name_ends(chart, seen, ends, low, high, shelf.log)
    return chart


def _reach(runs: Sequence[Drawn], axis: Axis) -> float:
    """Where the longest curve ends."""
    curves = [
        run.along(series, axis) for run in runs for series in (run.reading.loss, run.reading.validation)
    ]
    return max((float(places[-1]) for places in curves if len(places)), default=1.0)


def _bounds(losses: Sequence[float], log: bool) -> tuple[float, float]:
    if log:
        return bounds(losses)
    return 0.0, 1.05 * max(losses, default=1.0) or 1.0


def _raw(chart: go.Figure, run: Drawn, loss: Series, axis: Axis, ink: str) -> None:
    index, values = thin(loss.values, RAW_POINTS)
    chart.add_scatter(
        x=run.along(loss, axis)[index],
        y=values,
        mode="lines",
        line={"color": ink, "width": 1},
        opacity=0.2,
        hoverinfo="skip",
    )


def _line(
    chart: go.Figure,
    run: Drawn,
    places: NDArray[float64],
    values: NDArray[float64],
    line: dict[str, Any],
    axis: Axis,
    shown: str = ".4g",
    below: str = "y",
) -> None:
    index, kept = thin(values, POINTS)
    where = {
        "steps": tr("step {step}", step="%{x:,}"),
        "examples": tr("{count} examples", count="%{x:,}"),
        "seconds": tr("after {seconds} s", seconds="%{x:.2f}"),
    }[axis]
    chart.add_scatter(
        x=np.asarray(places)[index],
        y=kept,
        yaxis=below,
        mode="lines+markers" if len(values) <= 40 else "lines",
        line=line,
        marker={"size": 5},
        name=plotly_text(run.name, LONGEST_NAME),
        hovertemplate=f"{plotly_text(run.name)}<br>{where}<br>%{{y:{shown}}}<extra></extra>",
    )


def _changes(
    chart: go.Figure, run: Drawn, series: Series, values: NDArray[float64], ink: str, axis: Axis
) -> None:
    """Marks on a curve where its learning rate was set by hand."""
    found = {
        step: rate for step, rate in run.reading.rates.items() if len(series) and step <= series.steps[-1]
    }
    if not found:
        return
    at = np.clip(np.fromiter(found, dtype=float64), series.steps[0], None)
    chart.add_scatter(
        x=np.interp(at, series.steps, run.along(series, axis)),
        y=np.interp(at, series.steps, values),
        mode="markers",
        marker={"symbol": "diamond", "size": 9, "color": ink},
        name=plotly_text(run.name, LONGEST_NAME),
        hovertemplate=[
            f"{plotly_text(run.name)}<br>{tr('step {step}', step=exact(step))}<br>"
            f"{tr('learning rate {rate}', rate=written(rate))}<extra></extra>"
            for step, rate in found.items()
        ],
    )


def _name_ends(
    chart: go.Figure,
    seen: Theme,
    ends: Sequence[tuple[int, Drawn, float]],
    low: float,
    high: float,
    log: bool,
) -> None:
    """The names at the curves' ends, moved apart where two would lie on each other, and kept inside the picture."""

    def height(value: float) -> float:
        if log:
            return LOSS * math.log10(max(value, low) / low) / math.log10(high / low)
        return LOSS * (value - low) / (high - low)

    placed = sorted(
        ((height(value), index, run, value) for index, run, value in ends), key=lambda one: one[0]
    )
    free = LOSS - LINE * (len(placed) - 1)
    below = -math.inf
    for number, (wanted, index, run, value) in enumerate(placed):
        at = max(min(wanted, free + LINE * number), below + LINE)
        below = at
        ink = plotly_template.curve(index, seen)["color"]
        sign = f'<span style="color:{ink}">{"╍" if index >= 4 else "━"}</span>'
        chart.add_annotation(
            x=1,
            xref="paper",
            xanchor="left",
            xshift=6,
            y=1 - LOSS / (LOSS + GAP + ACCURACY),
            yref="paper",
            yanchor="middle",
            yshift=at,
            text=f"{sign} {plotly_text(run.name, LONGEST_NAME)} <b>{significant(value)}</b>",
            showarrow=False,
            font={"color": colour("ink", seen), "size": 12.5},
        )


def _axes(chart: go.Figure, shelf: Shelf, low: float, high: float, reach: float) -> None:
    plain = {
        "automargin": False,
        "showgrid": True,
        "tickfont": {"family": "Explorer Mono, monospace", "size": 12},
    }
    whole = LOSS + GAP + ACCURACY
    loss: dict[str, Any] = {"range": [low, high], "tickformat": "~g"}
    if shelf.log:
        loss = {"type": "log", "range": [math.log10(low), math.log10(high)], **log_ticks(low, high)}
    chart.update_layout(
        height=HEIGHT,
        margin={"l": LEFT, "r": RIGHT, "t": TOP, "b": BOTTOM},
        showlegend=False,
        uirevision=f"{shelf.axis} {shelf.log} {shelf.held}",  # another axis has no use for the zoom of this one
        xaxis={**plain, "showgrid": False, "range": [0, reach], "anchor": "y2", "nticks": 8},
        yaxis={**plain, **loss, "domain": [1 - LOSS / whole, 1]},
        yaxis2={
            **plain,
            "anchor": "x",
            "domain": [0, ACCURACY / whole],
            "range": [-0.01, 1.03],
            "tickvals": [0, 0.5, 1],
            "ticktext": ["0%", "50%", "100%"],
        },
    )
    kind = tr("validation loss, nats") if shelf.held else tr("training loss, nats")
    _title(chart, f"{kind} ({tr('log')})" if shelf.log else kind, 1)
    _title(chart, tr("validation accuracy"), ACCURACY / whole)
    below = {"steps": tr("steps"), "examples": tr("examples"), "seconds": tr("seconds")}[shelf.axis]
    chart.add_annotation(
        x=1, y=0, xref="paper", yref="paper", xshift=8, yshift=-20, xanchor="left", text=below,
        showarrow=False, font={"size": 12},
    )  # fmt: skip


def _title(chart: go.Figure, says: str, y: float) -> None:
    chart.add_annotation(
        x=0, y=y, xref="paper", yref="paper", xshift=-LEFT, yshift=4, xanchor="left", yanchor="bottom",
        text=says, showarrow=False, font={"size": 12.5},
    )  # fmt: skip
