"""Every file in this folder is imported; a file that defines a `Block` with a kind registers it."""

from importlib import import_module
from pkgutil import iter_modules

from netlib.block import KINDS, Category

_ORDER: tuple[Category, ...] = (
    "convolution",
    "pooling",
    "dense",
    "activation",
    "normalisation",
    "dropout",
    "reshape",
    "recurrent",
    "attention",
    "composite",
)

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

_sorted = sorted(KINDS.items(), key=lambda item: _ORDER.index(item[1].category))
KINDS.clear()
KINDS.update(_sorted)
