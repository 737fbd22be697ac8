"""The list of runs as the picture draws it: words and numbers written out, every decision taken."""

from collections.abc import Mapping, Sequence
from typing import Any

from netlib.training.states import CALLED, LIVE
from ui.numbers import exact, percent, seconds, short, significant
from ui.owner.person import is_mine
from ui.runs.catalogue import Entry, Found
from ui.runs.shelf import COLUMNS, MOST_COMPARED, Column, Shelf
from ui.runs.told import settings, unrepeated
from ui.training.recent import when
from ui.training.status import TONES
from ui.words import tr

PAGE = 50
"""Runs on a page of the list."""
NOTHING = "–"
Changed = Mapping[str, Mapping[int, float]]
LOOK_MILLISECONDS = 2000
"""Between two looks while a run in the list is going."""


def shown(found: Found, shelf: Shelf) -> Sequence[Entry]:
    """The runs that the list is unfolded to."""
    return found.entries[: PAGE * shelf.pages]


def listing(
    found: Found, shelf: Shelf, chosen: tuple[str, ...], saved: bool, changed: Changed | None = None
) -> dict[str, Any]:
    """What the picture draws.

    Args:
        found: the runs that match.
        shelf: what was looked for.
        chosen: the runs that are compared, in the order of their colours.
        saved: whether the history takes changes.
        changed: learning rates that were set by hand, by run and step.
    """
    rows, states, changed = shown(found, shelf), found.states, changed or {}
    going = any(one.row.state in LIVE or one.row.state == "queued" for one in rows)
    opened = next((one for one in rows if one.row.id == shelf.open), None)
    return {
        "part": "list",
        "text": shelf.text,
        "state": shelf.state,
        "data": shelf.data,
        "sort": shelf.sort,
        "down": shelf.down,
        "states": [["", tr("all states")]]
        + [[state, f"{tr(CALLED[state])} ({states[state]})"] for state in CALLED if states[state]],
        "sets": [["", tr("all data")], *sorted(_sets(found))],
        "columns": [[name, word] for name, word in _columns().items()],
        "rows": [_row(one, chosen, changed.get(one.row.id, {})) for one in rows],
        "count": count(len(found.entries), len(found.every)),
        "more": len(found.entries) > len(rows),
        "full": len(chosen) >= MOST_COMPARED,
        "opened": _opened(opened, shelf, saved, changed.get(opened.row.id, {})) if opened else None,
        "note": tr(shelf.note) if shelf.note else "",
        "look": LOOK_MILLISECONDS if going else None,
        "words": _words(),
    }


def count(matching: int, total: int) -> str:
    """How many runs there are, and how many of them match."""
    if not total:
        return tr("No run has been started yet.")
    if matching == total:
        return tr("{total} runs", total=exact(total)) if total > 1 else tr("one run")
    return tr("{matching} of {total} runs", matching=exact(matching), total=exact(total))


def _sets(found: Found) -> list[list[str]]:
    names = {one.plain.data: one.data for one in found.every}
    return [[name, f"{names[name]} ({number})"] for name, number in found.data.items() if name]


def _columns() -> dict[Column, str]:
    words: dict[Column, str] = {
        "when": tr("started"),
        "name": tr("run"),
        "data": tr("data"),
        "network": tr("network"),
        "params": tr("parameters"),
        "seed": tr("seed"),
        "loss": tr("best loss"),
        "accuracy": tr("best accuracy"),
        "state": tr("state"),
        "took": tr("took"),
    }
    order: tuple[Column, ...] = (
        "name",
        "state",
        "data",
        "network",
        "params",
        "seed",
        "loss",
        "accuracy",
        "when",
        "took",
    )
    assert set(order) == set(COLUMNS)
    return {name: words[name] for name in order}


def _row(one: Entry, chosen: tuple[str, ...], changed: Mapping[int, float]) -> dict[str, Any]:
    row, best = one.row, one.summary
    return {
        "id": row.id,
        "name": one.name,
        "named": row.name is not None,
        "noted": row.note or "",
        "when": when(row.created),
        "data": one.data,
        "network": one.network,
        "settings": settings(one.plain, changed),
        "params": NOTHING if one.params is None else short(one.params),
        "exactly": "" if one.params is None else exact(one.params),
        "seed": str(row.seed),
        "loss": NOTHING if best.loss is None else significant(best.loss),
        "accuracy": NOTHING if best.accuracy is None else percent(best.accuracy),
        "share": round(best.accuracy or 0.0, 3),
        "state": tr(CALLED[row.state]),
        "tone": TONES[row.state],
        "why": tr(row.reason) if row.reason else "",
        "took": seconds(best.seconds) if best.seconds else NOTHING,
        "curve": chosen.index(row.id) if row.id in chosen else None,
    }


def _opened(one: Entry, shelf: Shelf, saved: bool, changed: Mapping[int, float]) -> dict[str, Any]:
    row = one.row
    mine, readable = is_mine(row.owner), bool(one.plain.optimiser)
    closed = "" if saved else tr("The history can only be read here.")
    if not mine:
        closed = tr("Somebody else's run: it can be looked at and run again.")
    return {
        "id": row.id,
        "name": row.name or "",
        "typed": shelf.refused if shelf.rule else None,
        "rule": tr(shelf.rule) if shelf.rule else "",
        "note": row.note or "",
        "about": " · ".join(_about(one, changed)),
        "unrepeated": unrepeated(one.plain, changed),
        "asked": shelf.asked == row.id,
        "question": tr("Delete this run with its curves and weights?"),
        "mine": mine and saved,
        "closed": closed,
        "again": readable and saved,
        "builder": bool(one.params is not None),
        "delete": row.ended or row.state == "queued",
    }


def _about(one: Entry, changed: Mapping[int, float]) -> list[str]:
    row, best = one.row, one.summary
    found = [settings(one.plain, changed), tr("{steps} steps", steps=exact(row.step))]
    if best.loss is not None and best.loss_step is not None:
        found.append(
            tr("best loss {loss} at step {step}", loss=significant(best.loss), step=exact(best.loss_step))
        )
    found += [value for value in (row.device, _torch(row.versions.get("torch"))) if value]
    return [*found, row.id]


def _torch(version: str | None) -> str:
    return f"torch {version}" if version else ""


def _words() -> dict[str, str]:
    return {
        "search": tr("Find by name, note, network"),
        "state": tr("state"),
        "data": tr("data"),
        "compare": tr("Compare {run}"),
        "open": tr("Show more about {run}"),
        "more": tr("Show more"),
        "none": tr("Nothing matches."),
        "name": tr("name"),
        "note": tr("note"),
        "again": tr("Run again"),
        "newSeed": tr("New seed"),
        "builder": tr("Open in the Builder"),
        "training": tr("Show on the training page"),
        "delete": tr("Delete"),
        "deleteNow": tr("Delete for good"),
        "keep": tr("Keep it"),
        "train": tr("Start training"),
    }
