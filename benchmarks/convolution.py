"""The convolution page: frames of a drag over a 16 × 16 input, a settled change until Python has counted it, solving for it.

Times in the page are Chromium's own. The work of a frame is what the page's script does in it; the time between frames is
what a person sees. A browser without a GPU also paints on the processor.
"""

import os
import statistics
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

from netlib.solving import Bounds, Sweep, offers, settings
from tests.browser.conftest import FLAGS, chromium_path
from tests.browser.server import running
from ui.convolution.offers import BOUNDS
from ui.lab.link import packed

CHANGES = 50
LARGE = {"size": [16, 16], "stride": [1, 1]}
WATCH = """() => {
  window.frames_ = [];
  window.work = [];
  const ask = window.requestAnimationFrame.bind(window);
  let spent = 0;
  window.requestAnimationFrame = (call) => ask((now) => {
    const began = performance.now();
    call(now);
    spent += performance.now() - began;
  });
  const tick = (now) => {
    window.frames_.push(now);
    if (spent > 0) window.work.push(spent);
    spent = 0;
    ask(tick);
  };
  ask(tick);
}"""
COUNTED = """() => {
  const find = (node) => {
    const own = node.querySelector(".totals");
    if (own) return own;
    for (const each of node.querySelectorAll("*")) {
      const inside = each.shadowRoot && find(each.shadowRoot);
      if (inside) return inside;
    }
    return null;
  };
  window.counted = [];
  window.pressed = 0;
  addEventListener("keydown", (event) => (window.pressed = event.timeStamp), true);
  const totals = find(document);
  new MutationObserver(() => {
    if (totals.classList.contains("uncounted")) return;
    const began = window.pressed;
    requestAnimationFrame(() => window.counted.push(performance.now() - began));
  }).observe(totals, { attributes: true, attributeFilter: ["class"] });
}"""


def main() -> None:
    _solving()
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{server.address}/convolution?state={packed({'now': LARGE})}")
        # The worker warms up beside the page; on two cores that is not what is measured here.
        expect(page.locator(".stamp.sealed, .stamp.unanswered")).to_be_visible(timeout=300_000)
        print(f"load of this machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        page.evaluate(COUNTED)
        _print(
            "settled change -> counted by Python",
            _settled(page, page.get_by_role("slider", name="filters f")),
        )
        page.evaluate(WATCH)
        for name in ("kernel k", "padding p", "dilation d"):
            _dragged(page, page.get_by_role("slider", name=name))
        _pointed(page)
        browser.close()


def _settled(page: Page, slider: Locator) -> list[float]:
    """Milliseconds from each key press to the first frame behind Python's answer."""
    slider.focus()
    for index in range(CHANGES + 3):
        before = page.evaluate("window.counted.length")
        page.keyboard.press("ArrowRight" if index % 2 == 0 else "ArrowLeft")
        page.wait_for_function("(before) => window.counted.length > before", arg=before)
        page.wait_for_timeout(100)
    found: list[float] = page.evaluate("window.counted")
    return found[3:]


def _dragged(page: Page, slider: Locator) -> None:
    """Drags a slider from end to end and back in about two seconds."""
    box = slider.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8, middle)
    page.mouse.down()
    page.evaluate("window.frames_.length = window.work.length = 0")
    for step in [*range(60), *range(60, -1, -1)]:
        page.mouse.move(box["x"] + 8 + (box["width"] - 16) * step / 60, middle)
        page.wait_for_timeout(16)
    _frames(page, f"drag of {slider.get_attribute('aria-label')}")
    page.mouse.up()
    page.wait_for_timeout(400)


def _pointed(page: Page) -> None:
    """Moves the pointer across the input."""
    box = page.locator(".picture-svg").bounding_box()
    assert box is not None
    page.evaluate("window.frames_.length = window.work.length = 0")
    for step in range(120):
        page.mouse.move(box["x"] + 40 + 2.5 * step, box["y"] + 140 + 1.5 * step)
        page.wait_for_timeout(16)
    _frames(page, "pointer across the input")


def _frames(page: Page, what: str) -> None:
    times, work = page.evaluate("[window.frames_, window.work]")
    _print(f"{what}: between frames", [after - before for before, after in pairwise(times)])
    _print(f"{what}: script", work)


def _solving() -> None:
    """Settings that are looked at in a second, nothing remembered from before."""
    goals: list[tuple[Sweep, tuple[int, int], tuple[int, int]]] = [
        ("conv", (224, 224), (112, 112)),
        ("conv", (8, 8), (8, 8)),
        ("transposed", (8, 8), (16, 16)),
        ("max", (112, 112), (56, 56)),
    ]
    for sweep, sizes, wanted in goals:
        bounds: Bounds = BOUNDS
        offers.cache_clear()
        settings.cache_clear()
        began = time.perf_counter()
        found = offers(sweep, sizes, wanted, bounds)
        seconds = time.perf_counter() - began
        looked = len(settings(sweep, bounds))
        print(
            f"solve {sweep} {sizes[0]} -> {wanted[0]}: {len(found)} of {looked:,} settings in "
            f"{1e3 * seconds:.0f} ms, {looked / seconds:,.0f} a second"
        )


def _print(what: str, times: list[float]) -> None:
    ordered = sorted(times)
    p95 = ordered[int(0.95 * len(ordered)) - 1]
    print(
        f"{what:48}median {statistics.median(times):6.1f} ms   p95 {p95:6.1f} ms   max {ordered[-1]:6.1f} ms"
    )


if __name__ == "__main__":
    main()
