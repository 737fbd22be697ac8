"""What this process may use of the machine: cores and memory, with the limits that a container sets."""

import os
from functools import lru_cache
from pathlib import Path

import psutil

CGROUPS = Path("/sys/fs/cgroup")


def usable_cores() -> int:
    """Cores that may be used at once: those of the affinity mask, at most what a container's quota pays for."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows have no such mask
        cores = os.cpu_count() or 1
    quota = _cpu_quota()
    return max(1, cores if quota is None else min(cores, int(quota)))


def usable_memory() -> int:
    """Bytes of memory that may be used in all: the machine's, at most a container's limit."""
    total = psutil.virtual_memory().total
    for file in (_group("") / "memory.max", _group("memory") / "memory.limit_in_bytes"):
        limit = _number(file)
        if limit is not None:
            total = min(total, limit)
    return total


def memory_kills() -> int:
    """How often the system has ended a process of this container for want of memory, so far."""
    for file in (_group("") / "memory.events", _group("memory") / "memory.oom_control"):
        for line in _text(file).splitlines():
            name, _, count = line.partition(" ")
            if name == "oom_kill" and count.isdigit():
                return int(count)
    return 0


def _cpu_quota() -> float | None:
    """Cores a container pays for, None without a limit; cgroup v2's cpu.max, or v1's pair of files."""
    quota, _, period = _text(_group("") / "cpu.max").partition(" ")
    if not quota:
        folder = _group("cpu")
        quota, period = _text(folder / "cpu.cfs_quota_us"), _text(folder / "cpu.cfs_period_us")
    try:
        allowed, every = float(quota), float(period)
    except ValueError:  # "max", or no such file
        return None
    return allowed / every if allowed > 0 and every > 0 else None


@lru_cache(maxsize=8)
def _group(controller: str) -> Path:
    """Folder of this process's control group: of version 2 for "", of that controller in version 1."""
    for line in _text(Path("/proc/self/cgroup")).splitlines():
        _, controllers, place = line.split(":", 2)
        if controller in controllers.split(",") if controller else not controllers:
            folder = CGROUPS / controller / place.lstrip("/")
            return (
                folder if folder.is_dir() else CGROUPS / controller
            )  # a container sees its own group as the root
    return CGROUPS / controller


def _number(file: Path) -> int | None:
    text = _text(file)
    return int(text) if text.isdigit() else None


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except OSError:
        return ""
