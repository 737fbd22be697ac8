"""A picture through a layer: maps against torch, hostile payloads, and what is refused in words."""

import base64
from typing import Any

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from torch import nn

from netlib import NetlibError
from netlib.feature_maps import BANK, MOST_MAPS, feature_maps
from netlib.pictures import PICTURES, SIDE, in_channels, picture
from netlib.questions import answer

CONV = {"kind": "Conv2d", "out_channels": 8, "kernel_size": 3, "padding": 1}
ASKED: dict[str, Any] = {"layer": CONV, "channels": 3, "picture": "shapes", "seed": 0, "bank": True}


def ask(**changes: Any) -> dict[str, Any]:
    return answer("feature_maps", {**ASKED, **changes})


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_is_small_and_between_0_and_1(name: str, channels: int) -> None:
    pixels = picture(name, channels)
    assert pixels.shape[0] == channels
    assert max(pixels.shape[1:]) <= SIDE
    assert 0 <= float(pixels.min()) < float(pixels.max()) <= 1


def test_brightness_keeps_white_white() -> None:
    assert in_channels(torch.ones(3, 2, 2), 1).allclose(torch.ones(1, 2, 2))


@pytest.mark.parametrize("kernel", [1, 2, 3, 5, (3, 5)])
def test_the_bank_does_what_its_names_say(kernel: Any) -> None:
    flat = torch.full((3, 12, 12), 0.5)
    found = feature_maps(nn.Conv2d(3, 8, kernel), flat, seed=0, bank=True)
    maps = dict(zip(found.names, found.maps, strict=True))
    assert maps["identity"].allclose(torch.tensor(0.5), atol=1e-6)
    assert maps["blur"].allclose(torch.tensor(0.5), atol=1e-6)
    assert maps["edges"].allclose(torch.tensor(0.0), atol=1e-5)


def test_vertical_edges_answer_to_a_vertical_edge_alone() -> None:
    edge = torch.zeros(1, 9, 9)
    edge[:, :, 5:] = 1
    found = feature_maps(nn.Conv2d(1, 8, 3), edge, seed=0, bank=True)
    maps = dict(zip(found.names, found.maps, strict=True))
    assert float(maps["vertical"].abs().max()) == 3
    assert float(maps["horizontal"].abs().max()) == 0


def test_drawn_weights_follow_the_seed_alone() -> None:
    pixels = picture("shapes", 3)
    layer = nn.Conv2d(3, 4, 3)
    first = feature_maps(layer, pixels, seed=1, bank=False).maps
    torch.manual_seed(99)
    assert feature_maps(nn.Conv2d(3, 4, 3), pixels, seed=1, bank=False).maps.equal(first)
    assert not feature_maps(layer, pixels, seed=2, bank=False).maps.equal(first)


def test_drawn_weights_lie_where_torchs_own_do() -> None:
    mine, torchs = nn.Conv2d(16, 400, 5), nn.Conv2d(16, 400, 5)
    feature_maps(mine, torch.zeros(16, 8, 8), seed=0, bank=False)
    assert float(mine.weight.detach().max()) == pytest.approx(float(torchs.weight.detach().max()), rel=0.01)
    assert float(mine.weight.detach().std()) == pytest.approx(float(torchs.weight.detach().std()), rel=0.02)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (CONV, (96, 96)),
        ({**CONV, "stride": 2}, (48, 48)),
        ({**CONV, "groups": 1, "dilation": 2, "padding": "same", "padding_mode": "reflect"}, (96, 96)),
        (
            {"kind": "ConvTranspose2d", "out_channels": 4, "kernel_size": 4, "stride": 2, "padding": 1},
            (192, 192),
        ),
        ({"kind": "MaxPool2d", "kernel_size": 3, "ceil_mode": True}, (32, 32)),
        ({"kind": "AvgPool2d", "kernel_size": 5}, (19, 19)),
    ],
    ids=str,
)
def test_maps_are_those_of_the_layer(layer: dict[str, Any], shape: tuple[int, int]) -> None:
    found = ask(layer=layer)
    assert all((m["height"], m["width"]) == shape for m in found["maps"])
    assert len(found["maps"]) == min(MOST_MAPS, found["channels"])
    for one in found["maps"]:
        raw = base64.b64decode(one["bytes"])
        assert len(raw) == shape[0] * shape[1]
        assert one["low"] <= one["high"]


def test_bytes_are_the_values_between_low_and_high() -> None:
    one = ask()["maps"][2]
    levels = np.frombuffer(base64.b64decode(one["bytes"]), np.uint8).astype(float)
    values = one["low"] + levels / 255 * (one["high"] - one["low"])
    layer = nn.Conv2d(3, 8, 3, padding=1)
    expected = feature_maps(layer, picture("shapes", 3), 0, True).maps[2].flatten().numpy()
    assert np.abs(values - expected).max() <= (one["high"] - one["low"]) / 255


def test_names_are_those_of_the_bank_and_none_for_other_weights() -> None:
    assert ask()["names"] == list(BANK)
    assert ask(bank=False)["names"] == []
    assert ask(layer={"kind": "MaxPool2d", "kernel_size": 2})["names"] == []


def test_an_own_picture_comes_back_as_it_was() -> None:
    raw = bytes(range(2 * 3 * 3))
    own = {"width": 3, "height": 2, "bytes": base64.b64encode(raw).decode()}
    assert ask(picture=own)["picture"] == own


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"channels": 4}, "1 or 3 channels"),
        ({"channels": "3"}, "1 or 3 channels"),
        ({"seed": -1}, "whole number"),
        ({"seed": 10**9}, "whole number"),
        ({"seed": True}, "whole number"),
        ({"picture": "secrets.png"}, "no picture"),
        ({"picture": "../../etc/passwd"}, "no picture"),
        ({"picture": 7}, "at most 112"),
        ({"picture": {"width": 10**9, "height": 1, "bytes": ""}}, "at most 112"),
        ({"picture": {"width": 2, "height": 2, "bytes": "AAAA"}}, "at most 112"),
        ({"picture": {"width": 2, "height": 2, "bytes": "§§"}}, "at most 112"),
        ({"picture": {"width": 1, "height": 1, "bytes": "A" * 10**6}}, "at most 112"),
        ({"layer": {"kind": "Linear", "out_features": 3}}, "can go through"),
        ({"layer": None}, "can go through"),
        ({"layer": {**CONV, "kernel_size": 100, "padding": 0}}, "does not fit"),
        ({"layer": {**CONV, "out_channels": 65_536}}, "too large"),
        ({"layer": {**CONV, "padding": 1_024}}, "too large"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_a_sentence(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(NetlibError) as refused:
        ask(**changes)
    assert says in str(refused.value)


def test_a_layer_out_of_bounds_is_refused_before_anything_is_built() -> None:
    with pytest.raises(ValidationError):
        ask(layer={**CONV, "kernel_size": 10**9})
