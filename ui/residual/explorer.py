"""The residual page as a fragment: what the picture proposes and looks for, the counted numbers, the picture, the link."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import streamlit as st

from netlib import Network, Trace, source, trace
from netlib.knob import Whole
from netlib.training.value import value_knobs
from netlib.words import Language
from ui import workers
from ui.component import load
from ui.lab.away import away, data_for, leave
from ui.lab.bench import Bench, Lab
from ui.lab.counts import counted, problem
from ui.lab.exercises import tasks
from ui.lab.fixed import fixed
from ui.lab.heading import title
from ui.lab.seal import sealed, seek
from ui.residual import measured
from ui.residual.exercises import IDENTITY, exercises
from ui.residual.network import network_of, plain_of, stack
from ui.residual.phrases import phrases
from ui.residual.presets import PRESETS
from ui.residual.repairs import repairs
from ui.residual.state import ResidualState
from ui.slot import drawn
from ui.words import language, tr

LAB = Lab("residual", ResidualState)


def limits() -> dict[str, dict[str, int]]:
    """The bounds of every whole number of the state, for its slider."""
    knobs = value_knobs(ResidualState)
    return {name: {"lo": knob.lo, "hi": knob.hi} for name, knob in knobs.items() if isinstance(knob, Whole)}


FIXED = fixed(limits, PRESETS, phrases)

Data = dict[str, Any]


def heading() -> None:
    """Draws the title, once: what the page shows is drawn again at every change, and the title never changes."""
    title(
        tr("Residual"),
        tr("y = F(x) + x: both sides of the plus must agree, and the gradient gets a road of its own."),
    )


@drawn
def explorer() -> None:
    """Draws seal and picture, and takes the person through a door."""
    bench = LAB.bench()
    network = network_of(bench.now)
    picture = load(LAB.name, "leave", "seal", "look", fixed=FIXED)(
        LAB.name, data(bench), settled=LAB.settled, seal=sought, look=look
    )
    LAB.write_link()
    leave(picture.leave, network, trains(bench.now, picture.leave))


def data(bench: Bench[ResidualState]) -> Data:
    """Everything the picture draws."""
    state = bench.now
    return {
        **reckoned(bench, language()),
        "seal": sealed(network_of(state)),
        "gradients": measured.gradients(state),
        "zeros": measured.zeros(state) if state.zeroed else None,
        "waits": any(measured.known(question) is None for question in questions(state)),
        "exercises": predicted(
            language(), isinstance(measured.known(measured.zeroed_question(IDENTITY)), Mapping)
        ),
    }


@lru_cache(maxsize=64)
def reckoned(bench: Bench[ResidualState], _lang: Language) -> Data:
    """What the picture draws that needs no worker; kept for the runs in which only an answer is looked for."""
    state = bench.now
    traced = trace(network_of(state))
    return {
        **LAB.data(bench),
        "counted": {**both(state), "problem": fault(traced, state)},
        "keptCounted": None if bench.kept is None else both(bench.kept),
        "programs": {
            "plain": source(trace(plain_of(state))),
            "residual": source(traced) if traced.ok else "",
        },
        "away": doors(state, traced),
    }


@lru_cache(maxsize=8)
def predicted(_lang: Language, _answered: bool) -> list[Data]:
    """The exercises as data; one waits for what a worker has been asked, see `exercises`."""
    return tasks(exercises())


def doors(state: ResidualState, traced: Trace) -> Data:
    """Which doors are open: the block goes into the builder, stacks of it to the training page."""
    plain, residual = (stack(state, residual=flag and traced.ok) for flag in (False, True))
    found = away(traced.network, residual, "" if traced.ok else tr("Mend the sum first."))
    return {
        **found,
        "training": found["training"] and traced.ok,
        "plainTrains": found["trainingPage"] and data_for(plain) is not None,
    }


def both(state: ResidualState) -> Data:
    """The block without and with its shortcut, counted."""
    return {"plain": counted(trace(plain_of(state))), "residual": counted(trace(network_of(state)))}


def fault(traced: Trace, state: ResidualState) -> Data | None:
    """The refused sum in words, with three repairs."""
    found = problem(traced, lambda network: None)
    if found is None:
        return None
    fixes = [{"label": one.label, "state": one.state.model_dump()} for one in repairs(state)]
    return {**found, "fixes": fixes}


def questions(state: ResidualState) -> list[measured.Question]:
    """What workers are asked for a state; the first exercise is always among it."""
    tried = (state, IDENTITY) if state.zeroed else (IDENTITY,)
    return [measured.gradient_question(state), *map(measured.zeroed_question, tried)]


def look() -> None:
    """Asks what the picture waits for; `again` for what was not answered."""
    wanted = st.session_state.get(LAB.name, {}).get("look")
    if isinstance(wanted, Mapping):
        measured.ask(questions(LAB.bench().now), again=wanted.get("again") is True)


def trains(state: ResidualState, wanted: Any) -> Network:
    """The stack that a door leads to the training page with: without shortcuts where the event says so."""
    plain = isinstance(wanted, Mapping) and wanted.get("net") == "plain"
    return stack(state, residual=not plain and trace(network_of(state)).ok)


def sought() -> None:
    """Asks for the verdict that the seal looks for."""
    seek(LAB.name, network_of(LAB.bench().now))


def warm_up() -> None:
    """Starts the workers, so that the first curve does not wait for PyTorch."""
    workers.pool()
