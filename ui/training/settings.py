"""A run's settings one by one: where each stands, what it is called, how its value is written."""

from collections.abc import Mapping
from typing import Any

from netlib.numerals import numeral
from netlib.training import RunSpec
from netlib.training.value import Value, value_knobs
from ui.numbers import exact
from ui.words import tr

NOTHING = "–"
SECTIONS = ("data", "optimiser", "schedule", "limits")


def flat(spec: RunSpec) -> Mapping[str, Any]:
    """Every setting but the network by its place: "batch", "optimiser.learning_rate"."""
    found: dict[str, Any] = {}
    for name in type(spec).model_fields:
        held = getattr(spec, name)
        if name in SECTIONS:
            found |= {f"{name}.{inner}": getattr(held, inner) for inner in type(held).model_fields}
        elif name != "network":
            found[name] = held
    return found


def label(place: str) -> str:
    """The name that a setting has on the training page."""
    section, _, name = place.rpartition(".")
    holder: type[Value] = RunSpec
    if section:
        holder = type(RunSpec.model_fields[section].get_default())
    knob = value_knobs(holder).get(name)
    if knob is not None:
        return tr(knob.label)
    return {
        "fused": tr("Fused optimiser"),
        "layout": tr("Memory layout"),
        "precision": tr("Precision"),
        "compiled": tr("Compiled"),
    }.get(name, name)


def inside(text: str) -> str:
    """A label in the middle of a sentence: an abbreviation keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def written(value: Any) -> str:
    """A setting's value in a table or a sentence."""
    match value:
        case None:
            return NOTHING
        case bool():
            return tr("yes") if value else tr("no")
        case float():
            return numeral(value)
        case int():
            return exact(value)
    return str(value)
