"""The shell in the browser."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.server import running


def test_start_page_opens(visit: Visit) -> None:
    tab = visit("/")
    expect(tab.page.get_by_role("heading", level=1)).to_be_visible()
    tab.shot("home")


def test_deep_link_first_on_a_fresh_server_has_the_whole_shell(visit: Visit, tmp_path: Path) -> None:
    with running(tmp_path) as fresh:
        tab = visit("/builder", server=fresh)
        expect(tab.page.get_by_role("link", name="Start")).to_be_visible()
