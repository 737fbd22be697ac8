"""What the settings at the left have become since the run that is shown was started, and the way back to its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from netlib import trace
from netlib.training import RunSpec
from netlib.training.data.datasets import title
from ui.numbers import exact, short
from ui.training.bench import unsettled
from ui.training.networks import title_of
from ui.training.reading import Reading
from ui.training.settings import flat, inside, label, written
from ui.training.status import Action
from ui.words import tr

NAMED = 3
"""Changes that are named; of the others it is said how many there are."""


@dataclass(frozen=True)
class Change:
    """A setting that is another one now."""

    label: str
    was: str
    now: str

    def __str__(self) -> str:
        return f"{inside(self.label)} {self.was} → {self.now}"


def changes(run: RunSpec, now: RunSpec) -> list[Change]:
    """What differs between the settings of a run and those in the form, data and network first."""
    run = unsettled(run)
    found = []
    if run.data.name != now.data.name:
        found.append(Change(tr("data"), tr(title(run.data)), tr(title(now.data))))
    if run.network != now.network:
        found.append(Change(tr("network"), *_networks(run, now)))
    before, after = flat(run), flat(now)
    return found + [
        Change(label(place), written(value), written(after[place]))
        for place, value in before.items()
        if value != after[place] and place != "data.name" and not (place == "device" and now.device == "auto")
    ]


def _networks(run: RunSpec, now: RunSpec) -> tuple[str, str]:
    """The networks by their names, or, where those are equal, by their parameters."""
    names = title_of(run.network), title_of(now.network)
    if names[0] != names[1]:
        return names
    first, second = (
        tr("{params} parameters", params=short(found.params + found.aux_params))
        for found in (trace(run.network), trace(now.network))
    )
    return (first, second) if first != second else (names[0], tr("changed"))


def strip(
    reading: Reading | None, found: Sequence[Change], needs: str | None = None, ready: bool = True
) -> dict[str, Any] | None:
    """What the picture draws; None while the settings are those of the run that is shown.

    Args:
        reading: the run that is shown.
        found: what the settings have become since.
        needs: what a run with the present settings will ask for, where that is known.
        ready: whether such a run can start.
    """
    if reading is None or not found:
        return None
    named = tr(", ").join(map(str, found[:NAMED]))
    if len(found) > NAMED:
        named = tr("{changes} and {count} more", changes=named, count=exact(len(found) - NAMED))
    run = reading.row.name or reading.row.id[:6]
    if reading.row.ended and ready:
        says = tr(
            "This is run {run}; the settings have changed since: {changes}. Start training to see a new run here.",
            run=run,
            changes=named,
        )
    else:
        says = tr("This is run {run}; the settings have changed since: {changes}.", run=run, changes=named)
    return {
        "part": "changes",
        "says": says,
        "needs": (needs or "") if reading.row.ended else "",
        "ways": [Action("settings", tr("Open this run's settings")).data()],
    }
