"""Names on the training page, with real workers: their preparation, a run, and a name read letter by letter."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.server import Server, running
from tests.browser.tab import PATIENCE
from tests.browser.test_training import LONG, button, open_training, state

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("names")) as found:
        yield found


def test_names_are_prepared_learnt_and_read_letter_by_letter(visit: Visit, server: Server) -> None:
    tab = open_training(visit, server, "?data=names17")
    page = tab.page
    page.get_by_role("radio", name="Packed").click()
    expect(page.locator(".batch .count")).to_have_text(list("3333222111"))
    box = page.locator(".typed-name")
    box.fill("Ann😀")
    expect(page.locator(".letters .why")).to_contain_text("got 😀")
    box.fill("Zhang")
    expect(page.locator(".batch .count").first).to_have_text("4")
    expect(page.locator(".letters .why")).to_have_text("")
    epochs = page.get_by_role("spinbutton", name="Epochs")
    epochs.fill("1")
    epochs.press("Enter")
    expect(page.locator(".steer .number").first).to_contain_text("of 77")
    button(page, "Start training").click()
    expect(state(page)).to_have_text("finished", timeout=LONG)
    lines = page.locator(".letters .line .read")
    expect(lines).to_have_text(["Z", "Zh", "Zha", "Zhan", "Zhang"], timeout=LONG)
    expect(page.locator(".sayings p")).to_have_count(20)
