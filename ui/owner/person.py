"""The person in front of this session, and what is theirs."""

import hashlib
import ipaddress
import re

import streamlit as st

from netlib.errors import NetlibError
from netlib.words import words
from ui.component import load

COOKIE = "explorer_owner"
HELD = "owner"
"""Where the session keeps an id that was made after its cookies were read."""
IDENTITY = re.compile(r"[0-9a-f]{32}")

NOT_YOURS = words(
    "This belongs to somebody else: only they can change or delete it.",
    "这属于其他人：只有其所有者可以更改或删除。",
)


def is_shared() -> bool:
    """Whether the app listens where other machines can reach it."""
    address = str(st.config.get_option("server.address") or "0.0.0.0")  # noqa: S104 - compared, not bound
    if address == "localhost":
        return False
    try:
        return not ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:  # a name
        return True


def me() -> str | None:
    """What the history calls this person: None on a server for one, and where a browser has no id yet."""
    if not is_shared():
        return None
    identity = st.session_state.get(HELD) or st.context.cookies.get(COOKIE)
    if not isinstance(identity, str) or not IDENTITY.fullmatch(identity):
        return None
    return hashlib.sha256(identity.encode()).hexdigest()[:32]


def is_mine(owner: str | None) -> bool:
    """Whether this person may change what has that owner."""
    return not is_shared() or (owner is not None and owner == me())


def check(owner: str | None) -> None:
    """Passes where this person may change what has that owner.

    Raises:
        NetlibError: with a sentence where they may not.
    """
    if not is_mine(owner):
        raise NetlibError(NOT_YOURS)


def recognise() -> None:
    """Gives a browser its id, once, where it needs one."""
    if is_shared() and me() is None:
        load("owner")("owner_picture", {"cookie": COOKIE}, settled=_settled)


def _settled() -> None:
    identity = st.session_state["owner_picture"]["settled"]
    if isinstance(identity, str) and IDENTITY.fullmatch(identity):
        st.session_state[HELD] = identity
