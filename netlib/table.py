"""The trace as a pandas table, one row a step."""

import pandas as pd

from netlib.reach import Reach
from netlib.tracing import Step, Trace
from netlib.words import tr, words

COLUMNS = {
    "path": words("path", "地址"),
    "layer": words("layer", "层"),
    "output": words("output", "输出"),
    "params": words("parameters", "参数量"),
    "macs": words("MACs", "乘加次数"),
    "bytes": words("activation bytes", "激活字节数"),
    "field": words("receptive field", "感受野"),
    "problem": words("problem", "问题"),
}
WHOLE_IMAGE = words("whole input", "整个输入")


def table(trace: Trace, lang: str = "en") -> pd.DataFrame:
    """One row a step in data order: address, layer, output without the batch, costs per sample, receptive field.

    Composite rows show their totals and have `leaf` False; sums run over leaves.
    """
    rows = [
        {
            "path": step.path,
            "layer": str(step.block) if step.block and step.is_leaf else step.title,
            "output": str(step.output) if step.output else "",
            "params": step.params,
            "macs": step.macs,
            "bytes": trace.memory[step.path],
            "field": field_text(step.reach, lang),
            "leaf": step.is_leaf,
            "problem": step.problem.message.say(lang) if step.problem else "",
        }
        for step in trace.steps
    ]
    columns = [*list(COLUMNS)[:-1], "leaf", "problem"]
    return pd.DataFrame(rows, columns=columns)


def shown(trace: Trace, lang: str = "en") -> pd.DataFrame:
    """The table as people read it: headings in their language, empty columns left out."""
    frame = table(trace, lang).drop(columns="leaf")
    if trace.ok:
        frame = frame.drop(columns="problem")
    return frame.rename(columns={key: tr(text, lang) for key, text in COLUMNS.items()})


def field_text(reach: Reach | None, lang: str = "en") -> str:
    """A receptive field in words: ``14 × 14``, or that it is the whole input, with the main path's beside it."""
    if reach is None:
        return ""
    sizes = " × ".join(str(axis.size) for axis in reach.axes) if reach.axes else ""
    if not reach.whole:
        return sizes
    return f"{tr(WHOLE_IMAGE, lang)} ({sizes})" if sizes else tr(WHOLE_IMAGE, lang)


def totals(trace: Trace) -> dict[str, int]:
    """Parameters, MACs, FLOPs (2 × MACs) per sample and bytes kept for backward, of the whole network."""
    return {
        "params": trace.params,
        "macs": trace.macs,
        "flops": 2 * trace.macs,
        "aux_params": trace.aux_params,
        "aux_macs": trace.aux_macs,
        "bytes": trace.saved_bytes(),
    }


def depth(step: Step) -> int:
    """How deep a step lies in the tree of blocks; 0 for the network's own layers."""
    return sum(part.isdecimal() for part in step.path.split(".")) - 1
