"""The referee's seal of a page about a layer. It is drawn by the page's own picture, beside the title: two pictures of
different fragments that speak at once would lose one of their runs.
"""

from typing import Any

from netlib import Network
from ui.builder import seal
from ui.builder.phrases import phrases

SAYS = (
    *("counting", "faulty", "sealed", "otherwise", "unanswered", "close"),
    *("sealTitle", "sealExplains", "sealSummary", "layer", "output", "params", "macs", "total", "ours"),
)
"""What the seal says, of the builder's words."""


def sealed(network: Network) -> dict[str, Any]:
    """The seal as data for the picture, and what it says."""
    said = phrases()
    return {**seal.data(network.to_json()), "words": {name: said[name] for name in SAYS}}


def seek(network: Network, wanted: Any) -> None:
    """Asks for the verdict that the picture looks for, if it is about this network."""
    seal.look(network.to_json(), wanted)
