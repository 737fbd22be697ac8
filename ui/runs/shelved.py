"""The networks that were saved by name, as the picture draws them."""

from typing import Any

from netlib.training.store import networks
from netlib.training.store.history import History
from netlib.training.store.networks import SavedNetwork
from ui.numbers import exact, short
from ui.owner.person import is_mine
from ui.runs.catalogue import about
from ui.runs.shelf import Shelf
from ui.training.recent import when
from ui.words import tr

NOTHING = "–"


def shelved(history: History, shelf: Shelf) -> dict[str, Any]:
    """What the picture draws.

    Raises:
        HistoryError: when the file cannot be read.
    """
    rows = [_row(one, shelf, history.writable) for one in networks.saved(history.database)]
    return {
        "part": "networks",
        "rows": rows,
        "words": {
            "title": tr("Saved networks"),
            "none": "" if rows else tr("Save one under a name from the Builder's File menu."),
            "params": tr("parameters"),
            "builder": tr("Open in the Builder"),
            "train": tr("Train it"),
            "delete": tr("Delete"),
            "deleteNow": tr("Delete for good"),
            "keep": tr("Keep it"),
            "question": tr("Delete this network? Runs that have trained it keep theirs."),
        },
    }


def _row(one: SavedNetwork, shelf: Shelf, writable: bool) -> dict[str, Any]:
    _, params = about(one.text)
    return {
        "id": one.id,
        "name": one.name,
        "when": when(one.created),
        "params": NOTHING if params is None else short(params),
        "exactly": "" if params is None else exact(params),
        "trains": params is not None,
        "asked": shelf.asked == one.id,
        "mine": writable and is_mine(one.owner),
    }
