"""A file kept beside the history and given up on a full disk, so that the end of a run can still be stored."""

from pathlib import Path

SPARE = 1_000_000
"""Bytes: some hundred rows of runs."""


def spare_file(path: Path) -> Path:
    """The spare file of that history."""
    return path.with_name(f"{path.stem}.spare")


def keep_spare(path: Path) -> None:
    """Makes the file where there is none and room for it."""
    spare = spare_file(path)
    try:
        if not spare.exists():
            spare.write_bytes(bytes(SPARE))
    except OSError:
        give_up_spare(path)


def give_up_spare(path: Path) -> bool:
    """Frees its room; whether there was any to free."""
    try:
        spare_file(path).unlink()
    except OSError:
        return False
    return True
