"""The inception page as a fragment: what the picture proposes, both sides counted, the picture, the link."""

from functools import lru_cache

import streamlit as st

from netlib import source, trace
from netlib.knob import Whole
from netlib.training.value import value_knobs
from ui import workers
from ui.component import load
from ui.inception.counts import counts
from ui.inception.exercises import exercises
from ui.inception.layer import SIDES, network_of, trained_of
from ui.inception.phrases import phrases
from ui.inception.presets import PRESETS
from ui.inception.repairs import repairs
from ui.inception.state import InceptionState
from ui.lab.away import away, leave
from ui.lab.bench import Lab
from ui.lab.exercises import tasks
from ui.lab.heading import title
from ui.lab.presets import chips
from ui.lab.seal import sealed, seek
from ui.race.contest import Entrant
from ui.race.section import is_behind, race
from ui.slot import drawn
from ui.words import tr

LAB = Lab("inception", InceptionState)


def heading() -> None:
    """Draws the title, once: what the page shows is drawn again at every change, and the title never changes."""
    title(tr("Inception"), tr("See what the 1×1 layers save: the same input, with and without them."))


@drawn
def explorer() -> None:
    """Draws seal and picture, and takes the person through a door."""
    bench = LAB.bench()
    network, trains = network_of(bench.now), trained_of(bench.now)
    mended = repairs(bench.now)
    data = {
        **LAB.data(bench),
        "seal": sealed(network),
        **counts(bench),
        "repairs": mended,
        "hint": tr("Every window needs a padding of (k − 1) / 2.") if mended else "",
        "programs": programs(bench.now),
        "limits": limits(),
        "presets": chips(PRESETS),
        "exercises": tasks(exercises()),
        "away": away(network, trains, tr("Let the branches join first.")),
        "words": phrases(),
    }
    picture = load(LAB.name, "leave", "seal")(LAB.name, data, settled=LAB.settled)
    LAB.write_link()
    seek(network, picture.seal)
    leave(picture.leave, network, trains)
    if is_behind(LAB.name, entrants):
        st.rerun()


def both() -> None:
    """Draws the section that trains both modules."""
    race(LAB.name, entrants, tr("Let the branches join first."))


def entrants() -> tuple[Entrant, ...]:
    """Both modules as the page has them now, each between a stem and a classifier."""
    state = LAB.bench().now
    names = {"without": tr("Without 1×1"), "with": tr("With 1×1")}
    return tuple(Entrant(names[side], trained_of(state, side)) for side in SIDES)


@lru_cache(maxsize=256)
def programs(state: InceptionState) -> dict[str, str] | None:
    """The program of either side; None where the branches do not join."""
    found = {side: trace(network_of(state, side)) for side in SIDES}
    return {side: source(traced) for side, traced in found.items()} if found["with"].ok else None


def limits() -> dict[str, dict[str, int]]:
    """The bounds of every whole number of the state."""
    knobs = value_knobs(InceptionState)
    return {name: {"lo": knob.lo, "hi": knob.hi} for name, knob in knobs.items() if isinstance(knob, Whole)}


def warm_up() -> None:
    """Starts the workers, so that the first verdict does not wait for PyTorch."""
    workers.pool()
