"""After a run has ended, in the browser with real workers: continue it, take its program along."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.server import Server, running
from tests.browser.test_training import LONG, button, expect_state, fill, open_training, start, state, step


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app of its own."""
    with running(tmp_path_factory.mktemp("after")) as found:
        yield found


def test_a_finished_run_is_continued_and_taken_along(visit: Visit, server: Server, tmp_path: Path) -> None:
    tab = open_training(visit, server)
    fill(tab, "Epochs", "2")
    run = start(tab)
    expect_state(tab.page, "finished")
    assert step(tab.page) == 46
    fill(tab, "Epochs", "5")
    on = button(tab.page, "Continue to epoch 5")
    expect(on).to_be_visible()
    tab.shot("finished")
    on.click()
    expect(state(tab.page)).not_to_have_text("finished")
    expect_state(tab.page, "finished")
    assert step(tab.page) == 115
    expect(button(tab.page, "Continue to epoch 10")).to_be_visible()
    tab.shot("continued")
    for word, name in (("Python program", f"run-{run}.py"), ("Notebook", f"run-{run}.ipynb")):
        with tab.page.expect_download() as saving:
            button(tab.page, word).click()
        assert saving.value.suggested_filename == name
        saving.value.save_as(tmp_path / name)
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "STEPS = 115" in text
        assert "import netlib" not in text
    assert tab.errors == []


def test_a_learning_rate_is_found_and_taken(visit: Visit, server: Server) -> None:
    tab = open_training(visit, server)
    fill(tab, "Learning rate", "0.001")
    button(tab.page, "Find learning rate").click()
    sweep = tab.page.locator(".finder")
    expect(sweep.locator("path.smooth")).to_be_visible(timeout=LONG)
    expect(sweep).to_contain_text("good rates lie between")
    tab.shot("finder")
    take = sweep.get_by_role("button", name="Use ")
    wanted = (take.inner_text()).removeprefix("Use ").strip()
    take.click()
    box = tab.page.get_by_role("spinbutton", name=re.compile("^Learning rate"))
    expect(box).to_have_value(re.compile(rf"^{re.escape(wanted)}0*$"))
    expect(take).to_have_count(0)
    sweep.get_by_role("button", name="Close").click()
    expect(sweep).to_have_count(0)
    assert tab.errors == []


def test_a_run_beside_other_settings_says_so_and_brings_its_own_back(visit: Visit, server: Server) -> None:
    tab = open_training(visit, server, width=900)
    own = tab.page.get_by_role("button", name="Your own data").bounding_box()
    box = tab.page.locator(".st-key-controls [data-testid=stSelectbox]").first.bounding_box()
    assert own is not None
    assert box is not None
    assert abs(own["y"] + own["height"] - box["y"] - box["height"]) < 2, "in line with the boxes beside it"
    fill(tab, "Epochs", "2")
    run = start(tab)
    expect_state(tab.page, "finished")
    strip = tab.page.locator(".changes")
    expect(strip).to_have_count(0)
    fill(tab, "Epochs", "3")
    expect(strip).to_contain_text(f"This is run {run[:6]}; the settings have changed since: epochs 2 → 3.")
    expect(strip).to_contain_text("69 steps, ", timeout=LONG)
    tab.shot("other settings")
    strip.get_by_role("button", name="Open this run's settings").click()
    expect(strip).to_have_count(0)
    expect(tab.page.get_by_role("spinbutton", name=re.compile("^Epochs"))).to_have_value("2")
    fill(tab, "Epochs", "3")
    expect(strip).to_have_count(1)
    assert start(tab) != run
    expect(strip).to_have_count(0)
    expect_state(tab.page, "finished")
    button(tab.page, "All runs").click()
    tab.page.wait_for_url("**/runs**")
    assert tab.errors == []
