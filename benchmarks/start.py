"""How long the app takes to start and to draw each page, and how much memory its process holds."""

import statistics
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.conftest import FLAGS, chromium_path
from tests.browser.server import Server, running
from tests.browser.tab import Tab
from ui.contents import existing
from ui.numbers import seconds, size_of

ROUNDS = 3


def drawn(browser: Browser, server: Server, path: str) -> float:
    """Seconds from the address to a page at rest, in a browser that knows nothing of the app yet."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    tab = Tab(context, server.address)
    began = time.perf_counter()
    tab.open(path)
    expect(tab.page.get_by_role("heading", level=1)).to_be_visible()
    passed = time.perf_counter() - began
    context.close()
    return passed


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        began = time.perf_counter()
        with running(Path(folder)) as server:
            print(f"until the port answers      {seconds(time.perf_counter() - began)}")
            print(f"first page, first session   {seconds(drawn(browser, server, '/'))}")
            for entry in existing():
                path = "/" if entry.name == "home" else f"/{entry.name}"
                times = [drawn(browser, server, path) for _ in range(ROUNDS)]
                print(f"{path:<27} {seconds(statistics.median(times))} (median of {ROUNDS}, cold browser)")
            memory = psutil.Process(server.process.pid).memory_info().rss
            print(f"memory of the app's process {size_of(memory)}")
        browser.close()
