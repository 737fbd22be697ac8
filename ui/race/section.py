"""The section of a page that trains both networks and draws their curves, looking while they go."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from netlib import Message
from netlib.errors import NetlibError
from netlib.training.sentence import from_data, to_data
from netlib.training.states import CALLED
from ui import workers
from ui.component import load
from ui.numbers import exact, percent, seconds, significant
from ui.race.contest import (
    Entrant,
    is_about,
    is_going,
    named,
    plan,
    proposal,
    readings,
    start,
    stop,
    written,
)
from ui.training.curves import POINTS, RAW_POINTS, points, spread
from ui.training.reading import Reading
from ui.words import tr

KEY = "race"
PARAMETER = "runs"


def race_of(page: str) -> tuple[Reading, ...]:
    """The runs of a page's race as the history has them now; this reads a file, so outside the drawing slot."""
    return readings(workers.pool().history, _runs(page))


def race(page: str, entrants: Sequence[Entrant], found: Sequence[Reading], why_not: str) -> None:
    """Draws the section within the page's fragment; while a run goes, its picture asks for the next look.

    Args:
        page: whose race it is: each page has its own.
        entrants: what would be trained, as the page has it now.
        found: from `race_of`.
        why_not: what to do first where they cannot be trained.
    """
    data = race_data(entrants, found, why_not) | {"note": _note(page)}
    load(KEY, "act", "look")(f"{KEY}_{page}", data, act=partial(_act, page, entrants))
    if (runs := _runs(page)) and st.query_params.get(PARAMETER) != written(runs):
        st.query_params[PARAMETER] = written(runs)


def _act(page: str, entrants: Sequence[Entrant]) -> None:
    """Does what the picture proposes; a refusal leaves a sentence."""
    wanted = proposal(st.session_state[f"{KEY}_{page}"]["act"])
    pool, runs, note = workers.pool(), _runs(page), None
    going = is_going(readings(pool.history, runs))
    if wanted == "stop" and going:
        stop(pool, runs)
    if wanted == "start" and not going and (planned := plan(entrants)):
        try:
            runs = start(pool, planned)
        except NetlibError as error:
            note = to_data(error.message)
    st.session_state[_name(page)] = {"runs": written(runs), "note": note}


def race_data(entrants: Sequence[Entrant], found: Sequence[Reading], why_not: str) -> dict[str, Any]:
    """What the picture draws: {"lines", "steps", "going", "can", "plan", "other", "words"}."""
    planned = plan(entrants)
    going = is_going(found)
    return {
        "lines": [_line(entrant.name, reading) for entrant, reading in zip(entrants, found, strict=False)],
        "steps": max((reading.steps or 1 for reading in found), default=1),
        "going": going,
        "can": planned is not None,
        "plan": why_not if planned is None else _plan(planned.steps, planned.seconds),
        "other": bool(found) and not is_about(found, entrants),
        "words": words(),
    }


def _plan(steps: int, time: float) -> str:
    return tr("{steps} steps each, about {time} in all.", steps=exact(steps), time=seconds(time))


def _line(name: str, reading: Reading) -> dict[str, Any]:
    losses, accuracies = reading.smoothed, reading.accuracy.values
    return {
        "name": name,
        "state": tr(CALLED[reading.row.state]),
        "raw": points(reading.loss.steps, reading.loss.values, RAW_POINTS),
        "loss": spread(reading.loss.steps, losses, POINTS),
        "last": significant(float(losses[-1])) if len(losses) else "–",
        "accuracy": percent(float(accuracies[-1])) if len(accuracies) else "–",
        "time": seconds(reading.seconds) if len(losses) else "–",
    }


def _name(page: str) -> str:
    return f"race {page}"


def _runs(page: str) -> tuple[str, ...]:
    """The runs of the session; those that the address names, where the session has none."""
    held = st.session_state.get(_name(page))
    return named(held.get("runs") if isinstance(held, dict) else st.query_params.get(PARAMETER))


def _note(page: str) -> str:
    held = st.session_state.get(_name(page))
    note: Message | None = from_data(held.get("note")) if isinstance(held, dict) else None
    return tr(note) if note else ""


def words() -> dict[str, str]:
    """What the picture says."""
    return {
        "title": tr("Train both"),
        "says": tr("The digits, the same seed, the same settings: two curves."),
        "start": tr("Train both"),
        "stop": tr("Stop both"),
        "loss": tr("training loss, nats"),
        "step": tr("step"),
        "state": tr("state"),
        "last": tr("loss now"),
        "accuracy": tr("validation accuracy"),
        "time": tr("seconds trained"),
        "other": tr("These curves are of other settings than those above."),
        "empty": tr("The curves appear here."),
        "spoken": tr("{name}: {state}, loss {last}, accuracy {accuracy}"),
    }
