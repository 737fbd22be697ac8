"""What all tests share."""

import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

# The same examples on every run; how long one takes depends on the machine, and is asserted nowhere.
settings.register_profile(
    "steady", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")

BROWSER_REQUIRED = os.environ.get("EXPLORER_BROWSER") == "required"
"""Set where a skipped browser test would hide a fault: the run then fails."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turns the skip of a browser test into a failure where a browser is required."""
    report = yield
    if BROWSER_REQUIRED and report.skipped and item.get_closest_marker("browser"):
        report.outcome = "failed"
        report.longrepr = f"A browser test was skipped, and EXPLORER_BROWSER=required: {report.longrepr}"
    return report
