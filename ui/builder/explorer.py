"""The builder as a fragment: what the picture proposes is done, then the picture is drawn."""

import functools
from collections.abc import Mapping
from typing import Any

import streamlit as st

from netlib import BadLink, Message, Network
from netlib.presets import preset
from netlib.words import Language, words
from ui import contents, workers
from ui.builder import desk as desks
from ui.builder import seal
from ui.builder.actions import act
from ui.builder.desk import Desk
from ui.builder.view import fixed, view
from ui.component import load
from ui.lab.away import TRAINING, data_for
from ui.shell import head, open_page
from ui.slot import drawn
from ui.words import language, tr

KEY = "builder_picture"
LEAVE = "builder_leaves"
PARAMETER = "net"
FIRST = "net"
"""The preset that a fresh session starts with."""
MOST_ACTIONS = 200

_BAD_LINK = words(
    "The address holds no network that can be read ({why}). Yours stays as it is.",
    "地址中没有可读的网络（{why}）。你的网络保持不变。",
)
_BAD_FIRST_LINK = words(
    "The address holds no network that can be read ({why}). This is the usual first one.",
    "地址中没有可读的网络（{why}）。这里是默认的网络。",
)


def open_desk() -> Desk:
    """The session's desk, after the network of the address has been taken, where it is a new one."""
    session = st.session_state
    fresh = desks.NET not in session
    desk = desks.load(session, preset(FIRST).to_json())
    wanted = st.query_params.get(PARAMETER)
    if wanted and wanted != desk.link:
        desk = taken(desk, wanted, fresh)
    desks.save(session, desk)
    return desk


def taken(desk: Desk, link: str, fresh: bool) -> Desk:
    """The desk with the network of a link; for a damaged one a sentence."""
    try:
        network = Network.from_link(link)
    except BadLink as error:
        template = _BAD_FIRST_LINK if fresh else _BAD_LINK
        return desk.with_(note=Message(template, why=error.message), link=link)
    if fresh:
        return desk.with_(net=network.to_json(), link=link)
    return desk.changed(network, open=None, folds=frozenset()).with_(link=link)


def settled() -> None:
    """Does what the picture has proposed and nobody has done yet."""
    session = st.session_state
    proposed = session.get(KEY, {}).get("settled")
    desk = desks.load(session)
    desks.save(session, done(desk, proposed))
    if isinstance(proposed, Mapping) and proposed.get("desk") == desk.token and proposed.get("train") is True:
        session[LEAVE] = True


def looked() -> None:
    """Asks for the verdict that the seal looks for."""
    # A look may still be on its way when the page has gone, and its picture with it.
    seal.look(desks.load(st.session_state).net, st.session_state.get(KEY, {}).get("look"))


def done(desk: Desk, proposed: Any) -> Desk:
    """The desk after `{"desk": its token, "actions": [{"number", "action"}, …]}`.

    Each number is done once, in order. After a lost connection a browser sends its last state again, to a new session:
    that is no proposal to it.
    """
    if not isinstance(proposed, Mapping) or proposed.get("desk") != desk.token:
        return desk
    actions = proposed.get("actions")
    if not isinstance(actions, list):
        return desk
    for sent in actions[:MOST_ACTIONS]:
        number = sent.get("number") if isinstance(sent, Mapping) else None
        if type(number) is int and desk.done < number <= desk.done + 1_000_000:
            desk = act(desk, sent.get("action")).with_(done=number)
    return desk


def heading() -> None:
    """Draws the title, once: what the page shows is drawn again at every change, and the title never changes."""
    head(
        tr("Builder"),
        tr("Change a layer and read what it costs; a fault stays in its row and says how to mend it."),
    )


@drawn
def explorer() -> None:
    """Draws the picture."""
    desk = desks.load(st.session_state)
    if st.session_state.pop(LEAVE, False) and trains():
        train(desk)
    data = {**_view(desk, language(), trains()), "seal": seal.data(desk.net)}
    load("builder", "look", fixed=fixed)(KEY, data, settled=settled, look=looked)
    _write_link(desk)


@functools.lru_cache(maxsize=32)
def _view(desk: Desk, _lang: Language, trained: bool) -> Mapping[str, Any]:
    """The view, kept for the runs in which only the seal has looked; it is in the session's language."""
    return view(desk, trains=trained)


def trains() -> bool:
    """Whether there is a page that trains."""
    return any(entry.name == TRAINING for entry in contents.existing())


def train(desk: Desk) -> None:
    """Goes to the page that trains, with the network, and with the first data set that it fits."""
    asked = {"net": desk.linked(), "data": data_for(desk.network)}
    open_page(TRAINING, **{name: value for name, value in asked.items() if value})


def _write_link(desk: Desk) -> None:
    link = desk.linked()
    if link != desk.link:
        desks.save(st.session_state, desk.with_(link=link))
    if link is None:
        st.query_params.pop(PARAMETER, None)
    elif st.query_params.get(PARAMETER) != link:
        st.query_params[PARAMETER] = link


def warm_up() -> None:
    """Starts the workers, so that the first verdict does not wait for PyTorch."""
    workers.pool()
