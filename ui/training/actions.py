"""What a browser may propose: `{"do": "pause"}`, `{"do": "rate", "value": 0.01}`, `{"do": "open", "run": "…"}`.

All of it is hostile input: what is unknown or of another form is ignored, and what a run cannot take just now is
answered with a sentence.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from netlib.errors import NetlibError
from netlib.training import OptimiserSpec, RunSpec, sentences, settle
from netlib.training.data.fit import fit
from netlib.training.run.estimate import check_memory, estimate
from netlib.training.run.protocol import Command, Pause, Resume, Rewind, SetLearningRate, Step, Stop
from netlib.training.store.records import RunRow
from netlib.training.workers.pool import Pool
from ui.owner import person
from ui.training.answers import Answers
from ui.training.bench import OWN, Bench, unsettled
from ui.training.finder import QUESTION, payload, search
from ui.training.fitting import DOWNLOAD_SECONDS, memory_for
from ui.training.further import further
from ui.training.reading import read

TWICE_SECONDS = 1.0
"""A second press within so many seconds is the same press."""
MOST_PAGES = 12


class Unreadable(Exception):
    """A proposal that the pictures would never make."""


@dataclass(frozen=True)
class Desk:
    """What an action works on: the session's bench, the server's pool, and its answers."""

    bench: Bench
    pool: Pool
    answers: Answers

    @property
    def row(self) -> RunRow:
        """The run that is shown.

        Raises:
            NetlibError: when there is none of that id.
            Unreadable: when none is shown.
        """
        if self.bench.run is None:
            raise Unreadable("no run")
        return self.pool.history.state(self.bench.run)


def act(desk: Desk, proposed: object) -> Bench:
    """The bench after a proposal; the same where it makes no sense."""
    if not isinstance(proposed, Mapping) or not isinstance(name := proposed.get("do"), str):
        return desk.bench
    do = ACTIONS.get(name) or ACTIONS.get(name.rstrip("0123456789"))
    if do is None:
        return desk.bench
    try:
        return do(desk, proposed)
    except NetlibError as error:
        return desk.bench.with_(note=error.message)
    except ValidationError as error:
        return desk.bench.with_(note=sentences(error)[0])
    except Unreadable:
        return desk.bench


def _start(desk: Desk, _: Mapping[str, Any]) -> Bench:
    bench = desk.bench
    if bench.run is not None and _is_the_same_press(desk):
        return bench
    if bench.refused or fit(bench.spec.network, bench.spec.data, bench.spec.batch).problem is not None:
        raise Unreadable("it cannot start")
    return bench.with_(run=_submitted(desk, bench.spec), note=None)


def _is_the_same_press(desk: Desk) -> bool:
    row = desk.row
    just_now = abs(time.time() - row.created) < TWICE_SECONDS
    return just_now and not row.ended and unsettled(row.spec()) == desk.bench.spec


def _submitted(desk: Desk, spec: RunSpec, parent: str | None = None) -> str:
    """The id of a new run, after a look at the memory: what does not fit is refused before it is a run."""
    machine = memory_for(spec, desk.pool, desk.answers)
    check_memory(settle(spec, machine), machine)
    return desk.pool.submit(spec, owner=person.me(), parent=parent)


def _again(desk: Desk, proposed: Mapping[str, Any]) -> Bench:
    """The run that is shown, or another one, once more with the same settings and seed."""
    row = desk.pool.history.state(_text(proposed, "run")) if "run" in proposed else desk.row
    return _rerun(desk, row)


def _rerun(desk: Desk, row: RunRow, **changes: Any) -> Bench:
    spec = unsettled(row.spec()).with_(**changes)
    run = _submitted(desk, spec, row.id)
    return desk.bench.showing(desk.pool.history.state(run))


def _new_seed(desk: Desk, _: Mapping[str, Any]) -> Bench:
    row = desk.row
    return _rerun(desk, row, seed=(row.spec().seed + 1) % 2**31)


def _again_rate(desk: Desk, _: Mapping[str, Any]) -> Bench:
    row = desk.row
    rate = row.reason.values.get("rate") if row.reason else None
    if not isinstance(rate, float):
        raise Unreadable("rate")
    return _rerun(desk, row, optimiser=row.spec().optimiser.with_(learning_rate=rate))


def _again_longer(desk: Desk, _: Mapping[str, Any]) -> Bench:
    row = desk.row
    limits = row.spec().limits
    if limits.epochs is None:
        raise Unreadable("epochs")
    return _rerun(desk, row, limits=limits.with_(epochs=3 * limits.epochs))


def _again_batch(desk: Desk, _: Mapping[str, Any]) -> Bench:
    row = desk.row
    batch = row.reason.values.get("batch") if row.reason else None
    if not isinstance(batch, int):
        raise Unreadable("batch")
    return _rerun(desk, row, batch=batch)


def _continue(desk: Desk, _: Mapping[str, Any]) -> Bench:
    """The run that is shown goes on from its last checkpoint, as its button says."""
    on = further(desk.pool.history, read(desk.pool.history, desk.row.id), desk.bench.spec)
    if on is None:
        raise Unreadable("continue")
    person.check(desk.row.owner)
    desk.pool.go_on(desk.row.id, limits=on.limits, learning_rate=on.rate)
    return desk.bench.showing(desk.row)


def _open(desk: Desk, proposed: Mapping[str, Any]) -> Bench:
    return desk.bench.showing(desk.pool.history.state(_text(proposed, "run")))


def _settings(desk: Desk, _: Mapping[str, Any]) -> Bench:
    """The settings of the run that is shown, in the form again."""
    return desk.bench.showing(desk.row)


def _mend(desk: Desk, proposed: Mapping[str, Any]) -> Bench:
    """One of the repairs after which the network fits its data."""
    bench, number = desk.bench, str(proposed["do"]).removeprefix("mend")
    problem = fit(bench.spec.network, bench.spec.data, bench.spec.batch).problem
    if problem is None or not number.isdecimal() or int(number) >= len(problem.fixes):
        raise Unreadable(number)
    return bench.taking(problem.fixes[int(number)].apply(bench.spec.network), OWN)


def _restore(desk: Desk, _: Mapping[str, Any]) -> Bench:
    """What was refused leaves its boxes, and what a run would have is there again."""
    return desk.bench.renewed()


def _smaller_batch(desk: Desk, _: Mapping[str, Any]) -> Bench:
    """The largest batch that the memory allows."""
    spec = desk.bench.spec
    machine = memory_for(spec, desk.pool, desk.answers)
    batch = estimate(settle(spec, machine), machine).largest_batch
    return desk.bench.renewed(spec=spec.with_(batch=batch)) if batch else desk.bench


def _download(desk: Desk, _: Mapping[str, Any]) -> Bench:
    payload = {"data": desk.bench.spec.data.name}
    desk.answers.ask(desk.pool, "download", payload, DOWNLOAD_SECONDS, again=True)
    return desk.bench


def _find_rate(desk: Desk, _: Mapping[str, Any]) -> Bench:
    spec = desk.bench.spec
    if not desk.bench.refused and fit(spec.network, spec.data, spec.batch).problem is None:
        search(spec, desk.pool, desk.answers)
    return desk.bench


def _take_rate(desk: Desk, proposed: Mapping[str, Any]) -> Bench:
    """The learning rate of the next run, as the sweep suggests it."""
    value = proposed.get("value")
    if type(value) not in (int, float):
        raise Unreadable("rate")
    spec = desk.bench.spec
    optimiser = spec.optimiser.with_(learning_rate=float(value or 0))
    return desk.bench.renewed(spec=spec.with_(optimiser=optimiser))


def _close_finder(desk: Desk, _: Mapping[str, Any]) -> Bench:
    desk.answers.forget(QUESTION, payload(desk.bench.spec))
    return desk.bench


def _rate(desk: Desk, proposed: Mapping[str, Any]) -> Bench:
    value = proposed.get("value")
    if type(value) not in (int, float):
        raise Unreadable("rate")
    return _sent(desk, SetLearningRate(value=float(value or 0)))


def _sent(desk: Desk, command: Command) -> Bench:
    person.check(desk.row.owner)
    desk.pool.send(desk.row.id, command)
    return desk.bench


def _end_now(desk: Desk, _: Mapping[str, Any]) -> Bench:
    person.check(desk.row.owner)
    desk.pool.end_now(desk.row.id)
    return desk.bench


def _more(desk: Desk, _: Mapping[str, Any]) -> Bench:
    return desk.bench.with_(pages=min(MOST_PAGES, desk.bench.pages + 1))


def _text(proposed: Mapping[str, Any], name: str) -> str:
    value = proposed.get(name)
    if not isinstance(value, str) or len(value) > 40:
        raise Unreadable(name)
    return value


ACTIONS: dict[str, Callable[[Desk, Mapping[str, Any]], Bench]] = {
    "start": _start,
    "another": _start,
    "again": _again,
    "again_rate": _again_rate,
    "again_clip": lambda desk, proposed: _rerun(desk, desk.row, clip=1.0),
    "again_adam": lambda desk, proposed: _rerun(desk, desk.row, optimiser=OptimiserSpec.usual("Adam")),
    "again_longer": _again_longer,
    "again_batch": _again_batch,
    "seed": _new_seed,
    "continue": _continue,
    "pause": lambda desk, proposed: _sent(desk, Pause()),
    "resume": lambda desk, proposed: _sent(desk, Resume()),
    "step": lambda desk, proposed: _sent(desk, Step()),
    "step10": lambda desk, proposed: _sent(desk, Step(count=10)),
    "stop": lambda desk, proposed: _sent(desk, Stop()),
    "rewind": lambda desk, proposed: _sent(desk, Rewind()),
    "rate": _rate,
    "find_rate": _find_rate,
    "take_rate": _take_rate,
    "close_finder": _close_finder,
    "end_now": _end_now,
    "open": _open,
    "settings": _settings,
    "mend": _mend,
    "batch": _smaller_batch,
    "restore": _restore,
    "download": _download,
    "more": _more,
}
