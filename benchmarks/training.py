"""One training step: this engine against the textbook loop and, where it is installed, Lightning; and where the limit is.

CPU milliseconds a step on one thread. The contenders take turns in each round, and a ratio to the textbook loop, above 1 is
faster, is that of one round: what else the machine does slows both alike. Printed are medians over the rounds, and between
which ratios the middle half of the rounds lies. `gpu` measures the same on a GPU, `runs` the rest: from a press to the first
value, steering, memory, the store.
Lightning is no dependency: `pip install lightning` into the same environment to have its rows.
"""

import importlib
import io
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from itertools import count
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from netlib import build, trace
from netlib.presets import preset
from netlib.training import RunSpec, settle
from netlib.training.data.datasets import data_set
from netlib.training.data.feeding import feeding
from netlib.training.data.tensors import Data, Samples, load
from netlib.training.run.engine import Engine
from netlib.training.run.objective import objective
from netlib.training.run.step_time import step_time

ROUNDS = 9
FLUSHED = 512
ADAM = {"name": "Adam", "learning_rate": 0.001}
SMALL = {
    "input": {"dims": [1, 8, 8]},
    "layers": [
        {"kind": "Conv2d", "out_channels": 8, "kernel_size": 3},
        {"kind": "ReLU"},
        {"kind": "Flatten"},
        {"kind": "Linear", "out_features": 10},
    ],
}
CASES: dict[str, tuple[dict[str, Any], int]] = {
    "hello RNNCell, batch 1": ({"network": preset("hello-cell"), "data": {"name": "hello"}, "loss": "sum"}, 200),
    "CNN 8x8, batch 32": ({"network": SMALL, "batch": 32}, 100),
    "Net 1-10-20, 28x28, batch 64": ({"network": preset("net"), "batch": 64}, 40),
    "ResNet-20, 32x32, batch 64": (
        {"network": preset("resnet20-cifar"), "data": {"name": "cifar10"}, "batch": 64}, 5,
    ),
}  # fmt: skip
"""Name -> settings, and steps a round."""

Steps = Callable[[int], float]
"""Does so many steps; gives the CPU seconds they took, setting up left out."""


@dataclass(frozen=True)
class Case:
    """What all contenders train: a settled spec and its data, resident."""

    spec: RunSpec
    data: Data

    def model(self) -> nn.Module:
        torch.manual_seed(self.spec.seed)
        found: nn.Module = build(trace(self.spec.network))
        return found.train()

    def loss(self, logits: Tensor, targets: Tensor) -> Tensor:
        return objective(logits, targets, self.spec.loss)

    def batches(self) -> Iterator[Any]:
        """Batches without an end."""
        loader = self.loader()
        for _ in count():
            yield from loader

    def loader(self) -> "DataLoader[tuple[Tensor, ...]]":
        inputs = self.data.train.inputs.contiguous()
        return DataLoader(TensorDataset(inputs, self.data.train.targets), self.spec.batch, shuffle=True)


def case(fields: dict[str, Any]) -> Case:
    spec = settle(RunSpec.model_validate({"optimiser": ADAM, **fields, "threads": 1}))
    if spec.data.name != "cifar10":
        layout = torch.channels_last if spec.layout == "channels_last" else torch.contiguous_format
        return Case(spec, load(spec.data, spec.network.input, memory_format=layout))
    about = data_set(spec.data)  # noise will do: nothing is downloaded, and time does not depend on it
    way = feeding(about, spec.network.input)
    assert way is not None
    inputs = torch.randn(640, 3, 32, 32).contiguous(memory_format=torch.channels_last)
    samples = Samples(inputs, torch.randint(0, 10, (640,)), raw=False)
    return Case(spec, Data(about, way, samples, samples, inputs[:20], torch.channels_last))


def textbook(of: Case) -> Steps:
    """DataLoader, plain Adam, `loss.item()` at every step."""
    model = of.model()
    optimiser = torch.optim.Adam(model.parameters(), of.spec.optimiser.learning_rate)
    endless, losses = of.batches(), list[float]()

    def steps(number: int) -> float:
        since = time.process_time()
        for _ in range(number):
            x, y = next(endless)
            optimiser.zero_grad()
            loss = of.loss(model(x), y)
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it without annotations
            optimiser.step()
            losses.append(loss.item())
        return time.process_time() - since

    return steps


def ours(of: Case) -> Steps:
    """The engine as the loop uses it: losses stay on the device until they are flushed."""
    engine = Engine(of.spec, of.data)
    held = list[Tensor]()

    def steps(number: int) -> float:
        since = time.process_time()
        for _ in range(number):
            held.append(engine.advance())
            if len(held) == FLUSHED:
                torch.stack(held).numpy()
                held.clear()
        return time.process_time() - since

    return steps


def lightning(of: Case, library: ModuleType, *, bare: bool) -> Steps:
    """Lightning with everything switched off, or with its defaults and one logged scalar."""

    class Module(library.LightningModule):  # type: ignore[misc,name-defined]  # the class is known when it is installed
        def __init__(self) -> None:
            super().__init__()
            self.model, self.marks = of.model(), list[float]()

        def training_step(self, batch: tuple[Tensor, Tensor], _: int) -> Tensor:
            loss = of.loss(self.model(batch[0]), batch[1])
            if not bare:
                self.log("loss", loss)
            return loss

        def on_train_batch_end(self, *_: object) -> None:
            self.marks.append(time.process_time())

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return torch.optim.Adam(self.parameters(), of.spec.optimiser.learning_rate)

    def steps(number: int) -> float:
        module = Module()
        off = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False} if bare else {}
        with redirect_stdout(io.StringIO()), tempfile.TemporaryDirectory() as folder:
            trainer = library.Trainer(
                max_steps=number + 1,
                accelerator="cpu",
                enable_model_summary=False,
                default_root_dir=folder,
                **off,
            )
            trainer.fit(module, of.loader())
        return module.marks[-1] - module.marks[0]

    return steps


def contenders(of: Case, library: ModuleType | None) -> dict[str, Steps]:
    found = {"textbook: DataLoader and loss.item()": textbook(of), "this engine": ours(of)}
    if library is not None:
        found["Lightning, everything off"] = lightning(of, library, bare=True)
        found["Lightning, defaults, one scalar logged"] = lightning(of, library, bare=False)
    return found


@dataclass(frozen=True)
class Pace:
    """How fast a contender is: CPU seconds a step, and the ratio to the first one with its quartiles."""

    seconds: float
    ratio: float
    low: float
    high: float


def measured(of: Case, steps: int, library: ModuleType | None) -> dict[str, Pace]:
    """How fast each contender is."""
    times = turns({name: (run, steps) for name, run in contenders(of, library).items()})
    first = next(iter(times.values()))
    return {name: pace(first, taken) for name, taken in times.items()}


def turns(rivals: dict[str, tuple[Steps, int]]) -> dict[str, list[float]]:
    """CPU seconds a step in each round, in which all take their turn; the first round warms up and is left out."""
    found: dict[str, list[float]] = {name: [] for name in rivals}
    for round_ in range(ROUNDS + 1):
        for name, (run, steps) in rivals.items():
            taken = run(steps) / steps
            if round_:
                found[name].append(taken)
    return found


def pace(first: list[float], taken: list[float]) -> Pace:
    """The medians over the rounds."""
    ratios = [one / other for one, other in zip(first, taken, strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    return Pace(statistics.median(taken), middle, low, high)


def lightning_if_there() -> ModuleType | None:
    try:
        library = importlib.import_module("lightning")
    except ImportError:
        return None
    import logging
    import warnings

    for name in ("lightning", "lightning.pytorch", "lightning.fabric"):
        logging.getLogger(name).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="lightning")
    return library


def main() -> None:
    torch.set_num_threads(1)
    library = lightning_if_there()
    print(
        f"load of this machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; torch {torch.__version__}"
    )
    print("Lightning " + (library.__version__ if library else "is not installed: its rows are left out"))
    report: dict[str, Any] = {}
    for name, (fields, steps) in CASES.items():
        of = case(fields)
        paces = measured(of, steps, library)
        print(f"{name}")
        for rival, found in paces.items():
            print(
                f"  {rival:<42}{1000 * found.seconds:9.3f} ms a step  {found.ratio:5.2f}x"
                f"  ({found.low:.2f} to {found.high:.2f})"
            )
        limit = step_time(of.spec, of.data)
        print(
            f"  fixed share of a step {limit.starting:.0%}; {limit.flops / 1e9:.2f} GFLOP/s reached, "
            f"{limit.matmul_flops / 1e9:.0f} in a matrix product on this core"
        )
        report[name] = {"paces": {rival: asdict(found) for rival, found in paces.items()}, **asdict(limit)}
    print(json.dumps(report))


if __name__ == "__main__":
    main()
