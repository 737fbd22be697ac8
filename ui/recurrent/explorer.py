"""The recurrent page as a fragment: what the picture proposes, counts, values from a worker, the picture, the link."""

from functools import lru_cache
from typing import Any

import streamlit as st

from netlib.knob import Whole
from netlib.training.value import value_knobs
from netlib.words import Language
from ui import workers
from ui.component import load
from ui.lab.away import away, leave
from ui.lab.bench import Bench, Lab
from ui.lab.counts import sides
from ui.lab.fixed import fixed
from ui.lab.heading import title
from ui.lab.seal import sealed, seek
from ui.recurrent.exercises import exercises
from ui.recurrent.layer import network_of, with_head
from ui.recurrent.phrases import phrases
from ui.recurrent.presets import PRESETS
from ui.recurrent.program import program
from ui.recurrent.state import RecurrentState
from ui.recurrent.values import ask, values
from ui.slot import drawn
from ui.words import language, tr

LAB = Lab("recurrent", RecurrentState)


def limits() -> dict[str, dict[str, int]]:
    """The bounds of every whole number of the state, for its slider."""
    knobs = value_knobs(RecurrentState)
    return {name: {"lo": k.lo, "hi": k.hi} for name, k in knobs.items() if type(k) is Whole}


FIXED = fixed(limits, PRESETS, phrases, exercises)


def heading() -> None:
    """Draws the title, once: what the page shows is drawn again at every change, and the title never changes."""
    title(
        tr("Recurrent"),
        tr(
            "One cell, the same weights at every step: output keeps every step of the top layer, h_n the last of each."
        ),
    )


@drawn
def explorer() -> None:
    """Draws seal and picture, and takes the person through a door."""
    bench = LAB.bench()
    network = network_of(bench.now)
    data = {**counted(bench, language()), "seal": sealed(network), "values": values(bench.now)}
    picture = load(LAB.name, "leave", "seal", "look", fixed=FIXED)(
        LAB.name, data, settled=LAB.settled, seal=sought, look=look
    )
    LAB.write_link()
    leave(picture.leave, network, with_head(bench.now))


@lru_cache(maxsize=64)
def counted(bench: Bench[RecurrentState], _lang: Language) -> dict[str, Any]:
    """What the picture draws that needs no worker; kept for the runs in which only an answer is looked for."""
    why_not = tr("The training page has one text: 'hello', 5 steps out of 4 letters.")
    return {
        **LAB.data(bench),
        **sides(bench, network_of),
        "program": program(bench.now),
        "away": away(network_of(bench.now), with_head(bench.now), why_not),
    }


def look() -> None:
    """Asks for the values that the picture looks for, once its state has stayed the same for a moment."""
    wanted = st.session_state.get(LAB.name, {}).get("look")
    if isinstance(wanted, dict):
        ask(LAB.bench().now, again=wanted.get("again") is True)


def sought() -> None:
    """Asks for the verdict that the seal looks for."""
    seek(LAB.name, network_of(LAB.bench().now))


def warm_up() -> None:
    """Starts the workers, so that the first values do not wait for PyTorch."""
    workers.pool()
