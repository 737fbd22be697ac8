"""Repairs of a broken padding: states in which the branches join again, each traced before it is offered."""

from netlib import trace
from ui.inception.layer import network_of
from ui.inception.state import KEEPING, InceptionState
from ui.words import tr

LANE_OF = {"pad3": "3×3", "pad5": "5×5", "pad_pool": "3×3"}


def repairs(state: InceptionState) -> list[dict[str, object]]:
    """[{"label", "state"}]: what makes concat work again, the smallest change first; empty where nothing is broken."""
    if trace(network_of(state)).ok:
        return []
    wrong = {name: keeps for name, keeps in KEEPING.items() if getattr(state, name) != keeps}
    single = [(_label(name, keeps, state), state.with_(**{name: keeps})) for name, keeps in wrong.items()]
    every = (tr("Keep the size in every branch"), state.with_(**KEEPING))
    offered = [*single, every] if len(wrong) > 1 else single
    return [{"label": label, "state": to.model_dump()} for label, to in offered if _joins(to)]


def _joins(state: InceptionState) -> bool:
    return trace(network_of(state)).ok and trace(network_of(state, "without")).ok


def _label(name: str, keeps: int, state: InceptionState) -> str:
    if name == "pad_pool":
        return tr("Padding {padding} in the pool keeps {size} × {size}", padding=keeps, size=state.size)
    return tr(
        "Padding {padding} in the {branch} branch keeps {size} × {size}",
        padding=keeps,
        branch=LANE_OF[name],
        size=state.size,
    )
