"""The runs that are compared: their curves over each other, and a table of what differs."""

import math
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from netlib.training.store.history import History
from netlib.training.store.records import Series
from ui.component import Callback
from ui.component import load as load_picture
from ui.runs import downloads
from ui.runs.catalogue import Entry
from ui.runs.differences import differences
from ui.runs.likeness import badge
from ui.runs.overlaid import Drawn, config, figure
from ui.runs.shelf import AXES, Shelf
from ui.tokens import Theme, theme
from ui.training.reading import Reading, read
from ui.words import language, tr

BAR, TABLE = "runs_bar", "runs_table"
MOST_CHARTS = 32
_LOCK = threading.Lock()
_CHARTS: OrderedDict[tuple[object, ...], go.Figure] = OrderedDict()


def comparison(history: History, chosen: Sequence[Entry], shelf: Shelf, settled: dict[str, Callback]) -> None:
    """Draws curves and table.

    Raises:
        NetlibError: when a run is gone, or the file cannot be read.
    """
    readings = [read(history, one.row.id) for one in chosen]
    with st.container(horizontal=True, gap="medium", key="compared"):
        with st.container(width="stretch", key="panel_curves"):
            load_picture("runs", "look")(BAR, bar(readings, shelf), settled=settled[BAR])
            drawn = [
                Drawn(one.name, steady(reading), one.plain.batch)
                for one, reading in zip(chosen, readings, strict=True)
            ]
            st.plotly_chart(chart(drawn, shelf, theme()), theme=None, config=config(drawn), key="runs_curves")
            downloads.draw(history, chosen)
        with st.container(width=500, key="differences"):
            load_picture("runs", "look")(TABLE, table(chosen, readings), settled=settled[TABLE])


def chart(runs: Sequence[Drawn], shelf: Shelf, seen: Theme) -> go.Figure:
    """The figure of these curves, kept: most looks at the page change the list and not what is drawn."""
    looks = (shelf.axis, shelf.log, shelf.held, seen, language())
    key = (*looks, *((run.name, run.batch, _stamp(run.reading)) for run in runs))
    held = _CHARTS.get(key)
    if held is None:
        held = figure(runs, shelf, seen)
        with _LOCK:
            while len(_CHARTS) >= MOST_CHARTS:
                _CHARTS.popitem(last=False)
            _CHARTS[key] = held
    return held


def _stamp(reading: Reading) -> tuple[object, ...]:
    """What changes with the curves of a run."""
    row, curves = reading.row, (reading.loss, reading.validation, reading.accuracy)
    return row.id, row.generation, None if row.live else row.beat, *map(len, curves), *reading.rates.items()


def steady(reading: Reading) -> Reading:
    """The reading of a run that is going, up to the last of a few steps: 64, 76, 91, 108, 128, …

    A new point is a new chart, which loses its zoom; so the chart grows by a fifth at a time.
    """
    if not reading.row.live or reading.row.step < 1:
        return reading
    last = int(2 ** (math.floor(4 * math.log2(reading.row.step)) / 4))
    return replace(
        reading,
        loss=_until(reading.loss, last),
        validation=_until(reading.validation, last),
        accuracy=_until(reading.accuracy, last),
    )


def _until(series: Series, last: int) -> Series:
    end = int(np.searchsorted(series.steps, last, side="right"))
    return Series(series.steps[:end], series.values[:end], series.seconds[:end], series.last_part)


def bar(readings: Sequence[Reading], shelf: Shelf) -> dict[str, Any]:
    """What stands above the curves."""
    found = badge(readings)
    going = [reading for reading in readings if reading.row.live]
    words = {"steps": tr("steps"), "examples": tr("examples"), "seconds": tr("seconds")}
    return {
        "part": "bar",
        "badge": found.data() if found else None,
        "axis": shelf.axis,
        "axes": [[name, words[name]] for name in AXES],
        "log": shelf.log,
        "held": shelf.held,
        "going": tr("Still going: drawn as far as they are.") if going else "",
        "words": {
            "loss": tr("loss of"),
            "training": tr("training"),
            "validation": tr("validation"),
            "along": tr("over"),
            "log": tr("log axis"),
        },
    }


def table(chosen: Sequence[Entry], readings: Sequence[Reading]) -> dict[str, Any]:
    """What stands beside the curves: rows that differ, and the others folded away."""
    rows = differences(chosen, readings)
    alone = len(chosen) < 2
    results = [row for row in rows if row.about == "results"]
    # Of one run, what came of it is what differs from nothing.
    shown = results if alone else [row for row in rows if row.differs]
    rest = [row for row in rows if row not in shown]
    return {
        "part": "table",
        "names": [one.name for one in chosen],
        "rows": [row.data() for row in shown],
        "rest": [row.data() for row in rest],
        "words": {
            "title": tr("This run") if alone else tr("What differs"),
            "none": "" if alone else tr("Nothing differs."),
            "rest": tr("Settings") if alone else tr("{count} equal rows", count=len(rest)),
            "hint": tr("Tick a second run to compare.") if alone else "",
        },
    }
