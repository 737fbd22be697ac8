"""Writes the names data set from the surname lists of faker: `pip install faker==40.54.0`, `python -m docs.build_names`.

faker is needed for this alone. Names lose their accents, Russian and Greek ones are transliterated, a name that
stands in the lists of two languages is left out, and of each language at most 400 are kept, a fifth of them for the
test. The seed is fixed: the same faker gives the same files.
"""

import csv
import importlib
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent / "netlib" / "training" / "data" / "names17"
MOST = 400
TEST_SHARE = 5
NAME = re.compile(r"^[A-Z][A-Za-z' -]{1,17}$")

SOURCES = {
    "English": "en_US.last_names en_GB.last_names",
    "German": "de_DE.last_names de_AT.last_names",
    "French": "fr_FR.last_names",
    "Italian": "it_IT.last_names",
    "Spanish": "es_ES.last_names",
    "Dutch": "nl_NL.last_names",
    "Swedish": "sv_SE.last_names",
    "Finnish": "fi_FI.last_names",
    "Polish": "pl_PL.unisex_last_names pl_PL.male_last_names",
    "Croatian": "hr_HR.last_names",
    "Irish": "ga_IE.last_names",
    "Zulu": "zu_ZA.last_names",
    "Turkish": "tr_TR.first_names",  # faker has no Turkish surnames of its own
    "Russian": "ru_RU.last_names",
    "Greek": "el_GR.last_names",
    "Japanese": "ja_JP.last_romanized_names ja_JP.first_romanized_names",
    "Chinese": "zh_CN.last_romanized_names zh_CN.first_romanized_names zh_TW.last_romanized_names",
}
"""Language -> where its names stand in faker, as locale.list; the order decides the draw."""


def _words(text: str) -> list[str]:
    return text.split()


LATIN = dict(zip("łŁøØæÆđĐıðÐþÞœŒ’ß", _words("l L o O ae Ae d D i d D th Th oe Oe ' ss"), strict=True))
RUSSIAN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщыэюя",
        _words("a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch y e yu ya"),
        strict=True,
    )
) | {"ъ": "", "ь": ""}
GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        _words("a v g d e z i th i k l m n x o p r s s t y f ch ps o"),
        strict=True,
    )
)
GREEK_PAIRS = {"ου": "ou", "μπ": "b", "ντ": "nt", "ευ": "ef", "αυ": "av"}


def main() -> None:
    found = {language: _names(language) for language in SOURCES}
    seen = Counter(name for names in found.values() for name in names)
    draw = random.Random(0)  # noqa: S311  # a draw that anyone can repeat is what is wanted
    rows: list[tuple[str, str]] = []
    for language, names in found.items():
        own = sorted(name for name in names if seen[name] == 1)
        draw.shuffle(own)
        rows += [(name, language) for name in own[:MOST]]
    draw.shuffle(rows)
    train: list[tuple[str, str]] = []
    test: list[tuple[str, str]] = []
    for language in dict.fromkeys(language for _, language in rows):
        of = [row for row in rows if row[1] == language]
        test += of[: len(of) // TEST_SHARE]
        train += of[len(of) // TEST_SHARE :]
    draw.shuffle(test)
    draw.shuffle(train)
    for name, half in (("train", train), ("test", test)):
        with (HERE / f"{name}.csv").open("w", newline="", encoding="ascii") as file:
            csv.writer(file, lineterminator="\n").writerows(half)


def _names(language: str) -> set[str]:
    """The names of a language in Latin letters."""
    found = set()
    for name in _listed(SOURCES[language].split()):
        titled = name.title() if name.isupper() else name
        match language:
            case "Russian":
                latin = _spelt(unicodedata.normalize("NFC", _spelt(titled, LATIN)).lower(), RUSSIAN)
            case "Greek":
                latin = _greek(titled)
            case _:
                latin = _spelt(titled, LATIN)
        found.add(_bare(_capital(latin) if language in ("Russian", "Greek") else latin).strip())
    return {name for name in found if NAME.match(name)}


def _listed(places: Iterable[str]) -> list[str]:
    names: list[str] = []
    for place in places:
        locale, _, attribute = place.partition(".")
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        names += list(getattr(provider, attribute, ()))
    return names


def _greek(name: str) -> str:
    text = _bare(name).lower()
    for pair, latin in GREEK_PAIRS.items():
        text = text.replace(pair, latin)
    return _spelt(text, GREEK)


def _spelt(text: str, letters: Mapping[str, str]) -> str:
    return "".join(letters.get(letter, letter) for letter in text)


def _bare(text: str) -> str:
    """Without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")


def _capital(text: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in text.split("-"))


if __name__ == "__main__":
    main()
