"""Which devices PyTorch sees here, and what a run may use of them."""

import os

import torch

from netlib.training.accelerators import Accelerator, device_names
from netlib.training.machine import Machine, free_memory, usable_cores
from netlib.training.spec import RunSpec

BFLOAT16_FROM = (8, 0)
"""Compute capability from which an NVIDIA GPU multiplies matrices in bfloat16."""


def accelerators() -> tuple[Accelerator, ...]:
    """The devices beside the processor; nothing is allocated on them by asking."""
    found = []
    if torch.cuda.is_available():
        for index in range(torch.cuda.device_count()):
            about = torch.cuda.get_device_properties(index)
            able = (about.major, about.minor) >= BFLOAT16_FROM
            named = {"name": f"cuda:{index}", "called": str(about.name)}
            found.append(Accelerator(**named, memory=int(about.total_memory), bfloat16=able))
    if torch.backends.mps.is_available():
        found.append(Accelerator(name="mps"))
    return tuple(found)


def devices() -> tuple[str, ...]:
    """Names that a spec's `device` may have here."""
    return device_names(accelerators())


def machine_of(device: str = "cpu", slots: int = 1) -> Machine:
    """This machine as a run on `device` finds it now, beside `slots` - 1 others; "auto" is as `settle` takes it."""
    on_device, bfloat16 = None, False
    if device == "auto":
        device = next((name for name in devices() if name != "cpu"), "cpu")
    if device.startswith("cuda") and torch.cuda.is_available():
        on_device = torch.cuda.mem_get_info(torch.device(device))[0]
        bfloat16 = torch.cuda.get_device_capability(torch.device(device)) >= BFLOAT16_FROM
    elif device == "mps" and torch.backends.mps.is_available():
        on_device = max(0, torch.mps.recommended_max_memory() - torch.mps.current_allocated_memory())
    return Machine(
        cores=usable_cores(),
        slots=slots,
        devices=devices(),
        memory=free_memory(),
        device_memory=on_device,
        bfloat16=bfloat16,
    )


def set_process(spec: RunSpec) -> None:
    """Give the process what a spec says about it: threads, and on CUDA exact or fast kernels."""
    torch.set_num_threads(spec.threads or 1)
    torch.set_default_dtype(torch.float32)
    if spec.device.startswith("cuda"):
        torch.cuda.set_device(torch.device(spec.device).index or 0)  # whatever the run before this one had
        if spec.exact:  # cuBLAS reads this when its context is made
            os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        torch.backends.cudnn.benchmark = not spec.exact
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = not spec.exact
    torch.use_deterministic_algorithms(spec.exact and spec.device != "cpu", warn_only=True)
