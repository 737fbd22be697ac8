"""The shelf: what a session keeps of the Runs page, as a frozen value. The runs themselves are in the history."""

from collections.abc import MutableMapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Self, get_args

from netlib import Message
from netlib.training.sentence import from_data, to_data

SHELF = "runs"
"""Where the session keeps it."""
MOST_COMPARED = 6
LONGEST_TEXT = 80
Session = MutableMapping[Any, Any]

Column = Literal["when", "name", "data", "network", "params", "seed", "loss", "accuracy", "state", "took"]
Axis = Literal["steps", "examples", "seconds"]
AXES: tuple[Axis, ...] = get_args(Axis)
COLUMNS: tuple[Column, ...] = get_args(Column)
LARGEST_FIRST: frozenset[Column] = frozenset({"when", "accuracy", "params", "took"})
"""Columns whose greatest value is what people look for first."""


@dataclass(frozen=True)
class Shelf:
    """What is looked for, in which order, and what is done with what was found.

    Attributes:
        text: looked for in names, notes and ids.
        state, data: the only state and data set to list, "" for all.
        sort: the column that the list goes by; `down` with its greatest value first.
        chosen: the runs that are compared, in the order of their colours; None where nobody has chosen.
        open: the run whose row is unfolded.
        asked: the run or network whose deletion waits for a second press.
        pages: how far the list is unfolded.
        axis: what the curves are drawn over.
        log: whether the losses are drawn on a logarithmic axis.
        held: whether the losses are those of the validation samples, not of the training.
        note: a sentence for the person, until the next action.
        refused: the beginning of a name that the unfolded run was not given, and `rule`, which says why: both stay
            until it has a name or is folded.
    """

    text: str = ""
    state: str = ""
    data: str = ""
    sort: Column = "when"
    down: bool = True
    chosen: tuple[str, ...] | None = None
    open: str | None = None
    asked: str | None = None
    pages: int = 1
    axis: Axis = "steps"
    log: bool = True
    held: bool = False
    note: Message | None = None
    refused: str | None = None
    rule: Message | None = None

    def with_(self, **attributes: Any) -> Self:
        """The shelf with other attributes."""
        return replace(self, **attributes)

    def sorted_by(self, column: Column) -> Self:
        """The shelf in the order of a column, turned round where it is in that order already."""
        down = not self.down if column == self.sort else column in LARGEST_FIRST
        return self.with_(sort=column, down=down, pages=1)

    def without(self, run: str) -> Self:
        """The shelf without a run that is gone."""
        chosen = self.chosen and tuple(one for one in self.chosen if one != run)
        left = self.unfolding(None) if self.open == run else self
        return left.with_(chosen=chosen, asked=None if self.asked == run else self.asked)

    def unfolding(self, run: str | None) -> Self:
        """The shelf with this run's row unfolded, None for none."""
        return self.with_(open=run, asked=None, refused=None, rule=None)


def column(name: str) -> Column | None:
    """The column of that name, if there is one."""
    return next((known for known in COLUMNS if known == name), None)


def axis(name: str) -> Axis | None:
    """The axis of that name, if there is one."""
    return next((known for known in AXES if known == name), None)


def load(session: Session) -> Shelf:
    """The session's shelf, a fresh one where there is none that can be read."""
    held = session.get(SHELF)
    if not isinstance(held, dict):
        return Shelf()
    try:
        chosen = held["chosen"]
        return Shelf(
            **{
                **held,
                "chosen": None if chosen is None else tuple(chosen),
                "note": from_data(held["note"]),
                "rule": from_data(held["rule"]),
            }
        )
    except (KeyError, TypeError):  # of an earlier version
        return Shelf()


def save(session: Session, shelf: Shelf) -> None:
    """Writes the shelf into the session, as plain values."""
    session[SHELF] = {
        **asdict(shelf),
        "chosen": None if shelf.chosen is None else list(shelf.chosen),
        "note": to_data(shelf.note) if shelf.note else None,
        "rule": to_data(shelf.rule) if shelf.rule else None,
    }
