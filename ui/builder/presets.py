"""The presets, for the picture's menu."""

import functools
from typing import Any

from netlib import trace
from netlib.presets import PRESETS, preset
from netlib.words import Language, tr
from ui.numbers import short

FAMILIES = {
    "cnn": "Plain networks",
    "inception": "Inception",
    "resnet": "Residual networks",
    "recurrent": "Recurrent networks",
}


@functools.cache
def presets(lang: Language) -> list[dict[str, Any]]:
    """The presets by family: {"name", "presets": [{"slug", "title", "about", "params"}]}."""
    return [
        {
            "name": tr(name, lang),
            "presets": [
                {
                    "slug": slug,
                    "title": tr(found.title, lang),
                    "about": tr(found.about, lang),
                    "params": _params(slug),
                }
                for slug, found in PRESETS.items()
                if found.family == family
            ],
        }
        for family, name in FAMILIES.items()
    ]


def named(network: str) -> str | None:
    """The slug of the preset that a network's text is; None for a network of one's own."""
    return _slugs().get(network)


@functools.cache
def _slugs() -> dict[str, str]:
    return {preset(slug).to_json(): slug for slug in PRESETS}


@functools.cache
def _params(slug: str) -> str:
    return short(trace(preset(slug)).params)
