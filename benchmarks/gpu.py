"""One training step on a GPU, where there is one: the textbook loop, and this engine without and with recorded steps.

Milliseconds a step by the clock, the device waited for at the end of each round; the contenders take turns, and a ratio to the
textbook loop is that of one round. The textbook loop reads its data from the processor and its loss at every step.
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor

from benchmarks.training import CASES, FLUSHED, Case, Steps, case, pace, turns
from netlib.training import settle
from netlib.training.data.tensors import Data, Samples
from netlib.training.devices import machine_of
from netlib.training.run.engine import Engine
from netlib.training.run.graphed import Graphs


class SwitchedOff:
    """A recording that is none, so that each step starts its operations one by one."""

    def __init__(self, device: torch.device) -> None:
        del device

    def capture(self, body: Callable[[], None]) -> None:
        raise RuntimeError("recording is switched off for this measurement")

    def replay(self) -> None:
        raise AssertionError("nothing was recorded")


EAGER = Graphs(SwitchedOff, rate_is_tensor=False, capturable=False)


def main() -> None:
    if not torch.cuda.is_available():
        print("There is no GPU that PyTorch sees here: nothing is measured.")
        return
    print(f"{torch.cuda.get_device_name()}; torch {torch.__version__}")
    print(json.dumps({name: measured(fields, steps, "cuda") for name, (fields, steps) in CASES.items()}))


def measured(fields: dict[str, Any], steps: int, device: str) -> dict[str, Any]:
    """What the contenders need, printed and as data."""
    here, there = case(fields), moved(case(fields), device)
    rivals = {
        "textbook: DataLoader and loss.item()": textbook(here, device),
        "this engine, operations one by one": engine(there, EAGER),
        f"this engine, {there.spec.precision}": engine(there),
    }
    times = turns({name: (run, steps) for name, run in rivals.items()})
    first = next(iter(times.values()))
    found = {name: asdict(pace(first, taken)) for name, taken in times.items()}
    for name, one in found.items():
        print(f"  {name:<42}{1000 * one['seconds']:9.3f} ms a step  {one['ratio']:5.2f}x")
    return found


def moved(of: Case, device: str) -> Case:
    """The case with its data resident on a device, and what the rules choose for it there."""
    plain = of.spec.with_(device=device, threads=None, fused=None, layout=None, precision=None)
    spec = settle(plain, machine_of(device))
    layout = torch.channels_last if spec.layout == "channels_last" else torch.contiguous_format

    def there(held: Samples) -> Samples:
        images = held.inputs.ndim == 4 and held.inputs.is_floating_point()
        inputs = held.inputs.to(device, memory_format=layout) if images else held.inputs.to(device)
        return Samples(inputs, held.targets.to(device), raw=held.raw)

    data = of.data
    return Case(
        spec, Data(data.about, data.way, there(data.train), there(data.validation), data.pixels, layout)
    )


def textbook(of: Case, device: str) -> Steps:
    """DataLoader, plain Adam, `loss.item()` at every step; batches go to the device one by one."""
    model = of.model().to(device)
    optimiser = torch.optim.Adam(model.parameters(), of.spec.optimiser.learning_rate)
    batches = of.batches()

    def steps(number: int) -> float:
        since = time.perf_counter()
        for _ in range(number):
            x, y = (part.to(device) for part in next(batches))
            optimiser.zero_grad()
            loss = of.loss(model(x), y)
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it without annotations
            optimiser.step()
            loss.item()
        return time.perf_counter() - since

    return steps


def engine(of: Case, graphs: Graphs | None = None) -> Steps:
    """The engine as the loop uses it: losses stay on the device until they are flushed."""
    found = Engine(of.spec, of.data, graphs=graphs)
    held = list[Tensor]()

    def steps(number: int) -> float:
        since = time.perf_counter()
        for _ in range(number):
            held.append(found.advance())
            if len(held) == FLUSHED:
                held.clear()
        if held:
            held[-1].item()  # waits for the device
        return time.perf_counter() - since

    return steps


if __name__ == "__main__":
    main()
