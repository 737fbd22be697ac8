"""Training: what a run is, as values; nothing here imports torch, which `engine`, `loop` and `data` do."""

from netlib.block import sentences
from netlib.training.data_spec import DataSpec
from netlib.training.limits import Limits
from netlib.training.machine import Machine, settle
from netlib.training.optimiser_spec import OptimiserSpec, ScheduleSpec
from netlib.training.spec import RunSpec, State

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
