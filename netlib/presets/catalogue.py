"""What a preset is, and the table that the files of this folder enter theirs into."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from netlib.network import Network

Layers = list[dict[str, Any]]


@dataclass(frozen=True)
class Preset:
    """A known network: `title` and `about` for people, both in the catalogue of words.

    `family` is the file of this folder that it stands in: "cnn", "inception", "recurrent" or "resnet".
    """

    slug: str
    family: str
    title: str
    about: str
    make: Callable[[], dict[str, Any]]

    def network(self) -> Network:
        """The network, built once."""
        return _built(self.slug)


PRESETS: dict[str, Preset] = {}
"""Slug -> preset, in the order that the menu shows."""


def preset_of(
    slug: str, title: str, about: str
) -> Callable[[Callable[[], dict[str, Any]]], Callable[[], Any]]:
    """Enter the network that a function describes.

    Raises:
        ValueError: when the slug is taken.
    """

    def enter(make: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
        if slug in PRESETS:
            raise ValueError(f"preset {slug!r} is already there")
        PRESETS[slug] = Preset(slug, make.__module__.rpartition(".")[2], title, about, make)
        return make

    return enter


@lru_cache(maxsize=128)
def _built(slug: str) -> Network:
    return Network.model_validate(PRESETS[slug].make())


def image_net(layers: Layers, *dims: int) -> dict[str, Any]:
    """A network over (C, H, W)."""
    return {"input": {"dims": list(dims)}, "layers": layers}


def conv(filters: int, kernel: int, **more: Any) -> dict[str, Any]:
    """A Conv2d."""
    return {"kind": "Conv2d", "out_channels": filters, "kernel_size": kernel, **more}


def pool(kernel: int, **more: Any) -> dict[str, Any]:
    """A MaxPool2d."""
    return {"kind": "MaxPool2d", "kernel_size": kernel, **more}


def linear(units: int) -> dict[str, Any]:
    """A Linear."""
    return {"kind": "Linear", "out_features": units}


RELU: dict[str, Any] = {"kind": "ReLU"}
FLATTEN: dict[str, Any] = {"kind": "Flatten"}
AVERAGE: Layers = [{"kind": "AdaptiveAvgPool2d", "output_size": 1}, FLATTEN]
"""Global average pooling, as a vector."""
