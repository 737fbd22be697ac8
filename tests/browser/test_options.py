"""The configuration as a running server has it."""

import json
from pathlib import Path

from tests.browser.conftest import Visit
from tests.browser.server import running
from tests.test_shell_process import OPTIONS

PAGE = Path(__file__).with_name("options_page.py")


def test_a_running_server_has_the_options(visit: Visit, tmp_path: Path) -> None:
    with running(tmp_path, app=PAGE, environment={"PYTHONPATH": str(PAGE.parents[2])}) as server:
        tab = visit("/", server=server)
        shown = json.loads(tab.page.get_by_test_id("stCode").inner_text())
        tab.close()
    # The fonts lie beside app.py, not beside this page.
    tab.errors[:] = [error for error in tab.errors if "404" not in error]
    assert {**shown, "client.showErrorLinks": str(shown["client.showErrorLinks"]).lower()} == OPTIONS
