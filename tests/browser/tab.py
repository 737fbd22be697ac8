"""A page of the running app in Chromium, as a test sees it."""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Route, WebSocket, expect

IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'
FOREIGN = re.compile(r"^(?:https?|wss?)://(?!127\.0\.0\.1[:/])")
# On a deep link Streamlit first asks below the page's own path, which answers 404; harmless.
HARMLESS = re.compile(r"/_stcore/(health|host-config)$")
PATIENCE = 30_000.0
"""Milliseconds until what a test waits for must be there."""


class Tab:
    """One tab. It refuses every request that leaves 127.0.0.1, and remembers those and what went wrong.

    Attributes:
        page: Playwright's page.
        foreign: addresses outside 127.0.0.1 that were asked for.
        errors: console errors and uncaught exceptions, those known to be harmless left out.
    """

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.foreign: list[str] = []
        self.errors: list[str] = []
        context.route(FOREIGN, self._refuse)
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("websocket", self._connected)

    def open(self, path: str = "/") -> None:
        """Goes to a path of the app and waits until its page is drawn."""
        self.page.goto(self.address + path)
        self.idle()

    def close(self) -> None:
        """Leaves the app, so that its server can stop without a complaint from the page."""
        self.page.close()

    def idle(self) -> None:
        """Waits until no script runs. After an action, wait for what it should show first."""
        expect(self.page.locator(IDLE)).to_be_attached(timeout=PATIENCE)

    def until(self, holds: Callable[[], bool], what: str, seconds: float = PATIENCE / 1000) -> None:
        """Polls until something holds.

        Raises:
            AssertionError: when it does not hold in time; `what` says what was waited for.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if holds():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"waited {seconds:g} s for {what}")

    def shot(self, name: str) -> Path | None:
        """A screenshot in the folder that EXPLORER_SHOTS names; nothing without it."""
        folder = os.environ.get("EXPLORER_SHOTS")
        if not folder:
            return None
        path = Path(folder) / f"{name}.png"
        self.page.screenshot(path=path)
        return path

    def _refuse(self, route: Route) -> None:
        self.foreign.append(route.request.url)
        route.abort()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not HARMLESS.search(urlsplit(message.location["url"]).path):
            self.errors.append(message.text)

    def _connected(self, socket: WebSocket) -> None:
        if FOREIGN.match(socket.url):
            self.foreign.append(socket.url)
