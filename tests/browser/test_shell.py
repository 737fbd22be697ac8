"""The shell in the browser: menu, addresses, languages, themes, silence."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.server import running
from ui.contents import Entry, existing

PAGES = tuple(entry for entry in existing() if entry.name != "home")
SIZES = ((1440, 900), (900, 900))
ANY = pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.name)


def path(entry: Entry) -> str:
    return "/" if entry.name == "home" else f"/{entry.name}"


def test_a_deep_link_first_on_a_fresh_server_has_the_whole_shell(visit: Visit, tmp_path: Path) -> None:
    entry = PAGES[0]
    with running(tmp_path) as fresh:
        tab = visit(path(entry), server=fresh)
        for other in existing():
            expect(tab.page.get_by_role("link", name=other.title, exact=True)).to_be_visible()
        expect(tab.page.get_by_role("heading", level=1)).to_have_text(entry.title)
        expect(tab.page).to_have_title(f"{entry.title} · Architecture explorer")
        tab.close()
        assert "Traceback" not in fresh.said()


HURRY = """() => {
  // Presses the first thing that leads to a page, once, as soon as it is there: before the shell may have been drawn.
  new MutationObserver((_, watch) => {
    const found = [...document.querySelectorAll("a")].find((link) => /training/i.test(link.textContent));
    if (!found) return;
    watch.disconnect();
    window.listed = Boolean(found.closest("[data-testid=stSidebar]"));
    found.click();
  }).observe(document, { childList: true, subtree: true });
}"""


def test_who_presses_at_once_on_a_fresh_server_has_the_whole_shell(visit: Visit, tmp_path: Path) -> None:
    with running(tmp_path) as fresh:
        tab = visit(None, server=fresh)
        tab.page.add_init_script(f"({HURRY})()")
        tab.open("/")
        expect(tab.page.get_by_role("heading", level=1)).to_have_text("Training")
        expect(tab.page.get_by_role("radio", name="中文")).to_be_visible()
        for other in existing():
            expect(tab.page.get_by_role("link", name=other.title, exact=True)).to_be_visible()
        assert not tab.page.evaluate("window.listed"), "the files of pages/ stood in a sidebar"
        tab.close()
        assert "Traceback" not in fresh.said()


@ANY
def test_the_menu_leads_to_every_page(visit: Visit, entry: Entry) -> None:
    tab = visit("/")
    tab.page.get_by_role("link", name=entry.title, exact=True).click()
    expect(tab.page.get_by_role("heading", level=1)).to_have_text(entry.title)
    expect(tab.page).to_have_url(re.compile(rf"{path(entry)}(\?|$)"))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("entry", existing(), ids=lambda entry: entry.name)
def test_every_page_draws_without_a_fault(
    visit: Visit, entry: Entry, width: int, height: int, dark: bool
) -> None:
    tab = visit(path(entry), width=width, height=height, dark=dark)
    expect(tab.page.get_by_role("heading", level=1)).to_be_visible()
    tab.idle()
    for fault in ("stException", "stAlertContentError"):
        expect(tab.page.get_by_test_id(fault)).to_have_count(0)
    for sentence in ("BidiComponent Error", "could not be drawn"):
        expect(tab.page.get_by_text(sentence)).to_have_count(0)
    wide = tab.page.get_by_test_id("stMain").evaluate("(main) => main.scrollWidth - main.clientWidth")
    assert wide <= 0, "the page scrolls sideways"
    tab.shot(f"{entry.name}_{width}_{'dark' if dark else 'light'}")


def test_the_theme_is_ours_and_follows_the_system(visit: Visit) -> None:
    for dark, page in ((False, "rgb(250, 250, 247)"), (True, "rgb(15, 18, 23)")):
        tab = visit("/", dark=dark)
        expect(tab.page.get_by_test_id("stApp")).to_have_css("background-color", page)


def test_the_fonts_are_ours(visit: Visit) -> None:
    tab = visit("/")
    tab.page.evaluate("document.fonts.ready")
    loaded = (
        "[...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family.replaceAll('\"', ''))"
    )
    tab.until(lambda: "Explorer Sans" in tab.page.evaluate(loaded), "the shipped font")


def test_the_language_is_chosen_in_the_menu_and_stays(visit: Visit) -> None:
    tab = visit("/")
    tab.page.get_by_role("radio", name="中文").click()
    expect(tab.page.get_by_role("link", name="首页")).to_be_visible()
    expect(tab.page).to_have_url(re.compile(r"\?lang=zh"))
    tab.page.get_by_role("link", name="搭建" if PAGES[0].name == "builder" else "训练").first.click()
    expect(tab.page).to_have_url(re.compile(rf"{path(PAGES[0])}\?lang=zh"))
    expect(tab.page).to_have_title(re.compile("网络架构探索器"))


@pytest.mark.parametrize(
    ("locale", "address", "start"),
    [
        ("zh-CN", "/", "首页"),
        ("en-GB", "/?lang=zh", "首页"),
        ("zh-CN", "/?lang=en", "Start"),
        ("fr-FR", "/", "Start"),
        ("en-GB", "/?lang=tlh", "Start"),
    ],
)
def test_the_language_comes_from_the_link_then_the_browser(
    visit: Visit, locale: str, address: str, start: str
) -> None:
    tab = visit(address, locale=locale)
    expect(tab.page.get_by_role("link", name=start)).to_be_visible()


def test_an_address_that_is_no_page_leads_to_the_start(visit: Visit) -> None:
    tab = visit("/nonsense")
    expect(tab.page.get_by_role("heading", level=1)).to_be_attached()
    tab.errors.clear()
