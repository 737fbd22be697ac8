"""The weights that a run has kept on its way: alone where they are small, else within its checkpoints."""

from collections.abc import Sequence

from numpy import ndarray

from netlib.training.store.history import History
from netlib.training.store.records import SnapshotRow

KINDS = frozenset({"checkpoint", "weights"})


def weight_rows(history: History, run: str, generation: int) -> Sequence[SnapshotRow]:
    """The snapshots of a run that hold weights, oldest first; a step may have one of each kind."""
    rows = [row for row in history.snapshots(run) if row.kind in KINDS and row.generation == generation]
    return sorted(rows, key=lambda row: row.step)


def kept_weights(
    history: History, run: str, generation: int, step: int | None = None
) -> tuple[int, dict[str, ndarray]] | None:
    """The latest weights kept at or before a step, by their names in the module, and their own step; None without any.

    Args:
        step: the last that counts; without one, the newest weights.
    """
    for row in reversed(weight_rows(history, run, generation)):
        if step is not None and row.step > step:
            continue
        held = history.snapshot(run, row.kind, row.step, row.generation)
        if held is None:
            continue
        if row.kind == "weights":
            return row.step, held
        prefix = "model."
        return row.step, {
            name.removeprefix(prefix): value for name, value in held.items() if name.startswith(prefix)
        }
    return None
