"""From a traced network to a module that can be trained."""

from typing import cast

import psutil
from torch import nn

from netlib import modules
from netlib.errors import TooBig
from netlib.nodes import Call, Chain, Fork, Tap
from netlib.tensortype import SPATIAL
from netlib.tracing import Step, Trace
from netlib.words import words

MERGES: dict[str, type[nn.Module]] = {
    "add": modules.Sum,
    "concat": modules.Concat,
    "multiply": modules.Product,
}
MAX_PARAMETERS = 200_000_000
BYTES_PER_PARAMETER = 4

_PARAMETERS = words(
    "{got:,} parameters are over the limit of {most:,} parameters", "{got:,} 个参数超过上限 {most:,} 个参数"
)
_MEMORY = words(
    "{got:,} parameters need {need:.1f} GiB of memory, over the limit of {have:.1f} GiB that this machine has free",
    "{got:,} 个参数需要 {need:.1f} GiB 内存，超过本机可用的上限 {have:.1f} GiB",
)
_BROKEN = words("a network with problems cannot be built: {why}", "有问题的网络无法构建：{why}")


def build(trace: Trace, *, budget: int | None = None) -> nn.Module:
    """The traced network's module, freshly initialised, mapping (N, *input) to (N, *output).

    With taps it gives (main, [auxiliary, ...]) in train() and main alone in eval().

    Args:
        budget: most parameters allowed; without one, what the machine's free memory holds, at most
            200 million.

    Raises:
        TooBig: before any weight is allocated.
        ValueError: when the network has problems.
    """
    if not trace.ok:
        first = trace.problems[0].problem
        raise ValueError(_BROKEN.format(why=first.message if first else ""))
    _check_budget(trace.params + trace.aux_params, budget)
    return module_of(trace.root)


def _check_budget(params: int, budget: int | None) -> None:
    most = MAX_PARAMETERS if budget is None else budget
    if params > most:
        raise TooBig(_PARAMETERS, got=params, most=most)
    free = psutil.virtual_memory().available
    if params * BYTES_PER_PARAMETER > free:
        raise TooBig(_MEMORY, got=params, need=params * BYTES_PER_PARAMETER / 2**30, have=free / 2**30)


def module_of(step: Step) -> nn.Module:
    """The module of one step; `get_submodule` finds its children under their paths."""
    match step.node:
        case Call() as call:
            return cast(nn.Module, call.make())
        case Chain():
            inner = [module_of(s) for s in step.children]
            if not inner:
                return nn.Identity()
            return modules.WithAuxiliary(*inner) if has_taps(step) else nn.Sequential(*inner)
        case Fork(merge=merge):
            options = {} if concat_dim(step) == 1 else {"dim": concat_dim(step)}
            return MERGES[merge](*map(module_of, step.children), **options)
        case Tap():
            return modules.Tap(module_of(step.children[0]))


def has_taps(step: Step) -> bool:
    """Whether this is the root of a network with taps."""
    return step.path == "" and any(s.is_tap for s in step)


def concat_dim(step: Step) -> int:
    """The axis, batch first, that a concat joins: channels, or the last axis of sequences and vectors."""
    x = step.output
    if not isinstance(step.node, Fork) or step.node.merge != "concat" or x is None or x.layout in SPATIAL:
        return 1
    return len(x.dims)
