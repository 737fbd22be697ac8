"""Sentences as JSON data: stored and sent with template and values apart, so that any language can say them later."""

from collections.abc import Mapping
from typing import Any

from netlib.words import Message


def to_data(message: Message) -> dict[str, Any]:
    """The sentence as JSON data: {"say": template, "with": values}."""
    return {"say": message.template, "with": {name: _plain(value) for name, value in message.values.items()}}


def from_data(data: Any) -> Message | None:
    """The sentence behind `to_data`; None when the data is something else or does not fit together."""
    if not isinstance(data, Mapping) or set(data) != {"say", "with"}:
        return None
    template, values = data["say"], data["with"]
    if not isinstance(template, str) or not isinstance(values, Mapping):
        return None
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
    return value if isinstance(value, str | int | float | bool | None) else str(value)
