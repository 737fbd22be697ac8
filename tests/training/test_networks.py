import sqlite3
from pathlib import Path

import pytest

from netlib.errors import NetlibError
from netlib.training.store import networks
from netlib.training.store.database import Database
from netlib.training.store.history import History
from tests.training.recorded import NETWORK
from tests.training.runs import SMALL

GOLDEN = Path(__file__).parent / "golden" / "history-v1.sql"


def test_a_network_is_kept_under_its_name(history: History) -> None:
    first = networks.save(history.database, SMALL, "  Wide one ")
    networks.save(history.database, NETWORK, "another")
    found = networks.saved(history.database)
    assert [one.name for one in found] == ["another", "Wide one"]
    assert networks.find(history.database, first).network() == SMALL
    networks.delete(history.database, first)
    assert [one.name for one in networks.saved(history.database)] == ["another"]
    with pytest.raises(NetlibError, match="There is no saved network"):
        networks.find(history.database, first)


def test_nothing_that_was_saved_is_overwritten(history: History) -> None:
    first = networks.save(history.database, SMALL, "net")
    assert networks.save(history.database, SMALL, "net") == first
    with pytest.raises(NetlibError, match="another network net already"):
        networks.save(history.database, NETWORK, "net")
    assert networks.save(history.database, NETWORK, "net", owner="ann") != first
    assert len(networks.saved(history.database)) == 2


@pytest.mark.parametrize("name", ["", "   ", "<b>", "x" * 81])
def test_a_name_that_is_not_kept_is_a_sentence(history: History, name: str) -> None:
    with pytest.raises(NetlibError, match="name"):
        networks.save(history.database, SMALL, name)
    assert networks.saved(history.database) == []


def test_there_is_an_end_to_how_many(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "MOST", 1)
    networks.save(history.database, SMALL, "one")
    with pytest.raises(NetlibError, match="At most 1 networks"):
        networks.save(history.database, SMALL, "two")


def test_an_older_history_that_is_only_read_has_none(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with sqlite3.connect(path, isolation_level=None) as old:
        old.executescript(GOLDEN.read_text("utf-8"))
    assert networks.saved(Database(path, "immutable")) == []


def test_an_older_history_gets_the_table_and_keeps_a_copy(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with sqlite3.connect(path, isolation_level=None) as old:
        old.executescript(GOLDEN.read_text("utf-8"))
    history = History.open(path)
    networks.save(history.database, SMALL, "net")
    assert (tmp_path / "history.v1.bak").exists()
    assert len(history.runs()) == 1
