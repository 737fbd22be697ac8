"""The fields of a block as the picture's controls need them, read off the knobs that declare them.

A field is {"name", "label", "help", "symbol", "about", "type", "value", …}; what a type adds is said beside it below.
"""

from typing import Any

from netlib import Block, Rejected, TensorType
from netlib.block import Held, Leaf, all_knobs, measured
from netlib.knob import Choice, Knob, Numbers, Real, Size, Switch, Whole
from netlib.tensortype import AXES, MAX_DIM
from netlib.windows import AXIS_NAMES
from ui.builder.actions import STARTS, start_of
from ui.words import tr

Field = dict[str, Any]

ABOUT = {
    "kernel_size": "weight",
    "out_channels": "output",
    "out_features": "output",
    "hidden_size": "output",
    "padding": "padding",
}
"""What a field is about, by its name; its slider has that colour."""

SPANS = (64, 256, 1_024, 4_096, 16_384, 65_536, 1_000_000, 2**31)
SIZE_SPANS = (4, 8, 16, 64, 256, 1_024, 65_536)
"""Where sliders end: the first that is larger than the value. A number can always be typed up to its true bound."""

FINEST = 200
"""Steps that a slider over real numbers may have; finer fields are typed."""


def fields(block: Block, x: TensorType | None) -> list[Field]:
    """Every field that a person may set, in the order of declaration; those read off the input come last."""
    knobs = [knob for knob in all_knobs(type(block)) if not isinstance(knob, Held)]
    knobs.sort(key=lambda knob: knob.inferred)
    return [_field(knob, block, x) for knob in knobs]


def input_fields(x: TensorType) -> list[Field]:
    """The fields of the network's input: its sizes, how they are read, and the type of its numbers."""
    names = AXES[x.layout] if len(AXES[x.layout]) == len(x.dims) else (AXES[x.layout][0],) * len(x.dims)
    sizes = [
        {
            "name": f"dims.{axis}",
            "label": tr(SIZES[name]),
            "symbol": name,
            "help": "",
            "about": "input",
            "type": "whole",
            "value": size,
            "lo": 1,
            "hi": MAX_DIM,
            "to": _span(size, SPANS, MAX_DIM),
        }
        for axis, (name, size) in enumerate(zip(names, x.dims, strict=True))
    ]
    return [*sizes, _input_choice("layout", x.layout, tuple(STARTS)), _dtype(x)]


SIZES = {
    "C": "Channels",
    "H": "Height",
    "W": "Width",
    "D": "Depth",
    "L": "Length",
    "T": "Time steps",
    "F": "Features",
}
LAYOUTS = {
    "vector": "Vector",
    "sequence": "Sequence",
    "signal": "Signal",
    "image": "Image",
    "volume": "Volume",
    "tokens": "Indices",
}


def _input_choice(name: str, value: str, options: tuple[str, ...]) -> Field:
    named = [[option, tr(LAYOUTS[option])] for option in options]
    return {
        "name": name,
        "label": tr("Layout"),
        "help": tr("How the sizes are read; another layout brings sizes of its own."),
        "type": "choice",
        "value": value,
        "options": named,
    }


def _dtype(x: TensorType) -> Field:
    return {
        "name": "dtype",
        "label": tr("Numbers"),
        "help": tr("float32 for measured values, int64 for indices into a vocabulary."),
        "type": "choice",
        "value": x.dtype,
        "options": [["float32", "float32"], ["int64", "int64"]],
    }


def _field(knob: Knob, block: Block, x: TensorType | None) -> Field:
    value = getattr(block, knob.name)
    found: Field = {
        "name": knob.name,
        "label": tr(knob.label),
        "help": tr(knob.help),
        "symbol": knob.symbol,
        "about": ABOUT.get(knob.name, "nothing"),
        "value": list(value) if isinstance(value, tuple) else value,
        "rare": knob.rare and not knob.inferred and value == knob.default,
    }
    if knob.optional:
        found["start"] = _first(knob, block, x)
    if knob.inferred:
        found["inferred"] = inferred(knob.name, block, x)
    return found | _by_type(knob, value, block)


def _first(knob: Knob, block: Block, x: TensorType | None) -> Any:
    """What an optional field becomes when it is stated."""
    if knob.inferred:
        return inferred(knob.name, block, x)
    if knob.name == "stride" and hasattr(block, "kernel_size"):
        kernel = block.kernel_size
        return list(kernel) if isinstance(kernel, tuple) else kernel
    if isinstance(knob, Numbers):
        return list(knob.start) if knob.start else [x.dims[-1] if x else knob.lo]
    return start_of(knob)


def inferred(name: str, block: Block, x: TensorType | None) -> int | None:
    """What a field that the input decides is read as: the number that the block itself names when another is stated."""
    if x is None or not isinstance(block, Leaf):
        return None
    found = measured(block.with_(**{name: 1}), x)
    if not isinstance(found, Rejected):
        return 1
    got = found.message.values.get("got")
    return got if found.field == name and isinstance(got, int) else None


def _by_type(knob: Knob, value: Any, block: Block) -> Field:
    match knob:
        case Switch():
            return {"type": "switch"}
        case Choice(options=options):
            return {"type": "choice", "options": [[option, option] for option in options]}
        case Numbers(lo=lo, hi=hi, least=least, most=most):
            return {"type": "numbers", "lo": lo, "hi": hi, "least": least, "most": most}
        case Size(lo=lo, hi=hi):
            largest = max(
                (v for v in (value if isinstance(value, tuple) else (value,)) if _is(v)), default=lo
            )
            return {
                "type": "size",
                "lo": lo,
                "hi": hi,
                "to": _span(largest, SIZE_SPANS, hi),
                "axes": list(AXIS_NAMES[block.rank]),
                "keywords": list(knob.keywords),
                "holes": knob.holes,
            }
        case Whole(lo=lo, hi=hi):
            return {"type": "whole", "lo": lo, "hi": hi, "to": _whole_span(knob, value)}
        case Real(lo=lo, hi=hi, step=step):
            fine = (hi - lo) / step > FINEST or (_is(value) and 0 < abs(value) < step)
            return {"type": "real", "lo": lo, "hi": hi, "step": step, "slides": not fine}
    raise TypeError(f"no control for {type(knob).__name__}")


def _whole_span(knob: Whole, value: int | None) -> int:
    if knob.hi <= SPANS[0]:
        return _span(value or 0, SIZE_SPANS, knob.hi)
    at_least = value if value is not None else knob.start or 0
    return _span(at_least, SPANS, knob.hi)


def _span(value: int, spans: tuple[int, ...], hi: int) -> int:
    return min(next((span for span in spans if span > value), hi), hi)


def _is(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
