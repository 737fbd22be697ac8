"""The start page in the browser."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from netlib import trace
from netlib.presets import preset
from netlib.training.store.records import Series
from tests.browser.conftest import Visit
from ui.contents import Entry, existing
from ui.home.run import curves
from ui.home.window import window
from ui.numbers import exact, fixed
from ui.training.reading import smoothed

DOORS = tuple(entry for entry in existing() if entry.says)


def test_there_is_a_door_into_every_page_and_it_is_a_link(visit: Visit) -> None:
    tab = visit("/")
    for entry in DOORS:
        door = tab.page.locator(".door", has_text=entry.says)
        expect(door).to_have_attribute("href", entry.name)


@pytest.mark.parametrize("entry", DOORS, ids=lambda entry: entry.name)
def test_a_door_opens_its_page_within_the_session(visit: Visit, entry: Entry) -> None:
    tab = visit("/?lang=zh")
    tab.page.evaluate("window.same = true")
    tab.page.locator(f".door[href^={entry.name}]").press("Enter")
    expect(tab.page).to_have_url(re.compile(rf"/{entry.name}\?lang=zh"))
    expect(tab.page.get_by_role("link", name="首页")).to_be_visible()
    assert tab.page.evaluate("window.same"), "the page was loaded anew"


def test_a_door_can_be_opened_in_a_tab_of_its_own(visit: Visit) -> None:
    tab = visit("/")
    with tab.page.context.expect_page() as opened:
        tab.page.locator(".door").first.click(modifiers=["ControlOrMeta"])
    expect(opened.value).to_have_url(re.compile(rf"/{DOORS[0].name}$"))
    expect(tab.page).to_have_url(re.compile(r"/$"))


def test_the_first_screen_needs_no_scrolling(visit: Visit) -> None:
    tab = visit("/")
    expect(tab.page.locator(".door").last).to_be_in_viewport(ratio=1)


def test_the_builders_miniature_shows_the_traced_numbers(visit: Visit) -> None:
    tab = visit("/")
    traced = trace(preset("net"))
    door = tab.page.locator(".door[href=builder]")
    expect(door.locator(".total")).to_have_text(exact(traced.params))
    channels = [
        step.output.dims[0] for step in traced.leaves if step.output and step.output.dims != step.input.dims
    ]
    expect(door.locator(".channels")).to_have_text([exact(c) for c in (1, *channels)])


def test_the_convolutions_miniature_has_the_traced_output(visit: Visit) -> None:
    tab = visit("/")
    door = tab.page.locator(".door[href=convolution]")
    output = window()["output"]
    expect(door.locator(".total")).to_have_text(f"{output} × {output}")
    expect(door.locator(".made-cell")).to_have_count(output**2)


def test_every_door_has_a_picture(visit: Visit) -> None:
    tab = visit("/")
    expect(tab.page.locator(".door")).to_have_count(len(DOORS))
    for door in tab.page.locator(".door").all():
        assert door.locator("> svg").locator("*").count() > 1


def test_the_training_miniature_shows_the_recorded_run(visit: Visit) -> None:
    tab = visit("/")
    run = curves()
    losses = np.array(run["training"], dtype=np.float32)
    last = smoothed(Series(np.arange(1, len(losses) + 1), losses))[-1]
    shown = tab.page.locator(".door[href=training] .total")
    expect(shown).to_have_text([fixed(float(last), 2), fixed(run["validation"][-1][1], 2)])


def test_doors_move_in_turn_and_stand_still_where_that_is_asked_for(visit: Visit) -> None:
    tab = visit("/")
    moving = tab.page.locator(".door.moving")
    expect(moving).to_have_count(0)
    tab.page.emulate_media(reduced_motion="no-preference")
    expect(moving).to_have_count(1)
    tab.page.emulate_media(reduced_motion="reduce")
    expect(moving).to_have_count(0)
