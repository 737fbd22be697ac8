"""Fixtures of the tests that drive the running app.

* `app`      the app, started once for all tests
* `visit`    opens a page of it: `tab = visit("/builder", width=900, dark=True)`; afterwards, the tab must have seen no
             console error and no request to another host
* `chromium` the browser itself
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, sync_playwright

from tests.browser.server import Server, running
from tests.browser.tab import Tab

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


class Visit(Protocol):
    """Opens a path of the app in a tab of its own; None stays on the empty page."""

    def __call__(
        self,
        path: str | None = "/",
        *,
        width: int = 1440,
        height: int = 900,
        dark: bool = False,
        locale: str = "en-GB",
        server: Server | None = None,
    ) -> Tab: ...


PAGES = ("convolution", "inception", "residual", "recurrent", "runs", "training")
"""Files test_*.py by how their names go on, whose tests drive one page in all its states."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test in this folder."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            name = item.path.stem.removeprefix("test_")
            if name.startswith(PAGES) and not name.endswith("_math"):
                item.add_marker(pytest.mark.pages)
            # Server, browser and workers share two cores: what was too late once may be asked again, and is reported.
            item.add_marker(pytest.mark.flaky(reruns=2))


def chromium_path() -> str | None:
    """The Chromium that EXPLORER_CHROMIUM names, else the system's; None leaves it to Playwright."""
    named = os.environ.get("EXPLORER_CHROMIUM")
    installed = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return named or next((path for path in installed if path), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        except Error as error:
            pytest.skip(f"no Chromium here: {error.message.splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app, running."""
    with running(tmp_path_factory.mktemp("app")) as server:
        yield server


@pytest.fixture
def visit(chromium: Browser, app: Server) -> Iterator[Visit]:
    """Opens pages; see `Visit`."""
    tabs: list[Tab] = []
    contexts: list[BrowserContext] = []

    def open_page(
        path: str | None = "/",
        *,
        width: int = 1440,
        height: int = 900,
        dark: bool = False,
        locale: str = "en-GB",
        server: Server | None = None,
    ) -> Tab:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale=locale,
            reduced_motion="reduce",
        )
        contexts.append(context)
        tab = Tab(context, (server or app).address)
        tabs.append(tab)
        if path is not None:
            tab.open(path)
        return tab

    yield open_page
    for context in contexts:
        context.close()
    assert [tab.foreign for tab in tabs if tab.foreign] == []
    assert [tab.errors for tab in tabs if tab.errors] == []
