"""The training page in the browser, with real workers: start, watch, steer, leave, come back, and what goes wrong."""

import os
import re
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest
from playwright.sync_api import Locator, Page, expect

from netlib import Network
from tests.browser.conftest import Visit
from tests.browser.server import Server, running
from tests.browser.tab import PATIENCE, Tab

expect.set_options(timeout=PATIENCE)
LONG = 240_000.0
"""Milliseconds that a run may take on a busy machine, its worker's start included."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app of its own, whose workers are warm before the first test needs them."""
    with running(tmp_path_factory.mktemp("training")) as found:
        yield found


@pytest.fixture(autouse=True)
def nothing_is_left_running(server: Server) -> Iterator[None]:
    """Ends what a failed test has left, which would hold the only slot."""
    yield
    for path in server.data.rglob("history.db"):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            rows = connection.execute(
                "SELECT pid FROM runs WHERE state IN ('running', 'paused', 'starting')"
            ).fetchall()
        for (worker,) in rows:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)


def open_training(visit: Visit, server: Server, query: str = "", **look: object) -> Tab:
    tab = visit(f"/training{query}", server=server, **look)  # type: ignore[arg-type]  # width and the like
    expect(button(tab.page, "Start training")).to_be_visible()
    return tab


def button(page: Page, name: str) -> Locator:
    """One of the page's own: Streamlit has a "Stop" in its header while a script runs."""
    return page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True)


def state(page: Page) -> Locator:
    """The run's state in a word."""
    return page.locator(".steer .state")


def expect_state(page: Page, word: str) -> None:
    expect(state(page)).to_have_text(word, timeout=LONG)


def reading(page: Page, name: str) -> str:
    """One of the numbers, as it is shown."""
    number = page.locator(".readings .number").filter(has=page.get_by_text(name, exact=True))
    return number.locator(".value > span").first.inner_text()


def step(page: Page) -> int:
    return int(reading(page, "step").replace(",", ""))


def fill(tab: Tab, name: str, value: str) -> None:
    box = tab.page.get_by_role("spinbutton", name=re.compile(f"^{name}"))
    box.fill(value)
    box.press("Enter")
    expect(box).to_have_value(value)


def start(tab: Tab) -> str:
    """The id of the run that a press on the button has started."""
    before = run_of(tab)
    button(tab.page, "Start training").click()
    tab.until(lambda: run_of(tab) not in (None, before), "the new run's id in the address")
    return run_of(tab) or ""


def run_of(tab: Tab) -> str | None:
    return parse_qs(urlsplit(tab.page.url).query).get("run", [None])[0]


def stored(server: Server, run: str) -> tuple[str, int, int]:
    """State, step and process of a run, from the history's file."""
    [path] = server.data.rglob("history.db")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        row: tuple[str, int, int] = connection.execute(
            "SELECT state, step, pid FROM runs WHERE id = ?", (run,)
        ).fetchone()
    return row


WATCH = """() => {
  window.blinks = [];
  const look = () => {
    const count = (key) => document.querySelectorAll(`.st-key-training_${key}`).length;
    const found = ["panel", "curves", "runs"].map(count).join();
    if (found !== "1,1,1") window.blinks.push(found);
    requestAnimationFrame(look);
  };
  look();
}"""


def test_the_net_learns_digits(visit: Visit, server: Server) -> None:
    tab = open_training(visit, server)
    tab.page.evaluate(WATCH)
    start(tab)
    expect_state(tab.page, "finished")
    assert tab.page.evaluate("window.blinks") == [], "nothing leaves the page, and nothing is there twice"
    assert float(reading(tab.page, "training loss")) < 0.2, "it began at 2.3"
    assert float(reading(tab.page, "validation accuracy").removesuffix(" %")) > 95
    expect(tab.page.locator(".js-plotly-plot")).to_be_visible()
    expect(tab.page.get_by_text("Twenty validation digits")).to_be_visible()
    expect(tab.page.locator(".tiles figure")).to_have_count(20)
    expect(tab.page.locator(".tiles figure.right")).not_to_have_count(0)
    scrub = tab.page.get_by_role("slider", name="step to look at")
    scrub.press("Home")
    expect(tab.page.get_by_text("after epoch 0")).to_be_visible()
    tab.shot("training-finished")


def test_a_number_out_of_range_is_said_and_not_trained(visit: Visit, server: Server) -> None:
    tab = open_training(visit, server)
    page = tab.page
    box = page.get_by_label(re.compile("^Batch size"))
    box.fill("0")
    box.press("Enter")
    expect(page.get_by_text("Batch size must be at least 1, got 0.")).to_be_visible()
    expect(button(page, "Start training")).to_be_disabled()
    button(page, "Back to 64").click()
    expect(button(page, "Start training")).to_be_enabled()
    expect(page.get_by_label(re.compile("^Batch size"))).to_have_value("64")


def test_hello_becomes_ohlol(visit: Visit, server: Server) -> None:
    tab = open_training(visit, server)
    tab.page.get_by_role("combobox", name=re.compile("Data")).click()
    tab.page.get_by_role("option", name="hello → ohlol").click()
    expect(tab.page.get_by_role("combobox", name=re.compile("Network"))).to_have_value(
        "hello: Embedding + RNN"
    )
    tab.idle()
    start(tab)
    expect_state(tab.page, "finished")
    expect(tab.page.get_by_text("5 of 5 letters right")).to_be_visible()
    said = tab.page.locator(".typed.scroll .sign")
    assert "".join(said.all_inner_texts()[-5:]) == "ohlol"
    assert said.last.evaluate("sign => sign.className") == "sign right"
    tab.shot("training-hello")


def test_a_run_outlives_the_page_and_can_be_steered_and_stopped(visit: Visit, server: Server) -> None:
    tab = open_training(visit, server)
    fill(tab, "Epochs", "1000")
    run = start(tab)
    expect_state(tab.page, "running")
    tab.until(lambda: step(tab.page) > 20, "twenty steps on the page", LONG / 1000)

    tab.page.get_by_role("link", name="Start", exact=True).click()
    expect(tab.page.get_by_role("heading", level=1)).not_to_have_text("Training")
    left_at = stored(server, run)[1]
    tab.until(lambda: stored(server, run)[1] > left_at, "the run going on without a page", LONG / 1000)
    tab.page.get_by_role("link", name="Training", exact=True).click()
    expect_state(tab.page, "running")
    assert run_of(tab) == run, "the address names the run again"

    tab.page.reload()
    expect_state(tab.page, "running")
    assert step(tab.page) > left_at
    assert run_of(tab) == run

    button(tab.page, "Pause").click()
    expect_state(tab.page, "paused")
    tab.idle()
    halted = stored(server, run)[1]
    button(tab.page, "Ten steps").click()
    tab.until(lambda: step(tab.page) == halted + 10, "ten steps more", LONG / 1000)
    slider = tab.page.get_by_role("slider", name="learning rate")
    expect(slider).to_have_attribute("aria-valuetext", "0.05")
    slider.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "0.02")
    mark = tab.page.locator(".plot text.event").filter(has_text="learning rate 0.02")
    expect(mark).to_be_visible(timeout=LONG)
    button(tab.page, "Resume").click()
    expect_state(tab.page, "running")
    tab.shot("training-running")

    button(tab.page, "Stop").click()
    expect_state(tab.page, "stopped")
    expect(tab.page.get_by_text(re.compile(r"Stopped at step \d"))).to_be_visible()
    assert stored(server, run)[0] == "stopped"
    [row] = tab.page.locator(".runs tr[aria-current]").all()
    expect(row).to_contain_text("stopped")


def test_two_tabs_steer_one_run(visit: Visit, server: Server) -> None:
    first = open_training(visit, server)
    fill(first, "Epochs", "1000")
    run = start(first)
    expect_state(first.page, "running")
    second = visit(f"/training?run={run}", server=server)
    expect_state(second.page, "running")
    second.until(lambda: step(second.page) > 20, "twenty steps in the second tab", LONG / 1000)

    button(first.page, "Pause").click()
    expect_state(second.page, "paused")
    expect_state(first.page, "paused")
    second.until(lambda: step(second.page) == stored(server, run)[1], "where the run halts", LONG / 1000)
    halted = step(second.page)
    button(first.page, "Step").click()
    second.until(lambda: step(second.page) == halted + 1, "a step that the other tab made", LONG / 1000)
    button(second.page, "Resume").click()
    expect_state(first.page, "running")
    button(second.page, "Stop").click()
    expect_state(first.page, "stopped")
    expect_state(second.page, "stopped")
    assert step(first.page) == step(second.page) == stored(server, run)[1]


def test_what_does_not_fit_the_memory_is_refused_with_a_batch_that_does(visit: Visit, server: Server) -> None:
    wide = {"kind": "Conv2d", "kernel_size": 3, "padding": 1}
    layers = [
        *({**wide, "out_channels": 2048} for _ in range(16)),  # about 270 GB at the batch below
        {"kind": "Flatten"},
        {"kind": "Linear", "out_features": 10},
    ]
    network = Network.model_validate({"input": {"dims": [1, 28, 28]}, "layers": layers})
    tab = open_training(visit, server, f"?net={network.to_link()}")
    fill(tab, "Batch size", "1437")
    alarm = tab.page.locator(".fitting .alarm")
    expect(alarm).to_contain_text("needs about", timeout=LONG)
    expect(button(tab.page, "Start training")).to_be_disabled()
    alarm.get_by_role("button", name=re.compile("^Use batch")).click()
    expect(alarm).to_have_count(0)
    expect(button(tab.page, "Start training")).to_be_enabled(timeout=LONG)
    assert run_of(tab) is None


def test_a_rewind_keeps_the_curve_before_it(visit: Visit, server: Server) -> None:
    tab = open_training(visit, server)
    fill(tab, "Epochs", "1000")
    start(tab)
    expect_state(tab.page, "running")
    tab.until(lambda: step(tab.page) > 60, "sixty steps", LONG / 1000)
    button(tab.page, "Pause").click()
    expect_state(tab.page, "paused")
    button(tab.page, "Rewind").click()
    tab.until(lambda: step(tab.page) == 0, "the first step again", LONG / 1000)
    expect(tab.page.locator(".plot .earlier").first).to_have_attribute("d", re.compile("M"))
    button(tab.page, "Stop").click()
    expect_state(tab.page, "stopped")


def test_a_run_that_diverges_says_what_to_try_and_tries_it(visit: Visit, server: Server) -> None:
    tab = open_training(visit, server)
    fill(tab, "Learning rate", "50")
    first = start(tab)
    expect_state(tab.page, "diverged")
    expect(tab.page.locator(".steer .alarm")).to_contain_text(
        "Try a learning rate of 0.05, where SGD usually"
    )
    tab.shot("training-diverged")
    button(tab.page, "Run again at learning rate 0.05").click()
    tab.until(lambda: run_of(tab) not in (None, first), "another run")
    expect(tab.page.get_by_role("spinbutton", name=re.compile("^Learning rate"))).to_have_value("0.05")
    expect(state(tab.page)).to_have_text(re.compile("finished"), timeout=LONG)


def test_a_network_that_does_not_fit_offers_a_repair_that_works(visit: Visit, server: Server) -> None:
    layers = [{"kind": "Flatten"}, {"kind": "Linear", "out_features": 17}]
    network = Network.model_validate({"input": {"dims": [1, 28, 28]}, "layers": layers})
    tab = open_training(visit, server, f"?net={network.to_link()}")
    expect(button(tab.page, "Start training")).to_be_disabled()
    expect(tab.page.locator(".fitting .alarm")).to_contain_text(
        "10 classes, but the network gives 17 numbers"
    )
    button(tab.page, "Set out_features = 10 on 2 Linear").click()
    expect(tab.page.locator(".fitting .alarm")).to_have_count(0)
    start(tab)
    expect_state(tab.page, "finished")


def test_a_worker_that_dies_is_reported_and_loses_nothing_that_was_drawn(
    visit: Visit, server: Server
) -> None:
    tab = open_training(visit, server)
    fill(tab, "Epochs", "1000")
    run = start(tab)
    expect_state(tab.page, "running")
    tab.until(lambda: step(tab.page) > 30, "thirty steps", LONG / 1000)
    drawn = step(tab.page)
    _, _, worker = stored(server, run)
    assert worker in [child.pid for child in psutil.Process(server.process.pid).children(recursive=True)]
    os.kill(worker, signal.SIGKILL)
    expect_state(tab.page, "lost")
    expect(tab.page.locator(".steer .alarm")).to_contain_text("Its curve up to there is kept.")
    assert step(tab.page) >= drawn
    expect(tab.page.locator(".js-plotly-plot")).to_be_visible()
    tab.shot("training-lost")
    button(tab.page, "Run again").first.click()
    tab.until(lambda: run_of(tab) != run, "the same run once more", LONG / 1000)
    expect_state(tab.page, "running")
    button(tab.page, "Stop").click()
    expect_state(tab.page, "stopped")


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True), (900, False), (900, True)])
def test_the_first_screen_shows_cause_and_effect(
    visit: Visit, server: Server, width: int, dark: bool
) -> None:
    tab = open_training(visit, server, width=width, dark=dark)
    page = tab.page
    for part in (
        button(page, "Start training"),
        state(page),
        page.locator(".readings"),
        page.locator("svg.plot"),
    ):
        box = part.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 900
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    tab.shot(f"training-ready-{width}{'-dark' if dark else ''}")


def test_polling_ends_with_the_run(visit: Visit, server: Server) -> None:
    tab = visit(None, server=server)
    messages: list[float] = []
    tab.page.on("websocket", lambda socket: socket.on("framesent", lambda _: messages.append(1)))
    tab.open("/training")
    tab.page.get_by_text("of memory.").wait_for(timeout=LONG)
    tab.idle()
    sent = len(messages)
    tab.page.wait_for_timeout(1_500)
    assert len(messages) == sent, "a page with nothing to wait for asks for nothing"
