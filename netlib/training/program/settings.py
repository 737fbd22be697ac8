"""The head of a program: what it is, what it needs, its imports, and switches that change bits."""

from netlib import Trace
from netlib.training.data.datasets import DataSet, data_set
from netlib.training.data.torchvision_data import Torchvision
from netlib.training.program.record import Record
from netlib.training.spec import RunSpec


def about(spec: RunSpec, found: Trace, record: Record | None) -> list[str]:
    """Lines that say what the program is; the first one alone is a title."""
    data = data_set(spec.data)
    lines = [f"{found.params:,} parameters learn {data.label}: a run as a program of its own."]
    if record is not None and record.steps:
        lines = [f"Run {plain(record.name)}: {found.params:,} parameters learn {data.label}."]
    lines += ["", f"It needs {' and '.join(packages(data, record))}; no other file."]
    if spec.device != "cpu":
        lines += [f"On {spec.device} it gives the losses of the run, though not bit for bit."]
    elif record is not None and record.steps:
        lines += [
            "On the CPU, with the same version of torch and the same kind of processor, its losses are those",
            "of the run bit for bit; at its end it compares them and says so.",
        ]
    return lines


def packages(data: DataSet, record: Record | None) -> list[str]:
    """What is to be installed."""
    torch = f"torch=={record.torch.partition('+')[0]}" if record and record.torch else "torch"
    if data.name == "digits":
        return [torch, "scikit-learn"]
    if isinstance(getattr(data.load, "__self__", None), Torchvision):
        return [torch, "torchvision"]
    return [torch, "numpy"]


def imports(spec: RunSpec, rest: str) -> str:
    """The imports of a program whose other pieces are `rest`, and the settings that hold for the whole process."""
    modules = [f"import {name}" for name in ("hashlib", "math") if f"{name}." in rest]
    if spec.device.startswith("cuda") and spec.exact:
        modules.append("import os")
    numpy = ["import numpy as np"] if "np." in rest else []
    lines = [
        *modules,
        "",
        *numpy,
        "import torch",
        "from torch import nn",
        "from torch.nn import functional as F",
        "",
    ]
    if spec.device.startswith("cuda") and spec.exact:
        lines.append('os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # read when CUDA begins')
    lines.append(f"torch.set_num_threads({spec.threads or 1})  # part of the result: sums are cut by threads")
    if spec.device.startswith("cuda"):
        fast = not spec.exact
        lines += [
            f"torch.backends.cudnn.benchmark = {fast}",
            f"torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = {fast}",
        ]
    if spec.device != "cpu" and spec.exact:
        lines.append("torch.use_deterministic_algorithms(True, warn_only=True)")
    lines += ["", f'DEVICE = "{spec.device}"', f"SEED = {spec.seed}", f"BATCH = {spec.batch}"]
    return "\n".join(lines)


def plain(text: str) -> str:
    """A person's words that can stand in a docstring: they cannot end it and hold no escape."""
    return text.replace("\\", "/").replace('"', "'")
