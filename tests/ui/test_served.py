"""A picture's program is a file that Streamlit serves; where that cannot be, it goes with the messages."""

from pathlib import Path

import pytest
from streamlit.components.v2.component_manager import BidiComponentManager

from ui import served
from ui.served import PACKAGE

PROGRAM = "export default () => {\n};\n"


class Server:
    """A server that runs."""

    @staticmethod
    def exists() -> bool:
        return True

    @classmethod
    def instance(cls) -> "Server":
        return cls()


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> BidiComponentManager:
    """The components of a running server, whose data folder is `tmp_path`."""
    found = BidiComponentManager()
    monkeypatch.setattr(served, "Runtime", Server)
    monkeypatch.setattr(served, "get_bidi_component_manager", lambda: found)
    monkeypatch.setenv("NETLIB_DATA", str(tmp_path))
    return found


def test_a_program_becomes_a_file_that_the_component_may_name(manager: BidiComponentManager) -> None:
    name = served.served("conv", PROGRAM)
    built = manager.build_definition_with_validation(
        component_key=f"{PACKAGE}.conv", html=None, css=None, js=name
    )
    assert built.js_content is None
    assert built.js is not None
    assert Path(built.js).read_text(encoding="utf-8") == PROGRAM


def test_another_program_has_another_name(manager: BidiComponentManager) -> None:
    first, second = served.served("conv", PROGRAM), served.served("conv", PROGRAM + "\n")
    assert first != second
    assert served.served("conv", PROGRAM) == first


def test_two_pictures_do_not_share_a_folder(manager: BidiComponentManager) -> None:
    served.served("conv", PROGRAM)
    served.served("rnn", PROGRAM)
    one, other = (manager.get_component_asset_root(f"{PACKAGE}.{name}") for name in ("conv", "rnn"))
    assert one is not None
    assert other is not None
    assert one != other


def test_where_nothing_can_be_written_the_program_goes_with_the_messages(
    manager: BidiComponentManager, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NETLIB_DATA", str(tmp_path / "file"))
    assert served.served("conv", PROGRAM) == PROGRAM


def test_without_a_server_the_program_goes_with_the_messages() -> None:
    assert served.served("conv", PROGRAM) == PROGRAM
