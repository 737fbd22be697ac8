"""The inception page as a fragment: what the picture proposes, both sides counted, the picture, the link."""

from functools import lru_cache
from typing import Any

import streamlit as st

from netlib import source, trace
from netlib.knob import Whole
from netlib.training.value import value_knobs
from netlib.words import Language
from ui import faults, workers
from ui.component import load
from ui.inception.counts import counts
from ui.inception.exercises import exercises
from ui.inception.layer import SIDES, network_of, trained_of
from ui.inception.phrases import phrases
from ui.inception.presets import PRESETS
from ui.inception.repairs import repairs
from ui.inception.state import InceptionState
from ui.lab.away import away, leave
from ui.lab.bench import Bench, Lab
from ui.lab.fixed import fixed
from ui.lab.heading import title
from ui.lab.seal import sealed, seek
from ui.race.contest import Entrant
from ui.race.section import race, race_of
from ui.slot import drawing
from ui.words import language, tr

LAB = Lab("inception", InceptionState)


def limits() -> dict[str, dict[str, int]]:
    """The bounds of every whole number of the state."""
    knobs = value_knobs(InceptionState)
    return {name: {"lo": knob.lo, "hi": knob.hi} for name, knob in knobs.items() if isinstance(knob, Whole)}


FIXED = fixed(limits, PRESETS, phrases, exercises)


def heading() -> None:
    """Draws the title, once: what the page shows is drawn again at every change, and the title never changes."""
    title(tr("Inception"), tr("See what the 1×1 layers save: the same input, with and without them."))


@st.fragment
def explorer() -> None:
    """Draws seal and picture, takes the person through a door, and draws the section that trains both modules."""
    with faults.in_words():
        raced = race_of(LAB.name)
        with drawing():
            _draw()
            race(LAB.name, entrants(), raced, tr("Let the branches join first."))


def _draw() -> None:
    bench = LAB.bench()
    network = network_of(bench.now)
    data = {**counted(bench, language()), "seal": sealed(network)}
    picture = load(LAB.name, "leave", "seal", fixed=FIXED)(LAB.name, data, settled=LAB.settled, seal=sought)
    LAB.write_link()
    leave(picture.leave, network, trained_of(bench.now))


@lru_cache(maxsize=64)
def counted(bench: Bench[InceptionState], _lang: Language) -> dict[str, Any]:
    """What the picture draws that needs no worker; kept for the runs in which only an answer is looked for."""
    mended = repairs(bench.now)
    return {
        **LAB.data(bench),
        **counts(bench),
        "repairs": mended,
        "hint": tr("Every window needs a padding of (k − 1) / 2.") if mended else "",
        "programs": programs(bench.now),
        "away": away(network_of(bench.now), trained_of(bench.now), tr("Let the branches join first.")),
    }


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


def sought() -> None:
    """Asks for the verdict that the seal looks for."""
    seek(LAB.name, network_of(LAB.bench().now))


def warm_up() -> None:
    """Starts the workers, so that the first verdict does not wait for PyTorch."""
    workers.pool()
