"""The residual page in the browser: kinds, shortcuts, the plus and its repairs, gradients, links, doors, exercises."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from netlib import Network, source, trace
from tests.browser.conftest import Visit
from tests.browser.tab import Tab
from ui.home.gradient import norms
from ui.lab.link import packed
from ui.numbers import dimensions, exact, short, significant
from ui.residual.network import network_of, plain_of, stack
from ui.residual.presets import PRESETS
from ui.residual.state import ResidualState

CASES = json.loads((Path(__file__).parent.parent / "cases" / "seed_cases.json").read_text(encoding="utf-8"))
MEASURED = 180_000.0
"""Milliseconds until the first gradients must be there; PyTorch may still be warming up."""


def address(**fields: Any) -> str:
    return f"/residual?state={packed({'now': fields})}"


def value(tab: Tab, name: str) -> Locator:
    return tab.page.locator(".costs .number", has_text=name).locator(".value > span").first


def shows(tab: Tab, state: ResidualState) -> None:
    """The numbers of the residual block are netlib's, or a dash where there is none."""
    traced = trace(network_of(state))
    expect(value(tab, "Parameters")).to_have_text(short(traced.params) if traced.ok else "–")
    expect(value(tab, "MACs")).to_have_text(short(traced.macs) if traced.ok else "–")


def choose(tab: Tab, field: str, name: str) -> None:
    tab.page.get_by_role("radiogroup", name=field, exact=True).get_by_role(
        "radio", name=name, exact=True
    ).click()


def test_the_page_opens_on_two_blocks_side_by_side(visit: Visit) -> None:
    tab = visit("/residual")
    shows(tab, ResidualState())
    expect(tab.page.locator(".block-svg")).to_have_count(2)
    for part in (".blocks", ".costs", ".chart-canvas", ".controls"):
        expect(tab.page.locator(part)).to_be_in_viewport(ratio=1)


def test_kinds_and_shortcuts_count_what_netlib_counts(visit: Visit) -> None:
    tab = visit(address(channels=64, filters=128, stride=2, norm=True, shortcut="A"))
    state = ResidualState(channels=64, filters=128, stride=2, norm=True, shortcut="A")
    shows(tab, state)
    expect(tab.page.locator(".on-shortcut")).to_contain_text("+64 zeros")
    choose(tab, "shortcut", "B: 1×1")
    shows(tab, state.with_(shortcut="B"))
    expect(tab.page.locator(".on-shortcut")).to_contain_text("+8,448")
    choose(tab, "block", "bottleneck")
    shows(tab, state.with_(shortcut="B", block="bottleneck"))
    expect(tab.page.locator(".block.residual .conv")).to_have_count(4)
    choose(tab, "stride", "1")
    choose(tab, "activation", "GELU")
    tab.page.get_by_label("batch norm").uncheck()
    changed = state.with_(shortcut="B", block="bottleneck", stride=1, activation="GELU", norm=False)
    shows(tab, changed)
    tab.until(lambda: packed({"now": changed.model_dump(exclude_defaults=True)}) in tab.page.url, "the link")
    programs = tab.page.locator(".program .code")
    expect(programs.first).to_have_text(source(trace(plain_of(changed))))
    expect(programs.last).to_have_text(source(trace(network_of(changed))))


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_refused_sum_is_red_and_each_repair_mends_it(visit: Visit, index: int) -> None:
    tab = visit(address(channels=64, norm=True))
    tab.page.get_by_role("slider", name="channels out").press("ArrowRight")
    plus = tab.page.locator(".plus")
    expect(plus).to_have_attribute("data-verdict", "refuses")
    sides = tab.page.locator(".at.side.of-problem")
    expect(sides).to_have_count(2)
    expect(sides.first).to_have_text(dimensions((64, 56, 56)))
    expect(sides.last).to_contain_text(dimensions((128, 56, 56)))
    repair = tab.page.locator(".fault .button").nth(index)
    expect(repair).to_be_visible()
    shows(tab, ResidualState(channels=64, filters=128, norm=True))
    repair.click()
    expect(plus).to_have_attribute("data-verdict", "same")
    mended = ResidualState(channels=64, filters=128, norm=True)
    shows(tab, [mended.with_(shortcut="B"), mended.with_(shortcut="A"), mended.with_(filters=64)][index])
    expect(tab.page.locator(".fault .button")).to_have_count(0)
    focused = ["B: 1×1", "A: pad"]
    if index < 2:
        expect(tab.page.get_by_role("radio", name=focused[index], exact=True)).to_be_focused()
    else:
        expect(tab.page.get_by_role("slider", name="channels out")).to_be_focused()


def test_a_silent_broadcast_is_flagged(visit: Visit) -> None:
    tab = visit("/residual")
    tab.page.get_by_role("button", name="1 + 16").click()
    expect(tab.page.locator(".plus")).to_have_attribute("data-verdict", "copies")
    expect(tab.page.locator(".fault .says")).to_contain_text(
        "PyTorch would add them without a word: it repeats x until the sum is 16 × 12 × 12."
    )
    expect(tab.page.locator(".fault .button")).to_have_count(3)


def test_gradients_are_measured_and_change_with_batch_norm(visit: Visit) -> None:
    tab = visit(address(depth=21))
    moral = tab.page.locator(".moral")
    expect(moral).to_contain_text("plain layers stand still", timeout=MEASURED)
    expect(tab.page.locator(".dot.plain")).to_have_count(44)
    expect(tab.page.locator(".dot.residual")).to_have_count(44)
    expect(tab.page.locator(".band")).to_have_count(2)
    expect(tab.page.locator(".still")).to_have_count(1)
    tab.page.get_by_label("batch norm").check()
    expect(moral).to_contain_text("does not vanish", timeout=MEASURED)
    expect(moral).to_contain_text("Deep plain nets still fit even the training set worse")
    expect(tab.page.locator(".still")).to_have_count(0)
    chart = tab.page.locator(".chart-svg")
    chart.focus()
    chart.press("End")
    expect(tab.page.locator(".readout")).to_contain_text("layer 44")
    tab.shot("residual")
    tab.page.get_by_role("slider", name="blocks in the stack below").press("Home")
    expect(tab.page.locator(".dot.plain")).to_have_count(6, timeout=MEASURED)


def test_the_identity_test_is_tried_out(visit: Visit) -> None:
    tab = visit(address(channels=16, filters=16, size=12))
    tab.page.get_by_label("zero the last convolution").check()
    law = tab.page.locator(".law p")
    expect(law.last).to_contain_text("numbers are exactly ReLU of the shortcut", timeout=MEASURED)
    expect(law.first).to_contain_text("numbers that come out are 0")


def test_a_link_restores_the_page_and_a_damaged_one_says_so(visit: Visit) -> None:
    state = ResidualState(
        block="bottleneck", channels=96, filters=200, stride=2, shortcut="C", norm=True, depth=5
    )
    tab = visit(address(**state.model_dump(exclude_defaults=True)))
    shows(tab, state)
    expect(tab.page.locator(".slider", has_text="channels out").locator(".value")).to_have_text("200")
    tab.open("/residual?state=1.broken")
    expect(tab.page.locator(".note")).to_contain_text("this link is damaged")
    tab.open(address(channels=10**9))
    expect(tab.page.locator(".note")).to_contain_text("channels must be at most 1,024")


def test_the_block_is_taken_into_the_builder(visit: Visit) -> None:
    state = ResidualState(channels=64, filters=128, stride=2, norm=True, shortcut="A", activation="Tanh")
    tab = visit(address(**state.model_dump(exclude_defaults=True)))
    tab.page.get_by_role("button", name="Take into the Builder").click()
    expect(tab.page).to_have_url(re.compile(r"/builder\?"))
    tab.until(lambda: "net=" in tab.page.url, "the network in the address")
    link = tab.page.url.partition("net=")[2].partition("&")[0]
    assert Network.from_link(link) == network_of(state)


@pytest.mark.parametrize(("door", "residual"), [("Train this", True), ("Train the plain net", False)])
def test_either_stack_is_taken_to_the_training_page(visit: Visit, door: str, residual: bool) -> None:
    tab = visit(address(depth=4, norm=True))
    tab.page.get_by_role("button", name=door).click()
    expect(tab.page).to_have_url(re.compile(r"/training\?"))
    link = tab.page.url.partition("net=")[2].partition("&")[0]
    assert Network.from_link(link) == stack(ResidualState(depth=4, norm=True), residual=residual)


def test_a_is_kept_and_compared(visit: Visit) -> None:
    tab = visit("/residual")
    tab.page.get_by_role("button", name="Keep as A").click()
    choose(tab, "block", "bottleneck")
    expect(tab.page.locator(".costs .news").first).to_contain_text("−")
    tab.page.get_by_role("button", name="Back to A").click()
    shows(tab, ResidualState())


def test_exercises_read_from_the_page_are_the_figures_of_the_study_notes(visit: Visit) -> None:
    tab = visit("/residual")
    cases = {case["id"]: case for case in CASES["cases"]}
    cifar = cases["resnet20.cifar"]
    wanted = {
        "options": [cifar["option_A"]["params"], cifar["option_B"]["params"]],
        "deeper": [cases[f"resnet{n}.imagenet"]["params_total"] for n in (34, 50)],
        "bottleneck": [1_179_648, 69_632],
        "identity": [0, 0],
    }
    for name, figures in wanted.items():
        task = tab.page.locator(f".task[data-name={name}]")
        expect(task).to_be_attached(timeout=MEASURED)
        task.locator("summary").click()
        task.get_by_role("button", name="Reveal").click()
        for index, figure in enumerate(figures):
            expect(task.locator(".verdict").nth(index)).to_contain_text(exact(figure))


def test_the_keyboard_reaches_every_control(visit: Visit) -> None:
    tab = visit("/residual")
    slider = tab.page.get_by_role("slider", name="channels in")
    slider.focus()
    slider.press("ArrowRight")
    expect(tab.page.locator(".plus")).to_have_attribute("data-verdict", "refuses")
    tab.page.get_by_role("radio", name="identity", exact=True).press("ArrowRight")
    expect(tab.page.get_by_role("radio", name="A: pad", exact=True)).to_be_focused()
    expect(tab.page.locator(".plus")).to_have_attribute("data-verdict", "same")


def test_the_page_speaks_chinese_and_stacks_when_narrow(visit: Visit) -> None:
    tab = visit("/residual?lang=zh", width=900)
    expect(tab.page.locator(".block.residual h3")).to_have_text("残差模块")
    numbers, stage = tab.page.locator(".numbers"), tab.page.locator(".stage")
    high, low = numbers.bounding_box(), stage.bounding_box()
    assert high is not None
    assert low is not None
    assert high["y"] < low["y"]
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_presets_are_pressed_while_they_hold(visit: Visit) -> None:
    tab = visit("/residual")
    for preset in PRESETS[:4]:
        chip = tab.page.get_by_role("button", name=preset.label, exact=True)
        chip.click()
        expect(chip).to_have_attribute("aria-pressed", "true")
        shows(tab, ResidualState().with_(**preset.changes))


def test_the_door_shows_the_measured_gradients(visit: Visit) -> None:
    tab = visit("/")
    door = tab.page.locator(".door[href=residual]")
    for net in ("plain", "residual"):
        expect(door).to_contain_text(significant(norms()[net][0], 2))
