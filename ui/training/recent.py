"""The runs there have been, newest first, as rows of words."""

import functools
from datetime import UTC, datetime
from typing import Any

from netlib import trace
from netlib.training import RunSpec
from netlib.training.data.datasets import title
from netlib.training.states import CALLED
from netlib.training.store.history import History
from netlib.training.store.records import Filter, RunRow
from ui.numbers import exact, percent, short, significant
from ui.training.networks import title_of
from ui.training.rates import written
from ui.training.reading import readable
from ui.training.status import TONES
from ui.words import tr

MOST = 8


def recent(history: History, current: str | None, page: int = 1) -> dict[str, Any]:
    """What the picture draws."""
    rows = history.runs(Filter(limit=MOST * page + 1))
    return {
        "part": "runs",
        "rows": [_row(history, row, row.id == current) for row in rows[: MOST * page]],
        "more": len(rows) > MOST * page,
        "words": {
            "title": tr("Recent runs"),
            "none": tr("Every run is kept here with its curves."),
            "run": tr("run"),
            "data": tr("data"),
            "network": tr("network"),
            "settings": tr("settings"),
            "loss": tr("validation loss"),
            "accuracy": tr("accuracy"),
            "steps": tr("steps"),
            "state": tr("state"),
            "open": tr("Open run {run}"),
            "again": tr("Run again"),
            "more": tr("Show more"),
            "all": tr("All runs"),
        },
    }


def _row(history: History, row: RunRow, current: bool) -> dict[str, Any]:
    spec = readable(row)
    latest = history.latest(row.id) if row.step else {}
    return {
        "id": row.id,
        "name": row.name or row.id[:6],
        "when": when(row.created),
        "data": tr(title(spec.data)) if spec else "?",
        "network": network(spec),
        "settings": settings(spec) if spec else "",
        "loss": significant(latest["val_loss"]) if "val_loss" in latest else "–",
        "accuracy": percent(latest["val_accuracy"]) if "val_accuracy" in latest else "–",
        "share": round(latest.get("val_accuracy", 0.0), 3),
        "steps": exact(row.step),
        "state": tr(CALLED[row.state]),
        "tone": TONES[row.state],
        "current": current,
        "again": row.ended and spec is not None,
    }


def when(created: float) -> str:
    """A time as people in the server's time zone write it, day first left out for today."""
    moment = datetime.fromtimestamp(created, UTC).astimezone()
    today = datetime.now(UTC).astimezone().date()
    return moment.strftime("%H:%M") if moment.date() == today else moment.strftime("%Y-%m-%d %H:%M")


def network(spec: RunSpec | None) -> str:
    """The network's name where it is a preset, and its parameters."""
    if spec is None:
        return "?"
    return tr("{network}, {params} parameters", network=title_of(spec.network), params=params(spec))


@functools.lru_cache(maxsize=256)
def params(spec: RunSpec) -> str:
    """The parameters of the network a run trains."""
    found = trace(spec.network)
    return short(found.params + found.aux_params)


def settings(spec: RunSpec) -> str:
    """The settings that people compare runs by."""
    optimiser, rate = spec.optimiser.name, written(spec.optimiser.learning_rate)
    if spec.data.is_word:  # one word is every batch
        return tr("{optimiser} {rate}, seed {seed}", optimiser=optimiser, rate=rate, seed=spec.seed)
    return tr(
        "{optimiser} {rate}, batch {batch}, seed {seed}",
        optimiser=optimiser,
        rate=rate,
        batch=exact(spec.batch),
        seed=spec.seed,
    )
