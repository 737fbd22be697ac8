"""The Chinese reading of every sentence that the shell and the pages say: English -> 简体中文.

Sentences of `netlib` stand beside their use there. The readings of a folder of ui/ may stand in a `chinese.py` of its
own, as `CHINESE`. A test finds every `tr("…")` in ui/ and pages/ and asks for its reading, with the same placeholders.
"""

import importlib
from pathlib import Path

SHELL = {
    "Start": "首页",
    "Builder": "搭建",
    "Training": "训练",
    "Runs": "运行记录",
    "Convolution": "卷积",
    "Inception": "Inception",
    "Residual": "残差模块",
    "Recurrent": "循环",
    "Language": "语言",
    "Architecture explorer": "网络架构探索器",
    "This page ran into a fault of its own. Reload it; what you have built is in the address.": "这个页面出了故障。"
    "请重新加载；你搭建的内容保存在地址里。",
}

HOME = {
    "Change any number in a neural network and watch the rest follow.": "改动神经网络里的任何一个数，看其余的随之变化。",
    "Build it from layers, read its shapes, parameters and multiply-adds, take the PyTorch program, then watch it "
    "learn. Everything runs on this machine.": "用层搭建网络，读出形状、参数量和乘加运算，带走 PyTorch 程序，再看它学习。"
    "一切都在这台机器上运行。",
    "Stack layers, read shapes and costs": "堆叠各层，读出形状与开销",
    "Which cells a window reads, and why": "窗口读取哪些单元格，为什么",
    "What the 1×1 layers save": "1×1 卷积省下了什么",
    "How a shortcut carries the gradient down": "捷径如何把梯度传下去",
    "One cell, reused at every letter": "一个循环单元，每个字母都用它",
    "Start, steer and watch a run": "启动、调整并观察一次训练",
    "parameters": "参数量",
    "training": "训练",
    "validation": "验证",
    "loss, nats": "损失（nat）",
}


def _of_folders() -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted(Path(__file__).parent.glob("*/chinese.py")):
        found |= importlib.import_module(f"ui.{file.parent.name}.chinese").CHINESE
    return found


CHINESE: dict[str, str] = {**SHELL, **HOME, **_of_folders()}
