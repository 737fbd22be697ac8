"""Settings that give the wanted output, as data for the picture: what each changes, and what it leaves unread."""

from typing import Any

from netlib.solving import Bounds, Offer, offers
from ui.convolution.state import MOST_KERNEL, MOST_PADDING, ConvolutionState

BOUNDS = Bounds(kernel=MOST_KERNEL, padding=MOST_PADDING)
MOST = 40
"""Offers that are sent; how many there are is said beside them."""


def offered(state: ConvolutionState) -> dict[str, Any] | None:
    """{"wanted": sizes, "all": how many there are, "list": the first of them, "bounds": up to where was looked}.

    None where nothing is wanted.
    """
    wanted = wanted_sizes(state)
    if wanted is None:
        return None
    sizes = state.size if state.axes == 2 else state.size[1:]
    found = offers(state.layer, sizes, wanted, BOUNDS, state.ceil_mode)
    return {
        "wanted": list(wanted),
        "all": len(found),
        "list": [_offer(offer) for offer in found[:MOST]],
        "bounds": {"kernel": BOUNDS.kernel, "stride": BOUNDS.stride, "padding": BOUNDS.padding},
    }


def wanted_sizes(state: ConvolutionState) -> tuple[int, ...] | None:
    """The output sizes that the person wants, one an axis; half of an odd size is rounded up."""
    sizes = state.size if state.axes == 2 else state.size[1:]
    match state.goal:
        case "keep":
            return sizes
        case "halve":
            return tuple((n + 1) // 2 for n in sizes)
        case "double":
            return tuple(2 * n for n in sizes)
        case "size":
            return state.wanted if state.axes == 2 else state.wanted[1:]
    return None


def _offer(offer: Offer) -> dict[str, Any]:
    s = offer.setting
    changes: dict[str, Any] = {
        name: [value, value]
        for name, value in (
            ("kernel", s.kernel),
            ("stride", s.stride),
            ("dilation", s.dilation),
            ("output_padding", s.output_padding),
        )
    }
    changes |= {"pad": "same"} if s.same else {"pad": "number", "padding": [s.padding, s.padding]}
    return {"changes": changes, "unread": offer.unread, "idle": offer.idle}
