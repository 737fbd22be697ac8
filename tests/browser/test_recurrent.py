"""The recurrent page in the browser."""

import json
import re
from math import tanh
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from netlib import trace
from netlib.network import Network
from tests.browser.conftest import Visit
from tests.browser.tab import PATIENCE, Tab
from ui.lab.link import packed
from ui.numbers import exact
from ui.recurrent.layer import network_of
from ui.recurrent.state import RecurrentState

expect.set_options(timeout=PATIENCE)

CASES = Path(__file__).parent.parent / "cases" / "seed_cases.json"
SEEDS: dict[str, dict[str, Any]] = {
    case["id"]: case for case in json.loads(CASES.read_text(encoding="utf-8"))["cases"]
}
WARM = 240_000
"""Milliseconds that the first values may take: a worker has to load PyTorch."""
EQUAL = re.compile(r"equals nn\.(\w+), difference (?:0|([\d.]+) × 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))$")
DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def address(**fields: Any) -> str:
    return f"/recurrent?state={packed({'now': fields})}"


def picture(tab: Tab) -> Locator:
    return tab.page.locator(".picture.recurrent")


def difference(tab: Tab, kind: str) -> float:
    """What the badge says, once it says it."""
    badge = picture(tab).locator(".badge")
    expect(badge).to_have_text(re.compile(f"nn.{kind}, difference "), timeout=WARM)
    found = EQUAL.match(badge.inner_text())
    assert found is not None, badge.inner_text()
    assert found[1] == kind
    return float(found[2]) * 10 ** int(found[3].translate(DIGITS)) if found[2] else 0.0


def tensor(tab: Tab, name: str) -> Locator:
    return picture(tab).locator(f"[data-tensor={name}] .shape b")


def lefts(tab: Tab, selector: str) -> list[float]:
    """The left ends of what is drawn, at one moment: a redrawing replaces it."""
    found = picture(tab).locator(selector)
    return [float(x) for x in found.evaluate_all("all => all.map((one) => one.getBoundingClientRect().x)")]


def code(tab: Tab) -> Locator:
    return picture(tab).locator(".code-line code")


def settled(tab: Tab, state: RecurrentState) -> None:
    """Waits until Python has counted this state: the address says so."""
    wanted = packed({"now": state.model_dump(mode="json", exclude_defaults=True)})
    tab.until(lambda: wanted in tab.page.url, f"the address of {state}")


def test_kinds_layers_and_directions_change_picture_sums_and_shapes(visit: Visit) -> None:
    tab = visit("/recurrent")
    assert difference(tab, "LSTM") < 1e-5
    for kind in ("RNN", "GRU", "LSTM"):
        tab.page.get_by_role("radio", name=kind, exact=True).click()
        state = RecurrentState(kind=kind)
        expect(code(tab)).to_have_text(f"nn.{kind}(4, 8, num_layers=2, batch_first=True)")
        params = picture(tab).locator(".sums .counted .value > span").first
        expect(params).to_have_text(exact(trace(network_of(state)).params))
        assert difference(tab, kind) < 1e-5
    tab.page.get_by_label("bidirectional").check()
    expect(tensor(tab, "output")).to_have_text("3 × 5 × 16")
    expect(tensor(tab, "h_n")).to_have_text("4 × 3 × 8")
    expect(picture(tab).locator(".cells .cell")).to_have_count(4 * 5)
    # The backward lane's last state stands at the left end of the picture.
    forward, backward = lefts(tab, ".outlines .last .dashes")[:2]
    assert backward < forward
    assert difference(tab, "LSTM") < 1e-5
    layers = tab.page.get_by_role("slider", name="layers")
    layers.focus()
    layers.press("Home")
    expect(tensor(tab, "h_n")).to_have_text("2 × 3 × 8")
    settled(tab, RecurrentState(bidirectional=True, num_layers=1))


def test_batch_first_relabels_and_moves_nothing(visit: Visit) -> None:
    tab = visit("/recurrent")
    expect(tensor(tab, "x")).to_have_text("3 × 5 × 4")
    before = lefts(tab, ".cells .cell")
    assert len(before) == 2 * 5
    tab.page.get_by_label("batch_first").uncheck()
    expect(tensor(tab, "x")).to_have_text("5 × 3 × 4")
    expect(tensor(tab, "output")).to_have_text("5 × 3 × 8")
    expect(tensor(tab, "h_n")).to_have_text("2 × 3 × 8")
    assert lefts(tab, ".cells .cell") == before


def test_a_cell_has_neither_layers_nor_directions(visit: Visit) -> None:
    tab = visit(address(bidirectional=True))
    tab.page.get_by_role("radio", name="cell").click()
    expect(code(tab)).to_have_text("nn.LSTMCell(4, 8)")
    expect(tab.page.get_by_role("slider", name="layers")).to_be_hidden()
    expect(tab.page.get_by_label("bidirectional")).to_be_hidden()
    expect(picture(tab).locator(".badge")).to_have_text(
        re.compile("equals a loop of nn.LSTMCell"), timeout=WARM
    )


def test_a_typed_word_is_read_letter_by_letter(visit: Visit) -> None:
    tab = visit("/recurrent")
    word = tab.page.get_by_label("your word")
    word.fill("banana")
    expect(picture(tab).locator(".cells .letter text")).to_have_text(list("banana"))
    settled(tab, RecurrentState(word="banana", steps=6))
    assert difference(tab, "LSTM") < 1e-5
    expect(code(tab)).to_have_text("nn.LSTM(4, 8, num_layers=2, batch_first=True)")
    word.fill("recurrent")
    expect(code(tab)).to_have_text("nn.LSTM(6, 8, num_layers=2, batch_first=True)")


def test_a_clicked_unit_shows_its_equation_and_the_numbers_add_up(visit: Visit) -> None:
    tab = visit("/recurrent")
    difference(tab, "LSTM")
    picture(tab).locator('.cell .unit[data-place="1 3 5"]').click()
    expect(picture(tab).locator(".explain .who")).to_have_text("layer 1, t = 3 “l”, unit 5")
    cell, hidden = picture(tab).locator(".explain .lines p").all_inner_texts()
    f, c, i, g, new = map(float, re.findall(r"-?\d\.\d{3}", cell.replace("−", "-")))
    assert f * c + i * g == pytest.approx(new, abs=2e-3)
    o, inside, h = map(float, re.findall(r"-?\d\.\d{3}", hidden.replace("−", "-")))
    assert inside == new
    assert h == pytest.approx(o * tanh(inside), abs=2e-3)
    tab.until(lambda: "state=" in tab.page.url, "the place in the address")


def test_arrow_keys_move_over_cells_and_units(visit: Visit) -> None:
    tab = visit("/recurrent")
    who = picture(tab).locator(".explain .who")
    svg = picture(tab).locator("svg.unrolled")
    svg.focus()
    for key in ("ArrowUp", "ArrowRight"):
        svg.press(key)
    expect(who).to_have_text("layer 1, t = 3 “l”, unit 1")
    maps = picture(tab).locator(".maps")
    maps.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowLeft"):
        maps.press(key)
    expect(who).to_have_text("layer 1, t = 2 “l”, unit 3")
    settled(tab, RecurrentState(at=(1, 0, 2, 3)))


def test_a_link_restores_everything(visit: Visit) -> None:
    state = RecurrentState(kind="GRU", hidden_size=5, num_layers=3, bidirectional=True, word="sun", steps=3)
    tab = visit(address(**state.model_dump(mode="json", exclude_defaults=True)))
    expect(code(tab)).to_have_text("nn.GRU(4, 5, num_layers=3, batch_first=True, bidirectional=True)")
    expect(tab.page.get_by_label("your word")).to_have_value("sun")
    expect(picture(tab).locator(".cells .cell")).to_have_count(6 * 3)


@pytest.mark.parametrize(
    "state", ["1.AAAA", packed({"now": {"steps": 10**9}}), packed({"now": {"word": "\u202e"}})]
)
def test_a_damaged_link_ends_in_a_sentence_and_the_usual_start(visit: Visit, state: str) -> None:
    tab = visit(f"/recurrent?state={state}")
    expect(picture(tab).locator(".note")).to_contain_text("Here is the usual start instead.")
    expect(code(tab)).to_have_text("nn.LSTM(4, 8, num_layers=2, batch_first=True)")


def test_a_drag_counts_before_python_hears_of_it(visit: Visit) -> None:
    tab = visit("/recurrent")
    slider = tab.page.get_by_role("slider", name="hidden size")
    box = slider.bounding_box()
    assert box is not None
    tab.page.mouse.move(box["x"] + box["width"] * 0.35, box["y"] + box["height"] / 2)
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + box["width"] - 8, box["y"] + box["height"] / 2, steps=6)
    params = picture(tab).locator(".sums .counted .value > span").first
    expect(params).to_have_text(exact(trace(network_of(RecurrentState(hidden_size=128))).params))
    assert "state=" not in tab.page.url
    tab.page.mouse.up()
    settled(tab, RecurrentState(hidden_size=128))


def test_kept_as_a_the_difference_stands_beside_the_number(visit: Visit) -> None:
    tab = visit("/recurrent")
    tab.page.get_by_role("button", name="Keep as A").click()
    tab.page.get_by_role("radio", name="RNN").click()
    expect(picture(tab).locator(".sums .counted .news")).to_have_text("−75 %")
    expect(picture(tab).locator(".keep .caption")).to_have_text("A: LSTM 4→8, L 2")


def test_the_layer_goes_into_the_builder_and_hello_to_training(visit: Visit) -> None:
    tab = visit("/recurrent")
    tab.page.get_by_role("button", name="Take into the Builder").click()
    expect(tab.page).to_have_url(re.compile("/builder.*net="))
    link = re.search(r"net=([^&]+)", tab.page.url)
    assert link is not None
    assert Network.from_link(link[1]) == network_of(RecurrentState())
    tab.open("/recurrent")
    tab.page.get_by_role("button", name="Train this").click()
    expect(tab.page).to_have_url(re.compile("/training.*data=hello"))


def test_only_hello_can_be_trained(visit: Visit) -> None:
    tab = visit(address(word="banana", steps=6))
    button = tab.page.get_by_role("button", name="Train this")
    expect(button).to_be_disabled()
    expect(button).to_have_attribute("title", re.compile("'hello'"))


def test_exercises_reveal_the_lectures_figures(visit: Visit) -> None:
    tab = visit("/recurrent")
    for name, case in (("layers", "rnn.layers2"), ("both-directions", "rnn.bi2")):
        row = SEEDS[case]["layers"][0]
        task = picture(tab).locator(f"[data-name={name}]")
        task.locator("summary").click()
        task.locator(".question input").first.fill(" x ".join(map(str, row["output_shape"])))
        task.get_by_role("button", name="Reveal").click()
        answers = [row["output_shape"], row["hidden_shapes"][0], [row["params"]], [row["macs"]]]
        for index, answer in enumerate(answers):
            verdict = task.locator(".verdict").nth(index)
            expect(verdict).to_contain_text(" × ".join(map(exact, answer)))
        expect(task.locator(".verdict").first).to_have_class(re.compile("right"))
        expect(tensor(tab, "output")).to_have_text(" × ".join(map(exact, row["output_shape"])))


@pytest.mark.parametrize("width", [900, 1440])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_the_page_fits_its_width_and_speaks(visit: Visit, width: int, dark: bool, locale: str) -> None:
    tab = visit(address(bidirectional=True), width=width, dark=dark, locale=locale)
    expect(tab.page.get_by_role("heading", level=1)).to_have_text(
        "循环" if locale == "zh-CN" else "Recurrent"
    )
    overflow = picture(tab).evaluate("node => node.scrollWidth - node.clientWidth")
    assert overflow <= 0
    assert picture(tab).locator("svg.unrolled").bounding_box() is not None
    tab.shot(f"recurrent_{width}_{'dark' if dark else 'light'}_{locale[:2]}")


def test_the_memory_of_each_output_is_shown_and_said(visit: Visit) -> None:
    tab = visit("/recurrent")
    difference(tab, RecurrentState().kind)
    cells = picture(tab).locator(".memory-grid i")
    expect(cells).to_have_count(RecurrentState().steps ** 2)
    expect(cells.first).to_have_attribute("title", re.compile(r"^‖∂output\[0\]/∂x\[0\]‖ = \d"))
    expect(picture(tab).locator(".remembered .moral")).to_contain_text("counts")


def test_a_held_gate_changes_the_states_and_says_how_far(visit: Visit) -> None:
    tab = visit("/recurrent")
    difference(tab, RecurrentState().kind)
    group = tab.page.get_by_role("radiogroup", name="Hold f, forget gate")
    before = picture(tab).locator(".maps [data-map=c] .foot b").inner_text()
    group.get_by_role("radio", name="1").click()
    expect(picture(tab).locator(".explain .badge")).to_contain_text(
        "f = 1 held: nn.LSTM itself differs by up to"
    )
    expect(picture(tab).locator(".maps [data-map=f] .foot")).to_have_text(re.compile(r"held\s*= 1\.00"))
    expect(picture(tab).locator(".maps [data-map=c] .foot b")).not_to_have_text(before)
    settled(tab, RecurrentState(hold_f="1"))
    tab.page.get_by_role("radio", name="RNN").click()
    expect(group).to_be_hidden()


def test_a_word_that_is_too_long_says_how_long_it_may_be(visit: Visit) -> None:
    tab = visit("/recurrent")
    box = tab.page.get_by_label("your word")
    box.fill("extraordinarily")
    expect(box).to_have_value("extraordinar")
    expect(picture(tab).get_by_text("at most 12 letters")).to_be_visible()
    box.fill("word")
    expect(picture(tab).get_by_text("4 letters: d o r w")).to_be_visible()


def test_steps_that_are_left_out_are_left_out_of_the_memory_too(visit: Visit) -> None:
    tab = visit(address(steps=50, hidden_size=4))
    expect(picture(tab).locator(".memory-grid .of-input").nth(6)).to_have_text("⋯")
    expect(picture(tab).locator(".memory-grid i")).to_have_count(9 * 9)
