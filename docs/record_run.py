"""Trains the run that the start page shows and writes its curves: `python -m docs.record_run`.

The preset "net" on digits for ten epochs. The same seed gives the same curves on the same torch and machine.
"""

import json

import torch

from netlib.presets import preset
from netlib.training import DataSpec, Limits, OptimiserSpec, RunSpec
from netlib.training.run.engine import Engine
from ui.home.run import RECORD

EPOCHS = 10


def record() -> dict[str, object]:
    """The run's spec, the training loss of every step and [step, validation loss] of every epoch, in nats."""
    spec = RunSpec(
        network=preset("net"),
        data=DataSpec(name="digits"),
        optimiser=OptimiserSpec(name="SGD", learning_rate=0.05, momentum=0.9),
        limits=Limits(epochs=EPOCHS),
        batch=64,
        seed=0,
    )
    engine = Engine(spec)
    training: list[float] = []
    validation = [[0, engine.evaluate().loss]]
    for step in range(1, engine.total_steps + 1):
        training.append(float(engine.advance()))
        if step % engine.steps_an_epoch == 0:
            validation.append([step, engine.evaluate().loss])
    return {
        "spec": json.loads(spec.model_dump_json()),
        "torch": torch.__version__,
        "training": [round(loss, 4) for loss in training],
        "validation": [[step, round(loss, 4)] for step, loss in validation],
    }


if __name__ == "__main__":
    RECORD.write_text(json.dumps(record()) + "\n", encoding="utf-8")
