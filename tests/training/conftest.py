"""One thread for all training tests: two would change the last bits, and other tests' times."""

from collections.abc import Iterator

import pytest
import torch

from netlib.training import loop


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def listens_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop looks at its commands before every step, whatever the clock says."""
    monkeypatch.setattr(loop, "LISTEN_EVERY", 0.0)
