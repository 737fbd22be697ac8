"""The validation samples that a run will show, before there is a run: what people are about to teach."""

import base64
from collections.abc import Mapping
from typing import Any

from netlib.training.data.datasets import data_set, datasets_folder
from netlib.training.data.tensors import SHOWN, split
from netlib.training.data_spec import DataSpec


def answer(payload: Mapping[str, Any]) -> dict[str, Any]:
    """{"shape": (n, C, H, W), "pixels": bytes 0..255 in base64, "targets": classes}; for texts and words {"ids", "targets"}.

    Raises:
        ValidationError: when {"data": …} is no data spec.
        DataUnavailable: when the data are not on this machine.
    """
    spec = DataSpec.model_validate(payload.get("data", {}))
    about = data_set(spec)
    _, (inputs, targets) = split(spec, about.load(spec, datasets_folder()))
    found: dict[str, Any] = {"targets": targets[:SHOWN].tolist()}
    if about.task == "image":
        pixels = (inputs[:SHOWN].float() / about.divisor * 255).round().clamp(0, 255).byte().numpy()
        found |= {"shape": list(pixels.shape), "pixels": base64.b64encode(pixels.tobytes()).decode("ascii")}
    else:
        found["ids"] = inputs[:SHOWN].tolist()
    return found
