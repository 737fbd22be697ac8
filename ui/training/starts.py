"""Where a person starts from: a network and settings that are known to learn each data set."""

from collections.abc import Mapping
from typing import Any

from netlib import Network
from netlib.presets import PRESETS, preset
from netlib.training import DataSpec, OptimiserSpec, RunSpec
from netlib.training.data.arrays import DataUnavailable
from netlib.training.data.datasets import DATA_SETS, data_set
from netlib.training.data.fit import fit
from netlib.training.data.uploads import shelf

FIRST_DATA = "digits"
OWN = "own"
"""The source of a network that is no preset's, as the bench calls it."""
FIRST_NETWORK = {
    "digits": "net",
    "hello": "hello-embedding",
    "names17": "names17-gru",
    "cifar10": "resnet20-cifar",
}
"""Data set -> the preset it starts with; "net" for what is not named."""

_ADAM: dict[str, Any] = {"name": "Adam", "momentum": 0.0}
PROVEN: Mapping[str, Mapping[str, Any]] = {
    "hello-cell": {
        "optimiser": {**_ADAM, "learning_rate": 0.1},
        "limits": {"epochs": 15},
        "seed": 22,
        "loss": "sum",
    },
    "hello-rnn": {"optimiser": {**_ADAM, "learning_rate": 0.05}, "limits": {"epochs": 15}, "seed": 22},
    "hello-embedding": {"optimiser": {**_ADAM, "learning_rate": 0.05}, "limits": {"epochs": 15}, "seed": 1},
    "hello-lstm": {"optimiser": {**_ADAM, "learning_rate": 0.05}, "limits": {"epochs": 50}, "seed": 1},
    "hello-gru": {"optimiser": {**_ADAM, "learning_rate": 0.05}, "limits": {"epochs": 30}, "seed": 2},
}
"""Presets whose task fails for some seeds, with settings at which they were seen to learn it; a test trains them."""

NAMES: Mapping[str, Any] = {
    "optimiser": {**_ADAM, "learning_rate": 0.003},
    "limits": {"epochs": 6},
    "batch": 64,
}
"""Settings at which the small name classifiers learn in seconds; `benchmarks.names` measures them."""


def start(data: str = FIRST_DATA) -> tuple[str, RunSpec]:
    """Where the network that a data set starts with comes from, and the whole run.

    That is a preset, or OWN: a preset that was mended so that it fits data that somebody has brought.

    Raises:
        DataUnavailable: when such data are not on this machine.
    """
    spec = DataSpec(name=data)
    slug = FIRST_NETWORK.get(data) or ("names17-gru" if data_set(spec).task == "text" else "net")
    run = proven(slug, spec)
    problem = fit(run.network, spec, run.batch).problem
    if problem is None or not problem.fixes:
        return slug, run
    return OWN, run.with_(network=problem.fixes[0].apply(run.network))


def proven(slug: str, data: DataSpec) -> RunSpec:
    """A preset on some data, with the settings that suit it."""
    usual: dict[str, Any] = {"optimiser": OptimiserSpec.usual("SGD")}
    task = NAMES if data_set(data).task == "text" else {}
    return RunSpec(network=preset(slug), data=data, **{**usual, **task, **PROVEN.get(slug, {})})


def suited(data: DataSpec) -> tuple[list[str], list[str]]:
    """The presets that fit the data as they are, and the others, each in the order of the menu."""
    fitting = [slug for slug in PRESETS if fit(preset(slug), data).ok]
    return fitting, [slug for slug in PRESETS if slug not in fitting]


def slug_of(network: Network) -> str | None:
    """The preset that a network is, if it is one."""
    return next((slug for slug in PRESETS if preset(slug) == network), None)


def is_known(data: str) -> bool:
    """Whether there is a data set of that name."""
    if not shelf.is_upload(data):
        return data in DATA_SETS
    try:
        return shelf.about(data).name == data
    except DataUnavailable:
        return False
