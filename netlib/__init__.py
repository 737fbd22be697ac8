"""netlib: describe a network, trace it, build it, print it. It knows nothing of the app.

Importing it loads neither torch nor pandas; `build` imports torch when it is called.
"""

from typing import Any

from netlib.block import KINDS, Block, Case
from netlib.errors import BadLink, NetlibError, Rejected, TooBig
from netlib.export import source
from netlib.network import Network, explain
from netlib.tensortype import TensorType, image, sequence, signal, tokens, vector, volume
from netlib.tracing import Problem, Step, Trace, trace
from netlib.words import Message, tr, words


def build(trace: Trace, *, budget: int | None = None) -> Any:
    """The traced network's `torch.nn.Module`: see `netlib.construction.build`."""
    from netlib.construction import build as construct

    return construct(trace, budget=budget)


__all__ = [
    "KINDS",
    "BadLink",
    "Block",
    "Case",
    "Message",
    "NetlibError",
    "Network",
    "Problem",
    "Rejected",
    "Step",
    "TensorType",
    "TooBig",
    "Trace",
    "build",
    "explain",
    "image",
    "sequence",
    "signal",
    "source",
    "tokens",
    "tr",
    "trace",
    "vector",
    "volume",
    "words",
]
