"""A file of one's own in the browser, with real workers: read, described, trained on; or refused in words."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Visit
from tests.browser.server import Server, running
from tests.browser.tab import PATIENCE
from tests.browser.test_training import LONG, button, open_training, state
from tests.training.upload_files import NAMES, folders, png, zipped

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("own")) as found:
        yield found


def file(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def test_a_file_is_read_described_and_trained_on_or_refused(visit: Visit, server: Server) -> None:
    page = open_training(visit, server).page
    offer = page.get_by_role("button", name="Your own data")
    box = page.locator("input[type=file]")
    offer.click()
    box.set_input_files(file("one.zip", zipped({f"a/{n}.png": png() for n in range(30)})))
    expect(page.locator(".fitting .alarm")).to_contain_text("Only one class was found (a)", timeout=LONG)
    expect(box).to_have_count(0)
    offer.click()
    box.set_input_files(file("notes.pdf", b"%PDF-1.7\n" * 9))
    expect(page.locator(".fitting .alarm")).to_contain_text("notes.pdf: The file must be a zip", timeout=LONG)
    expect(page.locator(".fitting .alarm")).to_contain_text("this is a PDF")
    offer.click()
    names = "".join(f"{name}\t{kind}\n" for name, kind in NAMES)
    box.set_input_files(file("names.txt", f"name\tgroup\n{names}".encode()))
    expect(page.locator(".fitting")).to_contain_text("24 names of 2 classes", timeout=LONG)
    expect(page.locator(".fitting")).to_contain_text(
        "Left out, 1: the first row, taken as the heading (name,group)"
    )
    offer.click()
    evil = {"dog/![x](http:,evil).pdf": b"%PDF"}
    box.set_input_files(file("pets<b>.zip", zipped(folders() | evil)))
    expect(page.locator(".fitting")).to_contain_text("24 images of 1 × 12 × 12 in 2 classes", timeout=LONG)
    expect(page.locator(".fitting")).to_have_count(1)
    expect(page.locator(".fitting")).to_contain_text("Left out, 1: no PNG, JPEG, BMP, GIF or WEBP image")
    expect(page.locator(".tiles figure")).to_have_count(5, timeout=LONG)
    button(page, "Start training").click()
    expect(state(page)).to_have_text("finished", timeout=LONG)
    expect(page.locator(".runs tbody tr").first).to_contain_text("pets_b_.zip")
