"""A picture through the page's layer: what a worker is asked for, and its answer as data for the picture."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import streamlit as st

from netlib import Message
from netlib.words import words
from ui import workers
from ui.convolution.layer import layer_of
from ui.convolution.state import ConvolutionState
from ui.training.answers import answers
from ui.words import tr

QUESTION = "feature_maps"
PATIENCE = 180.0
"""Seconds that an answer may take; the first waits until PyTorch is warm."""
SIDE = 112
"""Pixels of the longer side of a picture; the browser draws one that a person brings that small."""
OWN = "convolution picture"
"""Where the session keeps a picture that a person has brought; it is in no link."""

Data = dict[str, Any]

_ONE_AXIS = words("A picture has two axes.", "图片有两个轴。")
_CHANNELS = words(
    "A picture has 1 or 3 channels; this layer takes {got}.", "图片有 1 或 3 个通道；这一层接受 {got} 个。"
)
_NONE_YET = words(
    "Choose a picture of your own; it stays on this machine.", "选择一张自己的图片；它不会离开这台机器。"
)
_USE_CHANNELS = words("set channels to {n}", "把通道数设为 {n}")
_USE_AXES = words("use 2-D", "改用二维")


def shown(state: ConvolutionState, again: bool = False) -> Data | None:
    """{"is": "ready", "answer"}, {"is": "asking"}, or {"is": "refused", "says", "fixes"}; None in other views."""
    if state.view != "image":
        return None
    payload = question(state)
    if isinstance(payload, Message):
        return {"is": "refused", "says": tr(payload), "fixes": _fixes(state)}
    answer = answers().ask(workers.pool(), QUESTION, payload, PATIENCE, again)
    if answer is None:
        return {"is": "asking"}
    if isinstance(answer, Message):
        return {"is": "refused", "says": tr(answer), "fixes": [], "again": True}
    return {"is": "ready", "answer": answer}


def question(state: ConvolutionState) -> Data | Message:
    """What the worker is asked, or why there is nothing to ask."""
    if state.axes == 1:
        return Message(_ONE_AXIS)
    if state.channels not in (1, 3):
        return Message(_CHANNELS, got=state.channels)
    own = st.session_state.get(OWN)
    if state.image == "own" and own is None:
        return Message(_NONE_YET)
    picture = own if state.image == "own" else state.image
    bank = state.image_weights == "bank"
    return {
        "layer": layer_of(state),
        "channels": state.channels,
        "picture": picture,
        "seed": state.seed,
        "bank": bank,
    }


def _fixes(state: ConvolutionState) -> list[Data]:
    if state.axes == 1:
        return [{"label": tr(_USE_AXES), "state": state.with_(axes=2).model_dump()}]
    if state.channels in (1, 3):
        return []
    found = []
    for n in (3, 1):
        divides = n % state.groups == 0
        after = state.with_(channels=n, groups=state.groups if divides else 1)
        found.append({"label": tr(_USE_CHANNELS, n=n), "state": after.model_dump()})
    return found


def taken(proposed: Any) -> Data | None:
    """A picture that a browser sends, {"width", "height", "bytes": base64}; None for anything else."""
    if not isinstance(proposed, Mapping):
        return None
    width, height, text = (proposed.get(name) for name in ("width", "height", "bytes"))
    if not isinstance(width, int) or not isinstance(height, int) or not isinstance(text, str):
        return None
    if not (1 <= width <= SIDE and 1 <= height <= SIDE and len(text) <= 4 * SIDE * SIDE + 4):
        return None
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        return None
    if len(raw) != 3 * width * height:
        return None
    return {"width": int(width), "height": int(height), "bytes": text}
