"""The Runs page in the browser: find, name, delete, compare, take away, run again; links bring it back."""

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from numpy import ndarray
from playwright.sync_api import Locator, Page, expect

from netlib.training import OptimiserSpec, RunSpec
from netlib.training.store.history import History
from netlib.training.store.recorder import Recorder
from tests.browser.conftest import Visit
from tests.browser.server import ROOT, Server, running
from tests.browser.tab import PATIENCE, Tab
from tests.ui.training_stage import StandIn, falling, stage, started, trained
from ui.owner import person
from ui.training.bench import Bench

expect.set_options(timeout=PATIENCE)
SPEC = Bench.fresh().spec
ADAM = SPEC.with_(optimiser=OptimiserSpec.usual("Adam"))


class Kept(NamedTuple):
    """A server whose history was there before it: three runs by name, and one that stopped."""

    server: Server
    history: History
    wide: str
    slow: str
    other: str
    stopped: str


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("runs")
    pool = stage(folder / "data" / "architecture-explorer")
    runs = {
        "wide": weighed(pool, SPEC, 0.0),
        "slow": weighed(pool, ADAM, 0.4),
        "other": weighed(pool, SPEC.with_(seed=5), 0.1),
        "stopped": trained(pool, SPEC, falling(60), end="stopped"),
    }
    for name in ("wide", "slow"):
        pool.history.rename(runs[name], f"{name} net")
    with pool.history.database.writing() as connection:
        connection.execute("""UPDATE runs SET device = 'cpu', versions = '{"torch": "2.14.1"}'""")
    with running(folder) as server:
        yield Kept(server, pool.history, **runs)


def weighed(pool: StandIn, spec: RunSpec, more: float) -> str:
    """A finished run that has kept weights."""
    run, recorder = started(pool, spec)
    losses = [value + more for value in falling(230)]
    recorder.metrics("loss", 1, losses)
    for step in range(23, 231, 23):
        recorder.metrics("val_loss", step, [losses[step - 1] * 1.1])
        recorder.metrics("val_accuracy", step, [step / (step + 23) - more / 4])
    keep_weights(recorder)
    recorder.end("finished")
    return run


def keep_weights(recorder: Recorder) -> None:
    arrays: dict[str, ndarray] = {
        "model.0.weight": np.ones((10, 5), np.float32),
        "rng.cpu": np.zeros(8, np.uint8),
    }
    recorder.snapshot("checkpoint", 230, arrays)


def open_runs(visit: Visit, kept: Kept, query: str = "", **look: object) -> Tab:
    tab = visit(f"/runs{query}", server=kept.server, **look)  # type: ignore[arg-type]  # width and the like
    expect(tab.page.locator(".list tbody tr").first).to_be_visible()
    return tab


def row(page: Page, run: str) -> Locator:
    return page.locator(f'.list tr[data-run="{run}"]')


def names(page: Page) -> list[str]:
    return page.locator(".list button.open > span").all_inner_texts()


def unfold(page: Page, run: str) -> None:
    row(page, run).locator("button.open").click()
    expect(page.locator(".list tr.opened")).to_be_visible()


def asked(tab: Tab, name: str) -> str | None:
    return parse_qs(urlsplit(tab.page.url).query).get(name, [None])[0]


def test_runs_are_found_sorted_and_a_link_brings_the_view_back(visit: Visit, kept: Kept) -> None:
    tab = open_runs(visit, kept)
    search = tab.page.get_by_role("searchbox")
    search.press_sequentially("net adam")
    expect(row(tab.page, kept.wide)).to_have_count(0)
    assert names(tab.page) == ["slow net"]
    tab.until(lambda: asked(tab, "q") == "net adam", "the text in the address")
    search.fill("")
    expect(row(tab.page, kept.wide)).to_be_visible()
    tab.page.locator(".list").get_by_role("combobox", name="state").select_option("finished")
    expect(row(tab.page, kept.stopped)).to_have_count(0)
    tab.page.get_by_role("button", name="best loss").click()
    expect(tab.page.locator('th[aria-sort="ascending"]')).to_have_text("best loss")
    assert names(tab.page)[0] == "wide net", "the least loss first"
    tab.until(lambda: asked(tab, "sort") == "loss", "the order in the address")
    other = visit(urlsplit(tab.page.url)._replace(scheme="", netloc="").geturl(), server=kept.server)
    expect(row(other.page, kept.wide)).to_be_visible()
    expect(row(other.page, kept.stopped)).to_have_count(0)
    assert names(other.page) == names(tab.page)


def test_a_run_is_named_and_annotated_for_good(visit: Visit, kept: Kept) -> None:
    tab = open_runs(visit, kept)
    unfold(tab.page, kept.other)
    name = tab.page.get_by_role("textbox", name="name")
    name.fill("seed five <b>")
    name.press("Enter")
    rule = tab.page.locator(".list .rule")
    expect(rule).to_contain_text("A name is made of letters")
    expect(name).to_have_value("seed five <b>")
    name.fill("x" * 200)
    name.press("Enter")
    expect(rule).to_have_text("A name has at most 80 characters, got 200.")
    expect(name).to_have_value("x" * 200)
    tab.shot("runs-name-refused")
    name.fill("seed five")
    name.press("Enter")
    expect(row(tab.page, kept.other).locator("button.open > span")).to_have_text("seed five")
    expect(rule).to_be_hidden()
    note = tab.page.get_by_role("textbox", name="note")
    note.fill("the third try")
    note.blur()
    expect(row(tab.page, kept.other).locator(".noted")).to_have_text("the third try")
    assert kept.history.state(kept.other).note == "the third try"
    tab.shot("runs-opened")
    tab.page.reload()
    expect(row(tab.page, kept.other).locator(".noted")).to_have_text("the third try")


def test_deleting_asks_first(visit: Visit, kept: Kept) -> None:
    run = trained(StandIn(kept.history), SPEC, falling(20))
    tab = open_runs(visit, kept)
    unfold(tab.page, run)
    tab.page.get_by_role("button", name="Delete", exact=True).click()
    tab.page.get_by_role("button", name="Keep it").click()
    expect(tab.page.get_by_role("button", name="Delete", exact=True)).to_be_visible()
    assert kept.history.state(run).id == run
    tab.page.get_by_role("button", name="Delete", exact=True).click()
    tab.page.get_by_role("button", name="Delete for good").click()
    expect(row(tab.page, run)).to_have_count(0)
    expect(tab.page.locator(".list .note")).to_have_text(f"{run[:6]} has been deleted.")
    assert run not in [one.id for one in kept.history.runs()]


def test_ticked_runs_lie_over_each_other_and_a_link_brings_them_back(visit: Visit, kept: Kept) -> None:
    tab = open_runs(visit, kept)
    expect(tab.page.get_by_text("Tick a second run to compare.")).to_be_visible()
    for run in (kept.wide, kept.slow):
        box = row(tab.page, run).get_by_role("checkbox")
        box.set_checked(True)
        expect(row(tab.page, run).locator(".swatch")).to_be_visible()
    newest = tab.page.locator(".list .swatch.curve-0")
    if newest.count():  # the newest run was shown before
        shown = tab.page.locator(".list tr:has(.curve-0)").get_attribute("data-run")
        if shown not in (kept.wide, kept.slow):
            row(tab.page, shown or "").get_by_role("checkbox").set_checked(False)
    table = tab.page.locator(".differences > table")
    expect(table.locator("thead th")).to_have_count(2)
    expect(table.get_by_role("row", name=re.compile("Optimiser"))).to_contain_text("Adam")
    expect(table.get_by_role("row", name=re.compile("Seed"))).to_have_count(0)
    expect(tab.page.locator(".badge")).to_have_text("same seed, other optimiser")
    tab.until(lambda: asked(tab, "compare") == f"{kept.wide},{kept.slow}", "the runs in the address")
    tab.page.get_by_role("radio", name="seconds").click()
    tab.until(lambda: asked(tab, "axis") == "seconds", "the axis in the address")
    other = visit(urlsplit(tab.page.url)._replace(scheme="", netloc="").geturl(), server=kept.server)
    expect(other.page.locator(".badge")).to_have_text("same seed, other optimiser")
    expect(other.page.get_by_role("radio", name="seconds")).to_have_attribute("aria-checked", "true")
    expect(other.page.locator(".js-plotly-plot .annotation-text", has_text="wide net")).to_be_visible()
    other.shot("runs-compared")


def test_the_curves_can_be_zoomed_and_saved_as_a_picture(visit: Visit, kept: Kept) -> None:
    tab = open_runs(visit, kept, f"?compare={kept.wide},{kept.other}")
    expect(tab.page.locator(".badge")).to_have_text("different seeds")
    plot = tab.page.locator(".js-plotly-plot")
    plot.scroll_into_view_if_needed()
    area = plot.locator(".nsewdrag").first
    before = plot.locator(".xtick text, .x2tick text, .xaxislayer-above text").all_inner_texts()
    box = area.bounding_box()
    assert box is not None
    tab.page.mouse.move(box["x"] + 100, box["y"] + 40)
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + 300, box["y"] + 120, steps=5)
    tab.page.mouse.up()
    labels = plot.locator(".xtick text, .x2tick text, .xaxislayer-above text")
    tab.until(lambda: labels.all_inner_texts() != before, "other ticks after the zoom")
    with tab.page.expect_download() as got:
        plot.hover()
        plot.locator('[data-title*="ownload"]').click()
    assert got.value.suggested_filename == f"runs-{kept.wide}-{kept.other}.png"
    assert Path(got.value.path()).read_bytes().startswith(b"\x89PNG")


def test_weights_curves_and_settings_are_taken_away(visit: Visit, kept: Kept) -> None:
    tab = open_runs(visit, kept, f"?compare={kept.wide}")
    files = {}
    for word in ("Weights", "Curves", "Settings", "Python program", "Notebook"):
        with tab.page.expect_download() as got:
            tab.page.get_by_test_id("stMain").get_by_role("button", name=word, exact=True).click()
        files[got.value.suggested_filename] = Path(got.value.path()).read_bytes()
    assert list(files) == [
        f"run-{kept.wide}.safetensors",
        f"run-{kept.wide}-curves.csv",
        f"run-{kept.wide}-settings.json",
        f"run-{kept.wide}.py",
        f"run-{kept.wide}.ipynb",
    ]
    weights, curves, settings, *_ = files.values()
    header = json.loads(weights[8 : 8 + int.from_bytes(weights[:8], "little")])
    assert [name for name in header if name != "__metadata__"] == ["0.weight"]
    rows = list(csv.DictReader(curves.decode().splitlines()))
    assert len(rows) == 230
    assert float(rows[-1]["val_loss"]) == pytest.approx(falling(230)[-1] * 1.1, rel=1e-5)
    assert RunSpec.from_json(settings.decode()).network == SPEC.network


def test_a_run_is_run_again_and_its_network_opened(visit: Visit, kept: Kept) -> None:
    tab = open_runs(visit, kept)
    unfold(tab.page, kept.slow)
    tab.page.get_by_role("button", name="Open in the Builder").click()
    expect(tab.page.get_by_role("heading", level=1)).to_have_text("Builder")
    tab.until(lambda: asked(tab, "net") == SPEC.network.to_link(), "the network in the address")
    tab.page.get_by_role("link", name="Runs", exact=True).click()
    expect(tab.page.locator(".list tr.opened")).to_be_visible()
    tab.page.get_by_role("button", name="New seed").click()
    expect(tab.page.get_by_role("heading", level=1)).to_have_text("Training")
    tab.until(lambda: asked(tab, "run") is not None, "the new run in the address")
    new = kept.history.state(asked(tab, "run") or "")
    assert (new.seed, new.parent) == (1, kept.slow)


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True), (900, False), (900, True)])
def test_the_first_screen_shows_runs_and_curves(visit: Visit, kept: Kept, width: int, dark: bool) -> None:
    tab = open_runs(visit, kept, f"?compare={kept.wide},{kept.slow}", width=width, dark=dark)
    plot = tab.page.locator(".js-plotly-plot")
    expect(plot).to_be_visible()
    for part in (row(tab.page, kept.stopped), tab.page.locator(".bar-of-curves"), plot):
        expect(part).to_be_in_viewport()
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
    tab.shot(f"runs-{width}{'-dark' if dark else ''}")


def test_it_speaks_chinese(visit: Visit, kept: Kept) -> None:
    tab = open_runs(visit, kept, f"?lang=zh&compare={kept.wide},{kept.slow}")
    expect(tab.page.get_by_role("heading", level=1)).to_have_text("运行记录")
    expect(tab.page.locator(".badge")).to_have_text("种子相同，优化器不同")
    expect(tab.page.locator(".differences > table")).to_contain_text("优化器")
    expect(tab.page.get_by_role("button", name="下载")).to_be_visible()
    tab.shot("runs-chinese")


def test_an_empty_history_leads_to_the_training_page(visit: Visit, tmp_path: Path) -> None:
    with running(tmp_path) as server:
        tab = visit("/runs", server=server)
        expect(tab.page.get_by_text("No run has been started yet.").first).to_be_visible()
        tab.page.get_by_test_id("stMain").get_by_role("button", name="Start training").click()
        expect(tab.page.get_by_role("heading", level=1)).to_have_text("Training")
        tab.close()


def test_on_a_server_for_several_people_each_browser_has_its_own_runs(visit: Visit, tmp_path: Path) -> None:
    pool = stage(tmp_path / "data" / "architecture-explorer")
    run = trained(pool, SPEC, falling(20))
    shared = {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}
    with running(tmp_path, app=ROOT / "app.py", environment=shared) as server:
        tab = visit("/runs", server=server)
        unfold(tab.page, run)
        expect(tab.page.get_by_text("Somebody else's run")).to_be_visible()
        expect(tab.page.get_by_role("button", name="Delete", exact=True)).to_have_count(0)
        expect(tab.page.get_by_role("textbox", name="name")).to_be_disabled()
        tab.until(lambda: identity(tab) is not None, "an id of this browser")
        mine = hashlib.sha256((identity(tab) or "").encode()).hexdigest()[:32]
        with pool.history.database.writing() as connection:
            connection.execute("UPDATE runs SET owner = ?", (mine,))
        tab.page.reload()
        unfold(tab.page, run)
        expect(tab.page.get_by_role("button", name="Delete", exact=True)).to_be_visible()
        tab.close()


def identity(tab: Tab) -> str | None:
    held = {cookie.get("name"): cookie.get("value") for cookie in tab.page.context.cookies()}
    found = held.get(person.COOKIE)
    return found if found and person.IDENTITY.fullmatch(found) else None


def test_a_network_is_saved_in_the_builder_and_opened_from_here(visit: Visit, kept: Kept) -> None:
    tab = visit("/builder", server=kept.server)
    tab.page.get_by_role("button", name="File").click()
    name = tab.page.get_by_role("textbox", name="Name to save it under")
    name.fill("my first net")
    name.press("Enter")
    expect(tab.page.get_by_text("Saved as my first net.")).to_be_visible()
    tab.page.get_by_role("link", name="Runs", exact=True).click()
    line = tab.page.locator(".networks li", has_text="my first net")
    expect(line).to_contain_text("8,490 parameters")
    line.scroll_into_view_if_needed()
    tab.shot("runs-networks")
    line.get_by_role("button", name="Train it").click()
    expect(tab.page.get_by_role("heading", level=1)).to_have_text("Training")
    tab.page.get_by_role("link", name="Runs", exact=True).click()
    line.get_by_role("button", name="Delete: my first net").click()
    line.get_by_role("button", name="Delete for good").click()
    expect(line).to_have_count(0)
