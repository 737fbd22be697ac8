"""The acceptance cases, and how a case that is written for torch.nn is said as a network."""

import json
from pathlib import Path
from typing import Any

CASES = Path(__file__).parents[1] / "cases"

RECURRENT = ("RNN", "LSTM", "GRU")


def load(name: str) -> Any:
    """The parsed contents of one file of cases."""
    return json.loads((CASES / name).read_text(encoding="utf-8"))


def as_floats(value: Any) -> Any:
    """Values with ``{"$float": "nan"}`` turned into the float that JSON cannot hold."""
    if isinstance(value, dict):
        return float(value["$float"]) if "$float" in value else {k: as_floats(v) for k, v in value.items()}
    return [as_floats(v) for v in value] if isinstance(value, list) else value


def network_of(case: dict[str, Any], layers: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The JSON of a one-layer network for a case, whose sizes lose their batch axis.

    Recurrent layers put time first, unless the case says `batch_first`, which is no field here.
    """
    kind, kwargs = case["kind"], {k: as_floats(v) for k, v in case["kwargs"].items() if k != "batch_first"}
    shape = list(case["input_shapes"][0])
    dims = shape if is_unbatched(case) else shape[1:]
    if kind in (*RECURRENT, "MultiheadAttention") and not is_unbatched(case):
        dims = shape[1:] if case["kwargs"].get("batch_first") else [shape[0], shape[2]]
    spec: dict[str, Any] = {"dims": dims}
    if case.get("input_dtype", case.get("dtype", "float32")) == "int64":
        spec["dtype"] = "int64"
    elif kind.endswith("1d") and len(dims) == 2:
        spec["layout"] = "signal"
    return {"input": spec, "layers": layers or [{"kind": kind, **kwargs}]}


def is_unbatched(case: dict[str, Any]) -> bool:
    """Whether the case's input has no batch axis."""
    rank = {"1": 3, "2": 4, "3": 5}.get(case["kind"][-2:-1], 0) if case["kind"].endswith("d") else 0
    shape = case["input_shapes"][0]
    if rank and not case["kind"].startswith("BatchNorm"):
        return len(shape) < rank
    if case["kind"] in (*RECURRENT, "MultiheadAttention"):
        return len(shape) == 2
    return len(shape) == 1


def samples_of(case: dict[str, Any]) -> int:
    """How many samples the case's counts are for."""
    shape: list[int] = case["input_shapes"][0]
    if is_unbatched(case):
        return 1
    if case["kind"] in (*RECURRENT, "MultiheadAttention"):
        return shape[0] if case["kwargs"].get("batch_first") else shape[1]
    return shape[0]


def output_of(case: dict[str, Any]) -> tuple[int, ...]:
    """The sizes of the case's first output, without a batch axis, steps first."""
    shape = list(case["output_shapes"][0])
    if is_unbatched(case):
        return tuple(shape)
    if case["kind"] in (*RECURRENT, "MultiheadAttention"):
        return tuple(shape[1:]) if case["kwargs"].get("batch_first") else (shape[0], shape[2])
    return tuple(shape[1:])
