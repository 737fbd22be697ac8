"""The text behind a page's `?state=`: a version, a dot, and the packed JSON of what differs from the defaults."""

import base64
import binascii
import json
import zlib
from typing import Any

from netlib import BadLink
from netlib.knob import brief
from netlib.words import words

VERSION = "1"
"""Changes when a default, a field's name or its meaning changes, since defaults are left out of a link."""
MOST_LINK = 8 * 1024
MOST_TEXT = 32 * 1024

_LONG = words(
    "this link is {got:,} characters long; at most {most:,} are read",
    "这个链接有 {got:,} 个字符；最多读取 {most:,} 个",
)
_VERSION = words(
    "this link was made by another version of the app ({got})", "这个链接来自本应用的其他版本（{got}）"
)
_DAMAGED = words("this link is damaged", "这个链接已损坏")


def packed(data: dict[str, Any]) -> str:
    """A URL-safe text that `unpacked` turns back into equal data."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    body = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    return f"{VERSION}.{body}"


def unpacked(link: str) -> dict[str, Any]:
    """The data behind a link, not yet checked.

    Raises:
        BadLink: when the link is damaged, oversized or of another version; never anything else.
    """
    if len(link) > MOST_LINK:
        raise BadLink(_LONG, got=len(link), most=MOST_LINK)
    version, dot, body = link.partition(".")
    if not (dot and version.isascii() and version.isdigit()):
        raise BadLink(_DAMAGED)
    if version != VERSION:
        raise BadLink(_VERSION, got=brief(version[:12]))
    try:
        raw = base64.b64decode(body.encode("ascii") + b"=" * (-len(body) % 4), altchars=b"-_", validate=True)
        inflating = zlib.decompressobj()
        text = inflating.decompress(raw, MOST_TEXT + 1)
        if len(text) > MOST_TEXT or not inflating.eof or inflating.unused_data:
            raise BadLink(_DAMAGED)
        data = json.loads(text)
    except BadLink:
        raise
    except (ValueError, binascii.Error, zlib.error, RecursionError):
        raise BadLink(_DAMAGED) from None
    if not isinstance(data, dict):
        raise BadLink(_DAMAGED)
    return data
