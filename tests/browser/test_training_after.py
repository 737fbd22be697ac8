"""After a run has ended, in the browser with real workers: continue it, take its program along."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.server import Server, running
from tests.browser.test_training import button, expect_state, fill, open_training, start, state, step


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app of its own."""
    with running(tmp_path_factory.mktemp("after")) as found:
        yield found


@pytest.mark.browser
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
