"""Text that came from somebody, made safe to show.

Streamlit reads markdown in more places than one thinks: labels, help, metrics, tables. Foreign text in any of them can
load a picture from a foreign host, become a link, or change the layout. It goes to a literal element (`st.text`,
`st.code`, a dataframe's cell) where the design allows, and through `plain` everywhere else.
"""

import html
import re
import unicodedata

UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that are not shown as themselves: controls, directions, surrogates, private and unassigned."""

LONGEST = 80


def printable(text: str, limit: int = LONGEST) -> str:
    """The text's first characters, each that has no face of its own replaced by a space."""
    clean = "".join(" " if unicodedata.category(sign) in UNPRINTABLE else sign for sign in text[: 4 * limit])
    return clean if len(text) <= limit else clean[: limit - 1] + "…"


def plain(text: str, limit: int = LONGEST) -> str:
    """The text as a code span, for every place that reads markdown: nothing in it is read any more.

    The fence is longer than any run of backticks inside.
    """
    clean = printable(text, limit)
    longest = max((len(run) for run in re.findall("`+", clean)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {clean} {fence}"


def plotly_text(text: str, limit: int = LONGEST) -> str:
    """The text for a title, axis or hover of plotly, which reads a kind of HTML with links."""
    return html.escape(printable(text, limit), quote=False)
