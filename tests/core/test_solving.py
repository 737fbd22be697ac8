"""Settings that reach a wanted size: every one of them does in torch, and none that torch would reach is left out."""

from itertools import product
from typing import Any

import pytest
import torch
from torch import nn

from netlib.solving import Bounds, Offer, Setting, Sweep, offers, settings

SMALL = Bounds(kernel=4, stride=3, padding=3, dilation=2, output_padding=2)
GOALS: list[tuple[Sweep, tuple[int, ...], tuple[int, ...]]] = [
    ("conv", (8,), (8,)),
    ("conv", (8, 8), (4, 4)),
    ("conv", (7, 9), (4, 5)),
    ("conv", (7,), (7,)),
    ("transposed", (4, 4), (8, 8)),
    ("transposed", (5,), (5,)),
    ("max", (9, 9), (4, 4)),
    ("average", (9, 9), (5, 5)),
]


def module_of(sweep: Sweep, rank: int, setting: Setting) -> nn.Module:
    fields: dict[str, Any] = {
        "kernel_size": setting.kernel,
        "stride": setting.stride,
        "padding": setting.padding,
    }
    if sweep in ("max", "average"):
        if sweep == "max":
            fields["dilation"] = setting.dilation
        name = "MaxPool" if sweep == "max" else "AvgPool"
        return getattr(nn, f"{name}{rank}d")(**fields)  # type: ignore[no-any-return]  # a module by its name
    fields |= {"in_channels": 1, "out_channels": 1, "dilation": setting.dilation}
    if setting.same:
        fields["padding"] = "same"
    if sweep == "transposed":
        fields["output_padding"] = setting.output_padding
    name = "Conv" if sweep == "conv" else "ConvTranspose"
    return getattr(nn, f"{name}{rank}d")(**fields)  # type: ignore[no-any-return]  # a module by its name


def size_in_torch(sweep: Sweep, sizes: tuple[int, ...], setting: Setting) -> tuple[int, ...] | None:
    """The output size of the real module, None where it refuses."""
    try:
        with torch.no_grad():
            return tuple(module_of(sweep, len(sizes), setting)(torch.zeros(1, 1, *sizes)).shape[2:])
    except (RuntimeError, ValueError):
        return None


@pytest.mark.parametrize(("sweep", "sizes", "wanted"), GOALS, ids=str)
def test_every_offer_gives_the_wanted_size_and_none_is_missing(
    sweep: Sweep, sizes: tuple[int, ...], wanted: tuple[int, ...]
) -> None:
    found = {offer.setting for offer in offers(sweep, sizes, wanted, SMALL)}
    expected = {s for s in settings(sweep, SMALL) if size_in_torch(sweep, sizes, s) == wanted}
    assert found == expected
    assert found


def test_the_settings_are_all_that_differ() -> None:
    """Against loops over every number: what is left out does the same as something that is in, or torch refuses it."""
    known = set(settings("conv", SMALL))
    for k, s, p, d in product(range(1, 5), range(1, 4), range(4), range(1, 3)):
        assert (Setting(k, s, p, d) in known) == (k > 1 or d == 1)
    for setting in settings("max", SMALL):
        assert size_in_torch("max", (9,), setting) is not None


def test_the_wide_bounds_are_tried_too() -> None:
    for sweep, sizes, wanted in GOALS[:3] + GOALS[4:5]:
        found = offers(sweep, sizes, wanted)
        for offer in found[:: max(1, len(found) // 20)]:
            assert size_in_torch(sweep, sizes, offer.setting) == wanted, offer


def test_the_cheapest_come_first_and_what_only_reads_padding_last() -> None:
    found = offers("conv", (8, 8), (4, 4))
    sound = [offer for offer in found if not offer.idle]
    assert found[: len(sound)] == tuple(sound)
    assert [o.taps for o in sound] == sorted(o.taps for o in sound)
    assert found[0].setting == Setting(1, 2, 0)
    assert next(o.setting for o in found if o.taps == 9) == Setting(3, 2, 1)


def test_even_kernels_keep_the_size_by_same_alone() -> None:
    even = [
        o.setting for o in offers("conv", (7, 7), (7, 7)) if o.setting.kernel == 4 and o.setting.stride == 1
    ]
    assert [s for s in even if s.dilation in (1, 3)] == [
        Setting(4, 1, 1, 1, same=True),
        Setting(4, 1, 4, 3, same=True),
    ]


@pytest.mark.parametrize(("sizes", "wanted"), [((8, 8), (4, 4)), ((9, 7), (3, 3)), ((12,), (5,))], ids=str)
def test_unread_cells_are_those_whose_gradient_is_nothing(
    sizes: tuple[int, ...], wanted: tuple[int, ...]
) -> None:
    found = offers("conv", sizes, wanted, SMALL)
    for offer in found[:60]:
        assert offer.unread == unread_in_torch(sizes, offer), offer
    assert any(offer.unread for offer in found)


def unread_in_torch(sizes: tuple[int, ...], offer: Offer) -> int:
    module = module_of("conv", len(sizes), offer.setting)
    nn.init.ones_(module.weight)  # type: ignore[arg-type]  # a convolution's weight is a tensor
    x = torch.ones(1, 1, *sizes, requires_grad=True)
    module(x).sum().backward()
    assert x.grad is not None
    return int((x.grad == 0).sum())


def test_nothing_is_offered_where_nothing_reaches() -> None:
    assert offers("max", (4, 4), (16, 16)) == ()
