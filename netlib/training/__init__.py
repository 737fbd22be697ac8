"""Training: what a run is, as values, and the command line.

data/     what a run learns from, and whether a network fits it
run/      the engine, the loop that steers it, what it will need
store/    the history of runs in one SQLite file
program/  a run as a Python program or notebook of its own
workers/  the pool of warm processes that train

Nothing here imports torch but `run.engine`, `run.loop`, what these stand on, `data.tensors` and `devices`.
"""

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
