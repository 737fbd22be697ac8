"""Which settings act in a run: those that its data, its optimiser and its schedule make no use of are left out."""

from collections.abc import Mapping
from typing import Any

from netlib import trace
from netlib.training import DataSpec, RunSpec
from netlib.training.data.arrays import DataUnavailable
from netlib.training.data.datasets import DataSet, data_set
from netlib.training.data.uploads.shelf import is_upload
from ui.training.settings import flat

OF_DATA = ("validation", "split_seed", "train_samples", "source", "target")
OF_OPTIMISER = {
    "momentum": {"SGD", "RMSprop"},
    "nesterov": {"SGD"},
    "beta1": {"Adam", "AdamW"},
    "beta2": {"Adam", "AdamW"},
    "alpha": {"RMSprop"},
    "eps": {"Adam", "AdamW", "RMSprop"},
}
OF_SCHEDULE = {
    "warmup": {"one-cycle", "warm-up"},
    "every": {"step"},
    "gamma": {"step"},
    "final": {"cosine", "one-cycle"},
}
MACHINE = frozenset({"seed", "device", "threads"})
"""Settings that are compared by themselves: chance, and what computes."""


def acting(spec: RunSpec) -> Mapping[str, Any]:
    """The settings that act in a run, by their place: "batch", "optimiser.learning_rate"."""
    idle = {f"data.{name}" for name in OF_DATA if name not in _of_data(spec.data)}
    idle |= {f"optimiser.{name}" for name, users in OF_OPTIMISER.items() if spec.optimiser.name not in users}
    idle |= {f"schedule.{name}" for name, users in OF_SCHEDULE.items() if spec.schedule.name not in users}
    # The one word of the toy task is every batch.
    idle |= {"batch"} if spec.data.is_word else {"loss"}
    if not trace(spec.network).aux_params:
        idle.add("auxiliary")
    if spec.device == "cpu":  # whose operators are exact anyway
        idle.add("exact")
    return {place: value for place, value in flat(spec).items() if place not in idle}


def deciding(spec: RunSpec) -> Mapping[str, Any]:
    """The settings that decide what a step computes, but for data, batch, seed and machine.

    Limits end a run; only a schedule is laid out over the steps that they allow.
    """
    planned = {"limits.epochs", "limits.steps"} if spec.schedule.name != "constant" else set[str]()
    return {
        place: value
        for place, value in acting(spec).items()
        if place in planned
        or (not place.startswith(("data.", "limits.")) and place not in MACHINE | {"batch"})
    }


def learnt(spec: RunSpec) -> tuple[Any, ...]:
    """What decides the samples that a run learns from."""
    return tuple((place, value) for place, value in acting(spec).items() if place.startswith("data."))


def measured(spec: RunSpec) -> tuple[Any, ...]:
    """What decides the samples that a run is measured on, and how: equal where validation losses can be compared."""
    held = acting(spec)
    samples = tuple(pair for pair in learnt(spec) if pair[0] != "data.train_samples")
    return (*samples, held.get("loss"))


def _of_data(data: DataSpec) -> frozenset[str]:
    """The settings that these data make use of; all of them where nobody knows the data here."""
    if data.is_word:
        return frozenset({"source", "target"})
    about = _known(data)
    if about is None:
        return frozenset(OF_DATA)
    divided = about.is_split_by_share or (is_upload(data.name) and not about.halved)
    return frozenset({"train_samples", *({"validation", "split_seed"} if divided else ())})


def _known(data: DataSpec) -> DataSet | None:
    try:
        return data_set(data)
    except DataUnavailable:
        return None
