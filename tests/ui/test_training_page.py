"""The training page without a browser and without workers: widgets, address, and what its pictures are handed."""

import json
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from netlib import Network
from netlib.training import reasons
from netlib.words import Message
from tests.ui.training_stage import StandIn, falling, stage, trained
from ui import workers
from ui.training import form
from ui.training.answers import answers
from ui.training.bench import Bench, load, save
from ui.training.live import LEAVE, acted

APP = Path(__file__).resolve().parent.parent.parent / "app.py"
SPEC = Bench.fresh().spec
SEVENTEEN = Network.model_validate(
    {"input": {"dims": [1, 28, 28]}, "layers": [{"kind": "Flatten"}, {"kind": "Linear", "out_features": 17}]}
)


@pytest.fixture(autouse=True)
def pool(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[StandIn]:
    stand_in = stage(tmp_path)
    monkeypatch.setattr(workers, "pool", lambda: stand_in)
    answers.clear()
    yield stand_in
    answers.clear()


def open_page(**parameters: str) -> AppTest:
    page = AppTest.from_file(str(APP), default_timeout=60)
    page.run()
    page.switch_page("pages/training.py")
    for name, value in parameters.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    assert not page.error
    return page


def parts(page: AppTest) -> dict[str, Any]:
    """What each picture of the page was handed, by its part."""
    protos = [element.proto for element in page.main.get("bidi_component")]
    found = [json.loads(proto.bytes) for proto in protos if proto.component_name == "explorer.training"]
    return {data["part"]: data for data in found}


def test_it_opens_ready_to_train_the_net_on_digits(pool: StandIn) -> None:
    page = open_page()
    drawn = parts(page)
    assert drawn["panel"]["status"]["word"] == "ready"
    assert drawn["panel"]["status"]["says"].startswith("230 steps, ")
    assert drawn["panel"]["status"]["says"].endswith(", 110 MiB of memory.")
    assert drawn["panel"]["buttons"][0]["do"] == "start"
    assert drawn["curves"]["end"] == 230
    assert drawn["curves"]["reference"], "an empty picture still shows what a good run looks like"
    assert drawn["fitting"]["notes"][0] == "8,490 parameters"
    assert "shown" not in drawn
    values = {widget.label.split(" · ")[0]: widget.value for widget in page.number_input}
    assert (values["Learning rate"], values["Momentum"], values["Batch size"]) == (0.05, 0.9, 64)
    assert (values["Epochs"], values["Seed"]) == (10, 0)


def test_a_changed_field_is_in_the_settings(pool: StandIn) -> None:
    page = open_page()
    box = next(widget for widget in page.number_input if widget.label.startswith("Learning rate"))
    box.set_value(0.2).run()
    assert pool.asked[-1][1]["spec"]["optimiser"] == {"learning_rate": 0.2}


def test_a_refused_value_says_its_rule_and_no_run_can_start(pool: StandIn) -> None:
    page = open_page()
    box = next(widget for widget in page.number_input if widget.label.startswith("Batch size"))
    box.set_value(0).run()
    drawn = parts(page)
    assert drawn["fitting"]["problem"] == "Batch size must be at least 1, got 0."
    assert drawn["fitting"]["ways"] == [{"do": "restore", "word": "Back to 64"}]
    assert [one["do"] for one in drawn["panel"]["buttons"] if one.get("disabled")] == ["start", "find_rate"]
    box = next(widget for widget in page.number_input if widget.label.startswith("Batch size"))
    assert box.value == 0, "it is still there to be mended"
    box.set_value(32).run()
    drawn = parts(page)
    assert drawn["fitting"]["problem"] is None
    assert not drawn["panel"]["buttons"][0]["disabled"]


def test_another_optimiser_brings_its_own_learning_rate() -> None:
    page = open_page()
    next(widget for widget in page.selectbox if widget.label == "Optimiser").set_value("Adam").run()
    rate = next(widget for widget in page.number_input if widget.label.startswith("Learning rate"))
    assert rate.value == 0.001
    assert "0.0002 to 0.005" in rate.label
    assert "Momentum" not in [widget.label for widget in page.number_input]


def test_choosing_hello_brings_its_network_and_the_word() -> None:
    page = open_page()
    next(widget for widget in page.selectbox if widget.label == "Data").set_value("hello").run()
    network = next(widget for widget in page.selectbox if widget.label == "Network")
    assert network.value == "hello-embedding"
    assert list(network.options)[:5] == [
        "hello: RNNCell",
        "hello: RNN",
        "hello: Embedding + RNN",
        "hello: Embedding + LSTM",
        "hello: Embedding + GRU",
    ]
    assert "".join(parts(page)["shown"]["target"]) == "ohlol"
    assert page.query_params["data"] == "hello"
    assert "Batch size" not in [widget.label.split(" · ")[0] for widget in page.number_input]


def word(page: AppTest, label: str) -> Any:
    return next(widget for widget in page.text_input if widget.label == label)


def test_own_words_bring_their_alphabet_and_repairs() -> None:
    page = open_page(data="hello")
    word(page, "Source word").set_value("banana").run()
    assert word(page, "Target word").value == "ananab"
    drawn = parts(page)
    assert drawn["fitting"]["problem"].startswith("Banana → ananab is 6 letters out of 3")
    assert any("change the input to 6 ids".capitalize() in way["word"] for way in drawn["fitting"]["ways"])
    word(page, "Target word").set_value("BANANA").run()
    assert "".join(parts(page)["shown"]["target"]) == "BANANA"
    word(page, "Source word").set_value("bananas").run()
    assert word(page, "Target word").value == "BANANA", "what somebody has typed stays"
    assert "must be of one length, got 7 and 6 letters" in parts(page)["fitting"]["problem"]
    next(widget for widget in page.button if widget.label == "Teach the next letter").click().run()
    assert word(page, "Target word").value == "ananasb"


@pytest.mark.parametrize(
    ("label", "text", "says"),
    [
        ("Target word", "ohlolo", "must be of one length, got 5 and 6 letters"),
        ("Source word", "", "Source word must be a text of 1 to 64 characters"),
        ("Source word", "a", "at least two different letters"),
        ("Source word", "ab\u202ecd", "Source word must be a text of 1 to 64 characters"),
    ],
)
def test_words_that_cannot_be_taught_are_said_so(label: str, text: str, says: str) -> None:
    page = open_page(data="hello")
    word(page, label).set_value(text).run()
    drawn = parts(page)
    assert says in drawn["fitting"]["problem"]
    assert drawn["fitting"]["ways"] == [{"do": "restore", "word": "Back to hello → ohlol"}]
    assert drawn["panel"]["buttons"][0]["disabled"] is True
    assert "".join(drawn["shown"]["source"]) == "hello"


def test_a_network_that_does_not_fit_stands_there_with_its_repairs() -> None:
    page = open_page(net=SEVENTEEN.to_link())
    drawn = parts(page)
    assert drawn["fitting"]["problem"].startswith("There are 10 classes, but the network gives 17 numbers.")
    assert drawn["fitting"]["ways"][0]["word"].startswith("Set out_features = 10")
    assert drawn["panel"]["buttons"][0]["disabled"] is True
    assert drawn["panel"]["status"]["word"] == "not ready"


def test_a_finished_run_is_a_plotly_chart_and_its_id_stays_in_the_address(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(230), epoch=23, reason=Message(reasons.EPOCHS, epochs=10))
    page = open_page(run=run)
    drawn = parts(page)
    [chart] = page.main.get("plotly_chart")
    assert json.loads(chart.proto.config)["toImageButtonOptions"]["filename"] == f"run-{run}"
    assert drawn["panel"]["status"]["says"] == "All epochs are done (10)."
    assert drawn["panel"]["look"] == {"every": None}, "nothing more will come"
    assert drawn["panel"]["numbers"][0]["value"] == "230"
    assert page.query_params["run"] == run
    page.run()
    assert page.query_params["run"] == run


def test_a_live_run_is_our_own_picture_with_everything_to_steer_it(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(60), epoch=23, end=None)
    drawn = parts(open_page(run=run))
    assert drawn["curves"]["training"][0][-1] == 60
    assert drawn["panel"]["rate"]["rates"][drawn["panel"]["rate"]["now"]] == 0.05
    assert drawn["runs"]["rows"][0]["current"] is True
    assert drawn["panel"]["look"]["every"] == 500, "it looks again after half a second"


def test_a_run_that_is_not_there_is_a_sentence() -> None:
    drawn = parts(open_page(run="nosuchrun"))
    assert drawn["fitting"]["note"] == "There is no run nosuchrun in the history."
    assert drawn["panel"]["status"]["word"] == "ready"


def test_it_speaks_chinese(pool: StandIn) -> None:
    page = AppTest.from_file(str(APP), default_timeout=60)
    page.query_params["lang"] = "zh"
    page.run()
    page.switch_page("pages/training.py").run()
    drawn = parts(page)
    assert drawn["panel"]["status"]["word"] == "就绪"
    assert drawn["panel"]["buttons"][0]["word"] == "开始训练"
    assert "学习率 · 通常 0.01 到 0.25" in [widget.label for widget in page.number_input]


def test_devices_are_those_that_a_worker_has_found(pool: StandIn) -> None:
    pool.devices = ("cpu", "cuda", "cuda:0")
    page = open_page()
    device = next(widget for widget in page.selectbox if widget.label == "Device")
    assert list(device.options) == ["best", "CPU", "CUDA", "CUDA:0"]
    device.set_value("cuda").run()
    assert pool.asked[-1][1]["spec"]["device"] == "cuda"


def test_a_hostile_name_of_a_run_stays_text(pool: StandIn) -> None:
    name = "<img src=x onerror=alert(1)> ![i](http://tracker/x.png) :red[r]"
    run = trained(pool, SPEC, falling(30))
    with pool.history.database.writing() as connection:
        connection.execute("UPDATE runs SET name = ?", (name,))
    page = open_page(run=run)
    assert parts(page)["runs"]["rows"][0]["name"] == name, "the picture writes it with textContent"
    assert name not in " ".join(element.value for element in [*page.markdown, *page.caption])


def test_data_that_are_not_here_can_be_downloaded(pool: StandIn) -> None:
    pool.answers["data_here"] = Message("MNIST is not in the folder.")
    page = open_page(data="mnist")
    drawn = parts(page)["fitting"]
    assert (drawn["problem"], [way["do"] for way in drawn["ways"]]) == (
        "MNIST is not in the folder.",
        ["download"],
    )


def test_a_proposal_that_came_twice_is_done_once(pool: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    session: dict[Any, Any] = {}
    monkeypatch.setattr("ui.training.live.st.session_state", session)
    save(session, Bench.fresh())
    start = {"do": "another", "number": 7}
    for proposals in (
        [start],
        [start],
        [start, {**start, "number": 8}],
        [{"do": "another"}],
        [{**start, "number": "9"}],
    ):
        acted({"proposals": proposals})
        bench = load(session)
        assert bench is not None
        save(session, bench.set("seed", bench.spec.seed + 1))
    assert len(pool.history.runs()) == 2
    for nonsense in ("start", None, {"proposals": "start"}, {"proposals": [None, 3]}):
        acted(nonsense)
    assert len(pool.history.runs()) == 2


def test_all_runs_are_a_press_away(monkeypatch: pytest.MonkeyPatch) -> None:
    session: dict[Any, Any] = {}
    monkeypatch.setattr("ui.training.live.st.session_state", session)
    save(session, Bench.fresh())
    acted({"proposals": [{"do": "runs", "number": 7}]})
    assert session[LEAVE] is True
    assert load(session) == Bench.fresh()


def test_what_a_browser_sends_of_widgets_from_before_a_change_is_no_news(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session: MutableMapping[str | int, Any] = {}
    bench = Bench.fresh()
    before = f"@{bench.revision}"
    save(session, bench)
    monkeypatch.setattr(form, "st", SimpleNamespace(session_state=session))
    session.update({f"training.data{before}": "hello", f"training.network{before}": "net"})
    form._data(f"training.data{before}")
    changed = load(session)
    assert changed is not None
    assert changed.source == "hello-embedding"
    form._data(f"training.data{before}")
    form._network(f"training.network{before}")
    assert load(session) == changed
