"""The pages about a layer: from a key press on a slider until Python's answer has arrived, in Chromium's own clock.

50 changes a page, each after the one before has been answered. A page's picture moves at once; what is awaited here is
the address that Python writes, which comes with what it has counted. Streamlit draws the numbers some frames later:
`convolution` and `builder_latency` wait for those.
"""

import os
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import FLAGS, chromium_path
from tests.browser.server import running

CHANGES = 50
WARM = 3
"""Changes before those that count."""
SLIDERS = {
    "convolution": "filters f",
    "inception": "3×3 filters",
    "residual": "channels out",
    "recurrent": "hidden size",
}
WATCH = """() => {
  window.answered = [];
  window.pressed = 0;
  addEventListener("keydown", (event) => (window.pressed = event.timeStamp), true);
  for (const name of ["replaceState", "pushState"]) {
    const own = history[name].bind(history);
    history[name] = (...given) => {
      own(...given);
      const began = window.pressed;
      requestAnimationFrame(() => window.answered.push(performance.now() - began));
    };
  }
}"""


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        for name, label in SLIDERS.items():
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"{server.address}/{name}")
            # The worker warms up beside the page; on two cores that is not what is measured here.
            expect(page.locator(".stamp.sealed, .stamp.unanswered")).to_be_visible(timeout=300_000)
            page.evaluate(WATCH)
            _print(name, _settled(page, label))
            page.close()
        browser.close()


def _settled(page: Page, label: str) -> list[float]:
    """Milliseconds from each key press to the frame behind Python's answer."""
    page.get_by_role("slider", name=label).focus()
    for index in range(CHANGES + WARM):
        before = page.evaluate("window.answered.length")
        page.keyboard.press("ArrowRight" if index % 2 == 0 else "ArrowLeft")
        page.wait_for_function("(before) => window.answered.length > before", arg=before)
        page.wait_for_timeout(100)
    found: list[float] = page.evaluate("window.answered")
    return found[WARM:]


def _print(page: str, times: list[float]) -> None:
    p95 = sorted(times)[int(0.95 * len(times)) - 1]
    load = os.getloadavg()[0]
    print(
        f"{page:14}median {statistics.median(times):6.1f} ms   p95 {p95:6.1f} ms   max {max(times):6.1f} ms"
        f"   (load {load:.1f} on {os.cpu_count()} cores)"
    )


if __name__ == "__main__":
    main()
