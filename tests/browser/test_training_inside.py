"""Inside a run's network in the browser: one slider for everything, a picked and a drawn digit, the states of a word."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.server import Server, running
from tests.browser.tab import PATIENCE, Tab
from tests.browser.test_training import expect_state, open_training, start

expect.set_options(timeout=PATIENCE)
WAIT = 60_000.0
"""Milliseconds for what a worker computes."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("inside")) as found:
        yield found


def finished(visit: Visit, server: Server, query: str = "") -> Tab:
    tab = open_training(visit, server, query)
    start(tab)
    expect_state(tab.page, "finished")
    return tab


def scrub(tab: Tab, key: str) -> None:
    tab.page.get_by_role("slider", name="step to look at").press(key)


def said(page: Page) -> str:
    """The class that the network finds likeliest."""
    return page.locator(".verdict-bar.said .verdict-name").inner_text()


def draw(page: Page, *points: tuple[float, float]) -> None:
    """One stroke through points given as shares of the frame."""
    canvas = page.locator(".drawn-frame canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=6)
    page.mouse.up()


def test_one_slider_leads_through_layers_kernels_and_maps(visit: Visit, server: Server) -> None:
    tab = finished(visit, server)
    rows = tab.page.locator(".gauge-row:not(.heads)")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("1 Conv2d")
    expect(tab.page.locator(".kernel-strip figure")).to_have_count(10)
    expect(tab.page.locator(".kernel-strip canvas")).to_have_count(20)  # each with its gradient
    expect(tab.page.locator(".map-strip figure")).to_have_count(16, timeout=WAIT)
    trained = said(tab.page)
    assert trained == tab.page.locator(".tiles figure").first.inner_text()
    scrub(tab, "Home")
    expect(tab.page.get_by_text("No step has been taken yet.")).to_be_visible()
    expect(tab.page.locator(".kernel-strip canvas")).to_have_count(10)
    expect(tab.page.get_by_text("weights after epoch 0")).to_be_visible(timeout=WAIT)
    expect(tab.page.locator(".verdict-bar.said .verdict-sign")).to_have_text("✗", timeout=WAIT)
    scrub(tab, "End")
    expect(rows).to_have_count(3)
    expect(tab.page.locator(".verdict-bar.said .verdict-name")).to_have_text(trained, timeout=WAIT)


def test_an_image_is_picked_by_key_and_a_digit_is_drawn_by_hand(visit: Visit, server: Server) -> None:
    tab = finished(visit, server)
    expect(tab.page.locator(".verdict-bar.said")).to_have_count(1, timeout=WAIT)
    tile = tab.page.locator(".tiles figure.right").nth(2)
    truth = tile.inner_text()
    tile.get_by_role("button").press("Enter")
    expect(tile.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    expect(tab.page.locator(".drawn-name")).to_contain_text(f"a {truth}")
    expect(tab.page.locator(".verdict-bar.said .verdict-name")).to_have_text(truth, timeout=WAIT)
    draw(tab.page, (0.5, 0.12), (0.5, 0.5), (0.5, 0.9))
    expect(tab.page.locator(".drawn-name")).to_have_text("your drawing")
    expect(tab.page.locator(".verdict-bar.said .verdict-name")).to_have_text("1", timeout=WAIT)
    tab.shot("training-drawn")
    tile.get_by_role("button").click()
    expect(tab.page.locator(".drawn-name")).to_contain_text(f"a {truth}")
    expect(tab.page.locator(".verdict-bar.said .verdict-name")).to_have_text(truth, timeout=WAIT)


def test_the_states_of_a_word_follow_the_slider(visit: Visit, server: Server) -> None:
    tab = finished(visit, server, "?data=hello")
    cells = tab.page.locator(".through-layer").last.locator(".state-cell")
    expect(cells).to_have_count(5 * 8, timeout=WAIT)
    expect(tab.page.locator(".state-grid").last.locator(".state-letter")).to_have_text(list("hello"))
    trained = [cell.get_attribute("title") for cell in cells.all()]
    scrub(tab, "Home")
    expect(tab.page.get_by_text("weights after epoch 0")).to_be_visible(timeout=WAIT)
    tab.until(lambda: [cell.get_attribute("title") for cell in cells.all()] != trained, "other states")
