"""Which process is at a run: told from a later process with the same number by its start and the machine's boot."""

import os
import socket
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import psutil

HAS_PROC = Path("/proc/self/stat").exists()
EXITING = 0x4
"""Of a task's flags in Linux: it has been ended and no longer does anything of its own (PF_EXITING)."""


@dataclass(frozen=True)
class Process:
    """A process as it can be recognised later, also by another program.

    `started` counts from the machine's boot on Linux and is a wall-clock time elsewhere: only equality means something.
    """

    host: str
    pid: int
    started: float
    boot: str

    def alive(self) -> bool:
        """Whether this very process is still there; only its own machine can tell."""
        return self.boot == boot() and started(self.pid) == self.started


def this_process() -> Process:
    """The process that asks."""
    return Process(socket.gethostname(), os.getpid(), started(os.getpid()) or 0.0, boot())


def started(pid: int) -> float | None:
    """When a process was started, None when there is none (or it is ending, or its remains wait for its parent)."""
    if HAS_PROC:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            return None
        ends = fields[0] in "ZX" or int(fields[6]) & EXITING  # proc(5), fields 3 and 9
        return None if ends else float(fields[19])  # field 22: ticks since boot
    try:
        return round(psutil.Process(pid).create_time(), 2)
    except psutil.Error:
        return None


@lru_cache(maxsize=1)
def boot() -> str:
    """A text that changes with every boot of the machine."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return str(round(psutil.boot_time() / 60))
