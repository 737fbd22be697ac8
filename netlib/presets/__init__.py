"""Known networks as values, by slug: the notes' own, and the ones that papers made famous.

Every published total is asserted in the tests against the paper or torchvision.
"""

from importlib import import_module
from pkgutil import iter_modules

from netlib.errors import NetlibError
from netlib.network import Network
from netlib.presets.catalogue import PRESETS, Preset
from netlib.words import words

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

_UNKNOWN = words("there is no preset {slug}; the presets are {known}", "没有预设 {slug}；可用预设：{known}")


def preset(slug: str) -> Network:
    """The network of that name.

    Raises:
        NetlibError: naming the presets there are.
    """
    if slug not in PRESETS:
        raise NetlibError(_UNKNOWN, slug=repr(slug[:40]), known=", ".join(PRESETS))
    return PRESETS[slug].network()


__all__ = ["PRESETS", "Preset", "preset"]
