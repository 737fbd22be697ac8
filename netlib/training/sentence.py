"""Sentences as JSON data: stored and sent with template and values apart, so that any language can say them later."""

from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

from netlib.words import CATALOGUE, Message, learn


def to_data(message: Message) -> dict[str, Any]:
    """The sentence as JSON data: {"say": template, "with": values}, and as "zh" the template's Chinese reading.

    Whoever reads it may not know that reading: it is declared beside code that needs PyTorch, which the app never loads.
    """
    data = {"say": message.template, "with": {name: _plain(value) for name, value in message.values.items()}}
    chinese = CATALOGUE.get(message.template)
    return data if chinese is None else {**data, "zh": chinese}


def from_data(data: Any) -> Message | None:
    """The sentence behind `to_data`; None when the data is something else or does not fit together."""
    if not isinstance(data, Mapping) or set(data) - {"zh"} != {"say", "with"}:
        return None
    template, values = data["say"], data["with"]
    if not isinstance(template, str) or not isinstance(values, Mapping):
        return None
    if isinstance(chinese := data.get("zh"), str):
        learn(template, chinese)
    try:
        return Message(template, **{name: from_data(value) or value for name, value in values.items()})
    except (LookupError, ValueError, TypeError, AttributeError):
        return None


def literal(text: str) -> Message:
    """A text that comes from elsewhere, as a sentence that says it as it is in every language."""
    return Message("{text}", text=text)


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return to_data(value)
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(
        value, Real
    ):  # of numpy's own kinds, which are no floats; as text they could not be formatted
        return float(value)
    return str(value)
