"""A worker as a process: what it loads before the first job, how it gives way to the page, what it gives back."""

import gc
import importlib.metadata
import os
import platform
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from netlib.training.accelerators import Accelerator
from netlib.training.machine import free_memory

NICENESS = 10
KILLED_FIRST = 500
"""Of -1000 to 1000: when memory runs out, Linux ends a worker and not the server."""


def give_way() -> None:
    """Lets the page go first: lower priority for the processor, and for memory where it runs out."""
    with suppress(psutil.Error, OSError):
        if sys.platform == "win32":
            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            os.nice(NICENESS)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(KILLED_FIRST), "ascii")


def limit_memory() -> None:
    """Has an allocation that the machine has no room for refused, in place of a process ended; where Linux can.

    The data segment is limited and not the address space, of which CUDA reserves far more than it uses.
    """
    if sys.platform == "linux":
        import resource

        held = psutil.Process().memory_info().data
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = held + free_memory()
        resource.setrlimit(resource.RLIMIT_DATA, (wanted if most < 0 else min(wanted, most), most))


def warm_up() -> tuple[Accelerator, ...]:
    """Loads what the first step and the first question would load; the devices that PyTorch sees beside the processor.

    The first optimiser alone brings 900 modules, the first network on the meta device again as many.
    """
    os.environ.setdefault(
        "CUBLAS_WORKSPACE_CONFIG", ":4096:8"
    )  # read once, when CUDA starts; exact runs need it
    import sklearn.datasets
    import torch
    import torchinfo

    import netlib.training.run.loop  # noqa: F401  # loaded so that the first run need not
    from netlib.training.devices import accelerators

    model = torch.nn.Linear(2, 2)
    optimiser = torch.optim.Adam(model.parameters())
    model(torch.zeros(1, 2)).sum().backward()
    optimiser.step()
    with torch.device("meta"):
        described = torch.nn.Sequential(torch.nn.Conv2d(1, 1, 1))
    torchinfo.summary(described, (1, 1, 2, 2), device="meta", verbose=0)
    sklearn.datasets.load_digits()
    found = accelerators()
    # What is loaded now stays: `release_memory` need not look through it after every run, which took 0.3 s, and the
    # next run waited for it.
    gc.collect()
    gc.freeze()
    return found


def release_memory() -> None:
    """Gives back what the last run held, so that the next one finds the machine as a fresh worker would."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        torch.cuda.empty_cache()


def versions() -> dict[str, str]:
    """What bits depend on besides the spec: versions of Python and torch, and what torch found the processor to be."""
    found = {"python": platform.python_version(), "torch": importlib.metadata.version("torch")}
    torch = sys.modules.get("torch")
    if torch is not None:
        found["cpu"] = torch.backends.cpu.get_cpu_capability()
    return found
