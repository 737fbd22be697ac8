"""The desk as the one JSON value that the picture draws."""

from typing import Any

from ui.builder.desk import Desk
from ui.builder.diagram import diagram
from ui.builder.opened import insertion, opened
from ui.builder.palette import palette
from ui.builder.phrases import phrases
from ui.builder.presets import named, presets
from ui.builder.program import program
from ui.builder.rows import rows
from ui.builder.totals import remarks, totals
from ui.words import language, tr


def view(desk: Desk, *, trains: bool = True) -> dict[str, Any]:
    """Everything that the picture shows of the desk; the rest is `fixed`.

    Args:
        desk: what lies on the desk.
        trains: whether there is a page that trains.
    """
    found = desk.trace
    return {
        "done": desk.done,
        "desk": desk.token,
        "ok": found.ok,
        "totals": totals(desk),
        "remarks": remarks(desk),
        "rows": rows(desk),
        "open": opened(desk),
        "insert": insertion(desk),
        "diagram": diagram(desk),
        "program": program(found),
        "undo": bool(desk.undo),
        "redo": bool(desk.redo),
        "kept": desk.kept is not None,
        "isKept": desk.kept == desk.net,
        "link": desk.linked(),
        "text": desk.net,
        "note": tr(desk.note) if desk.note else "",
        "trains": trains,
        "preset": named(desk.net),
    }


def fixed() -> dict[str, Any]:
    """What it says in the session's language whatever lies on the desk."""
    return {"palette": palette(language()), "presets": presets(language()), "words": phrases()}
