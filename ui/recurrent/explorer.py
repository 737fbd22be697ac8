"""The recurrent page as a fragment: what the picture proposes, counts, values from a worker, the picture, the link."""

import streamlit as st

from netlib.knob import Whole
from netlib.training.value import value_knobs
from ui import workers
from ui.component import load
from ui.lab.away import away, leave
from ui.lab.bench import Lab
from ui.lab.counts import sides
from ui.lab.exercises import tasks
from ui.lab.heading import title
from ui.lab.presets import chips
from ui.lab.seal import sealed, seek
from ui.recurrent.exercises import exercises
from ui.recurrent.layer import network_of, with_head
from ui.recurrent.phrases import phrases
from ui.recurrent.presets import PRESETS
from ui.recurrent.program import program
from ui.recurrent.state import RecurrentState
from ui.recurrent.values import ask, values
from ui.slot import drawn
from ui.words import tr

LAB = Lab("recurrent", RecurrentState)


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
    network, trains = network_of(bench.now), with_head(bench.now)
    data = {
        **LAB.data(bench),
        "seal": sealed(network),
        **sides(bench, network_of),
        "values": values(bench.now),
        "program": program(bench.now),
        "limits": limits(),
        "presets": chips(PRESETS),
        "exercises": tasks(exercises()),
        "away": away(
            network, trains, tr("The training page has one text: 'hello', 5 steps out of 4 letters.")
        ),
        "words": phrases(),
    }
    picture = load(LAB.name, "leave", "seal", "look")(LAB.name, data, settled=LAB.settled, look=look)
    LAB.write_link()
    seek(network, picture.seal)
    leave(picture.leave, network, trains)


def look() -> None:
    """Asks for the values that the picture looks for, once its state has stayed the same for a moment."""
    wanted = st.session_state.get(LAB.name, {}).get("look")
    if isinstance(wanted, dict):
        ask(LAB.bench().now, again=wanted.get("again") is True)


def limits() -> dict[str, dict[str, int]]:
    """The bounds of every whole number of the state, for its slider."""
    knobs = value_knobs(RecurrentState)
    return {name: {"lo": k.lo, "hi": k.hi} for name, k in knobs.items() if type(k) is Whole}


def warm_up() -> None:
    """Starts the workers, so that the first values do not wait for PyTorch."""
    workers.pool()
