"""Parts of the shell without a browser: faults in words, the draw slot, the loader of pictures, the words."""

import threading
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from netlib.words import Message
from ui import component, slot
from ui.words import tr


def failing_page() -> None:
    from ui import faults
    from ui.slot import drawn

    @drawn
    def fragment() -> None:
        raise ZeroDivisionError("secret detail")

    with faults.in_words():
        fragment()
    with faults.in_words():
        raise RuntimeError("secret detail")


def test_a_fault_ends_in_a_sentence_and_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    page = AppTest.from_function(failing_page).run()
    assert not page.exception
    assert [error.value[:9] for error in page.error] == ["This page", "This page"]
    assert "secret detail" not in "".join(error.value for error in page.error)
    assert caplog.text.count("secret detail") >= 2


def stopping_page() -> None:
    import streamlit as st

    from ui import faults

    with faults.in_words():
        st.text("before")
        st.stop()


def test_stopping_a_page_is_no_fault() -> None:
    page = AppTest.from_function(stopping_page).run()
    assert not page.exception
    assert not page.error
    assert page.text[0].value == "before"


def test_one_draws_at_a_time() -> None:
    inside, most = 0, 0
    guard = threading.Lock()

    def draw() -> None:
        nonlocal inside, most
        with slot.drawing():
            with guard:
                inside += 1
                most = max(most, inside)
            time.sleep(0.002)  # long enough for the others to come
            with guard:
                inside -= 1

    threads = [threading.Thread(target=draw) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert slot.idle()


def test_a_drawing_may_draw() -> None:
    with slot.drawing(), slot.drawing():
        pass
    assert slot.idle()


def test_a_stuck_drawing_does_not_stop_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slot, "PATIENCE", 0.01)
    leave, entered = threading.Event(), threading.Event()

    def stuck() -> None:
        with slot.drawing():
            entered.set()
            leave.wait(10)

    thread = threading.Thread(target=stuck)
    thread.start()
    try:
        assert entered.wait(10)
        assert not slot.idle()
        with slot.drawing():
            pass
    finally:
        leave.set()
        thread.join()
    assert slot.idle()


def test_a_module_is_joined_once_in_the_order_of_need(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(component, "HERE", tmp_path)
    (tmp_path / "a.js").write_text("export const a = 1;\n")
    (tmp_path / "b.js").write_text('import { a } from "./a.js";\nexport const b = a + 1;\n')
    (tmp_path / "view.js").write_text(
        'import { a } from "./a.js";\nimport {\n  b,\n} from "./b.js";\nexport default a + b;\n'
    )
    joined = component.joined(tmp_path / "view.js")
    assert " ".join(joined.split()) == "export const a = 1; export const b = a + 1; export default a + b;"


@pytest.mark.parametrize("line", ['import "./side.js";', 'import x from "https://cdn.example/x.js";'])
def test_an_import_that_cannot_be_joined_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str
) -> None:
    monkeypatch.setattr(component, "HERE", tmp_path)
    (tmp_path / "view.js").write_text(line + "\n")
    with pytest.raises(ValueError, match="cannot be joined"):
        component.joined(tmp_path / "view.js")


def test_nothing_outside_ui_is_joined(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(component, "HERE", tmp_path / "ui")
    (tmp_path / "ui").mkdir()
    (tmp_path / "secret.js").write_text("export const secret = 1;\n")
    (tmp_path / "ui" / "view.js").write_text('import { secret } from "../secret.js";\n')
    with pytest.raises(ValueError, match="lies outside"):
        component.joined(tmp_path / "ui" / "view.js")


def test_a_callback_for_an_event_that_is_none_is_refused() -> None:
    picture = component.load("home", "open")
    with pytest.raises(TypeError, match="home has no clicked; it has settled, open"):
        picture("key", {}, clicked=lambda: None)


def test_tr_says_a_message_with_its_own_values() -> None:
    assert tr(Message("{n} channels", n=3)) == "3 channels"
    assert tr("Start") == "Start"


def speaking_page() -> None:
    import streamlit as st

    from ui.slot import drawn
    from ui.words import language

    @drawn
    def fragment() -> None:
        st.text(language())

    if st.button("other"):
        st.session_state["lang"] = "zh"
    fragment()
    st.text(language())


def test_a_drawing_speaks_the_language_that_the_session_has_then() -> None:
    page = AppTest.from_function(speaking_page).run()
    assert [text.value for text in page.text] == ["en", "en"]
    page.button[0].click().run()
    assert [text.value for text in page.text] == ["zh", "zh"]
