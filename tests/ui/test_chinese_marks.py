"""Chinese sentences are written with Chinese marks: ，。；：？（） beside Chinese characters, half-width ones in code only."""

import importlib
import pkgutil
import re

import pytest

import netlib
from netlib.words import CATALOGUE
from ui.chinese import CHINESE

for _module in pkgutil.walk_packages(netlib.__path__, "netlib."):
    if not _module.name.endswith("__main__"):
        importlib.import_module(_module.name)

READINGS = sorted({*CATALOGUE.values(), *CHINESE.values()})
HAN = "\u3400-\u9fff\u3000-\u303f\uff00-\uffef“”"
VALUE = "\ue000"
"""Stands for a value that is filled in."""
BESIDE = re.compile(f"[{HAN}] ?[,;:?!]|[,;:?!] ?[{HAN}]")
AROUND = re.compile(rf"\([^()]*[{HAN}][^()]*\)|[\u3400-\u9fff{VALUE}]\([^()]*\)")
BETWEEN = re.compile(rf"[{VALUE})\w][,;:](?=[{VALUE}A-Za-z])", re.ASCII)
SPACED = re.compile("[，；：？！（] | [，；：？！）]")
CODE = {
    "补零(x)",  # a function of x, as F(x) beside it
}


def half_width(chinese: str) -> list[str]:
    """What is written with a mark of the other script."""
    text = re.sub(r"\{[^{}]*\}", VALUE, chinese)
    if not re.search("[\u3400-\u9fff]", text):
        return []
    return [found.group() for rule in (BESIDE, AROUND, BETWEEN, SPACED) for found in rule.finditer(text)]


@pytest.mark.parametrize("chinese", READINGS)
def test_a_chinese_sentence_has_chinese_marks(chinese: str) -> None:
    assert chinese in CODE or not half_width(chinese)


@pytest.mark.parametrize(
    "chinese",
    [
        "至少为 {n},收到 {got}",
        "无法读取 {path}:{why}",
        "{dims}(批量)",
        "请下载({n} MB)",
        "{a} 与 {b}，{c};{d} 不同",
        "循环， 卷积",
    ],
)
def test_what_is_found(chinese: str) -> None:
    assert half_width(chinese)


def test_code_and_numbers_stay_as_they_are() -> None:
    assert not half_width(
        "1,797 个数字，变为 (C, H, W)：F(x) + x，cuda:0 到 cuda:99，output[:, H:] 为 RNN(4, 2)。"
    )
