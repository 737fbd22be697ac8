"""Everything that is said to a person has an English and a Chinese reading that hold the same values."""

import importlib
import pkgutil
import re
import string

import pytest

import netlib
from netlib import KINDS, Message, tr
from netlib.block import all_knobs
from netlib.knob import REQUIRED, Choice, Knob, Numbers, Real, Size, Whole
from netlib.tensortype import LAYOUT_NAMES
from netlib.words import CATALOGUE, placeholders, words

for _module in pkgutil.walk_packages(netlib.__path__, "netlib."):
    if not _module.name.endswith("__main__"):
        importlib.import_module(_module.name)

KNOBS = [(kind, knob) for kind, block in KINDS.items() for knob in all_knobs(block)]
NAMED = [pytest.param(kind, knob, id=f"{kind}-{knob.name}") for kind, knob in KNOBS]

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SAME_IN_BOTH = {
    "ReLU",
    "PReLU",
    "ELU",
    "GELU",
    "SiLU",
    "ReLU6",
    "Hardswish",
    "Hardsigmoid",
    "Sigmoid",
    "Softmax",
}
"""Names that Chinese texts write in Latin letters."""


@pytest.mark.parametrize("english", CATALOGUE)
def test_both_readings_hold_the_same_values(english: str) -> None:
    chinese = CATALOGUE[english]
    assert chinese
    assert fields(english) == fields(chinese)
    assert placeholders(english) == placeholders(chinese)


def fields(template: str) -> list[tuple[str, str]]:
    """Placeholders with how each is formatted, in no order; a number keeps its thousands in both readings."""
    return sorted((name, form or "") for _, name, form, _ in string.Formatter().parse(template) if name)


@pytest.mark.parametrize("english", CATALOGUE)
def test_chinese_is_chinese(english: str) -> None:
    """Sentences have Chinese in them; only names, symbols and bare values may go without."""
    words_of_people = re.findall(r"[A-Za-z]{3,}", re.sub(r"\{[^}]*\}", "", english))
    if len(words_of_people) > 2:
        assert CHINESE.search(CATALOGUE[english])
    assert "。。" not in CATALOGUE[english]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_label_and_says_what_it_does(kind: str) -> None:
    block = KINDS[kind]
    assert block.label in CATALOGUE
    assert block.about in CATALOGUE
    assert block.about.endswith(".")
    assert tr(block.about, "zh").endswith("。")
    assert CHINESE.search(tr(block.about, "zh"))
    assert CHINESE.search(tr(block.label, "zh")) or kind in SAME_IN_BOTH


@pytest.mark.parametrize(("kind", "knob"), NAMED)
def test_every_knob_has_a_label_and_help(kind: str, knob: Knob) -> None:
    assert knob.label in CATALOGUE
    assert not knob.label.endswith((":", "."))
    assert knob.help in CATALOGUE
    assert knob.help.endswith(".")
    assert tr(knob.help, "zh").endswith("。")
    assert CHINESE.search(tr(knob.help, "zh"))


@pytest.mark.parametrize(("kind", "knob"), NAMED)
def test_every_knob_has_bounds_that_hold_its_default(kind: str, knob: Knob) -> None:
    rank = KINDS[kind].rank
    if isinstance(knob, Whole | Real):
        assert knob.lo < knob.hi
    if isinstance(knob, Choice):
        assert len(set(knob.options)) >= 2
    if isinstance(knob, Numbers):
        assert knob.least <= knob.most
    if knob.default is not REQUIRED:
        assert knob.read(knob.default, rank) == knob.default
    elif not isinstance(knob, Size):
        assert knob.start is not None, "the palette needs a value to start from"
    if knob.start is not None:
        knob.read(knob.start, rank)


@pytest.mark.parametrize("kind", KINDS)
def test_the_palette_can_start_every_kind(kind: str) -> None:
    starts = {k.name: k.start for k in all_knobs(KINDS[kind]) if k.default is REQUIRED}
    block = KINDS[kind].model_validate(starts)
    assert str(block).startswith(f"{kind}(")


def test_layouts_have_names() -> None:
    assert all(name in CATALOGUE for name in LAYOUT_NAMES.values())


def test_a_message_says_itself_in_both_languages() -> None:
    template = words("{n} channels of {layout}", "{layout}的 {n} 个通道")
    message = Message(template, n=3, layout=Message(LAYOUT_NAMES["image"]))
    assert message == "3 channels of an image (C × H × W)"
    assert message.say("zh") == "图像（C × H × W）的 3 个通道"
    assert message.say("en") == str(message)
    nested = Message(words("first {said}", "先 {said}"), said=message)
    assert nested.say("zh") == "先 图像（C × H × W）的 3 个通道"


def test_a_sentence_with_two_translations_is_a_mistake() -> None:
    words("only once", "只有一次")
    with pytest.raises(ValueError, match="two Chinese readings"):
        words("only once", "就一次")
    CATALOGUE.pop("only once")


def test_a_translation_that_loses_a_value_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="different placeholders"):
        words("{a} of {b}", "{a}")
    CATALOGUE.pop("{a} of {b}", None)


def test_a_text_that_is_not_known_stays_english() -> None:
    assert tr("never translated", "zh") == "never translated"
