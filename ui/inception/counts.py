"""Both sides of a state, counted by netlib: what the picture shows once the hand is at rest."""

from typing import Any

from netlib import Trace, trace
from ui.inception.layer import SIDES, Side, network_of
from ui.inception.state import InceptionState
from ui.lab.bench import Bench

Data = dict[str, Any]


def counts(bench: Bench[InceptionState]) -> Data:
    """{"counted": {"without": …, "with": …}, "keptCounted": the same of A, or None}."""
    kept = None if bench.kept is None else sides_of(bench.kept)
    return {"counted": sides_of(bench.now), "keptCounted": kept}


def sides_of(state: InceptionState) -> Data:
    """The module with its reductions and without, counted."""
    return {side: side_of(state, side) for side in SIDES}


def side_of(state: InceptionState, side: Side) -> Data:
    """{"params", "macs", "memory", "channels", "ok", "lanes"}; `memory` in bytes a sample, `channels` 0 behind a fault.

    `lanes` has the same for each branch, in the order in which concat joins them.
    """
    traced = trace(network_of(state, side))
    output = traced.output
    return {
        "params": traced.params,
        "macs": traced.macs,
        "memory": traced.saved_bytes(),
        "channels": output.channels if output else 0,
        "ok": traced.ok,
        "lanes": [_lane(traced, index) for index in range(len(traced.root.children[0].children))],
    }


def _lane(traced: Trace, index: int) -> Data:
    branch = traced.root.children[0].children[index]
    steps = list(branch)
    return {
        "params": sum(step.params for step in steps if step.is_leaf),
        "macs": sum(step.macs for step in steps if step.is_leaf),
        "memory": sum(traced.memory[step.path] for step in steps),
        "channels": branch.output.channels if branch.output else 0,
    }
