"""The builder's page without a browser: what a link, a session and a language make of it, and the seal."""

import json
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from netlib import Message, Network
from netlib.presets import preset
from ui import workers
from ui.builder import seal
from ui.builder.desk import DESK, NET, Desk
from ui.builder.explorer import done, taken
from ui.builder.verdicts import Verdicts, verdicts

APP = Path(__file__).resolve().parent.parent.parent / "app.py"
NETWORK = preset("net").to_json()


class Pool:
    """Stands in for the workers: remembers what was asked, and answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Future[Any]]] = []

    def inquire(self, question: str, payload: dict[str, str], timeout: float) -> "Future[Any]":
        answer: Future[Any] = Future()
        self.asked.append((payload["network"], answer))
        return answer


@pytest.fixture(autouse=True)
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    stand_in = Pool()
    monkeypatch.setattr(workers, "pool", lambda: stand_in)
    verdicts.clear()
    yield stand_in
    verdicts.clear()


def open_page(**parameters: str) -> AppTest:
    page = AppTest.from_file(str(APP), default_timeout=60)
    page.run()
    page.switch_page("pages/builder.py")
    for name, value in parameters.items():
        page.query_params[name] = value
    return page.run()


def data(page: AppTest, component: str = "builder") -> Any:
    """What a picture of the page was handed."""
    protos = [element.proto for element in page.main.get("bidi_component")]
    [found] = [proto for proto in protos if proto.component_name == f"explorer.{component}"]
    return json.loads(found.bytes)


def test_the_page_opens_on_a_network_that_shows_something() -> None:
    page = open_page()
    assert not page.exception
    assert not page.error
    shown = data(page)
    assert [row["title"] for row in shown["rows"]][:2] == ["Input", "Conv2d"]
    assert page.query_params["net"] in ([preset("net").to_link()], preset("net").to_link())
    assert page.session_state[NET] == NETWORK


def test_a_link_brings_its_network() -> None:
    page = open_page(net=preset("lenet5").to_link())
    assert Network.from_json(page.session_state[NET]) == preset("lenet5")
    assert data(page)["note"] == ""


def test_a_damaged_link_ends_in_a_sentence_and_the_usual_network() -> None:
    page = open_page(net="1.damaged")
    assert not page.exception
    assert page.session_state[NET] == NETWORK
    assert "this link is damaged" in data(page)["note"]
    assert "Network" not in data(page)["note"]


def test_a_link_in_a_session_can_be_undone() -> None:
    desk = Desk(NETWORK)
    after = taken(desk, preset("lenet5").to_link(), fresh=False)
    assert after.network == preset("lenet5")
    assert after.undone().network == preset("net")
    damaged = taken(desk, "nonsense", fresh=False)
    assert damaged.net == desk.net
    assert damaged.note is not None
    assert "Yours stays as it is" in damaged.note


def test_the_page_speaks_chinese() -> None:
    page = open_page(lang="zh")
    page.session_state["lang"] = "zh"
    page.run()
    shown = data(page)
    assert shown["words"]["add"] == "添加层"
    assert shown["rows"][0]["title"] == "输入"
    assert shown["lang"] == "zh"


def test_a_session_without_a_readable_network_gets_a_fresh_one() -> None:
    page = open_page()
    page.session_state[NET] = "{"
    page.session_state[DESK] = 3
    page.run()
    assert not page.error
    assert data(page)["rows"][1]["title"] == "Conv2d"


def test_actions_are_done_once_and_in_order() -> None:
    first = {"number": 1, "action": {"do": "add", "where": "", "index": 0, "kind": "ReLU"}}
    second = {"number": 2, "action": {"do": "set", "path": "1", "field": "out_channels", "value": 11}}
    once = done(Desk(NETWORK), {"desk": "", "actions": [first]})
    assert (once.done, once.network.layers[0].kind) == (1, "ReLU")
    both = done(once, {"desk": "", "actions": [first, second]})
    assert both.done == 2
    assert len(both.network.layers) == len(once.network.layers)
    assert done(both, {"desk": "", "actions": [first, second]}) == both


def numbered(number: Any) -> dict[str, Any]:
    return {"desk": "", "actions": [{"number": number, "action": {"do": "keep"}}]}


@pytest.mark.parametrize(
    "proposed",
    [
        None, 3, [], {}, {"desk": "", "actions": 3}, {"desk": "", "actions": [3, None, {}]},
        numbered(True), numbered(10**12), numbered(-1), numbered("1"), numbered(None),
    ],
)  # fmt: skip
def test_what_is_no_list_of_actions_is_ignored(proposed: Any) -> None:
    assert done(Desk(NETWORK), proposed) == Desk(NETWORK)


def test_the_last_actions_of_another_session_are_no_proposal() -> None:
    again = {"desk": "theirs", "actions": [{"number": 9, "action": {"do": "delete", "path": "0"}}]}
    assert done(Desk(NETWORK, token="mine"), again) == Desk(NETWORK, token="mine")


ANSWER = {
    "ok": True,
    "rows": [
        {
            "path": str(index),
            "kind": "Conv2d",
            "shape": {"ours": [10, 24, 24], "torchinfo": [10, 24, 24]},
            "params": {"ours": 260, "torch": 260, "torchinfo": 260},
            "macs": {"ours": 144_000, "torch": 144_000, "torchinfo": 149_760},
            "agrees": True,
            "reason": {"en": "torchinfo adds the 5,760 bias additions", "zh": "计入偏置"},
        }
        for index in range(8)
    ],
    "params": {"ours": 8_490, "torch": 8_490, "torchinfo": 8_490},
    "macs": {"ours": 467_200, "torch": 467_200, "torchinfo": 474_250},
    "aux_params": {"ours": 0, "torch": 0, "torchinfo": 0},
    "summary": "a text",
}  # fmt: skip


def test_a_verdict_is_asked_once_and_shown_when_it_comes(pool: Pool) -> None:
    assert seal.data(NETWORK)["state"] == "counting"
    verdicts().ask(NETWORK)
    verdicts().ask(NETWORK)
    [(asked, answer)] = pool.asked
    assert asked == NETWORK
    assert seal.data(NETWORK)["state"] == "counting"
    answer.set_result(ANSWER)
    shown = seal.data(NETWORK)
    assert shown["state"] == "sealed"
    assert shown["params"] == ["8,490", "8,490", "8,490"]
    assert shown["rows"][0]["layer"] == "1 Conv2d"
    assert shown["rows"][0]["macs"] == ["144,000", "144,000", "149,760"]
    assert "bias additions" in shown["rows"][0]["reason"]
    assert shown["summary"] == "a text"


def test_a_seal_that_does_not_hold_says_so(pool: Pool) -> None:
    verdicts().ask(NETWORK)
    pool.asked[0][1].set_result({**ANSWER, "ok": False})
    assert seal.data(NETWORK)["state"] == "otherwise"


def test_a_question_that_came_to_nothing_can_be_asked_again(pool: Pool) -> None:
    verdicts().ask(NETWORK)
    pool.asked[0][1].set_result(Message("PyTorch is away"))
    assert seal.data(NETWORK)["state"] == "unanswered"
    assert seal.data(NETWORK)["says"] == "PyTorch is away"
    verdicts().ask(NETWORK)
    assert len(pool.asked) == 1
    verdicts().ask(NETWORK, again=True)
    assert len(pool.asked) == 2


def test_a_faulty_network_is_not_counted(pool: Pool) -> None:
    faulty = Network.model_validate(
        {"input": {"dims": [3]}, "layers": [{"kind": "Conv2d", "out_channels": 1, "kernel_size": 1}]}
    )
    assert seal.data(faulty.to_json())["state"] == "faulty"


def test_what_nobody_looks_for_is_called_off(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Verdicts()
    monkeypatch.setattr("ui.builder.verdicts.FORGOTTEN", -1.0)
    store.ask(NETWORK)
    store.ask(preset("lenet5").to_json())
    assert pool.asked[0][1].cancelled()
    assert store.known(NETWORK) is None
