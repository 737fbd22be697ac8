"""Which moment of a run, and which image, a browser looks at: what its pictures have settled on, judged here."""

import base64
import binascii
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from ui.training.reading import Reading

SHOWN_KEY = "training_shown"
"""The picture with the slider and the test images."""
THROUGH_KEY = "training_through"
"""The picture in which a digit is drawn."""
LATEST_STEP = 10**12
MOST_PICKED = 19
LATEST_MOMENT = 10**14
"""Milliseconds since 1970 by the browser's clock, of which only the order counts."""
LARGEST_DRAWING = 64 * 64
"""Pixels of a drawn image; the data whose images are drawn are smaller."""

Session = MutableMapping[str | int, Any]


def run_of(reading: Reading | None) -> str | None:
    """What tells a run, between two rewinds, from all others; None before the first."""
    return f"{reading.row.id}.{reading.row.generation}" if reading else None


@dataclass(frozen=True)
class Look:
    """`step` is None where the run's newest is followed; `picked` is the number of a shown image, None where nobody
    picked one; `drawn` has the bytes 0 to 255 of an image that somebody has drawn since, and stands in its place.
    """

    step: int | None = None
    picked: int | None = None
    drawn: bytes | None = None


def look(session: Session, reading: Reading | None) -> Look:
    """What is looked at in a run; what was settled while another was shown counts for nothing."""
    run = run_of(reading)
    shown, through = _settled(session, SHOWN_KEY, run), _settled(session, THROUGH_KEY, run)
    picked_at, drawn_at = (_whole(one.get("when"), LATEST_MOMENT) or 0 for one in (shown, through))
    return Look(
        _whole(shown.get("at"), LATEST_STEP),
        _whole(shown.get("picked"), MOST_PICKED),
        _bytes(through.get("drawn")) if drawn_at >= picked_at else None,
    )


def _settled(session: Session, key: str, run: str | None) -> Mapping[str, Any]:
    held = session.get(key)
    found = held.get("settled") if isinstance(held, Mapping) else None
    return found if isinstance(found, Mapping) and found.get("run") == run else {}


def _whole(value: object, most: int) -> int | None:
    return value if type(value) is int and 0 <= value <= most else None


def _bytes(text: object) -> bytes | None:
    if not isinstance(text, str) or len(text) > 4 * LARGEST_DRAWING:
        return None
    try:
        return base64.b64decode(text.encode("ascii"), validate=True) or None
    except (ValueError, binascii.Error):
        return None
