"""The inception page in the browser."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, expect

from netlib import Network, trace
from tests.browser.conftest import Visit
from tests.browser.tab import PATIENCE, Tab
from ui.inception.layer import SIDES, network_of
from ui.inception.presets import PRESETS, lecture, paper
from ui.inception.state import InceptionState
from ui.lab.bench import Bench, Lab
from ui.numbers import exact, short, size_of

CASES = Path(__file__).resolve().parent.parent / "cases" / "seed_cases.json"
LAB = Lab("inception", InceptionState)
SMALL = InceptionState(channels=4, size=8, out1=2, red3=2, out3=2, red5=1, out5=2, proj=2)


def opened(visit: Visit, state: InceptionState | None = None, **more: int | bool | str) -> Tab:
    link = LAB.link(Bench(state)) if state else None
    tab = visit("/inception" + (f"?state={link}" if link else ""), **more)  # type: ignore[arg-type] # the fixture's own
    expect(tab.page.locator(".module .segment")).to_have_count(8, timeout=PATIENCE)
    return tab


def amount(tab: Tab, figure: str, side: str) -> Locator:
    return tab.page.locator(f".figure[data-of={figure}] .row.{side} .amount")


def shows_counts_of(tab: Tab, state: InceptionState) -> None:
    """Waits until the figures are those that netlib counts."""
    for side in SIDES:
        traced = trace(network_of(state, side))
        assert traced.output is not None
        expect(amount(tab, "macs", side)).to_have_text(short(traced.macs))
        expect(amount(tab, "params", side)).to_have_text(short(traced.params))
        expect(amount(tab, "memory", side)).to_have_text(size_of(traced.saved_bytes()))
        expect(amount(tab, "channels", side)).to_have_text(exact(traced.output.channels))


def state_in(tab: Tab) -> InceptionState:
    """The state that the address holds."""
    from ui.lab.link import unpacked

    [link] = parse_qs(urlsplit(tab.page.url).query).get("state", [""])
    return LAB.read(unpacked(link)).now if link else InceptionState()


def test_the_page_opens_on_module_3a_with_netlibs_numbers(visit: Visit) -> None:
    tab = opened(visit)
    shows_counts_of(tab, InceptionState())
    expect(tab.page.locator(".figure.large .ratio b")).to_have_text("2.37×")
    expect(tab.page.locator("[data-side=with] .shape-out")).to_contain_text("256 × 28 × 28")
    expect(tab.page.locator("[data-side=without] .shape-out")).to_contain_text("416 × 28 × 28")
    expect(tab.page.get_by_role("button", name="pays up to 154")).to_be_visible()
    tab.shot("inception_light")


def test_a_segment_points_at_its_pipe_in_both_modules(visit: Visit) -> None:
    tab = opened(visit)
    tab.page.locator("[data-side=with] .five .reach").hover()
    for side, pieces in (("without", ("153,632", "120,422,400")), ("with", ("15,920", "12,443,648"))):
        module = tab.page.locator(f".module[data-side={side}]")
        for piece in pieces:
            expect(module.locator(".detail")).to_contain_text(piece)
        expect(module.locator(".pipe.five").first).to_have_css("opacity", "1")
        expect(module.locator(".pipe.three").first).not_to_have_css("opacity", "1")
    tab.page.mouse.move(5, 5)
    expect(tab.page.locator("[data-hot]")).to_have_count(0)


def test_the_keys_go_from_branch_to_branch(visit: Visit) -> None:
    tab = opened(visit)
    pipes = tab.page.locator(".module[data-side=with] svg")
    pipes.focus()
    for name in ("1×1", "3×3", "5×5", "pool", "1×1"):
        pipes.press("ArrowRight")
        expect(tab.page.locator(".module[data-side=without] .detail")).to_contain_text(f"the {name} branch")
    pipes.press("Escape")
    expect(tab.page.locator("[data-hot]")).to_have_count(0)


@pytest.mark.parametrize("label", ["3b", "5b", "InceptionA(10)"])
def test_a_chip_shows_what_netlib_counts_and_stands_in_the_address(visit: Visit, label: str) -> None:
    tab = opened(visit)
    chip = tab.page.get_by_role("button", name=label, exact=True)
    chip.click()
    [preset] = [one for one in PRESETS if one.label == label]
    wanted = InceptionState().with_(**preset.changes)
    shows_counts_of(tab, wanted)
    expect(chip).to_have_attribute("aria-pressed", "true")
    tab.until(lambda: state_in(tab) == wanted, "the state in the address")


def test_a_drag_is_drawn_and_counted_before_python_hears_of_it(visit: Visit) -> None:
    tab = opened(visit)
    address = tab.page.url
    slider = tab.page.get_by_role("slider", name="1×1 before 5×5")
    slider.evaluate(
        """(input) => { input.value = Number(input.value) + 2;
        input.dispatchEvent(new Event("input", { bubbles: true })); }"""
    )
    expect(amount(tab, "macs", "with")).not_to_have_text(short(trace(network_of(InceptionState())).macs))
    moved = InceptionState(red5=int(slider.get_attribute("aria-valuetext") or 0))
    assert moved.red5 > InceptionState().red5
    shows_counts_of(tab, moved)
    assert tab.page.url == address
    slider.dispatch_event("change")
    tab.until(lambda: state_in(tab) == moved, "the settled value in the address")
    shows_counts_of(tab, moved)


def test_matching_the_output_channels_makes_the_comparison_fair(visit: Visit) -> None:
    tab = opened(visit)
    expect(tab.page.locator(".even")).to_contain_text("416")
    tab.page.get_by_role("checkbox", name="match output channels").check()
    expect(tab.page.locator(".even")).to_have_text("Both hand on 256 channels: a fair comparison.")
    shows_counts_of(tab, InceptionState(match=True))


def test_the_mark_takes_the_last_reduction_that_pays(visit: Visit) -> None:
    tab = opened(visit)
    tab.page.get_by_role("button", name="pays up to 154").click()
    expect(tab.page.get_by_role("spinbutton", name="1×1 before 5×5")).to_have_value("154")
    shows_counts_of(tab, InceptionState(red5=154))


def test_a_broken_padding_is_said_in_words_and_mended_by_its_repair(visit: Visit) -> None:
    tab = opened(visit)
    tab.page.get_by_role("button", name="broken padding").click()
    fault = tab.page.locator(".fault")
    expect(fault).to_contain_text("the 5×5 branch gives 24 × 24, the others 28 × 28")
    expect(tab.page.locator("[data-side=with] .pipe.five.odd").first).to_be_attached()
    expect(tab.page.locator("[data-side=with] .shape-out")).to_contain_text("cannot join")
    tab.shot("inception_broken")
    fault.get_by_role("button").click()
    expect(fault).to_be_hidden()
    shows_counts_of(tab, InceptionState())


def test_a_link_brings_the_state_back_in_another_tab(visit: Visit) -> None:
    wanted = InceptionState.model_validate(paper("4c")).with_(reduces5=False, match=True)
    tab = opened(visit, wanted, dark=True)
    shows_counts_of(tab, wanted)
    expect(tab.page.get_by_role("checkbox", name="Reduce the 5×5 branch")).not_to_be_checked()
    tab.shot("inception_dark")


def test_a_damaged_link_leaves_a_sentence_and_the_usual_start(visit: Visit) -> None:
    tab = visit("/inception?state=1.AAAA")
    expect(tab.page.locator(".stage .note")).to_contain_text("damaged")
    shows_counts_of(tab, InceptionState())


def test_what_is_kept_as_a_stands_beside_what_follows(visit: Visit) -> None:
    tab = opened(visit)
    tab.page.get_by_role("button", name="Keep as A").click()
    tab.page.get_by_role("button", name="3b", exact=True).click()
    expect(amount(tab, "params", "kept")).to_have_text(exact(trace(network_of(InceptionState())).params))
    shows_counts_of(tab, InceptionState.model_validate(paper("3b")))


def test_the_module_goes_into_the_builder(visit: Visit) -> None:
    state = InceptionState.model_validate(lecture(10, 12))
    tab = opened(visit, state)
    tab.page.get_by_role("button", name="Take into the Builder").click()
    expect(tab.page).to_have_url(re.compile(r"/builder\?"))
    [link] = parse_qs(urlsplit(tab.page.url).query)["net"]
    assert Network.from_link(link) == network_of(state)


def test_the_answers_on_the_page_are_those_of_the_cases(visit: Visit) -> None:
    cases = {case["id"]: case for case in json.loads(CASES.read_text(encoding="utf-8"))["cases"]}
    tab = opened(visit)
    wanted = {
        "slide": [
            cases["inception.lecture_ops_direct"]["macs_total"],
            cases["inception.lecture_ops_1x1"]["macs_total"],
        ],
        "module-3a": [
            256,
            416,
            cases["googlenet.inception_3a"]["params_total"],
            cases["googlenet.inception_3a.naive"]["params_total"],
        ],
    }
    for name, answers in wanted.items():
        task = tab.page.locator(f".task[data-name={name}]")
        task.locator("summary").click()
        task.get_by_role("textbox").first.fill(str(answers[0]))
        task.get_by_role("button", name="Reveal").click()
        shown = task.locator(".verdict")
        expect(shown).to_have_count(len(answers))
        for index, answer in enumerate(answers):
            expect(shown.nth(index)).to_contain_text(exact(answer))
        expect(shown.first).to_contain_text("right")
    because = tab.page.locator(".task[data-name=slide] .because")
    expect(because).to_contain_text(f"{wanted['slide'][0] / wanted['slide'][1]:.2f} times fewer")


def test_the_program_of_either_side_is_shown(visit: Visit) -> None:
    tab = opened(visit)
    program = tab.page.locator(".program")
    program.locator("summary").click()
    code = program.locator("pre")
    expect(code).to_contain_text("def make_model")
    full = code.text_content()
    program.get_by_role("radio", name="Without 1×1").click()
    expect(code).not_to_have_text(full or "")


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_is_cut_at_900_pixels(visit: Visit, dark: bool) -> None:
    tab = opened(visit, width=900, dark=dark)
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(tab.page.locator(".figures")).to_be_in_viewport(ratio=1)
    tab.shot(f"inception_900_{'dark' if dark else 'light'}")


def test_the_page_is_read_in_chinese(visit: Visit) -> None:
    tab = visit("/inception?lang=zh")
    expect(tab.page.get_by_text("有 1×1", exact=True).first).to_be_visible()
    assert not re.search(r"\{\w+\}", tab.page.locator(".comparison").inner_text())
    tab.shot("inception_zh")


def test_a_button_leads_down_to_where_both_are_trained(visit: Visit) -> None:
    tab = opened(visit)
    tab.page.get_by_role("button", name="Train both…").click()
    begin = tab.page.get_by_role("button", name="Train both", exact=True)
    expect(begin).to_be_in_viewport()
    expect(begin).to_be_focused()


def test_the_door_shows_module_3a_and_its_macs(visit: Visit) -> None:
    tab = visit("/")
    door = tab.page.locator(".door[href=inception]")
    expect(door.locator(".total")).to_have_text(short(trace(network_of(InceptionState())).macs))
    expect(door.locator(".home-lane")).to_have_count(4)


def test_both_are_trained_and_their_curves_stand_beside_each_other(visit: Visit) -> None:
    tab = opened(visit, SMALL)
    tab.page.get_by_role("button", name="Train both", exact=True).click()
    curves = tab.page.locator(".race-curve:not(.raw)")
    for index in (0, 1):
        expect(curves.nth(index)).to_have_attribute("d", re.compile(r"L.*L"), timeout=180_000)
    expect(curves).to_have_count(2)
    tab.shot("inception_race")
    address = tab.page.url
    assert "runs=" in address
    again = visit(address.removeprefix(tab.address))
    expect(again.page.locator(".race-curve:not(.raw)")).to_have_count(2, timeout=PATIENCE)
    stop = tab.page.get_by_role("button", name="Stop both")
    if stop.is_visible():
        stop.click()
    expect(tab.page.get_by_role("button", name="Train both", exact=True)).to_be_visible(timeout=180_000)
