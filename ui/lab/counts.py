"""A trace as JSON data: shapes, numbers with the formulas they come from, and problems with their repairs."""

from collections.abc import Callable
from typing import Any, TypeVar

from netlib import Network, TensorType, Trace, trace
from netlib.formula import Quantity
from netlib.tracing import Step
from netlib.training.value import Value
from ui.lab.bench import Bench
from ui.numbers import exact
from ui.words import tr

MOST_TERMS = 6
"""Terms of a sum that are written out."""

State = TypeVar("State", bound=Value)
Data = dict[str, Any]


def sides(
    bench: Bench[State],
    network_of: Callable[[State], Network],
    state_of: Callable[[Network, State], State | None] | None = None,
) -> Data:
    """{"counted": …, "keptCounted": … or None}: the two states of a bench, counted.

    Args:
        bench: the page's.
        network_of: the network that a state stands for.
        state_of: the state that a repaired network is, the one before being the second argument; None where no
            state of the page is it, and then the repair is not offered.
    """
    kept = None if bench.kept is None else counted(trace(network_of(bench.kept)))
    traced = trace(network_of(bench.now))
    found = counted(traced)
    if not traced.ok:
        found["problem"] = problem(
            traced, lambda repaired: state_of(repaired, bench.now) if state_of else None
        )
    return {"counted": found, "keptCounted": kept}


def counted(traced: Trace) -> Data:
    """{"ok", "input", "output", "params", "macs", "memory", "backward", "layers", "notes"} of a network.

    Shapes are {"dims", "axes"}; numbers are {"value", "text", "symbols"}, with "layers" for those of each layer.
    FLOPs are 2 × MACs, which the page works out. `output` is None behind a fault.
    """
    output = traced.output
    return {
        "ok": traced.ok,
        "input": shape(traced.network.input),
        "output": shape(output) if output else None,
        "params": total(
            [(s, s.found.params) for s in traced.leaves if s.found and not s.is_tap], traced.params
        ),
        "macs": total([(s, s.found.macs) for s in traced.leaves if s.found and not s.is_tap], traced.macs),
        "memory": memory(output) if output else None,
        "backward": traced.saved_bytes(),
        "layers": [layer(traced, step) for step in traced.leaves],
        "notes": [tr(note) for step in traced.leaves for note in step.notes],
    }


def shape(type: TensorType) -> Data:
    """Sizes without the batch axis, and the axes' names."""
    return {"dims": list(type.dims), "axes": type.axes}


def quantity(found: Quantity) -> Data:
    """A number, the formula with the person's numbers in it, and the formula in symbols."""
    if not found.value:
        return {"value": 0, "text": "", "symbols": ""}
    return {"value": found.value, "text": found.text, "symbols": found.symbols}


def total(parts: list[tuple[Step, Quantity]], value: int) -> Data:
    """A sum over layers: a single layer's own formula, or the numbers that are added up."""
    counting = [found for _, found in parts if found.value]
    if len(counting) == 1:
        return quantity(counting[0])
    terms = [exact(found.value) for found in counting[:MOST_TERMS]]
    text = " + ".join([*terms, "…"] if len(counting) > MOST_TERMS else terms)
    return {"value": value, "text": text, "symbols": ""}


def memory(type: TensorType) -> Data:
    """Bytes of a tensor of one sample."""
    width = type.nbytes // type.numel
    text = f"{' · '.join(exact(d) for d in type.dims)} · {tr('{n} bytes', n=width)}"
    return {"value": type.nbytes, "text": text, "symbols": ""}


def layer(traced: Trace, step: Step) -> Data:
    """One layer: its address, its output, its numbers, its line of code, and the formula of each output axis."""
    found = step.found
    return {
        "path": step.path,
        "where": traced.where(step),
        "kind": step.title,
        "output": shape(step.output) if step.output else None,
        "params": quantity(found.params) if found else None,
        "macs": quantity(found.macs) if found else None,
        "size": {axis: quantity(q) for axis, q in found.size} if found else {},
        "code": str(step.node) if step.output else "",
    }


def problem(traced: Trace, state_of: Callable[[Network], Value | None]) -> Data | None:
    """The first fault: {"says", "hint", "field", "where", "fixes": [{"label", "state"}]}, or None without one."""
    if traced.ok:
        return None
    step = traced.problems[0]
    found = step.problem
    assert found is not None
    fixes = []
    for fix in found.fixes:
        state = state_of(fix.apply(traced.network))
        if state is not None:
            fixes.append({"label": tr(fix.label), "state": state.model_dump()})
    return {
        "says": tr(found.message),
        "hint": tr(found.hint),
        "field": found.field,
        "where": traced.where(step),
        "fixes": fixes,
    }
