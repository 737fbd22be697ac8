"""Many people at once: from a change in a session until its answer, while every slot for runs is training.

Sessions without a browser speak to the running app as browsers do; each moves a slider at a fixed pace without waiting
for answers. A change that was overtaken by the next one counts as answered by the answer that shows the later one.
Beside them others start runs and watch them. This program takes part of the same processor.
"""

import asyncio
import os
import statistics
import tempfile
from pathlib import Path

import psutil

from tests.browser.server import running
from tests.load.crowd import Crowd, Outcome, slots, visited

SECONDS = 20.0
CROWDS = {
    "10 people, 5 changes a second each, nothing trained": Crowd(10, 5.0, SECONDS),
    "10 people, 5 changes a second each, 4 runs": Crowd(10, 5.0, SECONDS, runs=4),
    "30 people, 1 change a second each, 4 runs": Crowd(30, 1.0, SECONDS, runs=4),
}


def main() -> None:
    for name, crowd in CROWDS.items():
        busy, load = psutil.cpu_percent(interval=1.0), os.getloadavg()[0]
        print(f"{name} (before: load {load:.1f} on {os.cpu_count()} cores, {busy:.0f} % busy)")
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "netlib"
            with running(Path(folder), environment={"NETLIB_DATA": str(data)}) as server:
                _print(crowd, asyncio.run(visited(server, data / "history.db", crowd)))


def _print(crowd: Crowd, found: Outcome) -> None:
    _times("change -> answer", found.answers)
    print(
        f"  {found.changes:,} changes, {found.overtaken:,} of them overtaken by a later one; "
        f"lost: {', '.join(found.lost_changes) or 'none'}"
    )
    if crowd.runs:
        _times("look at a run -> answer", found.looks)
        print(
            f"  {slots()} slots, all of them training {found.training:.0%} of the time; {'; '.join(found.runs)}"
        )
        print(f"  values of runs lost: {', '.join(found.lost_values) or 'none'}")
    started, opened, after = (size / 1e6 for size in found.memory)
    print(
        f"  memory of the app: {started:.0f} MB with one session, {opened:.0f} MB with all, {after:.0f} MB afterwards; "
        f"{found.received / crowd.people / 1000:.0f} kB a second to each"
    )
    shares = ", ".join(f"{who} {share:.0%}" for who, share in found.processor.items())
    print(f"  of one core: {shares}; this program was late by at most {1000 * found.late:.0f} ms")
    if found.faults:
        print(f"  faults: {', '.join(found.faults)}")


def _times(what: str, seconds: list[float]) -> None:
    if not seconds:
        print(f"  {what}: none")
        return
    ordered = sorted(seconds)
    p95 = ordered[int(0.95 * len(ordered))]
    print(
        f"  {what:26}median {1000 * statistics.median(ordered):6.0f} ms   p95 {1000 * p95:6.0f} ms"
        f"   max {1000 * ordered[-1]:6.0f} ms   ({len(ordered):,})"
    )


if __name__ == "__main__":
    main()
