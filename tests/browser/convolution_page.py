"""The convolution page as a test drives it: its address, its grids, its numbers."""

import re
from typing import Any

from playwright.sync_api import Locator, expect

from netlib import trace
from tests.browser.tab import Tab
from ui.convolution.layer import network_of
from ui.convolution.state import ConvolutionState
from ui.lab.link import packed, unpacked
from ui.numbers import dimensions, short


def address(**fields: Any) -> str:
    """The page's address with these fields of the state."""
    return f"/convolution?state={packed({'now': fields})}" if fields else "/convolution"


def held(tab: Tab) -> dict[str, Any]:
    """The fields that the address of a tab holds now."""
    found = re.search(r"[?&]state=([^&]+)", tab.page.url)
    return dict(unpacked(found[1]).get("now", {})) if found else {}


def settles(tab: Tab, **fields: Any) -> None:
    """Waits until the address holds these fields; None stands for a field at its default."""
    tab.until(
        lambda: all(held(tab).get(name) == value for name, value in fields.items()),
        f"{fields} in the address",
    )


def point(tab: Tab, grid: str, row: int, column: int) -> tuple[float, float]:
    """The middle of a cell of a grid ("left", "kernel", "right"), as the picture counts them."""
    place = tab.page.locator(f"[data-grid={grid}]")
    x, y, size = (float(place.get_attribute(f"data-{name}") or "nan") for name in ("x", "y", "size"))
    box = tab.page.locator(".picture-svg").bounding_box()
    assert box is not None
    return box["x"] + x + (column + 0.5) * size, box["y"] + y + (row + 0.5) * size


def hover(tab: Tab, grid: str, row: int, column: int) -> None:
    tab.page.mouse.move(*point(tab, grid, row, column))


def sentence(tab: Tab) -> Locator:
    """What the picture says of the place that is shown."""
    return tab.page.locator(".tape .sentence")


def shows(tab: Tab, **fields: Any) -> None:
    """Waits until the page shows the numbers that netlib counts for a state."""
    found = trace(network_of(ConvolutionState(**fields)))
    assert found.output is not None
    expect(tab.page.locator(".shape.of-output b")).to_have_text(dimensions(found.output.dims))
    expect(tab.page.locator(".number.of-weight .value > span").first).to_have_text(short(found.params))
    expect(tab.page.locator(".number.of-compute .value > span").first).to_have_text(short(found.macs))
