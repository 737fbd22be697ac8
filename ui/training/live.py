"""The run that is shown, in a fragment that is drawn again and again while there is something to wait for."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from netlib.errors import NetlibError
from netlib.training.workers.pool import Pool
from ui import workers
from ui.component import load as load_picture
from ui.shell import open_page
from ui.slot import drawing
from ui.tokens import theme
from ui.training import address
from ui.training.actions import Desk, act
from ui.training.answers import answers
from ui.training.bench import Bench, load, save
from ui.training.changes import changes, strip
from ui.training.curves import curves
from ui.training.finder import finder, is_pending
from ui.training.fitting import Fitting, standing
from ui.training.further import further
from ui.training.inside import inside
from ui.training.letters import draw_letters
from ui.training.looking import look
from ui.training.panel import panel
from ui.training.program import program
from ui.training.reading import Reading, planned_steps, read
from ui.training.recent import recent
from ui.training.shown import samples, shown
from ui.training.status import Status, status
from ui.training.step_time import step_time
from ui.training.through import draw_through
from ui.words import tr

LOOK_SECONDS = {"queued": 0.25, "starting": 0.2, "running": 0.5, "paused": 0.4, "stopping": 0.25}
"""Seconds from one look at a run to the next; none at one that has ended."""
PENDING_SECONDS = 0.4
"""The same while an answer of a worker is to come."""
LEAVE = "training_leave"
"""Where the session keeps, from a press until the script runs, that all runs are wanted."""
DONE = "training_done"
"""Where the session keeps the numbers of the latest proposals that were done."""
MOST_DONE = 32

Seen = tuple[Any, ...]
Draw = Callable[[], None]


def instrument(bench: Bench, found: Fitting) -> None:
    """Draws everything at the right of the form.

    While there is something to wait for, the panel asks for the next look once it has the answer to the last one; so a
    busy server is asked less often. An interval of Streamlit's own would ask all the same, and changing it needs the
    whole page to run again, in the middle of which parts can be gone for a moment.
    """
    before = _seen(bench, found)
    st.fragment(lambda: _look(before))()


def _every(reading: Reading | None, pending: bool) -> float | None:
    state = reading.row.state if reading else ""
    waits = [LOOK_SECONDS.get(state), PENDING_SECONDS if pending else None]
    return min((seconds for seconds in waits if seconds is not None), default=None)


def _look(before: Seen) -> None:
    if st.session_state.pop(LEAVE, False):
        open_page("runs")
    pool, bench = workers.pool(), load(st.session_state)
    if bench is None:
        return
    bench = address.write(bench, st.query_params)
    save(st.session_state, bench)
    reading, found = _reading(bench, pool), standing(bench, pool, answers())
    parts = _parts(bench, reading, found, pool)
    with drawing():
        for draw in parts:
            # A place of its own for each, also for what is not there yet: what moves up a place while the browser
            # still holds its old one would stand there twice.
            with st.container():
                if draw is not None:
                    draw()
    # Only now, and not in place of drawing: what a look has not drawn would be taken off the page.
    if _seen(bench, found) != before:
        st.rerun()


def _reading(bench: Bench, pool: Pool) -> Reading | None:
    if bench.run is None:
        return None
    try:
        return read(pool.history, bench.run)
    except NetlibError:  # there is no such run, which the bench's note says
        return None


def _seen(bench: Bench, found: Fitting) -> Seen:
    """What, once it changes, concerns the form and not this fragment alone."""
    return bench.revision, bench.note, found.problem, [way.do for way in found.ways]


def _parts(bench: Bench, reading: Reading | None, found: Fitting, pool: Pool) -> list[Draw | None]:
    """Everything to draw, worked out before the slot is taken: panel, curves, what the network says, runs."""
    spent, measuring = step_time(reading, pool, answers()) if reading else ("", False)
    pending = found.pending or is_pending(bench.spec, answers()) or measuring
    sweep = finder(bench.spec, answers())
    on = further(pool.history, reading, bench.spec) if reading and reading.row.ended else None
    state = status(reading, pool, on) if reading else readiness(found, pool)
    changed = changes(reading.spec, bench.spec) if reading and reading.spec else []
    another = bool(reading and not reading.row.ended and changed)
    apart = strip(reading, changed, found.needs, found.ready)
    steps = reading.steps if reading else planned_steps(bench.spec) if found.ready else None
    data = (reading.spec or bench.spec).data if reading else bench.spec.data
    ended = reading if reading is not None and reading.row.ended and len(reading.loss) else None
    chart = partial(chart_of, _part(curves(reading, data.name, steps)), ended)
    taken = program(pool.history, ended) if ended else None
    seen = shown(pool.history, reading, data, samples(found.samples) if data == bench.spec.data else None)
    within = inside(pool.history, reading, look(st.session_state, reading))
    return [
        _part(panel(reading, state, steps, found.ready, another, _every(reading, pending), on, spent)),
        _part(apart) if apart is not None else None,
        _part(sweep) if sweep is not None else None,
        chart,
        _part(taken) if taken is not None else None,
        _part(seen) if seen is not None else None,
        _part(within) if within is not None else None,
        draw_through(pool, answers(), reading),
        draw_letters(pool, answers(), reading, (reading.spec if reading else None) or bench.spec),
        _part(recent(pool.history, bench.run, bench.pages)),
    ]


def readiness(found: Fitting, pool: Pool) -> Status:
    """The state of a page on which no run has been started."""
    trouble = tr(message) if (message := pool.status().message) else ""
    if found.problem is not None:
        says = tr("What is in the way stands with the settings, and so do ways out.")
        return Status(tr("not ready"), "waiting", says, advice=trouble)
    counting = tr("A worker counts what it needs…") if found.pending else ""
    return Status(tr("ready"), "calm", found.needs or counting, advice=trouble)


def chart_of(drawing_live: Draw, ended: Reading | None) -> None:
    """Draws the live picture and, over it once it is there, the chart of a run that has ended: nothing goes blank."""
    with st.container(key="under"):
        drawing_live()
        if ended is not None:
            with st.container(key="over"):
                plot(ended)


def plot(reading: Reading) -> None:
    """Draws a run that has ended, for zoom and export."""
    from ui.training.figure import config, figure  # plotly, which a live page does without

    st.plotly_chart(
        figure(reading, theme()), theme=None, config=config(reading.row.id), key=f"plot_{reading.row.id}"
    )


def draw_fitting(bench: Bench, found: Fitting) -> None:
    """Draws what stands between the settings and a run."""
    note = tr(bench.note) if bench.note else ""
    _part({**found.data(), "note": note})()


def _part(data: dict[str, Any]) -> Draw:
    key = f"training_{data['part']}"
    return lambda: load_picture("training", "look")(
        key, data, settled=lambda: acted(st.session_state[key]["settled"])
    )


def acted(settled: object) -> None:
    """Does what a browser proposes, `{"proposals": [{"number", "do", …}, …]}`; each number is done once, in order."""
    proposals = settled.get("proposals") if isinstance(settled, Mapping) else None
    if not isinstance(proposals, list):
        return
    for proposed in proposals[-MOST_DONE:]:
        bench = load(st.session_state)
        number = proposed.get("number") if isinstance(proposed, Mapping) else None
        done: list[object] = st.session_state.get(DONE, [])
        if bench is None or type(number) is not int or number in done:
            continue
        st.session_state[DONE] = [*done[1 - MOST_DONE :], number]
        if proposed.get("do") == "runs":
            st.session_state[LEAVE] = True
            continue
        save(st.session_state, act(Desk(bench, workers.pool(), answers()), proposed))
