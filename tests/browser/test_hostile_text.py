"""Foreign text in every place of a page: nothing in it is read."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.server import running

PAGE = Path(__file__).with_name("hostile_page.py")

READ = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const outward = (href) => !href.startsWith("#") && /example|javascript/.test(href);
  return {
    ran: window.ran ?? null,
    images: all("img").filter((image) => /tracker/.test(image.src)).length,
    links: all("a").map((link) => link.getAttribute("href")).filter(outward),
    strong: all("main strong").length,
    formulas: all(".katex").length,
    scripts: all("script").filter((script) => /window\\.ran/.test(script.textContent)).length,
  };
}"""


def test_nothing_in_foreign_text_is_read(visit: Visit, tmp_path: Path) -> None:
    with running(tmp_path, app=PAGE, environment={"PYTHONPATH": str(PAGE.parents[2])}) as server:
        tab = visit("/", server=server)
        expect(tab.page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
        expect(tab.page.get_by_text("tracker.example").first).to_be_attached()
        for widget in ("slider", "button"):
            tab.page.locator(f".st-key-{widget}").hover()
        found = tab.page.evaluate(READ)
        tab.close()
    # The fonts lie beside app.py, not beside this page.
    tab.errors[:] = [error for error in tab.errors if "404" not in error]
    assert found == {"ran": None, "images": 0, "links": [], "strong": 0, "formulas": 0, "scripts": 0}
