"""Everything the project says to a person, in English and 简体中文: one catalogue.

English is the key. A sentence is declared where it is used, with both readings side by side::

    words("padding must be at most {most}, got {got}", "padding 最多为 {most},收到 {got}")

so that a new kind of layer brings its own Chinese in its own file.
"""

import string
from typing import Any, Literal, Self

from netlib.numerals import unfolded

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

CATALOGUE: dict[str, str] = {}
"""English template -> Chinese template; both hold the same placeholders."""

MOST_READINGS = 10_000


def words(english: str, chinese: str) -> str:
    """The English text, after its Chinese reading has been entered in the catalogue.

    Raises:
        ValueError: when the same English is already known with another Chinese, or the placeholders differ.
    """
    known = CATALOGUE.setdefault(english, chinese)
    if known != chinese:
        raise ValueError(f"{english!r} has two Chinese readings: {known!r} and {chinese!r}")
    if placeholders(english) != placeholders(chinese):
        raise ValueError(f"{english!r} and {chinese!r} hold different placeholders")
    return english


def learn(english: str, chinese: str) -> None:
    """Enters a reading that another process knows, where there is none here and it fits."""
    if english not in CATALOGUE and len(CATALOGUE) < MOST_READINGS:
        try:
            fits = placeholders(english) == placeholders(chinese)
        except ValueError:  # braces that are none of a template
            return
        if fits:
            CATALOGUE[english] = chinese


def placeholders(template: str) -> frozenset[str]:
    """The names between braces in a template."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)


def tr(english: str, lang: str = "en", **values: Any) -> str:
    """A template in the reader's language with its values put in; English where no Chinese is known.

    Values that are messages are said in that language too; plain text (a name, a kind) stays as it is.
    """
    template = CATALOGUE.get(english, english) if lang == "zh" else english
    if not values:
        return template
    return template.format(**{name: _said(value, lang) for name, value in values.items()})


class _Number(float):
    """A number that is formatted as people write it: no 1e+03 in a sentence."""

    def __format__(self, form: str) -> str:
        return unfolded(format(float(self), form))


def _said(value: Any, lang: str) -> Any:
    if isinstance(value, float):
        return _Number(value)
    return value.say(lang) if isinstance(value, Message) else value


class Message(str):
    """A sentence for a person: reads as English, and can say itself in another language.

    >>> str(Message("{n} channels", n=3))
    '3 channels'
    """

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str = "", /, **values: Any) -> Self:
        message = super().__new__(cls, tr(template, "en", **values))
        message.template = template
        message.values = values
        return message

    def say(self, lang: str) -> str:
        """The sentence in ``lang`` ("en" or "zh")."""
        return tr(self.template, lang, **self.values)
