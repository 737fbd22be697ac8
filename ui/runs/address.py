"""The page's address: what is looked for and which runs are compared, so that a link brings both back."""

import re
from collections.abc import MutableMapping

from netlib.training.states import CALLED
from ui.runs.shelf import LONGEST_TEXT, MOST_COMPARED, Session, Shelf, axis, column, load

WRITTEN = "runs_address"
"""Where the session keeps what this page last wrote: only what differs from it is news."""
NAMES = ("q", "state", "data", "sort", "compare", "axis", "scale", "loss")
LINEAR, VALIDATION = "linear", "validation"
RUN = re.compile(r"[0-9a-f]{4,40}")

Parameters = MutableMapping[str, str]


def arrived(session: Session, parameters: Parameters) -> Shelf:
    """The session's shelf after what is new in the address; what makes no sense there is left out."""
    shelf = load(session)
    written = session.get(WRITTEN) or {}
    asked = {name: parameters.get(name, "") for name in NAMES}
    news = {name: value for name, value in asked.items() if value and value != written.get(name)}
    if not news:
        return shelf
    shelf = shelf.with_(note=None, pages=1)
    if "q" in news:
        shelf = shelf.with_(text=news["q"][:LONGEST_TEXT])
    if news.get("state") in CALLED:
        shelf = shelf.with_(state=news["state"])
    if "data" in news:
        shelf = shelf.with_(data=news["data"][:40])
    if found := column(news.get("sort", "").removeprefix("-")):
        shelf = shelf.with_(sort=found, down=news["sort"].startswith("-"))
    if chosen := axis(news.get("axis", "")):
        shelf = shelf.with_(axis=chosen)
    if "scale" in news:
        shelf = shelf.with_(log=news["scale"] != LINEAR)
    if "loss" in news:
        shelf = shelf.with_(held=news["loss"] == VALIDATION)
    runs = [run for run in news.get("compare", "").split(",") if RUN.fullmatch(run)]
    return shelf.with_(chosen=tuple(dict.fromkeys(runs))[:MOST_COMPARED]) if runs else shelf


def write(session: Session, shelf: Shelf, parameters: Parameters) -> None:
    """Puts the shelf into the address; what is as usual stays out of it."""
    usual = Shelf()
    sort = "" if (shelf.sort, shelf.down) == (usual.sort, usual.down) else f"{'-' * shelf.down}{shelf.sort}"
    wanted = {
        "q": shelf.text,
        "state": shelf.state,
        "data": shelf.data,
        "sort": sort,
        "compare": ",".join(shelf.chosen or ()),
        "axis": "" if shelf.axis == usual.axis else shelf.axis,
        "scale": "" if shelf.log else LINEAR,
        "loss": VALIDATION if shelf.held else "",
    }
    for name, value in wanted.items():
        if not value:
            parameters.pop(name, None)
        elif parameters.get(name) != value:
            parameters[name] = value
    session[WRITTEN] = wanted
