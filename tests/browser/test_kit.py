"""The kit in Chromium: the same numbers as Python, and the life of a picture."""

import json
import math
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from ui import numbers
from ui.component import HERE, STYLES, joined

PAIRS: dict[str, Callable[..., str]] = {
    "exact": numbers.exact,
    "short": numbers.short,
    "bytes": numbers.size_of,
    "significant": numbers.significant,
    "seconds": numbers.seconds,
    "percent": numbers.percent,
    "fixed": numbers.fixed,
    "signed": numbers.signed,
    "difference": numbers.difference,
    "change": numbers.change,
    "dimensions": numbers.dimensions,
}


DRAWN = ("mount", "h", "slider", "segmented", "numberField", "number", "bar", "shapeChip", "button")
KIT_STYLES = "".join((HERE / name).read_text(encoding="utf-8") for name in STYLES)


@pytest.fixture
def kit(chromium: Browser) -> Iterator[Page]:
    """A page with the kit as `window.kit` and an empty picture."""
    page = chromium.new_page()
    page.set_content(f"<style>{KIT_STYLES}</style><div id=host><div class='picture'></div></div>")
    offered = ", ".join((*PAIRS, *DRAWN))
    page.add_script_tag(
        type="module", content=f"{joined(HERE / 'kit' / 'kit.js')}\nwindow.kit = {{ {offered} }};"
    )
    page.wait_for_function("window.kit")
    yield page
    page.close()


def counts() -> list[int]:
    """Whole numbers of every length up to 2⁵³, and those around each border between two units."""
    chance = random.Random(20)
    borders = [10**power + step for power in (3, 6, 9, 12, 15) for step in (-501, -500, -499, -1, 0, 1, 500)]
    kibi = [1024**power + step for power in (1, 2, 3, 4) for step in (-6, -5, -1, 0, 1, 5)]
    halves = [chance.randrange(1_000, 999_999) * 1_000 + 500 for _ in range(300)]
    return [
        0,
        *(n for n in borders + kibi if n >= 0),
        *halves,
        *(chance.randrange(2 ** chance.randrange(1, 54)) for _ in range(1_500)),
    ]


def values() -> list[float]:
    """Real numbers over forty powers of ten, with both signs, exact halves among them."""
    chance = random.Random(21)
    spread = [chance.choice((-1, 1)) * 10 ** chance.uniform(-20, 20) for _ in range(1_500)]
    halves = [chance.randrange(-4_000, 4_000) / 2 ** chance.randrange(1, 9) for _ in range(500)]
    nines = [(10 - 10**-k) * 10**p for k in range(1, 8) for p in range(-6, 8)]
    return [0.0, *spread, *halves, *nines]


CASES: dict[str, list[list[Any]]] = {
    "exact": [[n] for n in counts()] + [[v] for v in values() if abs(v) < 1e15],
    "short": [[n] for n in counts()] + [[-n] for n in counts()[:100]],
    "bytes": [[n] for n in counts()],
    "significant": [[v] for v in values()],
    "seconds": [[abs(v)] for v in values() if abs(v) < 1e12],
    "percent": [[v] for v in values() if abs(v) < 1e12],
    "fixed": [[v, d] for d in (0, 1, 3) for v in values() if abs(v) < 1e18],
    "signed": [[v, 2] for v in values() if abs(v) < 1e18],
    "difference": [list(pair) for pair in zip(counts(), reversed(counts()), strict=True)],
    "change": [list(pair) for pair in zip(counts(), reversed(counts()), strict=True)],
    "dimensions": [[[]], [[10]], [[20, 8, 8]], [[3, 1_024, 1_024]]],
}


@pytest.mark.parametrize("name", PAIRS)
def test_numbers_are_written_as_in_python(kit: Page, name: str) -> None:
    cases = CASES[name]
    written = kit.evaluate("([name, cases]) => cases.map((values) => kit[name](...values))", [name, cases])
    differing = [
        (values, python, browser)
        for values, browser in zip(cases, written, strict=True)
        if (python := PAIRS[name](*values)) != browser
    ]
    assert differing[:5] == []


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_written_as_in_python(kit: Page, value: float) -> None:
    for name in ("significant", "seconds", "percent"):
        assert kit.evaluate("([name, v]) => kit[name](v)", [name, value]) == PAIRS[name](value)


PICTURE = """() => {
  const log = (window.log = []);
  const host = document.getElementById("host");
  const component = kit.mount((root, tools) => {
    log.push("make");
    window.tools = tools;
    tools.signal.addEventListener("abort", () => log.push("abort"));
    return {
      update(data) {
        if (data.fault) throw new Error("deliberate");
        log.push(["update", data.state ?? null]);
      },
      destroy: () => log.push("destroy"),
    };
  });
  const told = (...what) => log.push(["told", ...what]);
  window.call = (given) => {
    const data = new TextEncoder().encode(JSON.stringify(given));
    window.leave = component({ data, parentElement: host, setStateValue: told, setTriggerValue: told });
  };
}"""


@pytest.fixture
def picture(kit: Page) -> Page:
    """The kit's page with a picture that writes down what happens to it; `call(data)` is Streamlit's call."""
    kit.evaluate(PICTURE)
    return kit


def heard(page: Page) -> list[Any]:
    """What the picture has written down since it was last asked."""
    return json.loads(page.evaluate("JSON.stringify(window.log.splice(0))"))  # type: ignore[no-any-return] # own JSON


def test_a_picture_is_made_once_and_updated_by_what_differs(picture: Page) -> None:
    for state in (1, 1, 2, 2):
        picture.evaluate("(state) => call({ state })", state)
    assert heard(picture) == ["make", ["update", 1], ["update", 2]]


def test_leaving_ends_everything_once(picture: Page) -> None:
    picture.evaluate("call({ state: 1 }); tools.frame(() => log.push('late')); leave()")
    picture.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert heard(picture) == ["make", ["update", 1], "abort", "destroy"]


def test_the_answer_to_a_settled_state_is_shown_at_once(picture: Page) -> None:
    picture.evaluate("call({ state: 1 }); tools.settle(2); call({ state: 2, more: 'numbers' })")
    assert heard(picture) == ["make", ["update", 1], ["told", "settled", 2], ["update", 2]]


def test_an_overtaken_answer_is_never_shown(picture: Page) -> None:
    picture.evaluate(
        "call({ state: 1 }); tools.settle(2); tools.settle(3); call({ state: 2 }); call({ state: 3 })"
    )
    picture.wait_for_timeout(600)  # longer than an answer is held back
    told = [["told", "settled", 2], ["told", "settled", 3]]
    assert heard(picture) == ["make", ["update", 1], *told, ["update", 3]]


def test_a_refused_state_is_put_back_when_no_other_answer_comes(picture: Page) -> None:
    picture.evaluate("call({ state: 1 }); tools.settle(99); call({ state: 12 })")
    picture.wait_for_function("log.length === 4")
    assert heard(picture) == ["make", ["update", 1], ["told", "settled", 99], ["update", 12]]


def test_data_wait_while_the_pointer_is_down(picture: Page) -> None:
    picture.evaluate("call({ state: 1 })")
    picture.dispatch_event(".picture", "pointerdown")
    picture.evaluate("call({ state: 2 })")
    assert heard(picture) == ["make", ["update", 1]]
    picture.dispatch_event("body", "pointerup", {"bubbles": True})
    picture.wait_for_function("log.length === 1")
    assert heard(picture) == [["update", 2]]


def test_what_came_during_a_drag_does_not_undo_it(picture: Page) -> None:
    picture.evaluate("call({ state: 1 })")
    picture.dispatch_event(".picture", "pointerdown")
    picture.evaluate("call({ state: 2 })")
    picture.dispatch_event("body", "pointerup", {"bubbles": True})
    picture.evaluate("tools.settle(7); call({ state: 7 })")
    picture.wait_for_timeout(600)
    assert heard(picture)[-2:] == [["told", "settled", 7], ["update", 7]]


@pytest.mark.parametrize(("lang", "sentence"), [("en", "could not be drawn"), ("zh", "无法绘制")])
def test_a_fault_ends_in_a_sentence(picture: Page, lang: str, sentence: str) -> None:
    picture.evaluate("(lang) => call({ fault: true, lang })", lang)
    expect(picture.get_by_role("alert")).to_contain_text(sentence)
    assert "deliberate" not in picture.locator("body").inner_text()


def test_a_dragged_slider_settles_although_the_page_answers_meanwhile(picture: Page) -> None:
    picture.evaluate(
        """() => {
          window.knob = kit.slider({ label: "Channels", min: 0, max: 100, value: 0,
            input: (value) => knob.set(value), settle: (value) => log.push(value) });
          document.body.append(knob.root);
        }"""
    )
    box = picture.get_by_label("Channels").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    picture.mouse.move(box["x"] + 8, middle)
    picture.mouse.down()
    for share in (0.2, 0.4, 0.5):
        picture.mouse.move(box["x"] + share * box["width"], middle)
    picture.mouse.up()
    [settled] = heard(picture)
    assert 40 < settled < 60
    assert picture.locator(".slider .value").inner_text() == str(settled)


def test_a_segmented_choice_moves_by_arrow_keys(picture: Page) -> None:
    picture.evaluate(
        """() => document.body.append(kit.segmented({ label: "Mode", value: "a",
          options: [["a", "One"], ["b", "Two"], ["c", "Three"]], settle: (value) => log.push(value) }).root)"""
    )
    picture.get_by_role("radio", name="One").focus()
    picture.keyboard.press("ArrowLeft")
    expect(picture.get_by_role("radio", name="Three")).to_be_focused()
    expect(picture.get_by_role("radio", name="Three")).to_be_checked()
    assert heard(picture) == ["c"]


def test_a_number_out_of_bounds_is_not_settled(picture: Page) -> None:
    picture.evaluate(
        """() => document.body.append(kit.numberField({ label: "Size", min: 1, max: 9, value: 5,
          settle: (value) => log.push(value) }).root)"""
    )
    for typed in ("99", "", "2.5", "7"):
        picture.get_by_label("Size").fill(typed)
        picture.get_by_label("Size").blur()
    assert heard(picture) == [7]


def test_foreign_text_stays_text(picture: Page) -> None:
    picture.evaluate(
        """document.body.append(kit.h("p", {}, "<img src=x onerror='window.ran = 1'><b>bold</b>"))"""
    )
    assert picture.locator("p img, p b").count() == 0
    assert picture.evaluate("window.ran") is None
