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
    found = [Repaired(_projection(state, projected), projected)]
    if road(padded) == "zeros":
        found.append(Repaired(_zeros(state), padded))
    else:
        found.append(Repaired(tr("{n} channels in", n=exact(state.filters)), thinner))
    found.append(Repaired(_keeping(state), kept))
    return [one for one in found if trace(network_of(one.state)).ok]


def _projection(state: ResidualState, projected: ResidualState) -> str:
    more = trace(network_of(projected)).params - trace(network_of(state)).params
    kernel = "1×1" if state.stride == 1 else tr("1×1, stride {s}", s=state.stride)
    return tr("{kernel}: +{n} parameters", kernel=kernel, n=exact(more))


def _zeros(state: ResidualState) -> str:
    more = state.filters - state.channels
    if more == 0:
        return tr("Every {s}nd cell: +0 parameters", s=state.stride)
    return tr("{n} channels of zeros: +0 parameters", n=exact(more))


def _keeping(state: ResidualState) -> str:
    if state.stride == 1:
        return tr("{n} channels out", n=exact(state.channels))
    if state.channels == state.filters:
        return tr("Stride 1")
    return tr("{n} channels out, stride 1", n=exact(state.channels))
