"""What a layer makes of a picture: its first feature maps, as small pictures."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from netlib.construction import build
from netlib.errors import NetlibError
from netlib.feature_maps import feature_maps
from netlib.network import Network
from netlib.pictures import SIDE, in_channels, picture
from netlib.threads import one_thread
from netlib.tracing import Trace, trace
from netlib.words import words

MOST_MACS = 3_000_000_000
MOST_PARAMETERS = 5_000_000
MOST_OUTPUT = 4_000_000
"""Numbers that come out, over all channels."""
KINDS = ("Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d")

_KIND = words("A picture can go through {kinds}.", "图片可以通过 {kinds}。")
_CHANNELS = words(
    "A picture has 1 or 3 channels; this layer takes {got}.", "图片有 1 或 3 个通道；这一层接受 {got} 个。"
)
_REFUSED = words("This layer cannot take the picture: {why}.", "这一层无法处理这张图片：{why}。")
_LARGE = words(
    "This layer is too large to try at once: {macs:,} MACs, at most {most:,}.",
    "这一层过大，无法即时试验：{macs:,} 次乘加，最多 {most:,}。",
)
_PIXELS = words(
    "A picture is at most {side} × {side} pixels of three bytes each.",
    "图片最多 {side} × {side} 像素，每像素三个字节。",
)
_SEED = words("A seed is a whole number from 0 to {most}.", "随机种子是 0 到 {most} 的整数。")
MOST_SEED = 9_999


def answer(payload: Mapping[str, Any]) -> dict[str, Any]:
    """{"picture": pixels, "maps": [pixels with "low" and "high" …], "names", "channels"}.

    The payload is {"layer": JSON, "channels": 1 or 3, "picture": a name or pixels, "seed", "bank": bool}. Pixels are
    {"width", "height", "bytes": base64}: three bytes a pixel of a picture; one a pixel of a map, 0 for its lowest
    value, 255 for its highest.

    Raises:
        NetlibError: for a layer, a picture or a seed that cannot be taken, in a sentence.
    """
    channels, seed = payload.get("channels"), payload.get("seed")
    if channels not in (1, 3):
        raise NetlibError(_CHANNELS, got=str(channels)[:12])
    if type(seed) is not int or not 0 <= seed <= MOST_SEED:
        raise NetlibError(_SEED, most=MOST_SEED)
    shown = _picture(payload.get("picture"))
    pixels = in_channels(shown, channels)
    traced = _traced(payload.get("layer"), pixels)
    with one_thread():
        found = feature_maps(build(traced).get_submodule("0"), pixels, seed, payload.get("bank") is True)
    return {
        "picture": _bytes_of(shown if channels == 3 else pixels.expand(3, -1, -1), 0.0, 1.0),
        "maps": [_scaled(one) for one in found.maps],
        "names": list(found.names),
        "channels": found.channels,
    }


def _picture(given: Any) -> Tensor:
    """(3, H, W) from 0 to 1."""
    if isinstance(given, str):
        return picture(given, 3)
    if not isinstance(given, Mapping):
        raise NetlibError(_PIXELS, side=SIDE)
    width, height, text = given.get("width"), given.get("height"), given.get("bytes")
    sides = all(type(n) is int and 1 <= n <= SIDE for n in (width, height))
    if not sides or not isinstance(text, str) or len(text) > 4 * SIDE * SIDE + 4:
        raise NetlibError(_PIXELS, side=SIDE)
    assert isinstance(width, int)
    assert isinstance(height, int)
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        raise NetlibError(_PIXELS, side=SIDE) from None
    if len(raw) != 3 * width * height:
        raise NetlibError(_PIXELS, side=SIDE)
    flat = torch.frombuffer(bytearray(raw), dtype=torch.uint8).float() / 255
    return flat.reshape(height, width, 3).permute(2, 0, 1)


def _traced(layer: Any, pixels: Tensor) -> Trace:
    """The layer over the picture, traced.

    Raises:
        NetlibError: for a layer of another kind, one that does not fit, or one that costs too much.
    """
    if not isinstance(layer, Mapping) or layer.get("kind") not in KINDS:
        raise NetlibError(_KIND, kinds=", ".join(KINDS))
    network = Network.model_validate({"input": {"dims": list(pixels.shape)}, "layers": [dict(layer)]})
    traced = trace(network)
    if not traced.ok:
        problem = traced.problems[0].problem
        assert problem is not None
        raise NetlibError(_REFUSED, why=problem.message)
    assert traced.output is not None
    if traced.macs > MOST_MACS or traced.params > MOST_PARAMETERS or traced.output.numel > MOST_OUTPUT:
        raise NetlibError(_LARGE, macs=traced.macs, most=MOST_MACS)
    return traced


def _scaled(one: Tensor) -> dict[str, Any]:
    low, high = float(one.min()), float(one.max())
    return {**_bytes_of(one[None], low, high), "low": low, "high": high}


def _bytes_of(pixels: Tensor, low: float, high: float) -> dict[str, Any]:
    """(C, H, W) as bytes, pixel after pixel."""
    level = ((pixels - low) / (high - low or 1.0) * 255).round().clamp(0, 255).byte()
    raw = level.permute(1, 2, 0).contiguous().numpy().tobytes()
    return {
        "width": pixels.shape[2],
        "height": pixels.shape[1],
        "bytes": base64.b64encode(raw).decode("ascii"),
    }
