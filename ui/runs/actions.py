"""What a browser may propose on the Runs page: `{"do": "rename", "run": "…", "name": "…"}`.

All of it is hostile input: what is unknown or of another form is ignored, what the history refuses is answered with a
sentence, and what changes or deletes a run is done for its owner alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from netlib import Network
from netlib.errors import NetlibError, TooBig
from netlib.training import RunSpec, sentences
from netlib.training.spec import State
from netlib.training.states import CALLED
from netlib.training.store import networks
from netlib.training.store.naming import stored_name
from netlib.training.store.networks import SavedNetwork
from netlib.training.store.records import RunRow
from netlib.training.workers.pool import Pool
from netlib.words import Message, words
from ui.lab.away import data_for
from ui.owner import person
from ui.runs.shelf import LONGEST_TEXT, MOST_COMPARED, Shelf, axis, column
from ui.training import actions as training
from ui.training.answers import Answers
from ui.training.bench import NET, Bench

MOST_PAGES = 100
LONGEST_NOTE = 10_000
KEPT_NAME = 1000
"""Characters that are kept of a name that was refused: enough to see it by and to mend it."""
UNDELETED = words(
    "{run} is {state}: stop it before you delete it.", "{run} 处于{state}状态：请先停止再删除。"
)
DELETED = words("{run} has been deleted.", "{run} 已删除。")
MOST = words(
    "At most {most} runs can be compared: take one out first.", "最多可比较 {most} 个运行：请先移除一个。"
)
OLD = words(
    "This version no longer reads the settings of this run, so it cannot be run again.",
    "此版本无法再读取此运行的设置，因此无法再次运行。",
)


class Unreadable(Exception):
    """A proposal that the picture would never make."""


@dataclass(frozen=True)
class Desk:
    """What an action works on, and, after it, where to go: a page with its parameters, and what the session keeps."""

    shelf: Shelf
    pool: Pool
    answers: Answers
    chosen: tuple[str, ...] = ()
    """The runs that are compared, also where nobody has chosen them."""
    to: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)

    def with_shelf(self, **attributes: Any) -> "Desk":
        """The desk with other attributes of its shelf."""
        return Desk(self.shelf.with_(**attributes), self.pool, self.answers, self.chosen)

    def leaving(
        self, to: str, parameters: Mapping[str, str] | None = None, kept: Mapping[str, str] | None = None
    ) -> "Desk":
        """The desk of a person who goes to another page."""
        return Desk(self.shelf, self.pool, self.answers, self.chosen, to, parameters or {}, kept or {})


def act(desk: Desk, proposed: object) -> Desk:
    """The desk after a proposal; the same where it makes no sense."""
    if not isinstance(proposed, Mapping) or not isinstance(name := proposed.get("do"), str):
        return desk
    do = ACTIONS.get(name)
    if do is None:
        return desk
    try:
        return do(desk.with_shelf(note=None), proposed)
    except NetlibError as error:
        return desk.with_shelf(note=error.message)
    except ValidationError as error:
        return desk.with_shelf(note=sentences(error)[0])
    except Unreadable:
        return desk


def _find(desk: Desk, proposed: Mapping[str, Any]) -> Desk:
    return desk.with_shelf(text=_text(proposed, "text", LONGEST_TEXT).strip(), pages=1)


def _only_state(desk: Desk, proposed: Mapping[str, Any]) -> Desk:
    state = _text(proposed, "value")
    if state and state not in CALLED:
        raise Unreadable(state)
    return desk.with_shelf(state=state, pages=1)


def _only_data(desk: Desk, proposed: Mapping[str, Any]) -> Desk:
    return desk.with_shelf(data=_text(proposed, "value"), pages=1)


def _sort(desk: Desk, proposed: Mapping[str, Any]) -> Desk:
    if (by := column(_text(proposed, "by"))) is None:
        raise Unreadable("by")
    shelf = desk.shelf.sorted_by(by)
    return desk.with_shelf(sort=shelf.sort, down=shelf.down, pages=1)


def _more(desk: Desk, _: Mapping[str, Any]) -> Desk:
    return desk.with_shelf(pages=min(MOST_PAGES, desk.shelf.pages + 1))


def _choose(desk: Desk, proposed: Mapping[str, Any]) -> Desk:
    """Puts a run among those that are compared, or takes it out."""
    run = _row(desk, proposed).id
    if run in desk.chosen:
        return desk.with_shelf(chosen=tuple(one for one in desk.chosen if one != run))
    if len(desk.chosen) >= MOST_COMPARED:
        raise NetlibError(MOST, most=MOST_COMPARED)
    return desk.with_shelf(chosen=(*desk.chosen, run))


def _open(desk: Desk, proposed: Mapping[str, Any]) -> Desk:
    """Unfolds a row, or folds the one that is."""
    run = _row(desk, proposed).id
    shelf = desk.shelf.unfolding(None if desk.shelf.open == run else run)
    return Desk(shelf, desk.pool, desk.answers, desk.chosen)


def _rename(desk: Desk, proposed: Mapping[str, Any]) -> Desk:
    """Gives a run a name; one that is refused is kept for the person to mend, with the rule that it breaks."""
    row, name = _own(desk, proposed), proposed.get("name")
    if not isinstance(name, str):
        raise Unreadable("name")
    try:
        stored_name(name)
    except NetlibError as error:
        return desk.with_shelf(refused=name[:KEPT_NAME], rule=error.message)
    desk.pool.history.rename(row.id, name)
    return desk.with_shelf(refused=None, rule=None)


def _annotate(desk: Desk, proposed: Mapping[str, Any]) -> Desk:
    row = _own(desk, proposed)
    desk.pool.history.annotate(row.id, _text(proposed, "note", LONGEST_NOTE))
    return desk


def _ask(desk: Desk, proposed: Mapping[str, Any]) -> Desk:
    """The first step of a deletion: nothing is gone yet."""
    row = _own(desk, proposed)
    if not row.ended and row.state != "queued":
        raise NetlibError(UNDELETED, run=_called(row), state=CALLED[row.state])
    return desk.with_shelf(asked=row.id)


def _keep(desk: Desk, _: Mapping[str, Any]) -> Desk:
    return desk.with_shelf(asked=None)


def _delete(desk: Desk, proposed: Mapping[str, Any]) -> Desk:
    """The second step, which counts only after the first in the same session."""
    row = _own(desk, proposed)
    if desk.shelf.asked != row.id:
        raise Unreadable("nobody has asked")
    waiting: set[State] = {"queued"}
    desk.pool.history.move(row.id, "stopped", only_from=waiting)
    desk.pool.history.delete(row.id)
    shelf = desk.shelf.without(row.id).with_(note=Message(DELETED, run=_called(row)))
    return Desk(shelf, desk.pool, desk.answers)


def _rerun(desk: Desk, proposed: Mapping[str, Any], do: str) -> Desk:
    """The run once more, as the training page does it; goes there."""
    row = _row(desk, proposed)
    _spec(row)
    before = Bench.fresh().showing(row)
    after = training.act(training.Desk(before, desk.pool, desk.answers), {"do": do})
    if after.run is None or after.run == before.run:
        return desk.with_shelf(note=after.note)
    return desk.leaving("training", {"run": after.run})


def _training(desk: Desk, proposed: Mapping[str, Any]) -> Desk:
    return desk.leaving("training", {"run": _row(desk, proposed).id})


def _builder(desk: Desk, proposed: Mapping[str, Any]) -> Desk:
    return _to_builder(desk, _spec(_row(desk, proposed)).network)


def _to_builder(desk: Desk, network: Network) -> Desk:
    """Opens a network in the Builder: by its link, so that it can be undone, or, where it is too long, as it is."""
    try:
        return desk.leaving("builder", {"net": network.to_link()})
    except TooBig:
        return desk.leaving("builder", kept={NET: network.to_json()})


def _open_network(desk: Desk, proposed: Mapping[str, Any]) -> Desk:
    return _to_builder(desk, _network(desk, proposed).network())


def _train_network(desk: Desk, proposed: Mapping[str, Any]) -> Desk:
    network = _network(desk, proposed).network()
    data = data_for(network)
    asked = {"data": data} if data else {}
    try:
        return desk.leaving("training", {**asked, "net": network.to_link()})
    except TooBig:
        return desk.leaving("training", asked, kept={NET: network.to_json()})


def _ask_network(desk: Desk, proposed: Mapping[str, Any]) -> Desk:
    network = _network(desk, proposed)
    person.check(network.owner)
    return desk.with_shelf(asked=network.id)


def _delete_network(desk: Desk, proposed: Mapping[str, Any]) -> Desk:
    network = _network(desk, proposed)
    person.check(network.owner)
    if desk.shelf.asked != network.id:
        raise Unreadable("nobody has asked")
    networks.delete(desk.pool.history.database, network.id)
    return desk.with_shelf(asked=None, note=Message(DELETED, run=network.name))


def _network(desk: Desk, proposed: Mapping[str, Any]) -> SavedNetwork:
    return networks.find(desk.pool.history.database, _text(proposed, "network"))


def _spec(row: RunRow) -> RunSpec:
    try:
        return row.spec()
    except ValidationError:
        raise NetlibError(OLD) from None


def _axis(desk: Desk, proposed: Mapping[str, Any]) -> Desk:
    if (chosen := axis(_text(proposed, "value"))) is None:
        raise Unreadable("axis")
    return desk.with_shelf(axis=chosen)


def _switch(desk: Desk, proposed: Mapping[str, Any], name: str) -> Desk:
    if not isinstance(value := proposed.get("value"), bool):
        raise Unreadable(name)
    return desk.with_shelf(**{name: value})


def _row(desk: Desk, proposed: Mapping[str, Any]) -> RunRow:
    return desk.pool.history.state(_text(proposed, "run"))


def _own(desk: Desk, proposed: Mapping[str, Any]) -> RunRow:
    row = _row(desk, proposed)
    person.check(row.owner)
    return row


def _called(row: RunRow) -> str:
    return row.name or row.id[:6]


def _text(proposed: Mapping[str, Any], name: str, longest: int = 40) -> str:
    value = proposed.get(name)
    if not isinstance(value, str) or len(value) > longest:
        raise Unreadable(name)
    return value


ACTIONS: dict[str, Callable[[Desk, Mapping[str, Any]], Desk]] = {
    "find": _find,
    "state": _only_state,
    "data": _only_data,
    "sort": _sort,
    "more": _more,
    "choose": _choose,
    "open": _open,
    "axis": _axis,
    "log": lambda desk, proposed: _switch(desk, proposed, "log"),
    "held": lambda desk, proposed: _switch(desk, proposed, "held"),
    "rename": _rename,
    "annotate": _annotate,
    "ask": _ask,
    "keep": _keep,
    "delete": _delete,
    "again": lambda desk, proposed: _rerun(desk, proposed, "again"),
    "seed": lambda desk, proposed: _rerun(desk, proposed, "seed"),
    "training": _training,
    "train": lambda desk, proposed: desk.leaving("training"),
    "builder": _builder,
    "open_network": _open_network,
    "train_network": _train_network,
    "ask_network": _ask_network,
    "delete_network": _delete_network,
}
