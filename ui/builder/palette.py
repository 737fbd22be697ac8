"""The palette: every kind of layer there is, for the picture's menu."""

import functools
from typing import Any

from netlib import KINDS
from netlib.words import Language, tr

CATEGORIES = {
    "convolution": "Convolution",
    "pooling": "Pooling",
    "dense": "Dense",
    "activation": "Activation",
    "normalisation": "Normalisation",
    "dropout": "Dropout",
    "reshape": "Reshape",
    "recurrent": "Recurrent",
    "attention": "Attention",
    "composite": "Blocks",
}


@functools.cache
def palette(lang: Language) -> list[dict[str, Any]]:
    """Kinds by category, in palette order: {"name", "kinds": [{"kind", "label", "about", "accepts"}]}."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for name, kind in KINDS.items():
        entry = {
            "kind": name,
            "label": tr(kind.label, lang),
            "about": tr(kind.about, lang),
            "accepts": list(kind.accepts),
        }
        groups.setdefault(kind.category, []).append(entry)
    return [{"name": tr(CATEGORIES[category], lang), "kinds": kinds} for category, kinds in groups.items()]
