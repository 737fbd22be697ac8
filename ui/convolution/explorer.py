"""The convolution page as a fragment: what the picture proposes, the counted numbers, the picture, the link."""

from collections.abc import Mapping

import streamlit as st

from netlib import Network
from netlib.knob import Numbers, Whole
from netlib.training.value import value_knobs
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
from ui.lab.bench import Lab
from ui.lab.counts import sides
from ui.lab.exercises import tasks
from ui.lab.heading import title
from ui.lab.presets import chips
from ui.lab.seal import sealed, seek
from ui.slot import drawn
from ui.words import tr

LAB = Lab("convolution", ConvolutionState)
CLASSES = 10


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
    trains = with_head(network)
    data = {
        **LAB.data(bench),
        "seal": sealed(network),
        **sides(bench, network_of, state_of),
        "limits": limits(),
        "offers": offered(bench.now),
        "image": images.shown(bench.now),
        "side": images.SIDE,
        "presets": chips(PRESETS),
        "exercises": tasks(exercises()),
        "away": away(
            network, trains, tr("Needs one input channel and sides of 8 to 64: the digits fit then.")
        ),
        "words": phrases(),
    }
    picture = load(LAB.name, "leave", "seal", "look", "own")(
        LAB.name, data, settled=LAB.settled, look=look, own=take_own
    )
    LAB.write_link()
    seek(network, picture.seal)
    leave(picture.leave, network, trains)


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


def limits() -> dict[str, dict[str, int]]:
    """The bounds of every whole number of the state, for its slider."""
    knobs = value_knobs(ConvolutionState)
    return {name: {"lo": k.lo, "hi": k.hi} for name, k in knobs.items() if isinstance(k, Whole | Numbers)}


def with_head(network: Network) -> Network:
    """The layer with a classifier behind it, for a run on images of ten classes."""
    head = [{"kind": "ReLU"}, {"kind": "Flatten"}, {"kind": "Linear", "out_features": CLASSES}]
    layers = [block.spec() for block in network.layers]
    return Network.model_validate({"input": network.input, "layers": [*layers, *head]})


def warm_up() -> None:
    """Starts the workers, so that the first verdict does not wait for PyTorch."""
    workers.pool()
