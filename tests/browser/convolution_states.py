"""Random settings of the convolution page, good and bad, and its JavaScript as a page to ask."""

import random
from typing import Any

from playwright.sync_api import Browser, Page

from ui.component import HERE, joined
from ui.convolution.phrases import phrases
from ui.convolution.state import ConvolutionState

State = dict[str, Any]


def asked(chromium: Browser, *names: str) -> Page:
    """A page with these functions of the picture as `window.conv`, speaking English."""
    page = chromium.new_page()
    page.set_content("<main></main>")
    source = joined(HERE / "convolution" / "view.js")
    page.add_script_tag(type="module", content=f"{source}\nwindow.conv = {{ speak, {', '.join(names)} }};")
    page.wait_for_function("window.conv")
    page.evaluate("(words) => conv.speak(words)", phrases())
    return page


def states(count: int, seed: int, largest: int = 14) -> list[State]:
    """Settings drawn over all layers, modes and sizes; about half of them PyTorch would refuse."""
    chance = random.Random(seed)
    return [_state(chance, largest) for _ in range(count)]


def _state(chance: random.Random, largest: int) -> State:
    def pair(lo: int, hi: int) -> list[int]:
        first = chance.randint(lo, hi)
        return [first, first if chance.random() < 0.5 else chance.randint(lo, hi)]

    groups = chance.choice((1, 1, 1, 2, 3, 4))
    state = ConvolutionState.model_validate(
        {
            "layer": chance.choice(("conv", "conv", "transposed", "max", "average")),
            "axes": chance.choice((1, 2, 2)),
            "size": pair(1, largest),
            "channels": groups * chance.randint(1, 3) + (chance.random() < 0.1),
            "filters": groups * chance.randint(1, 3) + (chance.random() < 0.1),
            "kernel": pair(1, 5),
            "stride": pair(1, 4),
            "pad": chance.choice(("number", "number", "number", "same", "valid")),
            "padding": pair(0, 3),
            "dilation": pair(1, 3) if chance.random() < 0.5 else [1, 1],
            "groups": groups,
            "padding_mode": chance.choice(("zeros", "zeros", "reflect", "replicate", "circular")),
            "bias": chance.random() < 0.7,
            "ceil_mode": chance.random() < 0.4,
            "count_include_pad": chance.random() < 0.6,
            "output_padding": pair(0, 2) if chance.random() < 0.4 else [0, 0],
            "spread": chance.choice(("scatter", "zeros")),
        }
    )
    return state.model_dump(mode="json")
