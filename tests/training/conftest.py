"""What training tests share: one thread, since two would change the last bits and other tests' times; a history."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from netlib.training.run import loop
from netlib.training.store.history import History


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


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    """A new history in a file of its own."""
    opened = History.open(tmp_path / "history.db")
    assert opened.message is None
    yield opened
    opened.close()
