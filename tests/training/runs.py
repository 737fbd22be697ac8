"""Small networks, an `Emit` that remembers, and `Commands` that follow a script."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy import ndarray

from netlib import Message, Network
from netlib.training import RunSpec
from netlib.training.run.protocol import Command, Detail

CONV: dict[str, Any] = {"kind": "Conv2d", "out_channels": 4, "kernel_size": 3}
RELU: dict[str, Any] = {"kind": "ReLU"}
FLATTEN: dict[str, Any] = {"kind": "Flatten"}
TEN: dict[str, Any] = {"kind": "Linear", "out_features": 10}


def image_net(*layers: dict[str, Any], side: int = 8) -> Network:
    """A network on one-channel images."""
    return Network.model_validate({"input": {"dims": [1, side, side]}, "layers": list(layers)})


SMALL = image_net(CONV, RELU, FLATTEN, TEN)
DROPOUT = image_net(CONV, RELU, FLATTEN, {"kind": "Dropout", "p": 0.3}, TEN)
NORMED = image_net(
    CONV, {"kind": "BatchNorm2d"}, RELU, {"kind": "Residual", "body": [{**CONV, "padding": 1}]}, FLATTEN, TEN
)
HEADED = image_net(
    CONV, RELU, {"kind": "AuxiliaryHead", "layers": [FLATTEN, TEN]}, {**CONV, "out_channels": 6}, FLATTEN, TEN
)
CELL = Network.model_validate({"input": {"dims": [5, 4]}, "layers": [{"kind": "RNNCell", "hidden_size": 4}]})
EMBEDDING = Network.model_validate(
    {
        "input": {"dims": [5], "dtype": "int64"},
        "layers": [
            {"kind": "Embedding", "num_embeddings": 4, "embedding_dim": 10},
            {"kind": "RNN", "hidden_size": 8, "num_layers": 2},
            {"kind": "Linear", "out_features": 4},
        ],
    }
)


def spec_of(network: Network, **fields: Any) -> RunSpec:
    """A spec for a network on digits, a few samples unless `data` is given."""
    return RunSpec.model_validate({"network": network, "data": {"train_samples": 200}, **fields})


def hello(network: Network, rate: float, **fields: Any) -> RunSpec:
    """A spec for hello → ohlol with Adam, 15 epochs."""
    adam = {"name": "Adam", "learning_rate": rate}
    return spec_of(
        network, **{"data": {"name": "hello"}, "optimiser": adam, "limits": {"epochs": 15}, **fields}
    )


class Recorded:
    """An `Emit` that keeps everything in the order in which it came."""

    def __init__(self) -> None:
        self.place: tuple[str, int] | None = None
        self.values: dict[str, dict[int, float]] = {}
        self.events: list[tuple[int, str, Detail]] = []
        self.snapshots: list[tuple[str, int, dict[str, ndarray]]] = []
        self.flushes = 0

    def started(self, device: str, threads: int) -> None:
        """Keep where it runs."""
        self.place = (device, threads)

    def metrics(self, name: str, first_step: int, values: Sequence[float] | ndarray) -> None:
        """Keep values by step; none may come twice."""
        held = self.values.setdefault(name, {})
        for i, value in enumerate(values):
            assert first_step + i not in held, f"{name} of step {first_step + i} came twice"
            held[first_step + i] = float(value)

    def event(self, step: int, kind: str, detail: Detail = None) -> None:
        """Keep an event; a rewind begins the curves anew."""
        self.events.append((step, kind, detail))
        if kind == "rewind":
            self.values = {}

    def snapshot(self, kind: str, step: int, tensors: Mapping[str, ndarray]) -> None:
        """Keep a copy of the arrays."""
        self.snapshots.append((kind, step, {name: np.array(value) for name, value in tensors.items()}))

    def drop(self, kind: str, steps: Sequence[int]) -> None:
        """Let go of what was kept; nothing else may be dropped."""
        for step in steps:
            [at] = [at for at, (name, held, _) in enumerate(self.snapshots) if (name, held) == (kind, step)][
                -1:
            ]
            del self.snapshots[at]

    def flush(self) -> None:
        """Count."""
        self.flushes += 1

    @property
    def losses(self) -> list[float]:
        """The loss of every step."""
        held = self.values.get("loss", {})
        assert list(held) == list(range(min(held, default=1), min(held, default=1) + len(held)))
        return list(held.values())

    @property
    def reason(self) -> Message:
        """The sentence beside the final state."""
        (reason,) = [detail for _, kind, detail in self.events if kind == "reason"]
        assert isinstance(reason, Message)
        return reason

    def kept(self, kind: str) -> list[tuple[int, dict[str, ndarray]]]:
        """The snapshots of a kind with their steps."""
        return [(step, arrays) for name, step, arrays in self.snapshots if name == kind]

    def typed(self) -> list[str]:
        """What the network said of the toy text at each snapshot."""
        return ["".join(map(chr, arrays["letters"][0])) for _, arrays in self.kept("predictions")]


class Script:
    """`Commands` that come before given steps; once waiting, the rest come one after the other."""

    def __init__(self, before: dict[int, Command] | None = None, waiting: Sequence[Command] = ()) -> None:
        self.before = dict(before or {})
        self.waiting = list(waiting)
        self.looks = 0

    def take(self) -> Command | None:
        """The commands that come before this step, one after the other, then None; the first look is step 1's."""
        command = self.before.pop(self.looks + 1, None)
        self.looks += command is None
        return command

    def wait(self) -> Command:
        """The next command of the script."""
        return self.waiting.pop(0)
