"""The seal: whether torch and torchinfo count a network as the page does.

The picture does the looking: it waits until its network has stayed the same for a moment, then fires `look` again and
again, and stops when the data no longer say that the verdict is awaited. The seal is a part of the builder's picture:
two pictures of different fragments that speak at once would lose one of their runs.
"""

import hashlib
from typing import Any

from netlib import Message
from ui.builder.desk import traced
from ui.builder.verdicts import Answer, verdicts
from ui.numbers import dimensions, exact
from ui.words import language, tr

COLUMNS = ("ours", "torch", "torchinfo")


def look(network: str, wanted: Any) -> None:
    """Asks for the verdict that the picture wants, if it is still about this network, and gives it a moment to come.

    For the callback of an event, before anything is drawn.
    """
    if isinstance(wanted, dict) and wanted.get("of") == name_of(network) and traced(network).ok:
        verdicts().ask(network, again=wanted.get("again") is True)
        verdicts().await_soon(network)


def data(network: str) -> dict[str, Any]:
    """What the picture draws: its state, and with a verdict the three columns."""
    found: dict[str, Any] = {"of": name_of(network)}
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
        "state": "sealed" if answer["ok"] else "otherwise",
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
