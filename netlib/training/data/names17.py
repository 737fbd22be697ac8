"""names17: names of seventeen languages in Latin letters, shipped as two CSV files.

Made from the name lists of faker (MIT) by docs/build_names.py: accents taken off, Russian and Greek
transliterated, names of more than one language left out, at most 400 a language.
"""

import csv
from importlib.resources import files

import numpy as np
from numpy import ndarray

from netlib.training.data.names import padded

LANGUAGES = (
    *("Chinese", "Croatian", "Dutch", "English", "Finnish", "French", "German", "Greek", "Irish"),
    *("Italian", "Japanese", "Polish", "Russian", "Spanish", "Swedish", "Turkish", "Zulu"),
)
SAMPLES = (4924, 1228)
LONGEST_NAME = 18


def halves() -> tuple[tuple[ndarray, ndarray], tuple[ndarray, ndarray]]:
    """Codes (N, 18) and languages (N,) of the names to learn, and of those to test with."""
    return _read("train.csv"), _read("test.csv")


def _read(file: str) -> tuple[ndarray, ndarray]:
    text = files("netlib.training.data").joinpath("names17", file).read_text(encoding="ascii")
    rows = list(csv.reader(text.splitlines()))
    number = {language: index for index, language in enumerate(LANGUAGES)}
    languages = np.array([number[language] for _, language in rows], dtype=np.int64)
    return padded([name for name, _ in rows], LONGEST_NAME), languages
