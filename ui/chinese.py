"""The Chinese reading of every sentence that the shell and the pages say: English -> 简体中文.

Sentences of `netlib` stand beside their use there. A test finds every `tr("…")` in ui/ and pages/ and asks for its
reading here, with the same placeholders.
"""

SHELL = {
    "Start": "首页",
    "Builder": "搭建",
    "Training": "训练",
    "Convolution": "卷积",
    "Inception": "Inception",
    "Residual": "残差",
    "Recurrent": "循环",
    "Language": "语言",
    "Architecture explorer": "网络架构探索器",
}

HOME: dict[str, str] = {}

CHINESE: dict[str, str] = {**SHELL, **HOME}
