"""What a worker loads before its first job is left out of the collections between jobs."""

import subprocess
import sys

COUNTED = (
    "import gc, netlib.warming; netlib.warming.warm_up(); print(gc.get_freeze_count(), len(gc.get_objects()))"
)


def test_what_is_loaded_at_the_start_is_not_looked_through_after_each_run() -> None:
    """A collection goes through what is left of it alone: the next run waits for that, where it looked through all."""
    found = subprocess.run(
        [sys.executable, "-c", COUNTED], capture_output=True, text=True, check=True, timeout=240
    )
    frozen, left = map(int, found.stdout.split())
    assert frozen > 50 * left
