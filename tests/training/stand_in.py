"""A worker whose training loop and questions are stand-ins: what a run does is told by its seed. Needs no torch.

The pool starts this file in the place of `python -m netlib.worker`; everything but the two is the real worker.
"""

import os
import signal
import sys
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import psutil

from netlib import questions, worker
from netlib.errors import NetlibError
from netlib.training.accelerators import Accelerator
from netlib.training.run.protocol import (
    Commands,
    Emit,
    Pause,
    Resume,
    Rewind,
    SetLearningRate,
    Start,
    Step,
    Stop,
)
from netlib.training.spec import RunSpec, State
from netlib.training.store.recorder import Recorder
from netlib.words import Message

GPUS = "EXPLORER_TEST_GPUS"
"""Variable of the environment that says how many of them there are."""
NORMAL, SEGFAULT, EXIT_3, FAULT, PRINTS, HANGS = range(6)
REFUSES, NEVER_ENDS, READS_STDIN, NO_NUMBER, NOT_SAVED, NO_MEMORY, NOT_RECORDED, RECORDED = range(6, 14)


def train(spec: RunSpec, emit: Emit, commands: Commands, *, start: Start | None = None) -> State:
    """Steps of a millisecond; the loss of step n is n. A checkpoint every fifteen steps and where it is stopped."""
    emit.started(spec.device, 1)
    step = int(start.tensors["step"]) if start else 0
    paused_until: int | None = None
    while spec.seed == NEVER_ENDS or step < (spec.limits.steps or 50):
        command = commands.wait() if paused_until is not None and step >= paused_until else commands.take()
        match command:
            case Pause():
                emit.event(step, "pause")
                paused_until = step
                continue
            case Resume():
                emit.event(step, "resume")
                paused_until = None
            case Step(count=count):
                paused_until = step + count
            case SetLearningRate(value=value):
                emit.event(step, "learning_rate", {"value": value})
                continue
            case Rewind():
                emit.event(step, "rewind")
                step = 0
                continue
            case Stop() if spec.seed != HANGS:
                emit.snapshot("checkpoint", step, {"step": np.array(step)})
                emit.event(step, "reason", Message("Stopped at step {step}.", step=step))
                return "stopped"
        step += 1
        time.sleep(0.001)
        emit.metrics("loss", step, [float(step)])
        if step % 15 == 0:
            emit.snapshot("checkpoint", step, {"step": np.array(step)})
        if step == 1 or step % 10 == 0 or paused_until is not None:
            emit.flush()
        if step == 20 or (spec.seed == HANGS and step == 2):
            misbehave(spec.seed, step, emit)
    if spec.seed == NO_NUMBER:
        emit.event(step, "reason", Message("The loss stopped being a number at step {step}.", step=step))
        return "diverged"
    return "finished"


def misbehave(seed: int, step: int, emit: Emit) -> None:
    """What goes wrong in such a run at its twentieth step."""
    match seed:
        case 1:
            os.kill(os.getpid(), signal.SIGSEGV)
        case 2:
            os._exit(3)
        case 3:
            raise ZeroDivisionError("a fault of ours")
        case 4:
            print('{"kind": "finished", "run": "fooled"}', flush=True)
            os.write(1, b"a library in C\n")
            sys.stderr.write("and an error\n")
        case 5:
            time.sleep(60)
        case 6:
            raise NetlibError("No room for step {step}.", step=step)
        case 8:
            assert sys.stdin.readline() == ""
        case 11:
            bytearray(2 * psutil.virtual_memory().total)
        case 12:
            emit.event(step, "graph", {"fault": "the capture was broken off"})
        case 13:
            emit.event(step, "graph", Message("Steps are recorded."))
        case 10:
            Recorder.end = lambda self, state: False  # type: ignore[method-assign]  # as if the disk were full


def answer(question: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Stand-in questions."""
    match question:
        case "echo":
            return dict(payload)
        case "process":
            return {"pid": os.getpid(), "priority": os.nice(0)}
        case "slow":
            time.sleep(60)
        case "crash":
            os._exit(9)
        case "fault":
            raise ZeroDivisionError("a fault of ours")
    return questions_there_are(question, payload)


def accelerators() -> list[Accelerator]:
    """As many devices beside the processor as the environment says, the later ones larger."""
    return [
        Accelerator(name=f"cuda:{n}", called=f"Stand-in {n}", memory=(8 + n) << 30, bfloat16=True)
        for n in range(int(os.environ.get(GPUS, "0")))
    ]


questions_there_are = questions.answer

if __name__ == "__main__":
    questions.answer = answer
    worker.main(train, warm=accelerators)
