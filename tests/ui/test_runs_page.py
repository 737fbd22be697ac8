"""The Runs page without a browser and without workers: what is listed, found, changed, and by whom."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from netlib.presets import preset
from netlib.training import DataSpec, OptimiserSpec, RunSpec
from netlib.training.store import networks
from netlib.training.store.history import History
from tests.ui.training_stage import StandIn, falling, stage, started, trained
from ui import workers
from ui.builder import actions as building
from ui.builder.desk import Desk as BuilderDesk
from ui.owner import person
from ui.runs import address
from ui.runs.actions import Desk, act
from ui.runs.catalogue import KEYS, find
from ui.runs.listing import listing
from ui.runs.page import compared
from ui.runs.shelf import COLUMNS, MOST_COMPARED, SHELF, Shelf, load, save
from ui.training import actions as training
from ui.training.answers import answers
from ui.training.bench import NET, Bench

APP = Path(__file__).resolve().parent.parent.parent / "app.py"
SPEC = Bench.fresh().spec
ADAM = SPEC.with_(optimiser=OptimiserSpec.usual("Adam"), seed=3)
HELLO = RunSpec(network=preset("hello-rnn"), data=DataSpec(name="hello"))


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
    page.switch_page("pages/runs.py")
    for name, value in parameters.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def parts(page: AppTest) -> dict[str, Any]:
    """What each picture of the page was handed, by its part."""
    protos = [element.proto for element in page.main.get("bidi_component")]
    found = [json.loads(proto.bytes) for proto in protos if proto.component_name == "explorer.runs"]
    return {data["part"]: data for data in found}


def desk(pool: StandIn, **shelf: Any) -> Desk:
    return Desk(Shelf(**shelf), pool.as_pool(), answers(), shelf.get("chosen") or ())


def test_an_empty_history_says_so_and_leads_to_the_training_page() -> None:
    drawn = parts(open_page())["list"]
    assert drawn["rows"] == []
    assert drawn["count"] == "No run has been started yet."
    assert drawn["words"]["train"] == "Start training"


def test_a_row_says_what_the_run_was_and_how_far_it_came(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(230), epoch=23)
    pool.history.rename(run, "first try")
    [row] = parts(open_page())["list"]["rows"]
    assert (row["name"], row["network"], row["data"]) == ("first try", "Net (320 → 10)", "Digits 8 × 8")
    assert (row["params"], row["seed"], row["state"]) == ("8,490", "0", "finished")
    assert row["loss"] == "0.111", "the least validation loss"
    assert row["accuracy"] == "90.9 %", "the greatest validation accuracy"
    assert row["settings"] == "SGD 0.05, batch 64"
    assert row["curve"] == 0, "the newest run is shown where nobody has chosen"


def test_text_state_and_data_find_runs_and_the_address_holds_them(pool: StandIn) -> None:
    first = trained(pool, SPEC, falling(30))
    pool.history.annotate(first, "with the Wide kernel")
    second = trained(pool, HELLO, falling(30), end="stopped")
    for shelf, expected in (
        (Shelf(), [second, first]),
        (Shelf(text="wide KERNEL"), [first]),
        (Shelf(text=second[:7]), [second]),
        (Shelf(text="hello"), [second]),
        (Shelf(state="stopped"), [second]),
        (Shelf(data="digits"), [first]),
        (Shelf(data="digits", state="stopped"), []),
    ):
        assert [one.row.id for one in find(pool.history, shelf).entries] == expected, shelf
    page = open_page(q="wide", state="finished", data="digits", sort="loss", compare=f"{first},{second}")
    drawn = parts(page)["list"]
    assert (drawn["text"], drawn["state"], drawn["data"], drawn["sort"]) == (
        "wide",
        "finished",
        "digits",
        "loss",
    )
    assert drawn["count"] == "1 of 2 runs"
    assert page.query_params["q"] == "wide"
    assert page.query_params["compare"] == f"{first},{second}"


def test_every_column_sorts_both_ways_and_what_is_unknown_comes_last(pool: StandIn) -> None:
    good = trained(pool, SPEC, falling(60))
    bad = trained(pool, ADAM, [value + 1 for value in falling(20)])
    none, _ = started(pool, HELLO)
    order = {
        "loss": [good, bad, none],
        "accuracy": [good, bad, none],
    }
    for column, expected in order.items():
        shelf = act(desk(pool), {"do": "sort", "by": column}).shelf
        assert [one.row.id for one in find(pool.history, shelf).entries] == expected, column
        turned = act(Desk(shelf, pool.as_pool(), answers()), {"do": "sort", "by": column}).shelf
        found = [one.row.id for one in find(pool.history, turned).entries]
        assert found == [bad, good, none], column
    for name in COLUMNS:
        keys = [KEYS[name](one) for one in find(pool.history, Shelf(sort=name, down=False)).entries]
        known = [key for key in keys if key is not None]
        assert known == sorted(known), name


def test_a_run_is_renamed_and_annotated_and_a_bad_name_is_a_sentence(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(30))
    act(desk(pool), {"do": "rename", "run": run, "name": " Wide "})
    act(desk(pool), {"do": "annotate", "run": run, "note": "good\nenough"})
    row = pool.history.state(run)
    assert (row.name, row.note) == ("Wide", "good\nenough")
    refused = act(desk(pool, open=run), {"do": "rename", "run": run, "name": "<b>"}).shelf
    assert refused.rule is not None
    assert refused.rule.startswith("A name is made of letters")
    assert pool.history.state(run).name == "Wide"


@pytest.mark.parametrize("letters", [81, 200, 20_000])
def test_a_name_that_is_refused_stays_with_its_rule_until_it_is_mended(pool: StandIn, letters: int) -> None:
    run = trained(pool, SPEC, falling(30))
    proposed = {"do": "rename", "run": run, "name": "x" * letters}
    shelf = act(desk(pool, open=run), proposed).shelf
    assert shelf.rule == f"A name has at most 80 characters, got {letters}."
    session: dict[Any, Any] = {}
    save(session, act(Desk(shelf, pool.as_pool(), answers()), {"do": "sort", "by": "loss"}).shelf)
    shelf = load(session)
    drawn = listing(find(pool.history, shelf), shelf, (), True)["opened"]
    assert (drawn["name"], drawn["typed"], drawn["rule"]) == ("", "x" * min(letters, 1000), shelf.rule)
    mended = act(Desk(shelf, pool.as_pool(), answers()), {**proposed, "name": "wide"}).shelf
    assert (mended.refused, mended.rule, pool.history.state(run).name) == (None, None, "wide")
    folded = act(Desk(shelf, pool.as_pool(), answers()), {"do": "open", "run": run}).shelf
    assert (folded.refused, folded.rule) == (None, None)


def test_deleting_takes_two_steps_of_one_session(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(30))
    assert act(desk(pool), {"do": "delete", "run": run}).shelf == Shelf()
    asked = act(desk(pool, open=run), {"do": "ask", "run": run}).shelf
    assert asked.asked == run
    kept = act(Desk(asked, pool.as_pool(), answers()), {"do": "keep", "run": run}).shelf
    assert kept.asked is None
    assert len(pool.history.runs()) == 1
    gone = act(Desk(asked, pool.as_pool(), answers()), {"do": "delete", "run": run}).shelf
    assert pool.history.runs() == []
    assert (gone.open, gone.asked) == (None, None)
    assert gone.note == f"{run[:6]} has been deleted."


def test_a_run_that_is_going_is_not_deleted(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(30), end=None)
    refused = act(desk(pool), {"do": "ask", "run": run}).shelf
    assert refused.note == f"{run[:6]} is running: stop it before you delete it."
    act(desk(pool, asked=run), {"do": "delete", "run": run})
    assert pool.history.state(run).state == "running"


def test_on_a_shared_server_only_the_owner_changes_a_run(
    pool: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = trained(pool, SPEC, falling(30))
    with pool.history.database.writing() as connection:
        connection.execute("UPDATE runs SET owner = 'ann'")
    monkeypatch.setattr(person, "is_shared", lambda: True)
    monkeypatch.setattr(person, "me", lambda: "bob")
    for proposed in ({"do": "rename", "name": "mine"}, {"do": "annotate", "note": "mine"}, {"do": "ask"}):
        refused = act(desk(pool), {**proposed, "run": run}).shelf
        assert refused.note == person.NOT_YOURS
    act(desk(pool, asked=run), {"do": "delete", "run": run})
    assert pool.history.state(run).name is None
    drawn = act(desk(pool), {"do": "open", "run": run}).shelf
    page = AppTest.from_file(str(APP), default_timeout=60)
    page.session_state[SHELF] = {}
    assert drawn.open == run
    monkeypatch.setattr(person, "me", lambda: "ann")
    act(desk(pool), {"do": "rename", "run": run, "name": "mine"})
    assert pool.history.state(run).name == "mine"
    monkeypatch.setattr(person, "me", lambda: None)
    assert act(desk(pool), {"do": "ask", "run": run}).shelf.note == person.NOT_YOURS


def test_on_a_shared_server_a_run_has_its_owner_and_obeys_nobody_else(
    pool: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person, "is_shared", lambda: True)
    monkeypatch.setattr(person, "me", lambda: "ann")
    run = training.act(training.Desk(Bench.fresh(), pool.as_pool(), answers()), {"do": "start"}).run
    assert run is not None
    assert pool.history.state(run).owner == "ann"
    pool.history.move(run, "starting")
    pool.history.move(run, "running")
    monkeypatch.setattr(person, "me", lambda: "bob")
    shown = Bench.fresh().showing(pool.history.state(run))
    for do in ("pause", "stop", "rewind", "end_now"):
        after = training.act(training.Desk(shown, pool.as_pool(), answers()), {"do": do})
        assert after.note == person.NOT_YOURS
    assert (pool.sent, pool.ended) == ([], [])
    monkeypatch.setattr(person, "me", lambda: "ann")
    training.act(training.Desk(shown, pool.as_pool(), answers()), {"do": "pause"})
    assert len(pool.sent) == 1


def test_an_id_of_a_browser_is_kept_as_its_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(person, "is_shared", lambda: True)
    monkeypatch.setattr("ui.owner.person.st.session_state", {person.HELD: "0" * 32})
    mine = person.me()
    assert mine is not None
    assert len(mine) == 32
    assert mine != "0" * 32
    assert person.is_mine(mine)
    assert not person.is_mine(None)
    monkeypatch.setattr("ui.owner.person.st.session_state", {person.HELD: "x" * 32})
    assert person.me() is None


@pytest.mark.parametrize(
    ("listens", "shared"),
    [
        ("127.0.0.1", False),
        ("localhost", False),
        ("::1", False),
        ("10.0.0.4", True),
        (None, True),
        ("lab", True),
    ],
)
def test_a_server_is_shared_where_other_machines_reach_it(
    listens: str | None, shared: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.owner.person.st.config.get_option", lambda name: listens)
    assert person.is_shared() is shared


def test_running_again_and_with_a_new_seed_leads_to_the_training_page(pool: StandIn) -> None:
    run = trained(pool, ADAM, falling(30))
    again = act(desk(pool), {"do": "again", "run": run})
    assert again.to == "training"
    new = pool.history.state(again.parameters["run"])
    assert (new.seed, new.parent, new.spec().optimiser.name) == (3, run, "Adam")
    seed = act(desk(pool), {"do": "seed", "run": run})
    assert pool.history.state(seed.parameters["run"]).seed == 4


def test_the_network_is_taken_into_the_builder(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(30))
    left = act(desk(pool), {"do": "builder", "run": run})
    assert left.to == "builder"
    assert left.parameters == {"net": SPEC.network.to_link()}
    layers = [{"kind": "Linear", "out_features": 1000 + (7919 * n) % 997} for n in range(1000)]
    long = SPEC.network.model_validate({"input": {"dims": [9]}, "layers": layers})
    with pool.history.database.writing() as connection:
        connection.execute("UPDATE runs SET spec = ?", (SPEC.with_(network=long).to_json(),))
    left = act(desk(pool), {"do": "builder", "run": run})
    assert left.parameters or left.kept == {NET: long.to_json()}


def test_at_most_six_runs_are_compared(pool: StandIn) -> None:
    runs = [trained(pool, SPEC, falling(12)) for _ in range(MOST_COMPARED + 1)]
    state = desk(pool)
    for run in runs:
        shelf = act(state, {"do": "choose", "run": run}).shelf
        state = Desk(shelf, pool.as_pool(), answers(), shelf.chosen or ())
    assert state.shelf.chosen == tuple(runs[:MOST_COMPARED])
    assert state.shelf.note == "At most 6 runs can be compared: take one out first."
    out = act(state, {"do": "choose", "run": runs[1]}).shelf
    assert out.chosen == (runs[0], *runs[2:MOST_COMPARED])
    assert [one.row.id for one in compared(out, find(pool.history, out))] == list(out.chosen)


def test_what_a_picture_would_never_propose_changes_nothing(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(12))
    before = desk(pool)
    for nonsense in (
        None,
        {"do": 3},
        {"do": "explode"},
        {"do": "sort", "by": "id; DROP TABLE runs"},
        {"do": "state", "value": "sleeping"},
        {"do": "find", "text": "x" * 1000},
        {"do": "rename", "run": run, "name": 3},
        {"do": "open", "run": "x" * 41},
    ):
        assert act(before, nonsense).shelf == Shelf()
    unknown = act(before, {"do": "open", "run": "nosuchrun"}).shelf
    assert unknown.note == "There is no run nosuchrun in the history."


def test_an_address_that_makes_no_sense_is_passed_over() -> None:
    asked = {"q": "x" * 200, "state": "sleeping", "sort": "-id", "compare": "../../etc,<b>"}
    shelf = address.arrived({}, asked)
    assert shelf == Shelf(text="x" * 80)


def test_the_session_keeps_the_shelf_as_plain_values() -> None:
    session: dict[Any, Any] = {}
    shelf = Shelf(text="a", chosen=("0123",), sort="loss", down=False)
    save(session, shelf)
    assert json.loads(json.dumps(session[SHELF])) == session[SHELF]
    assert load(session) == shelf
    assert load({SHELF: {"old": 1}}) == Shelf()


def test_a_run_can_be_taken_away_as_a_program(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(12))
    offered = [button.proto.label for button in open_page(compare=run).main.get("download_button")]
    assert offered == ["Weights", "Curves", "Settings", "Python program", "Notebook"]


def test_a_run_that_goes_on_is_no_program_yet(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(12), end=None)
    offered = [button.proto.label for button in open_page(compare=run).main.get("download_button")]
    assert "Python program" not in offered


def test_a_run_of_an_unknown_version_stays_in_the_list(pool: StandIn) -> None:
    run = trained(pool, SPEC, falling(12))
    with pool.history.database.writing() as connection:
        connection.execute('UPDATE runs SET spec = \'{"network": {"layers": 3}, "batch": "many"}\'')
    [row] = parts(open_page())["list"]["rows"]
    assert (row["data"], row["network"], row["params"]) == ("?", "own network", "–")
    assert act(desk(pool), {"do": "again", "run": run}).shelf.note is not None


def test_a_history_that_is_only_read_says_so_and_offers_no_change(pool: StandIn, tmp_path: Path) -> None:
    run = trained(pool, SPEC, falling(12))
    with pool.history.database.writing() as connection:
        connection.execute("PRAGMA user_version = 99")
    pool.history = History.open(tmp_path / "history.db")
    page = open_page()
    assert "newer version" in page.warning[0].value
    opened = act(desk(pool), {"do": "open", "run": run}).shelf
    assert opened.open == run
    refused = act(desk(pool), {"do": "rename", "run": run, "name": "new"}).shelf
    assert refused.note is not None
    assert "read-only" in refused.note


def test_it_speaks_chinese(pool: StandIn) -> None:
    trained(pool, SPEC, falling(12))
    page = AppTest.from_file(str(APP), default_timeout=60)
    page.query_params["lang"] = "zh"
    page.run()
    page.switch_page("pages/runs.py").run()
    drawn = parts(page)["list"]
    assert drawn["words"]["deleteNow"] == "永久删除"
    assert drawn["rows"][0]["state"] == "已完成"


def test_a_damaged_history_comes_back_with_its_runs_and_says_so(pool: StandIn, tmp_path: Path) -> None:
    run = trained(pool, SPEC, falling(12))
    path = pool.history.path
    pool.history.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.write(b"\xff" * 100)
    pool.history = History.open(path)
    page = open_page()
    assert page.warning[0].value.startswith("The history was damaged. 1 of its runs could be read")
    assert [row["id"] for row in parts(page)["list"]["rows"]] == [run]


def test_a_history_that_is_damaged_under_the_page_is_a_sentence(pool: StandIn) -> None:
    trained(pool, SPEC, falling(12))
    pool.history.close()
    for ending in ("-wal", "-shm"):
        pool.history.path.with_name(pool.history.path.name + ending).unlink(missing_ok=True)
    pool.history.path.write_bytes(b"no database" * 1000)
    page = open_page()
    assert "is damaged. Start the app again" in page.error[0].value


def test_a_full_disk_is_a_sentence_and_the_list_stays(pool: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained(pool, SPEC, falling(12))
    connect = pool.history.database.connect

    def no_room(**options: bool) -> sqlite3.Connection:
        connection = connect(**options)
        connection.execute("PRAGMA max_page_count = 1")  # no less than there are already
        return connection

    pool.history.close()
    monkeypatch.setattr(pool.history.database, "connect", no_room)
    full = act(desk(pool), {"do": "annotate", "run": run, "note": "x" * 2000}).shelf
    for number in range(40):  # some rows still find room on the pages that there are
        if full.note:
            break
        full = act(
            desk(pool), {"do": "again", "run": run} if number % 2 else {"do": "seed", "run": run}
        ).shelf
    assert full.note is not None
    assert "The disk is full: nothing can be saved" in full.note
    assert len(parts(open_page())["list"]["rows"]) >= 1


def test_a_network_saved_in_the_builder_is_listed_opened_trained_and_deleted(pool: StandIn) -> None:
    saved = building.act(BuilderDesk(SPEC.network.to_json()), {"do": "save", "name": " Two windows "})
    assert saved.note == "Saved as Two windows. The Runs page has it."
    other = preset("hello-rnn")
    taken = building.act(BuilderDesk(other.to_json()), {"do": "save", "name": "Two windows"})
    assert taken.note is not None
    assert taken.note.startswith("There is another network Two windows already.")
    nameless = building.act(BuilderDesk(other.to_json()), {"do": "save", "name": ""})
    assert nameless.note == "A network is saved under a name: write one."
    [row] = parts(open_page())["networks"]["rows"]
    assert (row["name"], row["params"], row["mine"]) == ("Two windows", "8,490", True)
    network = row["id"]
    opened = act(desk(pool), {"do": "open_network", "network": network})
    assert (opened.to, opened.parameters) == ("builder", {"net": SPEC.network.to_link()})
    training_page = act(desk(pool), {"do": "train_network", "network": network})
    assert training_page.parameters == {"net": SPEC.network.to_link(), "data": "digits"}
    act(desk(pool), {"do": "delete_network", "network": network})
    assert parts(open_page())["networks"]["rows"]
    asked = act(desk(pool), {"do": "ask_network", "network": network})
    gone = act(Desk(asked.shelf, pool.as_pool(), answers()), {"do": "delete_network", "network": network})
    assert gone.shelf.note == "Two windows has been deleted."
    assert parts(open_page())["networks"]["rows"] == []


def test_only_its_owner_deletes_a_network(pool: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(person, "is_shared", lambda: True)
    monkeypatch.setattr(person, "me", lambda: "ann")
    building.act(BuilderDesk(SPEC.network.to_json()), {"do": "save", "name": "mine"})
    [network] = networks.saved(pool.history.database)
    assert network.owner == "ann"
    monkeypatch.setattr(person, "me", lambda: "bob")
    refused = act(desk(pool), {"do": "ask_network", "network": network.id})
    assert refused.shelf.note == person.NOT_YOURS
    act(desk(pool, asked=network.id), {"do": "delete_network", "network": network.id})
    assert len(networks.saved(pool.history.database)) == 1


def test_a_saved_network_of_an_unknown_version_is_a_sentence(pool: StandIn) -> None:
    networks.save(pool.history.database, SPEC.network, "old")
    with pool.history.database.writing() as connection:
        connection.execute("UPDATE networks SET network = '{\"layers\": 3}'")
    [row] = parts(open_page())["networks"]["rows"]
    assert (row["params"], row["trains"]) == ("–", False)
    assert act(desk(pool), {"do": "open_network", "network": row["id"]}).shelf.note is not None
