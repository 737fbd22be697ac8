"""What a training step's time is spent on, measured on a throw-away copy: starting operations, or arithmetic."""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from netlib.errors import NetlibError
from netlib.training import reasons
from netlib.training.data.fit import fit
from netlib.training.devices import machine_of
from netlib.training.machine import settle
from netlib.training.run.estimate import check_memory
from netlib.training.run.step_time import step_time
from netlib.training.spec import RunSpec


def answer(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `StepTime` for the spec in {"spec": …}.

    Raises:
        ValidationError: when the spec is out of its bounds.
        NetlibError: when it does not fit its data or the memory, or there are no such data.
    """
    spec = RunSpec.from_json(json.dumps(payload.get("spec", {})))
    if (problem := fit(spec.network, spec.data, spec.batch).problem) is not None:
        raise NetlibError(reasons.FIX_FIRST, why=problem.message)
    machine = machine_of(spec.device)
    settled = settle(spec, machine)
    check_memory(settled, machine)
    return dataclasses.asdict(step_time(settled))
