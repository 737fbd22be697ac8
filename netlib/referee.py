"""The referee: torch and torchinfo count the same network, and the three columns are laid side by side.

The closed forms of `netlib.tracing` are what a page shows; this checks them on the meta device,
where nothing is allocated. Shapes and parameters must agree in all three; MACs must agree with
`torch.utils.flop_counter.FlopCounterMode`. torchinfo's mult-adds follow rules of their own, and the
reason for each difference is said.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

import torch
import torchinfo
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from netlib.construction import module_of
from netlib.network import Network
from netlib.tensortype import TensorType
from netlib.tracing import Step, Trace, trace
from netlib.words import Message, words

FEW_STEPS, MANY_STEPS = 4, 32
"""Longer sequences than MANY_STEPS are unrolled FEW_STEPS far on meta, 2 ms a step, and scaled: MACs are linear in time."""

_BIAS = words("torchinfo adds the {n:,} bias additions", "torchinfo 把 {n:,} 次偏置加法也计入")
_NORM = words(
    "torchinfo counts the weights of a normalisation as products", "torchinfo 把归一化的权重算作乘法"
)
_LOOK_UP = words("torchinfo counts a look-up as a product", "torchinfo 把查表算作乘法")
_SPREAD = words(
    "torchinfo multiplies by output cells; a transposed convolution works per input cell",
    "torchinfo 按输出格数相乘；转置卷积是按输入格计算的",
)
_TIME = words(
    "torchinfo multiplies by the first axis only and misses the others",
    "torchinfo 只乘第一个轴，漏掉其余的轴",
)
_CELL = words(
    "torchinfo multiplies by the hidden size where the batch belongs", "torchinfo 在该乘批量处乘了隐藏大小"
)
_ATTENTION = words(
    "torchinfo counts no attention: its projections are not modules", "torchinfo 不计注意力：其投影不是模块"
)
_SLOPE = words("torchinfo counts a learned slope as a product", "torchinfo 把可学习的斜率算作乘法")
_OTHER = words("torchinfo counts by parameters, not by products", "torchinfo 按参数而不是按乘法计数")


@dataclass(frozen=True)
class Row:
    """One layer in three columns; shapes leave out the batch."""

    path: str
    kind: str
    shape: dict[str, list[int] | None]
    params: dict[str, int]
    macs: dict[str, int]
    agrees: bool
    reason: dict[str, str] | None = None


@dataclass(frozen=True)
class Verdict:
    """What the referee found: whether the seal holds, every layer, the totals, torchinfo's own text."""

    ok: bool
    rows: tuple[Row, ...]
    params: dict[str, int]
    macs: dict[str, int]
    aux_params: dict[str, int]
    summary: str


def verdict(network: Network | dict[str, Any] | str) -> dict[str, Any]:
    """The referee's verdict on a sound network, as JSON values.

    Raises:
        ValueError: when the network has problems; it has no verdict.
    """
    if isinstance(network, str):
        network = json.loads(network)
    traced = trace(Network.model_validate(network))
    if not traced.ok:
        raise ValueError("a network with problems has no verdict")
    return asdict(judge(traced))


def judge(traced: Trace) -> Verdict:
    """Count a sound network with torch and torchinfo on meta, and compare."""
    model = _meta_model(traced)
    by_flops = _macs_by_path(model, traced)
    info = _summary(model, traced)
    by_info = _info_by_path(model, info, traced)
    rows = tuple(_row(step, model, by_flops, by_info) for step in traced.leaves)
    aux = {s.path for tap in traced.steps if tap.is_tap for s in tap if s.is_leaf}
    main = [r for r in rows if r.path not in aux]
    side = [r for r in rows if r.path in aux]
    return Verdict(
        ok=all(r.agrees for r in rows),
        rows=rows,
        params=_summed(main, "params"),
        macs=_summed(main, "macs"),
        aux_params=_summed(side, "params"),
        summary=str(info),
    )


def _summed(rows: list[Row], what: str) -> dict[str, int]:
    return {column: sum(getattr(r, what)[column] for r in rows) for column in ("ours", "torch", "torchinfo")}


class FirstSteps(nn.Module):
    """Runs a recurrent leaf over its first steps only, and repeats what it gives to the full length."""

    def __init__(self, leaf: nn.Module, output: TensorType) -> None:
        super().__init__()
        self.leaf = leaf
        self.output = output

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = self.leaf(x[:, :FEW_STEPS])
        return y if y.dim() == 2 else y[:, :1].expand(-1, self.output.dims[0], -1)


class OpenTap(nn.Module):
    """A tap whose branch always runs, so that auxiliary heads are counted in eval mode too."""

    def __init__(self, branch: Any) -> None:
        super().__init__()
        self.branch = branch

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.branch(x)
        return x


def _meta_model(traced: Trace) -> nn.Module:
    with torch.device("meta"):
        model = module_of(traced.root).eval()
    for step in traced.steps:
        if step.is_tap:
            _put(model, step.path, OpenTap(model.get_submodule(step.path).branch))
        elif step.is_leaf and _factor(step) > 1 and step.output:
            _put(model, step.path, FirstSteps(model.get_submodule(step.path), step.output))
    return model


def _put(model: nn.Module, path: str, module: nn.Module) -> None:
    parent, _, name = path.rpartition(".")
    setattr(model.get_submodule(parent), name, module)


def _factor(step: Step) -> float:
    """How many times longer the sequence is than the steps that are unrolled."""
    if step.block is None or step.block.category != "recurrent" or step.input.layout != "sequence":
        return 1
    steps = step.input.dims[0]
    return steps / FEW_STEPS if steps > MANY_STEPS else 1


def _input(x: TensorType) -> torch.Tensor:
    dtype = torch.int64 if x.dtype == "int64" else torch.float32
    return torch.empty((1, *x.dims), dtype=dtype, device="meta")


def _macs_by_path(model: nn.Module, traced: Trace) -> dict[str, int]:
    counter = FlopCounterMode(display=False)
    with counter:
        model(_input(traced.network.input))
    name = type(model).__name__
    counts = counter.get_flop_counts()
    found = {}
    for step in traced.leaves:
        flops = sum(counts.get(f"{name}.{step.path}", {}).values())
        found[step.path] = round(flops // 2 * _factor(step))
    return found


def _summary(model: nn.Module, traced: Trace) -> Any:
    return torchinfo.summary(
        model,
        input_data=[_input(traced.network.input)],
        device="meta",
        mode="eval",
        depth=12,
        verbose=0,
        col_names=("output_size", "num_params", "mult_adds"),
        row_settings=("var_names",),
    )


def _info_by_path(model: nn.Module, info: Any, traced: Trace) -> dict[str, tuple[list[int] | None, int, int]]:
    """Path of a leaf -> torchinfo's output shape, parameters and mult-adds."""
    paths = {id(module): path for path, module in model.named_modules()}
    found: dict[str, tuple[list[int] | None, int, int]] = {}
    layers = [(paths.get(id(layer.module), "?"), layer) for layer in info.summary_list]
    for step in traced.leaves:
        inside = [x for p, x in layers if p == step.path or p.startswith(f"{step.path}.")]
        own = next((x for p, x in layers if p == step.path), None)
        leaves = [x for x in inside if x.is_leaf_layer]
        shape = list(own.output_size[1:]) if own is not None and own.output_size else None
        params = int(own.num_params) if own is not None else 0
        found[step.path] = (shape, params, round(sum(x.macs for x in leaves) * _factor(step)))
    return found


def _row(
    step: Step,
    model: nn.Module,
    by_flops: dict[str, int],
    by_info: dict[str, tuple[list[int] | None, int, int]],
) -> Row:
    assert step.output is not None
    shape, info_params, info_macs = by_info[step.path]
    torch_params = sum(p.numel() for p in model.get_submodule(step.path).parameters())
    ours = list(step.output.dims)
    params = {"ours": step.params, "torch": torch_params, "torchinfo": info_params}
    macs = {"ours": step.macs, "torch": by_flops[step.path], "torchinfo": info_macs}
    agrees = len(set(params.values())) == 1 and macs["ours"] == macs["torch"] and shape in (None, ours)
    reason = _reason(step, info_macs)
    said = {"en": str(reason), "zh": reason.say("zh")} if reason else None
    return Row(step.path, step.title, {"ours": ours, "torchinfo": shape}, params, macs, agrees, said)


def _reason(step: Step, info_macs: int) -> Message | None:
    """Why torchinfo's mult-adds differ from the products a layer really does; None where they do not."""
    block = step.block
    extra = info_macs - step.macs
    if extra == 0 or block is None or step.output is None:
        return None
    if block.kind.startswith("ConvTranspose"):
        return Message(_SPREAD)
    if block.kind.startswith("Conv") or block.kind in ("RNN", "LSTM", "GRU") or step.input.layout == "vector":
        return Message(_CELL) if block.kind.endswith("Cell") else Message(_BIAS, n=extra)
    by_kind = {"Embedding": _LOOK_UP, "MultiheadAttention": _ATTENTION, "PReLU": _SLOPE, "Linear": _TIME}
    if block.kind.endswith("Cell"):
        return Message(_CELL)
    if block.category == "normalisation":
        return Message(_NORM)
    return Message(by_kind.get(block.kind, _OTHER))
