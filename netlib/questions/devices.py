"""Which devices a run can take place on, with their names for people."""

from collections.abc import Mapping
from typing import Any

from netlib.training.accelerators import device_names
from netlib.training.devices import accelerators, machine_of


def answer(payload: Mapping[str, Any]) -> dict[str, Any]:
    """{"devices": names for a spec, "called": {device: what the maker calls it}, "machine": see `Machine`}."""
    found = accelerators()
    called = {each.name: each.called for each in found if each.called}
    machine = machine_of(str(payload.get("device", "auto")))
    return {
        "devices": list(device_names(found)),
        "called": called,
        "machine": machine.model_dump(mode="json"),
    }
