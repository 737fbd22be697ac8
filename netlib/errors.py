"""Errors a person can cause, and nothing else.

* NetlibError
  x Rejected      a block cannot take what flows into it (caught by `trace`, pinned to the block)
  x BadLink       a shared link cannot be read
  x TooBig        a network exceeds a stated budget, or the room for a link
"""

from typing import Any

from netlib.words import Message


class NetlibError(ValueError):
    """Base class; its text is written for the person using the app.

    Args:
        template: a sentence with placeholders, declared with `netlib.words.words`.
        values: what the placeholders stand for.
    """

    def __init__(self, template: str, /, **values: Any) -> None:
        self.message = Message(template, **values)
        super().__init__(str(self.message))


class Rejected(NetlibError):
    """A block refuses its input; `field` names the field to look at, `hint` the way out."""

    def __init__(
        self,
        template: str,
        /,
        *,
        hint: Message | str = "",
        field: str | None = None,
        fixes: tuple[Any, ...] = (),
        **values: Any,
    ) -> None:
        super().__init__(template, **values)
        self.hint = hint if isinstance(hint, Message) else Message(hint)
        self.field = field
        self.fixes = fixes


class BadLink(NetlibError):
    """A link is damaged, oversized, of an unknown version, or names what does not exist."""


class TooBig(NetlibError):
    """More than a stated budget allows; both numbers are in the message."""
