"""What to do when the two sides of the plus differ: three repairs, each tried before it is offered."""

from dataclasses import dataclass

from netlib import trace
from ui.numbers import exact
from ui.residual.network import network_of, road
from ui.residual.state import ResidualState
from ui.words import tr


@dataclass(frozen=True)
class Repaired:
    """A state in which the sum works, and what the button says that leads there."""

    label: str
    state: ResidualState


def repairs(state: ResidualState) -> list[Repaired]:
    """Three ways out of a refused sum; none where nothing is refused.

    A projection always leads out. Zeros can only add channels; where some would have to go, the input is made as thin
    as the output instead. The last keeps the input and makes the block keep its shape.
    """
    if road(state) != "refused":
        return []
    projected = state.with_(shortcut="B")
    padded = state.with_(shortcut="A")
    thinner = state.with_(channels=state.filters, stride=1)
    kept = state.with_(filters=state.channels, stride=1)
    found = [Repaired(tr("1×1: +{n} parameters", n=_more(state, projected)), projected)]
    if road(padded) == "zeros":
        words = tr("Pad with zeros: +0") if padded.filters > padded.channels else tr("Skip cells: +0")
        found.append(Repaired(words, padded))
    else:
        found.append(Repaired(tr("Thin the input"), thinner))
    found.append(Repaired(tr("Keep the shape"), kept))
    return [one for one in found if trace(network_of(one.state)).ok]


def _more(state: ResidualState, mended: ResidualState) -> str:
    return exact(trace(network_of(mended)).params - trace(network_of(state)).params)
