"""The choice of a network: the builder's, one that a repair or a run brought, and the presets, suited ones first."""

import functools

from netlib import Network
from netlib.presets import PRESETS
from netlib.training import DataSpec
from ui.training.bench import BUILDER, OWN, Bench
from ui.training.starts import slug_of, suited
from ui.words import tr


def options(bench: Bench, builder: bool) -> list[str]:
    """The sources there are to choose from.

    Args:
        bench: what is chosen now.
        builder: whether the session has a network from the builder.
    """
    own = [OWN] if bench.source == OWN else []
    from_builder = [BUILDER] if builder or bench.source == BUILDER else []
    fitting, others = _suited(bench.spec.data)
    return [*own, *from_builder, *fitting, *others]


def label(source: str) -> str:
    """What a source is called."""
    if source == BUILDER:
        return tr("From the builder")
    if source == OWN:
        return tr("As it is here")
    return tr(PRESETS[source].title)


def title_of(network: Network) -> str:
    """A network's name: that of the preset it is, else that it is one's own."""
    slug = _slug(network)
    return tr(PRESETS[slug].title) if slug else tr("own network")


@functools.lru_cache(maxsize=64)
def _suited(data: DataSpec) -> tuple[list[str], list[str]]:
    return suited(data)


@functools.lru_cache(maxsize=256)
def _slug(network: Network) -> str | None:
    return slug_of(network)
