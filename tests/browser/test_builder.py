"""The builder in the browser, as a person uses it."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from netlib import Network, trace
from netlib.presets import preset
from tests.browser.conftest import Visit
from tests.browser.tab import PATIENCE, Tab
from ui.numbers import dimensions, exact, short

expect.set_options(timeout=PATIENCE)


def row(page: Page, path: str) -> Locator:
    return page.locator(f'.row[data-path="{path}"]')


def opened(page: Page) -> Locator:
    return page.locator(".opened")


def titles(page: Page) -> list[str]:
    return page.locator(".body .row .name > b").all_inner_texts()


def open_row(page: Page, path: str) -> None:
    row(page, path).click()
    expect(row(page, path)).to_have_attribute("aria-selected", "true")
    expect(opened(page)).to_be_visible()


def type_value(page: Page, label: str, value: str) -> None:
    box = opened(page).get_by_role("spinbutton", name=label)
    box.fill(value)
    box.press("Enter")


def take(page: Page, slug: str) -> None:
    page.get_by_role("button", name="Presets").click()
    page.locator(f'[data-slug="{slug}"]').click()


def link_of(page: Page, seen: str = "") -> str:
    """The address once it holds another network than `seen`."""
    expect(page).not_to_have_url(seen or re.compile("^$"))
    expect(page).to_have_url(re.compile(r"net=1\."))
    return page.url


@pytest.fixture
def tab(visit: Visit) -> Tab:
    found = visit("/builder")
    expect(row(found.page, "7")).to_be_visible()
    return found


def test_the_page_opens_with_computed_numbers(tab: Tab) -> None:
    found = trace(preset("net"))
    for step in found.steps:
        assert step.output
        expect(row(tab.page, step.path).locator(".shape-cell")).to_have_text(dimensions(step.output.dims))
        if step.params:
            expect(row(tab.page, step.path).locator(".cost").first).to_contain_text(exact(step.params))
    expect(tab.page.locator(".total.of-weight b")).to_have_text(short(found.params))
    expect(tab.page.locator(".total.of-compute b")).to_have_text(short(found.macs))
    expect(tab.page.locator(".code")).to_contain_text("nn.Conv2d(1, 10, kernel_size=5)")
    tab.shot("builder")


def test_a_kernel_changes_and_its_link_shows_the_same_network_elsewhere(tab: Tab, visit: Visit) -> None:
    page = tab.page
    take(page, "net")
    open_row(page, "0")
    before = page.url
    type_value(page, "Kernel size k", "3")
    expect(row(page, "0").locator(".shape-cell")).to_have_text("10 × 26 × 26")
    expect(opened(page).locator(".sums")).to_contain_text("⌊(28 + 2·0 − 1·(3 − 1) − 1) / 1⌋ + 1 = 26")
    link = link_of(page, before)
    other = visit(link.removeprefix(tab.address))
    expect(row(other.page, "0").locator(".shape-cell")).to_have_text("10 × 26 × 26")
    expect(row(other.page, "3").locator(".shape-cell")).to_have_text("20 × 9 × 9")


def test_a_slider_moves_the_numbers_while_it_is_held(tab: Tab) -> None:
    page = tab.page
    open_row(page, "0")
    slide = opened(page).get_by_role("slider", name="Filters C_out")
    box = slide.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 20, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, middle, steps=8)
    expect(row(page, "0").locator(".shape-cell")).not_to_have_text("10 × 24 × 24")
    page.mouse.move(box["x"] + box["width"] - 2, middle, steps=8)
    expect(row(page, "0").locator(".shape-cell")).to_have_text("64 × 24 × 24")
    page.mouse.up()
    page.keyboard.press("Control+z")
    expect(row(page, "0").locator(".shape-cell")).to_have_text("10 × 24 × 24")


def test_a_fault_names_its_layer_and_a_repair_mends_it(tab: Tab) -> None:
    page = tab.page
    open_row(page, "7")
    opened(page).get_by_role("button", name="Unlock").click()
    type_value(page, "Input features", "784")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("in_features is 784, but 320 values arrive")
    expect(row(page, "7").locator(".shape-cell")).to_have_text("✕")
    expect(row(page, "6").locator(".shape-cell")).to_have_text("320")
    expect(page.locator(".code .fault-line")).to_contain_text("# 8 Linear cannot run")
    tab.shot("builder_fault")
    page.get_by_role("button", name="use in_features = 320").click()
    expect(alert).to_have_count(0)
    expect(row(page, "7").locator(".shape-cell")).to_have_text("10")


def test_rows_below_a_fault_stay(tab: Tab) -> None:
    page = tab.page
    open_row(page, "3")
    type_value(page, "Kernel size k", "15")
    expect(page.get_by_role("alert")).to_contain_text("kernel_size 15 does not fit")
    expect(row(page, "5")).to_have_class(re.compile("below"))
    assert titles(page) == ["Input", *(block.kind for block in preset("net").layers)]
    page.get_by_role("button", name="set padding = 2").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(opened(page).get_by_role("spinbutton", name="Padding p")).to_be_focused()
    expect(opened(page).get_by_role("spinbutton", name="Padding p")).to_have_value("2")


def test_layers_are_added_moved_duplicated_deleted_and_all_of_it_undone(tab: Tab) -> None:
    page = tab.page
    kinds = ["Input", *(block.kind for block in preset("net").layers)]
    page.get_by_role("button", name="Add layer").first.click()
    page.get_by_role("searchbox", name="Search layers").fill("dropout")
    page.keyboard.press("Enter")
    expect(row(page, "8")).to_be_focused()
    assert titles(page) == [*kinds, "Dropout"]
    opened(page).get_by_role("button", name="Move up").click()
    expect(row(page, "7")).to_have_attribute("aria-selected", "true")
    assert titles(page) == [*kinds[:-1], "Dropout", "Linear"]
    opened(page).get_by_role("button", name="Duplicate").click()
    expect(row(page, "9")).to_be_visible()
    assert titles(page) == [*kinds[:-1], "Dropout", "Dropout", "Linear"]
    opened(page).get_by_role("button", name="Delete").click()
    expect(row(page, "9")).to_have_count(0)
    undo = page.get_by_role("button", name="Undo")
    for _ in range(4):
        undo.click()
    expect(undo).to_be_disabled()
    assert titles(page) == kinds
    redo = page.get_by_role("button", name="Redo")
    redo.click()
    redo.click()
    expect(row(page, "8").locator("b")).to_have_text("Linear")
    assert titles(page) == [*kinds[:-1], "Dropout", "Linear"]


def test_a_fraction_is_typed_freely_and_an_order_with_commas(tab: Tab) -> None:
    page = tab.page
    for kind in ("Dropout", "Permute"):
        page.get_by_role("button", name="Add layer").first.click()
        page.get_by_role("searchbox").fill(kind)
        page.keyboard.press("Enter")
        expect(row(page, "8" if kind == "Dropout" else "9").locator("b")).to_have_text(kind)
        if kind == "Dropout":
            type_value(page, "Share dropped p", "0.333")
            expect(row(page, "8").locator(".says")).to_have_text("p=0.333")
    order = opened(page).get_by_role("textbox", name="Order of axes")
    order.fill("0, 1")
    order.press("Enter")
    expect(row(page, "9").locator(".says")).to_have_text("(0, 1)")
    order.fill("zero")
    order.press("Enter")
    expect(page.locator(".note")).to_contain_text("dims must be a list of whole numbers")
    expect(order).to_have_value("0, 1")


def test_a_layer_is_dragged_into_a_block(tab: Tab) -> None:
    page = tab.page
    take(page, "resnet-mnist")
    expect(row(page, "3.branches.0.0")).to_be_visible()
    grip, target = row(page, "1").locator(".grip"), row(page, "3.branches.0.1")
    start, end = grip.bounding_box(), target.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 6, start["y"] + 18)
    page.mouse.down()
    page.mouse.move(end["x"] + 200, end["y"] + end["height"] - 3, steps=6)
    expect(page.locator(".drop-line")).to_be_visible()
    page.mouse.up()
    expect(row(page, "2.branches.0.2").locator("b")).to_have_text("ReLU")
    expect(row(page, "2.branches.0.2")).to_have_attribute("aria-selected", "true")


def test_branches_are_edited_inside(tab: Tab) -> None:
    page = tab.page
    take(page, "inception-mnist")
    open_row(page, "3")
    opened(page).get_by_role("button", name="Add branch").click()
    empty = page.locator(".row.empty")
    expect(empty).to_contain_text("Passes its input on")
    expect(row(page, "3").locator(".shape-cell")).to_have_text("98 × 12 × 12")
    empty.get_by_role("button", name="Add layer").click()
    page.get_by_role("searchbox").fill("conv2d")
    page.keyboard.press("Enter")
    expect(row(page, "3.branches.4.0")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("concat joins the C axis")
    type_value(page, "Kernel size k", "1")
    expect(row(page, "3").locator(".shape-cell")).to_have_text("104 × 12 × 12")
    expect(page.locator(".diagram .segment")).to_have_count(9)
    row(page, "3.branches.4").get_by_role("button", name="Delete branch").click()
    expect(row(page, "3").locator(".shape-cell")).to_have_text("88 × 12 × 12")


def test_a_network_is_saved_as_a_file_and_read_again(tab: Tab, tmp_path: Path) -> None:
    page = tab.page
    page.get_by_role("button", name="File", exact=True).click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download JSON").click()
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    assert Network.from_json(file.read_text(encoding="utf-8")) == preset("net")
    spec = json.loads(file.read_text(encoding="utf-8"))
    spec["layers"][0]["out_channels"] = 12
    file.write_text(json.dumps(spec), encoding="utf-8")
    upload(page, file)
    expect(row(page, "0").locator(".shape-cell")).to_have_text("12 × 24 × 24")
    file.write_text("{", encoding="utf-8")
    upload(page, file)
    expect(page.locator(".note")).to_contain_text("this is not JSON")
    expect(row(page, "0").locator(".shape-cell")).to_have_text("12 × 24 × 24")


def upload(page: Page, file: Path) -> None:
    page.get_by_role("button", name="File", exact=True).click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload JSON").click()
    chooser.value.set_files(file)


def test_the_program_is_saved_as_a_file(tab: Tab, tmp_path: Path) -> None:
    with tab.page.expect_download() as saved:
        tab.page.locator(".program").get_by_role("button", name="Download").click()
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    assert saved.value.suggested_filename == "model.py"
    compile(text, "model.py", "exec")


def test_the_picked_row_is_marked_in_program_and_diagram(tab: Tab) -> None:
    page = tab.page
    open_row(page, "3")
    expect(page.locator(".code .marked")).to_contain_text("nn.Conv2d(10, 20, kernel_size=5)")
    expect(page.locator(".diagram .chosen")).to_have_attribute("data-path", "3")
    row(page, "7").hover()
    expect(page.locator(".diagram .pointed")).to_have_attribute("data-path", "7")
    page.locator('.diagram [data-path="4"] .front').hover()
    expect(row(page, "4")).to_have_class(re.compile("pointed"))
    page.locator('.diagram [data-path="4"] .front').click()
    expect(row(page, "4")).to_have_attribute("aria-selected", "true")


def test_the_keyboard_is_enough(tab: Tab) -> None:
    page = tab.page
    row(page, "input").focus()
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    expect(row(page, "3")).to_be_focused()
    page.keyboard.press("Enter")
    expect(opened(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(opened(page)).to_have_count(0)
    page.keyboard.press("Alt+ArrowDown")
    expect(row(page, "4").locator("b")).to_have_text("Conv2d")
    expect(row(page, "4")).to_be_focused()
    page.keyboard.press("Delete")
    expect(row(page, "7")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(row(page, "7")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(row(page, "3").locator("b")).to_have_text("Conv2d")
    page.keyboard.press("Control+Shift+z")
    expect(row(page, "3").locator("b")).to_have_text("MaxPool2d")


def test_a_kept_network_is_compared_and_taken_back(tab: Tab) -> None:
    page = tab.page
    page.get_by_role("button", name="Keep as A").click()
    expect(page.get_by_role("button", name="Back to A")).to_be_disabled()
    open_row(page, "0")
    type_value(page, "Filters C_out", "20")
    expect(page.locator(".total.of-weight .news")).to_have_text("+62 %")
    page.get_by_role("button", name="Back to A").click()
    expect(page.locator(".total.of-weight b")).to_have_text("8,490")
    page.get_by_role("button", name="Forget A").click()
    expect(page.get_by_role("button", name="Keep as A")).to_be_visible()


def test_the_seal_turns_up_and_opens(tab: Tab) -> None:
    page = tab.page
    seal = page.locator(".stamp.sealed")
    expect(page.locator(".stamp.sealed, .stamp.unanswered")).to_be_visible(timeout=180_000)
    if not seal.is_visible():  # a busy machine: the person asks again
        page.locator(".stamp.unanswered").click()
    expect(seal).to_be_visible(timeout=180_000)
    seal.click()
    verdict = page.get_by_role("dialog", name="Counted three times")
    expect(verdict).to_contain_text("torchinfo adds the 5,760 bias additions")
    expect(verdict.get_by_role("row", name="Total")).to_contain_text("474,250")
    verdict.get_by_text("torchinfo's own summary").click()
    expect(verdict.locator("pre")).to_contain_text("Total params: 8,490")
    tab.shot("builder_seal")


def test_a_damaged_link_ends_in_a_sentence(visit: Visit) -> None:
    tab = visit("/builder?net=1.damaged")
    expect(tab.page.locator(".note")).to_contain_text("this link is damaged")
    expect(row(tab.page, "7")).to_be_visible()
    tab.page.locator(".note").get_by_role("button", name="Close").click()
    expect(tab.page.locator(".note")).to_be_hidden()


def test_the_way_back_of_the_browser_goes_back(tab: Tab) -> None:
    page = tab.page
    before = link_of(page)
    take(page, "lenet5")
    expect(row(page, "11")).to_be_visible()
    link_of(page, before)
    page.go_back()
    expect(row(page, "11")).to_have_count(0)
    expect(row(page, "7")).to_be_visible()


def test_the_language_changes_in_place(tab: Tab) -> None:
    page = tab.page
    open_row(page, "0")
    page.get_by_role("radio", name="中文").click()
    expect(page.get_by_role("button", name="添加层").first).to_be_visible()
    expect(opened(page)).to_contain_text("卷积核大小")
    expect(row(page, "0").locator(".shape-cell")).to_have_text("10 × 24 × 24")


def test_the_network_goes_along_to_the_training_page(tab: Tab) -> None:
    page = tab.page
    open_row(page, "0")
    type_value(page, "Filters C_out", "12")
    expect(row(page, "0").locator(".shape-cell")).to_have_text("12 × 24 × 24")
    page.get_by_role("button", name="Train this").click()
    expect(page).to_have_url(re.compile(r"/training\?.*net=1\."))
    page.get_by_role("link", name="Builder").click()
    expect(row(page, "0").locator(".shape-cell")).to_have_text("12 × 24 × 24")


@pytest.mark.parametrize(("width", "dark"), [(1440, True), (900, False)])
def test_nothing_is_cut_off(visit: Visit, width: int, dark: bool) -> None:
    tab = visit("/builder", width=width, dark=dark)
    page = tab.page
    open_row(page, "0")
    expect(opened(page).locator(".sums")).to_be_visible()
    tab.shot(f"builder_{width}_{'dark' if dark else 'light'}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut = page.locator(".opened .dial .label > span:first-child, .body .name > b").evaluate_all(
        "spans => spans.filter((span) => span.scrollWidth > span.clientWidth + 1).map((span) => span.textContent)"
    )
    assert cut == []


def test_every_preset_is_drawn(tab: Tab) -> None:
    page = tab.page
    for slug in ("googlenet", "resnet152", "hello-embedding", "vgg16", "inception-mnist"):
        take(page, slug)
        found = trace(preset(slug))
        expect(page.locator(".total.of-weight b")).to_have_text(short(found.params))
        page.locator(".body .row").last.scroll_into_view_if_needed()
        page.mouse.wheel(0, -5_000)


def test_no_message_carries_the_program(visit: Visit) -> None:
    """The program is a hundred kilobytes; a class on one wireless network moves sliders all the time."""
    tab = visit("/builder")
    page = tab.page
    open_row(page, "0")
    sizes: list[int] = []
    page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda payload: sizes.append(len(payload))),
    )
    page.reload()
    open_row(page, "0")
    before = page.locator(".total.of-weight b").inner_text()
    sizes.clear()
    type_value(page, "Filters C_out", "11")
    expect(page.locator(".total.of-weight b")).not_to_have_text(before)
    assert sizes
    assert max(sizes) < 40_000


def test_a_preset_is_found_by_its_words_and_named_once_it_is_there(tab: Tab) -> None:
    page = tab.page
    button = page.get_by_role("button", name="Presets")
    expect(button).to_contain_text("Net (320 → 10)")
    button.click()
    expect(page.locator('[data-slug="net"]')).to_have_attribute("aria-current", "true")
    search = page.get_by_role("searchbox", name="Search presets")
    expect(search).to_be_focused()
    search.fill("resnet 50 paper")
    shown = page.locator(".presets .entry:visible")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text(short(trace(preset("resnet50-paper")).params))
    search.press("Enter")
    expect(button).to_contain_text("paper")
    open_row(page, "0")
    type_value(page, "Filters C_out", "63")
    expect(button).to_have_text("Presets")
    button.click()
    search.fill("transformer of 2031")
    expect(page.get_by_text("No preset has all these words.")).to_be_visible()
