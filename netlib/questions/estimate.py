"""What a run will ask for, on this machine as it is now."""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from netlib.training.devices import machine_of
from netlib.training.machine import settle
from netlib.training.run.estimate import estimate
from netlib.training.spec import RunSpec


def answer(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `Estimate`, and "fits", for the spec in {"spec": …}.

    Raises:
        ValidationError: when the spec is out of its bounds.
        NetlibError: when there are no such data.
    """
    spec = RunSpec.from_json(json.dumps(payload.get("spec", {})))
    machine = machine_of(spec.device)
    found = estimate(settle(spec, machine), machine)
    return {**dataclasses.asdict(found), "fits": found.fits}
