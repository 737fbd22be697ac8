"""How much memory there is in all, and whether the system has ended a process for want of it."""

from functools import lru_cache
from pathlib import Path

import psutil

CGROUPS = Path("/sys/fs/cgroup")


def memory_limit() -> int:
    """Bytes that processes may use in all: the machine's memory, at most a container's limit."""
    total = psutil.virtual_memory().total
    for file in (_group("") / "memory.max", _group("memory") / "memory.limit_in_bytes"):
        text = _text(file)
        if text.isdigit():
            total = min(total, int(text))
    return total


def memory_kills() -> int:
    """How often the system has ended a process of this container for want of memory, so far."""
    for file in (_group("") / "memory.events", _group("memory") / "memory.oom_control"):
        for line in _text(file).splitlines():
            name, _, count = line.partition(" ")
            if name == "oom_kill" and count.isdigit():
                return int(count)
    return 0


def resident(pid: int) -> int:
    """Bytes that a process holds in memory; 0 when it is gone."""
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


@lru_cache(maxsize=2)
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


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except OSError:
        return ""
