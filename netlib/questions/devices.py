"""Which devices a run can take place on, with their names for people."""

from collections.abc import Mapping
from typing import Any

import torch

from netlib.training.devices import devices, machine_of


def answer(payload: Mapping[str, Any]) -> dict[str, Any]:
    """{"devices": names for a spec, "called": {device: what the maker calls it}, "machine": see `Machine`}."""
    found = devices()
    called = {name: torch.cuda.get_device_name(name) for name in found if name.startswith("cuda:")}
    machine = machine_of(str(payload.get("device", "cuda" if "cuda" in found else "cpu")))
    return {"devices": list(found), "called": called, "machine": machine.model_dump(mode="json")}
