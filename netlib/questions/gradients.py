"""How much of the gradient reaches each layer of some networks, for weights drawn under some seeds."""

from collections.abc import Mapping
from dataclasses import asdict
from math import isfinite
from typing import Any

import torch
from torch import Tensor

from netlib.errors import NetlibError
from netlib.gradients import LEARNING_RATE, Backward, backward
from netlib.network import Network
from netlib.threads import one_thread
from netlib.tracing import Trace, trace
from netlib.training.data.datasets import data_set, datasets_folder
from netlib.training.data_spec import DataSpec
from netlib.words import words

SAMPLES = 64
MOST_NETWORKS = 4
MOST_SEEDS = 8
MOST_PARAMETERS = 1_000_000
MOST_MACS = 50_000_000
"""Of one network, for one sample: a pass over 64 samples then takes about a second at most."""

_FAULTY = words(
    "A network with a fault has no gradient: mend {count} of its layers first.",
    "有错误的网络没有梯度：请先修复其中 {count} 层。",
)
_FITS = words(
    "The digits are 1 × 8 × 8 in ten classes; this network takes {dims} and gives {out}.",
    "数字图像为 1 × 8 × 8、十个类别；这个网络接受 {dims}，输出 {out}。",
)
_LARGE = words(
    "This network is too large for a measurement at once: {params:,} parameters and {macs:,} MACs, at most "
    "{most_params:,} and {most_macs:,}.",
    "这个网络过大，无法即时测量：{params:,} 个参数和 {macs:,} 次乘加，最多 {most_params:,} 和 {most_macs:,}。",
)
_COUNT = words(
    "Between 1 and {most} {what} can be measured at once, got {got}.",
    "一次可测量 1 到 {most} 个{what}，收到 {got}。",
)
_NETWORKS = words("networks", "网络")
_SEEDS = words("seeds", "随机种子")
_SEED = words("A seed is a whole number from 0, got {got}.", "随机种子是从 0 开始的整数，收到 {got}。")


def answer(payload: Mapping[str, Any]) -> dict[str, Any]:
    """{"samples": n, "rate": of the step behind `moved`, "runs": for each network a `Backward` for each seed}.

    The payload is {"networks": [JSON text, …], "seeds": [whole number, …]}; a norm that is no finite number is null.

    Raises:
        NetlibError: when a network cannot be measured, in a sentence.
    """
    networks = _listed(payload.get("networks"), MOST_NETWORKS, _NETWORKS)
    seeds = [_seed(seed) for seed in _listed(payload.get("seeds"), MOST_SEEDS, _SEEDS)]
    traces = [_measurable(trace(Network.from_json(str(text)))) for text in networks]
    inputs, classes = digits()
    with one_thread():
        runs = [[_plain(backward(traced, inputs, classes, seed)) for seed in seeds] for traced in traces]
    return {"samples": len(classes), "rate": LEARNING_RATE, "runs": runs}


def digits() -> tuple[Tensor, Tensor]:
    """The first 64 digits (N, 1, 8, 8) between 0 and 1, and their classes (N,)."""
    spec = DataSpec(name="digits")
    found = data_set(spec)
    arrays = found.load(spec, datasets_folder())
    inputs = torch.from_numpy(arrays.inputs[:SAMPLES]) / found.divisor
    return inputs, torch.from_numpy(arrays.targets[:SAMPLES])


def _listed(values: Any, most: int, what: str) -> list[Any]:
    if not isinstance(values, list) or not 1 <= len(values) <= most:
        got = len(values) if isinstance(values, list) else 0
        raise NetlibError(_COUNT, most=most, what=what, got=got)
    return values


def _seed(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**31:
        raise NetlibError(_SEED, got=str(value)[:40])
    return value


def _measurable(traced: Trace) -> Trace:
    if not traced.ok:
        raise NetlibError(_FAULTY, count=len(traced.problems))
    given, gives = traced.network.input, traced.output
    if given.dims != (1, 8, 8) or gives is None or gives.dims != (10,):
        raise NetlibError(_FITS, dims=str(given), out=str(gives))
    if traced.params > MOST_PARAMETERS or traced.macs > MOST_MACS:
        raise NetlibError(
            _LARGE,
            params=traced.params,
            macs=traced.macs,
            most_params=MOST_PARAMETERS,
            most_macs=MOST_MACS,
        )
    return traced


def _plain(found: Backward) -> dict[str, Any]:
    return {
        "loss": _finite(found.loss),
        "layers": [{**asdict(layer), "norm": _finite(layer.norm)} for layer in found.layers],
        "flows": [_finite(flow) for flow in found.flows],
    }


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
