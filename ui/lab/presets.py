"""Named settings of a page, as chips: each changes some fields of the state, and is pressed while they hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ui.words import tr


@dataclass(frozen=True)
class Preset:
    """A chip: what it says (English, said through `tr`), why one would press it, and the fields it sets."""

    label: str
    says: str
    changes: dict[str, Any]


def chips(presets: Sequence[Preset]) -> list[dict[str, Any]]:
    """The presets as data, in the session's language."""
    return [{"label": tr(p.label), "says": tr(p.says), "changes": p.changes} for p in presets]
