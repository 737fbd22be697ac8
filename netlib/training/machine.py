"""What a run may use, and the rules that complete a spec for it; nothing here imports torch."""

import os
from pathlib import Path
from typing import Annotated, Any

import psutil
from pydantic import BeforeValidator, Field

from netlib import trace
from netlib.training.spec import RunSpec
from netlib.training.value import Value


def _tuple(given: Any) -> Any:
    return tuple(given) if isinstance(given, list) else given


class Machine(Value):
    """What a run may use: cores and runs at a time, devices as torch names them, memory in bytes.

    The default is the plainest machine there is, so that a spec settled for it means the same everywhere.
    """

    cores: int = Field(1, ge=1, le=65_536)
    slots: int = Field(1, ge=1, le=65_536)
    devices: Annotated[tuple[str, ...], BeforeValidator(_tuple)] = ("cpu",)
    memory: int | None = Field(None, ge=0)
    device_memory: int | None = Field(None, ge=0)
    bfloat16: bool = False


FEW_OPERATIONS = 20_000_000
MANY_OPERATIONS = 1_000_000_000
"""FLOPs a step: below the first one thread is fastest, above the second all that a slot has."""
HEAVY_SAMPLE = 100_000_000
"""FLOPs of one sample from which bfloat16 pays on a GPU that has it."""


def usable_cores() -> int:
    """Cores this process may use: its affinity, and where a container sets one, its quota."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows have no affinity to ask for
        cores = os.cpu_count() or 1
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        return max(1, min(cores, int(quota) // int(period)))
    except (OSError, ValueError):
        return cores


def free_memory() -> int:
    """Bytes that a new run can take: what the system has available, or what a container's limit leaves."""
    free = psutil.virtual_memory().available
    try:
        most = int(Path("/sys/fs/cgroup/memory.max").read_text())
        return max(0, min(free, most - int(Path("/sys/fs/cgroup/memory.current").read_text())))
    except (OSError, ValueError):
        return free


def settle(spec: RunSpec, machine: Machine | None = None) -> RunSpec:
    """The spec with device, threads, layout, fused and precision filled in by rule; idempotent.

    What a person or an earlier settling has stated is kept, so a recorded run means the same on another
    machine. A device that the machine lacks is kept too: the run then says so, rather than training elsewhere.
    """
    machine = machine or Machine()
    device = spec.device
    if device == "auto":
        device = next((d for d in machine.devices if d != "cpu"), "cpu")
    found = trace(spec.network)
    kind = device.partition(":")[0]
    chosen: dict[str, Any] = {"device": device}
    if spec.threads is None:
        chosen["threads"] = _threads(6 * found.macs * spec.batch, machine) if kind == "cpu" else 1
    if spec.fused is None:
        chosen["fused"] = kind != "mps" and spec.optimiser.name != "RMSprop"
    if spec.layout is None:
        convolves = any(step.title == "Conv2d" for step in found.leaves)
        chosen["layout"] = "channels_last" if convolves and kind != "mps" else "contiguous"
    if spec.precision is None:
        heavy = kind == "cuda" and machine.bfloat16 and not spec.exact and 2 * found.macs > HEAVY_SAMPLE
        chosen["precision"] = "bfloat16" if heavy else "float32"
    return spec.with_(**chosen)


def _threads(operations: int, machine: Machine) -> int:
    """Threads for a run of that many FLOPs a step; one core is left to the page, which must stay quick."""
    share = max(1, min(machine.cores // machine.slots, machine.cores - 1))
    if operations < FEW_OPERATIONS:
        return 1
    return min(2, share) if operations < MANY_OPERATIONS else share
