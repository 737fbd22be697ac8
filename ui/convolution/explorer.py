"""The convolution page as a fragment: what the picture proposes, the counted numbers, the picture, the link."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import streamlit as st

from netlib import Network
from netlib.knob import Numbers, Whole
from netlib.training.value import value_knobs
from netlib.words import Language
from ui import workers
from ui.component import load
from ui.convolution import images
from ui.convolution.exercises import exercises
from ui.convolution.layer import network_of, state_of
from ui.convolution.offers import offered
from ui.convolution.phrases import phrases
from ui.convolution.presets import PRESETS
from ui.convolution.state import ConvolutionState
from ui.lab.away import away, leave
from ui.lab.bench import Bench, Lab
from ui.lab.counts import sides
from ui.lab.fixed import fixed
from ui.lab.heading import title
from ui.lab.seal import sealed, seek
from ui.slot import drawn
from ui.words import language, tr

LAB = Lab("convolution", ConvolutionState)
CLASSES = 10


def limits() -> dict[str, dict[str, int]]:
    """The bounds of every whole number of the state, for its slider."""
    knobs = value_knobs(ConvolutionState)
    return {name: {"lo": k.lo, "hi": k.hi} for name, k in knobs.items() if isinstance(k, Whole | Numbers)}


FIXED = fixed(limits, PRESETS, phrases, exercises)


def heading() -> None:
    """Draws the title, once: what the page shows is drawn again at every change, and the title never changes."""
    title(
        tr("Convolution"),
        tr("Drag any number and see which cells a window reads, and why the output has the size it has."),
    )


@drawn
def explorer() -> None:
    """Draws seal and picture, and takes the person through a door."""
    bench = LAB.bench()
    network = network_of(bench.now)
    data = {
        **counted(bench, language()),
        "seal": sealed(network),
        "image": images.shown(bench.now),
        "side": images.SIDE,
    }
    picture = load(LAB.name, "leave", "seal", "look", "own", fixed=FIXED)(
        LAB.name, data, settled=LAB.settled, seal=sought, look=look, own=take_own
    )
    LAB.write_link()
    leave(picture.leave, network, with_head(network))


@lru_cache(maxsize=64)
def counted(bench: Bench[ConvolutionState], _lang: Language) -> dict[str, Any]:
    """What the picture draws that needs no worker; kept for the runs in which only an answer is looked for."""
    network = network_of(bench.now)
    why_not = tr("Needs one input channel and sides of 8 to 64: the digits fit then.")
    return {
        **LAB.data(bench),
        **sides(bench, network_of, state_of),
        "offers": offered(bench.now),
        "away": away(network, with_head(network), why_not),
    }


def look() -> None:
    """Asks the worker again, where the picture wants that; to look is to run the fragment once more."""
    wanted = st.session_state.get(LAB.name, {}).get("look")
    if isinstance(wanted, Mapping) and wanted.get("again") is True:
        images.shown(LAB.bench().now, again=True)


def take_own() -> None:
    """Keeps a picture that the person has brought, for this session."""
    picture = images.taken(st.session_state.get(LAB.name, {}).get("own"))
    if picture is not None:
        st.session_state[images.OWN] = picture


@lru_cache(maxsize=256)
def with_head(network: Network) -> Network:
    """The layer with a classifier behind it, for a run on images of ten classes."""
    head = [{"kind": "ReLU"}, {"kind": "Flatten"}, {"kind": "Linear", "out_features": CLASSES}]
    layers = [block.spec() for block in network.layers]
    return Network.model_validate({"input": network.input, "layers": [*layers, *head]})


def sought() -> None:
    """Asks for the verdict that the seal looks for."""
    seek(LAB.name, network_of(LAB.bench().now))


def warm_up() -> None:
    """Starts the workers, so that the first verdict does not wait for PyTorch."""
    workers.pool()
