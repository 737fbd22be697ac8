"""What counting a network costs: our closed forms beside torchinfo and FlopCounterMode, both on meta.

Each figure is the median of repeated runs in one process; ratios are what to read.
"""

import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
import torchinfo
from torch.utils.flop_counter import FlopCounterMode

from netlib import Network, Trace, trace
from netlib.block import measured
from netlib.construction import module_of
from netlib.editing import replaced, with_input
from netlib.presets import preset
from netlib.tracing import _step

ROUNDS = 15


def main() -> None:
    torch.set_num_threads(1)
    gc.freeze()  # torch's own objects, which the page's process never holds, are no part of our cost
    sixty = _stack(20)
    print(f"{'':36}{'ours':>10}{'torchinfo':>12}{'FlopCounter':>13}{'ratio':>12}")
    _compare("60 layers, one slider move", [_moved(sixty, 8 + i) for i in range(ROUNDS)])
    _compare(
        "60 layers, another input height", [with_input(sixty, dims=[3, 64 + i, 64]) for i in range(ROUNDS)]
    )
    for slug, path, width_field in (("googlenet", "10", "ch3x3"), ("resnet50", "5", "planes")):
        network = preset(slug)
        _, height, width = network.input.dims
        block = network.layers[int(path)]
        moves = [replaced(network, path, block.with_(**{width_field: 100 + i})) for i in range(ROUNDS)]
        _compare(f"{slug}, one slider move", moves)
        _compare(
            f"{slug}, another input height",
            [with_input(network, dims=[3, height + 16 * i, width]) for i in range(9)],
        )
    _growth()
    _memory()


def _stack(times: int) -> Network:
    """conv, BatchNorm, ReLU, over and over."""
    block = [
        {"kind": "Conv2d", "out_channels": 32, "kernel_size": 3, "padding": 1},
        {"kind": "BatchNorm2d"},
        {"kind": "ReLU"},
    ]
    return Network.model_validate({"input": {"dims": [3, 64, 64]}, "layers": block * times})


def _moved(network: Network, filters: int) -> Network:
    return replaced(network, "30", network.layers[30].with_(out_channels=filters))


def _compare(name: str, variants: list[Network]) -> None:
    """Every variant is new to every road: nothing is remembered from the one before but what an edit leaves alone."""
    trace(variants[0])
    ours = _median([_once(partial(_totals, n)) for n in variants[1:]])
    traced = [trace(n) for n in variants[:3]]
    info = _median([_once(partial(_torchinfo, t)) for t in traced])
    flops = _median([_once(partial(_flop_counter, t)) for t in traced])
    print(f"{name:36}{ours * 1e3:>8.2f}ms{info * 1e3:>10.1f}ms{flops * 1e3:>11.1f}ms{info / ours:>10.0f} ×")


def _totals(network: Network) -> tuple[int, int, int]:
    traced = trace(network)
    return traced.params, traced.macs, len(traced.steps)


def _torchinfo(traced: Trace) -> Any:
    with torch.device("meta"):
        model = module_of(traced.root)
    x = torch.empty((1, *traced.network.input.dims), device="meta")
    return torchinfo.summary(model, input_data=[x], device="meta", verbose=0, depth=9)


def _flop_counter(traced: Trace) -> int:
    with torch.device("meta"):
        model = module_of(traced.root).eval()
        counter = FlopCounterMode(display=False)
        with counter:
            model(torch.empty((1, *traced.network.input.dims)))
    return int(counter.get_total_flops())


def _once(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _median(seconds: list[float]) -> float:
    return statistics.median(seconds)


def _growth() -> None:
    """Milliseconds of a whole trace with nothing remembered, and per layer, as the network grows."""
    print("growth, nothing remembered:", end="")
    for layers in (10, 100, 1_000):
        network = _stack(-(-layers // 3))

        def cold(network: Network = network) -> None:
            _step.cache_clear()
            measured.cache_clear()
            trace(network)

        cold()
        seconds = _median([_once(cold) for _ in range(7)])
        print(f"  {layers} layers {seconds * 1e3:.2f} ms ({seconds / layers * 1e6:.0f} µs each)", end="")
    print()


def _memory() -> None:
    """Bytes that a trace of ResNet-50 keeps alive."""
    network = preset("resnet50")
    _step.cache_clear()
    measured.cache_clear()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    traced = trace(network)
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    print(
        f"memory: the trace of ResNet-50 ({len(traced.steps)} steps) holds {(after - before) / 1024:.0f} KiB"
    )
