"""Where the numbers of a row come from: formulas with the person's numbers put in, and what a unit sees."""

from collections.abc import Iterable
from typing import Any

from netlib import Step, TensorType
from netlib.formula import Quantity
from netlib.reach import AxisReach
from ui.numbers import dimensions, exact
from ui.words import tr

OPENING = {"floor(": ("⌊", "⌋"), "ceil(": ("⌈", "⌉")}


def sums(step: Step) -> list[dict[str, str]]:
    """One entry a number: what it is about, its name, the sum, the same in symbols, and the result."""
    found = step.found
    if found is None:
        return []
    lines = [_sum("output", name, quantity) for name, quantity in _by_formula(found.size)]
    if found.params.value:
        lines.append(_sum("weight", tr("parameters"), found.params))
    if found.macs.value:
        lines.append(_sum("compute", tr("MACs"), found.macs))
    return lines


def _by_formula(sizes: Iterable[tuple[str, Quantity]]) -> list[tuple[str, Quantity]]:
    """The output's axes, those with the same sum in one entry: ("H, W", …)."""
    names: dict[str, list[str]] = {}
    quantities: dict[str, Quantity] = {}
    for axis, quantity in sizes:
        names.setdefault(quantity.text, []).append(axis)
        quantities[quantity.text] = quantity
    return [(", ".join(axes), quantities[text]) for text, axes in names.items()]


def _sum(about: str, name: str, quantity: Quantity) -> dict[str, str]:
    text, symbols = brackets(quantity.text), brackets(quantity.symbols)
    result = exact(quantity.value)
    return {
        "about": about,
        "name": name,
        "text": "" if text == result else text,
        "symbols": "" if symbols == text or text == result else symbols,
        "value": result,
    }


def brackets(text: str) -> str:
    """A formula with floor(…) and ceil(…) as the brackets that people write: ⌊(28 − 5) / 1⌋ + 1."""
    closing: list[str] = []
    written = ""
    while text:
        opening = next((name for name in OPENING if text.startswith(name)), None)
        if opening:
            left, right = OPENING[opening]
            written += left
            closing.append(right)
            text = text[len(opening) :]
            continue
        sign, text = text[0], text[1:]
        if sign == "(":
            closing.append(")")
        written += closing.pop() if sign == ")" else sign
    return written


def reach(step: Step, x: TensorType) -> dict[str, Any] | None:
    """What a unit of the step's output sees of the network's input `x`, in words and as a window over the input.

    None where the input has no space to see.
    """
    seen = step.reach
    if seen is None or not x.spatial:
        return None
    if seen.whole:
        return {"says": tr("Every unit sees the whole input, as far as the layers before it have read it.")}
    if seen.axes is None:
        return {"says": tr("What a unit sees cannot be told from its position alone.")}
    spatial = step.output.spatial if step.output else ()
    units = [size // 2 for size in spatial] if len(spatial) == len(seen.axes) else [0] * len(seen.axes)
    return {
        "says": " ".join(_in_words(seen.axes)),
        "input": list(x.spatial),
        "window": [[axis.first(unit), axis.last(unit)] for axis, unit in zip(seen.axes, units, strict=True)],
    }


def _in_words(axes: tuple[AxisReach, ...]) -> list[str]:
    said = [
        tr(
            "A unit sees {size} of the input; its neighbour starts {jump} further.",
            size=dimensions([axis.size for axis in axes]),
            jump=_per_axis([f"{axis.jump:g}" for axis in axes]),
        )
    ]
    if any(axis.padding > 0 for axis in axes):
        over = _per_axis([exact(max(0, axis.padding)) for axis in axes])
        said.append(tr("The first one reaches {over} over the border.", over=over))
    return said


def _per_axis(values: list[str]) -> str:
    return values[0] if len(set(values)) == 1 else " × ".join(values)
