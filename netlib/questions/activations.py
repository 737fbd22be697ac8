"""What a run's network makes of one image or word, layer by layer, with weights that the run has kept."""

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from netlib.activations import Activation, activations
from netlib.construction import build
from netlib.errors import NetlibError
from netlib.knob import Whole, field
from netlib.threads import one_thread
from netlib.tracing import trace
from netlib.training.data.datasets import DataSet, data_set
from netlib.training.data.feeding import feeding
from netlib.training.data.tensors import SHOWN, prepared
from netlib.training.spec import RunSpec
from netlib.training.store.history import History
from netlib.training.store.kept_weights import kept_weights
from netlib.training.value import Text, Value
from netlib.words import words

MOST_MACS = 3_000_000_000
LEVELS = 127
"""Of each sign, in which a value is sent."""
LARGEST_DRAWING = 4096
"""Pixels of an image that somebody has drawn."""

_NO_WEIGHTS = words(
    "No weights were kept at or before step {step}: they are kept at the end of an epoch.",
    "第 {step} 步及之前没有保存权重：权重在每轮结束时保存。",
)
_LARGE = words(
    "This network is too large to look inside at once: {macs:,} MACs, at most {most:,}.",
    "这个网络过大，无法即时查看内部：{macs:,} 次乘加，最多 {most:,}。",
)
_DRAWING = words(
    "A drawing for these data has {wanted:,} pixels of one byte each, got {got:,}.",
    "用于这些数据的图画有 {wanted:,} 个像素，每像素一个字节，收到 {got:,} 个。",
)
_NOT_DRAWN = words("Only images of one channel can be drawn here.", "这里只能画单通道的图像。")
_NO_SAMPLE = words("This run has not shown sample {number}.", "这个运行没有展示过第 {number} 个样本。")


class Asked(Value):
    """A sample for a run, as the history in a file has it; `drawn` stands in the place of the picked one."""

    database: str = field(Text(most=4096))
    run: str = field(Text(most=40))
    generation: int = field(Whole(lo=0, hi=1_000_000_000), 0)
    step: int = field(Whole(lo=0, hi=10**12))
    picked: int = field(Whole(lo=0, hi=SHOWN - 1), 0)
    drawn: str = field(Text(least=0, most=4 * LARGEST_DRAWING), "")


def answer(payload: Mapping[str, Any]) -> dict[str, Any]:
    """{"step", "probabilities", "layers": [{"path", "kind", "lane", "shape", "count", "bytes", "most"}, …]}.

    `step` is that of the weights, the latest kept at or before the one asked for. `bytes` are the values' levels,
    −127 to 127 in base64, of which the highest is `most`; null where a value is no finite number.

    Raises:
        ValidationError: for a field out of its bounds.
        NetlibError: for a run without weights so early, a sample it has not shown, or too large a network.
    """
    asked = Asked.model_validate(dict(payload))
    history = History.joined(Path(asked.database))
    try:
        spec = RunSpec.from_json(history.state(asked.run).spec_text)
        found = kept_weights(history, asked.run, asked.generation, asked.step)
        sample = _sample(history, asked, spec)
    finally:
        history.close()
    if found is None:
        raise NetlibError(_NO_WEIGHTS, step=asked.step)
    step, weights = found
    traced = trace(spec.network)
    if traced.macs > MOST_MACS:
        raise NetlibError(_LARGE, macs=traced.macs, most=MOST_MACS)
    model = build(traced)
    model.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in weights.items()})
    with one_thread():
        scores, layers = activations(traced, model.eval(), sample)
    chances = scores.softmax(-1).nan_to_num().tolist()
    return {"step": step, "probabilities": chances, "layers": [_plain(layer) for layer in layers]}


def _sample(history: History, asked: Asked, spec: RunSpec) -> Tensor:
    """The sample as the network takes it, (1, …)."""
    about = data_set(spec.data)
    way = feeding(about, spec.network.input)
    assert way is not None, "the run was trained on them"
    if asked.drawn:
        inputs = _drawn(asked.drawn, about)
    else:
        inputs = _shown(history, asked, about)
    return prepared(about, way, inputs)


def _shown(history: History, asked: Asked, about: DataSet) -> Tensor:
    rows = [row for row in history.snapshots(asked.run, "shown") if row.generation == asked.generation]
    held = history.snapshot(asked.run, "shown", rows[0].step, asked.generation) if rows else None
    shown = None if held is None else held.get("pixels", held.get("ids"))
    if shown is None or asked.picked >= len(shown):
        raise NetlibError(_NO_SAMPLE, number=asked.picked + 1)
    one = torch.from_numpy(shown[asked.picked : asked.picked + 1].copy())
    return one * about.divisor if about.task == "image" else one


def _drawn(text: str, about: DataSet) -> Tensor:
    """(1, 1, H, W) on the data's own scale."""
    if about.task != "image" or about.dims[0] != 1:
        raise NetlibError(_NOT_DRAWN)
    _, height, width = about.dims
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        raw = b""
    if len(raw) != height * width:
        raise NetlibError(_DRAWING, wanted=height * width, got=len(raw))
    pixels = torch.frombuffer(bytearray(raw), dtype=torch.uint8).reshape(1, 1, height, width)
    return pixels.float() / 255 * about.divisor


def _plain(layer: Activation) -> dict[str, Any]:
    values = layer.values.float()
    most = float(values.abs().max()) if values.numel() else 0.0
    is_finite = bool(values.isfinite().all())
    levels = (values * (LEVELS / (most or 1.0))).round().to(torch.int8) if is_finite else None
    return {
        "path": layer.path,
        "kind": layer.kind,
        "lane": list(layer.lane),
        "shape": list(values.shape),
        "count": layer.count,
        "bytes": None
        if levels is None
        else base64.b64encode(levels.contiguous().numpy().tobytes()).decode("ascii"),
        "most": most if is_finite else None,
    }
