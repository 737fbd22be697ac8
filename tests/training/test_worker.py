import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from netlib import questions, worker
from netlib.errors import NetlibError
from netlib.training.store import queue
from netlib.training.store.history import History
from netlib.training.store.process import started
from netlib.training.workers.lines import LONGEST_LINE, Ask
from tests.training import stand_in
from tests.training.hand import ROOT, Hand
from tests.training.recorded import eventually, small_spec


@pytest.fixture(scope="module")
def hand() -> Iterator[Hand]:
    """One that the tests share which leave it whole."""
    with Hand() as driven:
        yield driven


def test_it_says_when_it_is_ready_and_who_it_is(hand: Hand) -> None:
    assert hand.ready["kind"] == "ready"
    assert hand.ready["pid"] == hand.process.pid
    assert hand.ready["started"] == started(hand.process.pid)
    assert hand.ready["devices"] == ["cpu"]


def test_it_gives_way_to_the_page(hand: Hand) -> None:
    hand.tell(kind="ask", number=1, question="process")
    lower = min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)
    assert hand.hear()["answer"] == {"pid": hand.process.pid, "priority": lower}
    if sys.platform == "linux":
        assert Path(f"/proc/{hand.process.pid}/oom_score_adj").read_text().strip() == "500"


@pytest.mark.parametrize(
    "line",
    [
        "hello",
        "[1, 2]",
        '{"kind": "nothing"}',
        '{"kind": "ask", "question": "../devices"}',
        '{"kind": "ask", "question": "devices", "more": 1}',
        '{"kind": "order", "run": "abcdef", "command": {"kind": "learning_rate", "value": -1}}',
        '{"kind": "train", "run": "../../etc", "database": "x"}',
        "\x00\udcff".encode("utf-8", "replace").decode(),
    ],
)
def test_a_line_that_is_no_message_is_refused_in_words(hand: Hand, line: str) -> None:
    hand.say(line)
    refused = hand.hear()
    assert refused["kind"] == "refused"
    assert refused["reason"]["say"].startswith("A line must be one message in JSON")
    assert refused["reason"]["with"]["got"] == line.strip()[:60] or refused["reason"]["with"]["got"].endswith(
        "…"
    )
    hand.tell(kind="ask", number=7, question="echo", payload={"still": "here"})
    assert hand.hear() == {
        "kind": "answered",
        "number": 7,
        "answer": {"still": "here"},
        "refused": None,
        "worn": False,
    }


def test_a_line_without_end_is_refused_and_passed_over(hand: Hand) -> None:
    hand.say("x" * (LONGEST_LINE + 10))
    assert hand.hear()["reason"]["say"].startswith("A line must have at most")
    hand.tell(kind="ask", number=8, question="echo")
    assert hand.hear()["number"] == 8


def test_a_command_for_a_run_that_it_does_not_train_is_refused(hand: Hand) -> None:
    hand.tell(kind="order", run="0123456789", command={"kind": "stop"})
    assert hand.hear()["reason"]["say"] == "Run {run} is not trained by this worker."


@pytest.mark.parametrize(
    ("question", "begin", "worn"),
    [("nothing", "There is no question", False), ("fault", "The question", True)],
)
def test_a_question_without_an_answer_gets_a_sentence(
    hand: Hand, question: str, begin: str, worn: bool
) -> None:
    hand.tell(kind="ask", number=2, question=question)
    answered = hand.hear()
    assert answered["answer"] is None
    assert answered["refused"]["say"].startswith(begin)
    assert answered["worn"] is worn


def test_a_run_is_in_the_history_while_it_is_trained(hand: Hand, history: History) -> None:
    run = history.create(small_spec(steps=200))
    hand.tell(kind="train", run=run, database=str(history.path))
    first = eventually(lambda: history.metrics(run, "loss"))
    assert first.values[0] == 1.0
    assert len(first) < 200
    assert history.state(run).state == "running"
    assert history.state(run).device == "cpu"
    assert hand.hear() == {
        "kind": "finished", "run": run, "state": "finished", "reason": None, "saved": True, "worn": False
    }  # fmt: skip
    assert history.metrics(run, "loss").values.tolist() == list(range(1, 201))
    assert history.state(run).state == "finished"
    assert history.state(run).versions["python"]


def test_only_a_waiting_run_is_trained(hand: Hand, history: History) -> None:
    run = history.create(small_spec())
    history.move(run, "stopped")
    hand.tell(kind="train", run=run, database=str(history.path))
    finished = hand.hear()
    assert finished["reason"]["say"].startswith("Run {run} is {state}")
    assert history.state(run).state == "stopped"


@pytest.mark.parametrize("seed", [stand_in.PRINTS, stand_in.READS_STDIN])
def test_libraries_cannot_disturb_the_protocol(hand: Hand, history: History, seed: int) -> None:
    run = history.create(small_spec(seed=seed))
    hand.tell(kind="train", run=run, database=str(history.path))
    assert hand.hear()["run"] == run
    assert history.state(run).state == "finished"


@pytest.mark.parametrize(
    ("seed", "reason"),
    [
        (stand_in.FAULT, "The run ended at step 20 because of a fault in this program (ZeroDivisionError)."),
        (stand_in.REFUSES, "No room for step 20."),
        (stand_in.NO_MEMORY, "The run ended at step 20 because of a fault in this program (MemoryError)."),
    ],
)
def test_a_run_that_fails_says_why_and_keeps_its_curve(
    hand: Hand, history: History, seed: int, reason: str
) -> None:
    run = history.create(small_spec(seed=seed))
    hand.tell(kind="train", run=run, database=str(history.path))
    finished = hand.hear()
    assert (finished["state"], finished["worn"]) == ("failed", True)
    row = history.state(run)
    assert row.state == "failed"
    assert str(row.reason).startswith(reason)
    assert len(history.metrics(run, "loss")) == 20
    faults = [event.detail["trace"] for event in history.events(run) if event.kind == "fault"]
    assert len(faults) == (seed != stand_in.REFUSES)
    assert all("in misbehave" in trace for trace in faults)


@pytest.mark.parametrize(("seed", "worn"), [(stand_in.NOT_RECORDED, True), (stand_in.RECORDED, False)])
def test_a_worker_whose_recording_was_broken_off_is_not_used_again(
    hand: Hand, history: History, seed: int, worn: bool
) -> None:
    run = history.create(small_spec(seed=seed))
    hand.tell(kind="train", run=run, database=str(history.path))
    finished = hand.hear()
    assert (finished["state"], finished["worn"]) == ("finished", worn)


def test_commands_reach_the_loop_in_their_order(hand: Hand, history: History) -> None:
    run = history.create(small_spec(steps=300))
    hand.tell(kind="train", run=run, database=str(history.path))
    commands: list[dict[str, Any]] = [
        {"kind": "pause"},
        {"kind": "step", "count": 3},
        {"kind": "learning_rate", "value": 0.5},
        {"kind": "resume"},
    ]
    for command in commands:
        hand.tell(kind="order", run=run, command=command)
    hand.hear()
    kinds = [event.kind for event in history.events(run) if event.kind not in ("state", "started")]
    assert kinds == ["pause", "learning_rate", "resume"]
    assert history.metrics(run, "loss").values.tolist() == list(range(1, 301))


@pytest.mark.parametrize("busy", [False, True])
def test_it_ends_when_its_stdin_does(history: History, busy: bool) -> None:
    with Hand() as hand:
        if busy:
            run = history.create(small_spec(seed=stand_in.NEVER_ENDS))
            hand.tell(kind="train", run=run, database=str(history.path))
            eventually(lambda: history.state(run).step > 20)
        assert hand.process.stdin is not None
        hand.process.stdin.close()
        assert hand.process.wait(60) == 70
        if busy:
            assert queue.mark_lost(history.database) == [run]


APP = """
import sys, time
from pathlib import Path
from netlib.training.store.history import History
from netlib.training.workers.pool import Pool
from tests.training.recorded import small_spec
from tests.training import stand_in
from tests.training.hand import ROOT, Hand
history = History.open(Path(sys.argv[1]))
pool = Pool(history, slots=1, program=[sys.executable, "-m", "tests.training.stand_in"])
run = pool.submit(small_spec(seed=stand_in.NEVER_ENDS))
while history.state(run).step < 10:
    time.sleep(0.01)
pids = [member.worker.pid for member in pool._keeper.staff.members.values()]
print(run, *pids, flush=True)
time.sleep(60)
"""


def test_when_the_app_is_killed_its_workers_are_gone_within_two_seconds(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    app = subprocess.Popen(
        [sys.executable, "-c", APP, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert app.stdout is not None
    run, *pids = app.stdout.readline().split()
    assert len(pids) == 2
    assert all(started(int(pid)) for pid in pids)
    app.kill()
    app.wait()
    began = time.monotonic()
    eventually(lambda: not any(started(int(pid)) for pid in pids))
    assert time.monotonic() - began < 2
    history = History.open(path)
    assert history.state(run).state == "running"
    assert queue.mark_lost(history.database) == [run]
    row = history.state(run)
    assert (row.state, row.reason) == ("lost", "The server stopped while this run was going.")
    assert len(history.metrics(run, "loss")) >= 10
    history.close()


def test_a_refusal_that_no_message_can_carry_is_still_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(question: str, payload: object) -> object:
        raise NetlibError("got {low:g}", low=float("nan"))

    monkeypatch.setattr(questions, "answer", refuses)
    told = worker.Worker(io.BytesIO(), io.StringIO(), stand_in.train)._answer(
        Ask(number=7, question="rates", payload={})
    )
    assert told.number == 7
    assert told.refused is not None
    assert "rates" in str(told.refused)
