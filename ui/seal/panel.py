"""The seal: it asks once a network has settled, and looks until the answer has come.

The picture does the looking: it waits until its network has stayed the same for a moment, then fires `look` again and
again, and stops when the data no longer say that the verdict is awaited. It belongs into the fragment of what it
speaks about: when two pictures of different fragments speak at once, the browser may ask for the run of only one.
"""

import hashlib
from typing import Any

import streamlit as st

from netlib import Message
from ui.builder.desk import traced
from ui.component import load
from ui.numbers import dimensions, exact
from ui.seal.verdicts import Answer, verdicts
from ui.words import language, tr

KEY = "seal"
COLUMNS = ("ours", "torch", "torchinfo")


def seal(network: str) -> None:
    """Draws the seal for a network's JSON text."""
    load("seal", "look")(KEY, data(network), look=lambda: look(network))


def look(network: str) -> None:
    """Asks for the verdict that the picture wants, if it is still about this network."""
    # On the way to another page, what the picture fired may be gone already.
    wanted = st.session_state.get(KEY, {}).get("look")
    if isinstance(wanted, dict) and wanted.get("of") == name_of(network) and traced(network).ok:
        verdicts().ask(network, again=wanted.get("again") is True)


def data(network: str) -> dict[str, Any]:
    """What the picture draws: its state, and with a verdict the three columns."""
    found: dict[str, Any] = {"of": name_of(network), "words": words()}
    if not traced(network).ok:
        return found | {"state": "faulty"}
    answer = verdicts().known(network)
    if answer is None:
        return found | {"state": "counting"}
    if isinstance(answer, Message):
        return found | {"state": "unanswered", "says": tr(answer)}
    return found | columns(network, answer)


def name_of(network: str) -> str:
    """A short name for a network's text."""
    return hashlib.blake2s(network.encode(), digest_size=8).hexdigest()


def columns(network: str, answer: dict[str, Any]) -> dict[str, Any]:
    """A verdict as rows of words: layer, shape, parameters and MACs in three columns, and why torchinfo differs."""
    found = traced(network)
    where = {step.path: found.where(step) for step in found.steps}
    return {
        "state": "sealed" if answer["ok"] else "differs",
        "rows": [_row(row, where) for row in answer["rows"]],
        "params": _counts(answer["params"]),
        "macs": _counts(answer["macs"]),
        "summary": answer["summary"],
    }


def _row(row: Answer, where: dict[str, str]) -> dict[str, Any]:
    assert isinstance(row, dict)
    reason = row["reason"] or {}
    theirs = row["shape"]["torchinfo"]
    return {
        "layer": where.get(row["path"]) or row["kind"],
        "shape": dimensions(row["shape"]["ours"]),
        "sameShape": theirs is None or theirs == row["shape"]["ours"],
        "params": _counts(row["params"]),
        "macs": _counts(row["macs"]),
        "agrees": row["agrees"],
        "reason": reason.get(language(), ""),
    }


def _counts(counts: dict[str, int]) -> list[str]:
    return [exact(counts[column]) for column in COLUMNS]


def words() -> dict[str, str]:
    """What the seal says."""
    return {
        "counting": tr("counting…"),
        "faulty": tr("no verdict: mend the fault first"),
        "sealed": tr("torch and torchinfo agree"),
        "differs": tr("torch counts otherwise"),
        "unanswered": tr("not counted"),
        "again": tr("Count again"),
        "title": tr("Counted three times"),
        "explains": tr(
            "Shapes and parameters must be equal in all three columns, MACs in the first two. torchinfo's mult-adds "
            "follow rules of their own; where they differ, the reason stands below."
        ),
        "layer": tr("Layer"),
        "shape": tr("output"),
        "params": tr("parameters"),
        "macs": tr("MACs"),
        "total": tr("Total"),
        "ours": tr("this page"),
        "summary": tr("torchinfo's own summary"),
        "close": tr("Close"),
    }
