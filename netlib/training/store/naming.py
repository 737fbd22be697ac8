"""Names and notes as they are stored: whatever is kept is safe to show, also by an older or careless page."""

import unicodedata

from netlib.errors import NetlibError
from netlib.words import words

LONGEST_NAME = 80
LONGEST_NOTE = 2000
SIGNS = frozenset(" _-.,()+")

LONG = words("A name has at most {most} characters, got {got}.", "名称最多 {most} 个字符，收到 {got} 个。")
SIGN = words(
    "A name is made of letters, digits, spaces and {signs}, got {got}.",
    "名称只能由字母、数字、空格和 {signs} 组成，收到 {got}。",
)


def stored_name(name: str | None) -> str | None:
    """The name in composed Unicode without spaces around it; None for an empty one.

    Raises:
        NetlibError: when it is longer than 80 characters or holds more than letters, digits, spaces and a few signs.
    """
    tidy = unicodedata.normalize("NFC", name or "").strip()
    if len(tidy) > LONGEST_NAME:
        raise NetlibError(LONG, most=LONGEST_NAME, got=len(tidy))
    wrong = next((c for c in tidy if c not in SIGNS and unicodedata.category(c)[0] not in "LMN"), None)
    if wrong is not None:
        shown = wrong if wrong.isprintable() else f"U+{ord(wrong):04X}"
        raise NetlibError(SIGN, signs=" ".join(sorted(SIGNS - {" "})), got=shown)
    return tidy or None


def stored_note(note: str | None) -> str | None:
    """The note cut to 2,000 characters, without control characters other than line breaks; None for an empty one."""
    tidy = unicodedata.normalize("NFC", note or "").strip()[:LONGEST_NOTE]
    return "".join(c for c in tidy if c == "\n" or unicodedata.category(c)[0] != "C") or None
