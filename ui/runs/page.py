"""The Runs page: the list, and the runs that are compared below it."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from netlib.errors import NetlibError
from netlib.training.store.rate_changes import rate_changes
from ui import workers
from ui.component import Callback
from ui.component import load as load_picture
from ui.owner import person
from ui.runs import address
from ui.runs.actions import Desk, act
from ui.runs.catalogue import Entry, Found, find
from ui.runs.comparison import BAR, TABLE, comparison
from ui.runs.listing import listing, shown
from ui.runs.shelf import Shelf, load, save
from ui.runs.shelved import shelved
from ui.shell import head, open_page
from ui.slot import drawn
from ui.training.answers import answers
from ui.words import tr

KEY, NETWORKS = "runs_list", "runs_networks"
LEAVE = "runs_leave"
"""Where the session keeps which page to go to, from a press until the script runs."""
DONE = "runs_done"
"""Where the session keeps the numbers of the latest proposals that were done."""
MOST_DONE = 32


def runs() -> None:
    """Draws the page."""
    person.recognise()
    save(st.session_state, address.arrived(st.session_state, st.query_params))
    head(tr("Runs"), tr("Find a run again, see what made the difference, take its weights and curves away."))
    instrument()


@drawn
def instrument() -> None:
    """Draws everything below the heading."""
    if leaving := st.session_state.pop(LEAVE, None):
        open_page(leaving["to"], **leaving["parameters"])
    shelf, history = load(st.session_state), workers.pool().history
    if history.message:
        st.warning(tr(history.message))
    try:
        found, networks = find(history, shelf), shelved(history, shelf)
        changed = rate_changes(history, [one.row.id for one in shown(found, shelf)])
    except NetlibError as error:
        st.error(tr(error.message))
        return
    chosen = compared(shelf, found)
    address.write(st.session_state, shelf, st.query_params)
    data = listing(found, shelf, tuple(one.row.id for one in chosen), history.writable, changed)
    load_picture("runs", "look")(KEY, data, settled=_hearing(KEY))
    if chosen:
        comparison(history, chosen, shelf, {key: _hearing(key) for key in (BAR, TABLE)})
    load_picture("runs", "look")(NETWORKS, networks, settled=_hearing(NETWORKS))


def _hearing(key: str) -> Callback:
    return lambda: acted(st.session_state[key]["settled"])


def compared(shelf: Shelf, found: Found) -> Sequence[Entry]:
    """The runs that are compared: those that were chosen and are still there, else the newest one with a curve."""
    known = {one.row.id: one for one in found.every}
    if shelf.chosen is not None:
        return [known[run] for run in shelf.chosen if run in known]
    newest = max((one for one in found.every if one.row.step), key=lambda one: one.row.created, default=None)
    return [newest] if newest else []


def acted(settled: object) -> None:
    """Does what a browser proposes, `{"proposals": [{"number", "do", …}, …]}`; each number is done once, in order."""
    proposals = settled.get("proposals") if isinstance(settled, Mapping) else None
    if not isinstance(proposals, list):
        return
    for proposed in proposals[-MOST_DONE:]:
        number = proposed.get("number") if isinstance(proposed, Mapping) else None
        done: list[object] = st.session_state.get(DONE, [])
        if type(number) is not int or number in done:
            continue
        st.session_state[DONE] = [*done[1 - MOST_DONE :], number]
        _do(proposed)


def _do(proposed: Mapping[str, Any]) -> None:
    session, pool = st.session_state, workers.pool()
    shelf = load(session)
    chosen = shelf.chosen
    if chosen is None:
        try:
            chosen = tuple(one.row.id for one in compared(shelf, find(pool.history, shelf)))
        except NetlibError:
            chosen = ()
    after = act(Desk(shelf, pool, answers(), chosen), proposed)
    save(session, after.shelf)
    if after.to is not None:
        session.update(after.kept)
        session[LEAVE] = {"to": after.to, "parameters": dict(after.parameters)}
