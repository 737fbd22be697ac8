"""The doors of a page: its network is taken into the builder, or to the training page where it can train."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from netlib import Network, TooBig
from netlib.training import DataSpec
from netlib.training.data.datasets import DATA_SETS
from netlib.training.data.fit import fits
from ui.contents import existing
from ui.shell import open_page
from ui.words import tr

BUILDER, TRAINING = "builder", "training"


def away(network: Network, trains: Network | None = None, why_not: str = "") -> dict[str, Any]:
    """Which doors are open: {"builder": bool, "training": bool, "whyNot": a sentence for the closed one}.

    Args:
        network: what would be taken into the builder.
        trains: what would be trained, where that is another network (a layer with a head behind it).
        why_not: what to change so that it can train.
    """
    pages = {entry.name for entry in existing()}
    wanted = trains or network
    found = data_for(wanted) if TRAINING in pages else None
    return {
        "builder": BUILDER in pages and _link(network) is not None,
        "training": found is not None and _link(wanted) is not None,
        "trainingPage": TRAINING in pages,
        "whyNot": why_not or tr("No data set fits this input and output."),
    }


@lru_cache(maxsize=256)
def data_for(network: Network) -> str | None:
    """The first data set that the network can train on as it is."""
    return next((name for name in DATA_SETS if fits(network, DataSpec(name=name))), None)


def leave(wanted: Any, network: Network, trains: Network | None = None) -> None:
    """Goes where the picture's event `leave` says ({"to": …}), with the network in the address; stays otherwise.

    The builder takes it as a change that can be undone.
    """
    to = wanted.get("to") if isinstance(wanted, Mapping) else None
    if to == BUILDER and (link := _link(network)):
        open_page(BUILDER, net=link)
    if to == TRAINING:
        chosen = trains or network
        data, link = data_for(chosen), _link(chosen)
        if data and link:
            open_page(TRAINING, net=link, data=data)


def _link(network: Network) -> str | None:
    try:
        return network.to_link()
    except TooBig:
        return None
