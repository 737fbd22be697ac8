"""Takes the pictures of docs/screenshots, every page and mode in light and dark: `python -m docs.record_screens [NAME …]`.

With names, only those. It needs Chromium, as the browser tests do (EXPLORER_CHROMIUM names another than the system's).
"""

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from netlib.presets import preset
from tests.browser.conftest import FLAGS, chromium_path
from tests.browser.server import running
from tests.browser.tab import Tab
from ui.lab.link import packed

FOLDER = Path(__file__).resolve().parent / "screenshots"
WIDTH, HEIGHT = 1440, 900
NARROW = 900
COLOURS = 256
PATIENCE = 180_000.0
"""Milliseconds for what workers compute; the first has PyTorch to import."""


def nothing(_page: Page) -> None:
    """What is drawn at once needs nothing to wait for."""


def sealed(page: Page) -> None:
    """The referee has counted."""
    expect(page.locator(".stamp.sealed")).to_be_visible(timeout=PATIENCE)


def trained(page: Page) -> None:
    """A run is started and has ended."""
    page.get_by_role("button", name="Start training").click()
    expect(page.locator(".steer .state")).to_have_text("finished", timeout=PATIENCE)


def opened(page: Page) -> None:
    """A run has ended, and the slider is at a step on the way."""
    trained(page)
    expect(page.locator(".verdict-bar.said")).to_be_visible(timeout=PATIENCE)
    slider = page.get_by_role("slider", name="step to look at")
    for _ in range(6):
        slider.press("ArrowLeft")
    expect(page.get_by_text("weights after epoch 4")).to_be_visible(timeout=PATIENCE)


def spelled(page: Page) -> None:
    """A run on a word has ended, and its hidden states are there."""
    trained(page)
    expect(page.locator(".state-cell").first).to_be_visible(timeout=PATIENCE)


def named(page: Page) -> None:
    """The names and what becomes of them are drawn."""
    expect(page.get_by_role("button", name="Start training")).to_be_enabled(timeout=PATIENCE)


def listed(page: Page) -> None:
    """The runs of the pictures before are in the list; the newest two are compared."""
    boxes = page.get_by_role("checkbox")
    expect(boxes.first).to_be_visible(timeout=PATIENCE)
    for box in boxes.all()[:2]:
        box.check()
    chart = page.locator(".js-plotly-plot")
    expect(chart).to_have_count(1, timeout=PATIENCE)  # that of one run may still be leaving
    expect(chart).to_be_visible(timeout=PATIENCE)


@dataclass(frozen=True)
class Screen:
    """A picture by its name: where it is taken, what it waits for, and whether it holds the whole page."""

    path: str
    ready: Callable[[Page], None] = sealed
    whole: bool = False
    width: int = WIDTH


def lab(name: str, **fields: Any) -> str:
    """The address of a page about a layer in a state."""
    return f"/{name}?state={packed({'now': fields})}" if fields else f"/{name}"


SCREENS = {
    "start": Screen("/", nothing),
    "builder": Screen("/builder"),
    "builder-googlenet": Screen(f"/builder?net={preset('googlenet').to_link()}"),
    "builder-narrow": Screen("/builder", width=NARROW),
    "training": Screen("/training", trained),
    "training-inside": Screen("/training", opened, whole=True),
    "training-hello": Screen("/training?data=hello", spelled, whole=True),
    "training-names": Screen("/training?data=names17", named),
    "runs": Screen("/runs", listed),
    "convolution": Screen("/convolution"),
    "convolution-values": Screen(lab("convolution", view="values")),
    "convolution-image": Screen(lab("convolution", view="image")),
    "convolution-stack": Screen(lab("convolution", view="stack")),
    "convolution-map": Screen(lab("convolution", view="map")),
    "convolution-transposed": Screen(lab("convolution", layer="transposed")),
    "convolution-pooling": Screen(lab("convolution", layer="max")),
    "convolution-depthwise": Screen(lab("convolution", channels=8, filters=8, groups=8)),
    "convolution-narrow": Screen("/convolution", width=NARROW),
    "inception": Screen("/inception", whole=True),
    "residual": Screen("/residual", whole=True),
    "recurrent": Screen("/recurrent", whole=True),
    "recurrent-lstm": Screen(lab("recurrent", kind="LSTM", num_layers=2, bidirectional=True), whole=True),
    "recurrent-gru": Screen(lab("recurrent", kind="GRU"), whole=True),
}


def record(names: list[str]) -> None:
    """Takes the pictures of these names, or all."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        with running(Path(folder)) as server:
            for name in names or SCREENS:
                for theme in ("light", "dark"):
                    take(browser, server.address, name, theme)
        browser.close()


def take(browser: Browser, address: str, name: str, theme: Any) -> None:
    """One picture."""
    screen = SCREENS[name]
    context = browser.new_context(
        viewport={"width": screen.width, "height": HEIGHT}, color_scheme=theme, locale="en-GB"
    )
    tab = Tab(context, address)
    tab.open(screen.path)
    screen.ready(tab.page)
    tab.idle()
    if screen.whole:
        for _ in range(2):  # a page may grow when it gets more room
            tall = tab.page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
            tab.page.set_viewport_size({"width": screen.width, "height": max(HEIGHT, int(tall))})
            tab.page.wait_for_timeout(300)
    tab.page.mouse.move(0, 0)
    tab.page.wait_for_timeout(800)  # what fades has faded
    picture = Image.open(BytesIO(tab.page.screenshot())).convert("RGB")
    picture.quantize(COLOURS).save(FOLDER / f"{name}-{theme}.png", optimize=True)
    context.close()


if __name__ == "__main__":
    record(sys.argv[1:])
