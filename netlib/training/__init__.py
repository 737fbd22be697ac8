"""Training: what a run is, as values; nothing here imports torch, which `engine`, `loop` and `data` do."""

from netlib.training.spec import (
    DataSpec,
    Limits,
    Machine,
    OptimiserSpec,
    RunSpec,
    ScheduleSpec,
    State,
    settle,
)
from netlib.training.value import sentences

__all__ = [
    "DataSpec",
    "Limits",
    "Machine",
    "OptimiserSpec",
    "RunSpec",
    "ScheduleSpec",
    "State",
    "sentences",
    "settle",
]
