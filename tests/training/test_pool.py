import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from netlib.errors import NetlibError
from netlib.training.limits import Limits
from netlib.training.run.protocol import Pause, Resume, SetLearningRate, Step, Stop
from netlib.training.spec import State
from netlib.training.states import refusal
from netlib.training.store.going_on import last_checkpoint
from netlib.training.store.history import History
from netlib.training.store.process import started
from netlib.training.store.records import RunRow
from netlib.training.workers import keeper, staff
from netlib.training.workers.deaths import Death, verdict
from netlib.training.workers.members import Member
from netlib.training.workers.pool import Pool
from netlib.words import Message
from tests.training import stand_in
from tests.training.recorded import eventually, small_spec

ROOT = Path(__file__).parent.parent.parent
STAND_IN = (sys.executable, "-m", "tests.training.stand_in")
NEVER_STARTS = (sys.executable, "-c", "import sys; print('no torch here', file=sys.stderr); sys.exit(3)")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    """A pool of one slot for the tests after which it is as before, be it with other workers."""
    yield from closing(
        Pool(History.open(tmp_path_factory.mktemp("one") / "history.db"), slots=1, program=STAND_IN)
    )


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    """The same with two slots."""
    yield from closing(
        Pool(History.open(tmp_path_factory.mktemp("two") / "history.db"), slots=2, program=STAND_IN)
    )


def closing(pool: Pool) -> Iterator[Pool]:
    yield pool
    pool.close()
    pool.history.close()


@pytest.fixture
def make_pool(tmp_path: Path) -> Iterator[Callable[..., Pool]]:
    made: list[Pool] = []

    def make(slots: int = 1, program: tuple[str, ...] = STAND_IN) -> Pool:
        made.append(Pool(History.open(tmp_path / "history.db"), slots=slots, program=program))
        return made[-1]

    yield make
    for pool in made:
        pool.close()


def ended(pool: Pool, run: str) -> RunRow:
    return eventually(lambda: row if (row := pool.history.state(run)).ended else None)  # type: ignore[return-value]  # only a row is truthy


def at_step(pool: Pool, run: str, step: int) -> None:
    eventually(lambda: pool.history.state(run).step >= step)


def member(pool: Pool, run: str) -> Member:
    return eventually(lambda: pool._keeper.trainers.get(run))  # type: ignore[return-value]  # only a member is truthy


# --- runs


def test_the_app_needs_no_torch_and_does_not_wait_for_workers(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from netlib.training.store.history import History;"
        "from netlib.training.workers.pool import Pool; history = History.open(Path(sys.argv[1]));"
        "pool = Pool(history); pool.position('none'); warm = pool.status().warm; pool.close();"
        "print(warm, 'torch' in sys.modules, 'pandas' in sys.modules, 'streamlit' in sys.modules)"
    )
    found = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "history.db")],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert found.stdout.split() == ["0", "False", "False", "False"], found.stderr


def test_a_run_is_trained_and_its_curve_is_there(shared: Pool) -> None:
    run = shared.submit(small_spec(), name="first", owner="me")
    row = ended(shared, run)
    assert (row.state, row.step, row.name, row.owner) == ("finished", 50, "first", "me")
    assert row.spec().threads == 1  # settled for this machine
    assert shared.history.metrics(run, "loss").values.tolist() == list(range(1, 51))
    states = [event.detail["to"] for event in shared.history.events(run) if event.kind == "state"]
    assert states == ["starting", "running", "finished"]


def test_runs_wait_in_a_queue_and_are_taken_in_order(shared: Pool) -> None:
    first = shared.submit(small_spec(seed=stand_in.NEVER_ENDS))
    at_step(shared, first, 1)
    waiting = [shared.submit(small_spec(steps=5)) for _ in range(3)]
    assert [shared.position(run) for run in waiting] == [1, 2, 3]
    assert shared.position(first) is None
    assert shared.send(waiting[1], Stop())  # one that waits never starts
    assert shared.history.state(waiting[1]).state == "stopped"
    assert [shared.position(run) for run in waiting] == [1, None, 2]
    assert shared.send(first, Stop())
    assert ended(shared, first).reason == f"Stopped at step {shared.history.state(first).step}."
    assert [ended(shared, run).state for run in waiting] == ["finished", "stopped", "finished"]
    begun = [shared.history.events(run)[0].at for run in (waiting[0], waiting[2])]
    assert begun[0] < begun[1]


def test_pause_step_resume_stop(shared: Pool) -> None:
    run = shared.submit(small_spec(seed=stand_in.NEVER_ENDS))
    at_step(shared, run, 5)
    assert not shared.send(run, Resume())
    assert not shared.send(run, Step())
    assert shared.send(run, Pause())
    eventually(lambda: shared.history.state(run).state == "paused")
    step = shared.history.state(run).step
    assert not shared.send(run, Pause())
    assert shared.send(run, SetLearningRate(value=0.5))
    assert shared.send(run, Step(count=3))
    at_step(shared, run, step + 3)
    assert shared.history.state(run).state == "paused"
    assert shared.history.state(run).step == step + 3
    assert shared.send(run, Resume())
    at_step(shared, run, step + 10)
    assert shared.history.state(run).state == "running"
    assert shared.send(run, Stop())
    assert shared.send(run, Stop()) == (not shared.history.state(run).ended)  # twice is no fault
    row = ended(shared, run)
    assert row.state == "stopped"
    assert not shared.send(run, Stop())
    assert refusal(row.state, Stop()) == "A run that is stopped cannot stop."
    kinds = [event.kind for event in shared.history.events(run)]
    assert kinds.index("pause") < kinds.index("learning_rate") < kinds.index("resume")


def test_a_paused_run_can_be_stopped(shared: Pool) -> None:
    run = shared.submit(small_spec(seed=stand_in.NEVER_ENDS))
    at_step(shared, run, 5)
    shared.send(run, Pause())
    eventually(lambda: shared.history.state(run).state == "paused")
    assert shared.send(run, Stop())
    assert ended(shared, run).state == "stopped"


def test_a_reason_of_the_loop_stands_beside_the_state(shared: Pool) -> None:
    row = ended(shared, shared.submit(small_spec(seed=stand_in.NO_NUMBER)))
    assert (row.state, row.reason) == ("diverged", "The loss stopped being a number at step 50.")


def test_an_unknown_run_takes_no_command(shared: Pool) -> None:
    with pytest.raises(NetlibError, match="no run nowhere"):
        shared.send("nowhere", Stop())


def test_the_queue_has_an_end(shared: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netlib.training.workers.pool.LONGEST_QUEUE", 0)
    with pytest.raises(NetlibError, match="The queue is full: 0 runs wait"):
        shared.submit(small_spec())


# --- deaths


@pytest.mark.parametrize(
    ("death", "state", "sentence"),
    [
        (Death(-9, 1240), "lost", "The run was ended from outside at step 1240."),
        (Death(-9, 1240, 64, out_of_memory=True), "failed", "Try batch 32 (about half the memory)."),
        (Death(-9, 7, 1, out_of_memory=True), "failed", "Try a smaller network."),
        (Death(-15, 3), "lost", "ended from outside at step 3"),
        (Death(-11, 312), "failed", "PyTorch crashed (segmentation fault) at step 312."),
        (Death(-6, 312), "failed", "PyTorch crashed (abort) at step 312."),
        (Death(-4, 312), "failed", "PyTorch crashed (illegal instruction) at step 312."),
        (Death(0xC0000005, 312), "failed", "PyTorch crashed (segmentation fault) at step 312."),
        (Death(70, 5), "lost", "The server stopped while this run was going."),
        (Death(3, 312), "failed", "The worker ended (exit code 3) at step 312."),
        (Death(-9, 5, wanted=Message("as you asked")), "lost", "as you asked"),
    ],
)
def test_exit_codes_in_words(death: Death, state: State, sentence: str) -> None:
    found, reason = verdict(death)
    assert found == state
    assert sentence in reason
    assert reason.say("zh") != reason or death.wanted


@pytest.mark.parametrize(
    ("seed", "state", "sentence"),
    [
        (stand_in.SEGFAULT, "failed", "PyTorch crashed (segmentation fault) at step 20."),
        (stand_in.EXIT_3, "failed", "The worker ended (exit code 3) at step 20."),
        (stand_in.NEVER_ENDS, "lost", "The run was ended from outside at step"),
    ],
)
def test_a_dead_worker_costs_its_run_and_no_other(pair: Pool, seed: int, state: State, sentence: str) -> None:
    other = pair.submit(small_spec(seed=stand_in.NEVER_ENDS))
    run = pair.submit(small_spec(seed=seed))
    at_step(pair, other, 5)
    at_step(pair, run, 20)
    if seed == stand_in.NEVER_ENDS:
        os.kill(member(pair, run).worker.pid, signal.SIGKILL)
    row = ended(pair, run)
    assert row.state == state
    assert str(row.reason).startswith(sentence)
    assert pair.history.metrics(run, "loss").values.tolist() == list(range(1, row.step + 1))
    died = [event.detail for event in pair.history.events(run) if event.kind == "died"]
    assert len(died) == 1
    if seed == stand_in.SEGFAULT:
        assert died[0]["code"] == -signal.SIGSEGV
        assert "in misbehave" in died[0]["trace"]
    assert pair.history.state(other).state == "running"
    assert ended(pair, pair.submit(small_spec())).state == "finished"  # the slot is there again
    pair.send(other, Stop())
    ended(pair, other)


def test_a_run_that_does_not_stop_is_ended(shared: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "STOP_SECONDS", 0.1)
    run = shared.submit(small_spec(seed=stand_in.HANGS))
    at_step(shared, run, 1)
    assert shared.send(run, Stop())
    assert shared.history.state(run).state == "stopping"
    row = ended(shared, run)
    assert row.state == "lost"
    assert "did not stop" in str(row.reason)
    assert len(shared.history.metrics(run, "loss")) >= 1


def test_a_run_can_be_ended_at_once(shared: Pool) -> None:
    run = shared.submit(small_spec(seed=stand_in.HANGS))
    at_step(shared, run, 1)
    assert shared.end_now(run)
    row = ended(shared, run)
    assert (row.state, str(row.reason)[:32]) == ("lost", "The run was ended at once, at st")
    assert not shared.end_now(run)


def test_a_worker_is_replaced_after_a_fault_and_after_so_many_runs(
    make_pool: Callable[..., Pool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "RUNS_A_WORKER", 2)
    pool = make_pool()
    pids = []
    for seed in (stand_in.NORMAL, stand_in.NORMAL, stand_in.NORMAL, stand_in.FAULT, stand_in.NORMAL):
        eventually(lambda: pool.status().warm == 2)
        run = pool.submit(small_spec(seed=seed))
        ended(pool, run)
        process = pool.history.state(run).process
        assert process is not None
        pids.append(process.pid)
        eventually(lambda: not pool.status().running)
    assert max(pids.count(pid) for pid in pids) <= 2
    assert pids[3] != pids[4]
    eventually(lambda: started(pids[3]) is None)


def test_an_end_that_the_worker_could_not_store_is_stored_by_the_app(shared: Pool) -> None:
    assert ended(shared, shared.submit(small_spec(seed=stand_in.NOT_SAVED))).state == "finished"


def test_where_workers_do_not_start_runs_wait_and_questions_hear_why(
    make_pool: Callable[..., Pool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staff, "LONGEST_BACKOFF", 0.05)
    pool = make_pool(program=NEVER_STARTS)
    run = pool.submit(small_spec())
    message = eventually(lambda: pool.status().message)
    assert message is not None
    assert "PyTorch does not start here" in message
    assert "exit code 3" in message
    assert pool.ask("echo") == message
    assert pool.history.state(run).state == "queued"


# --- questions


def test_a_question_is_answered_while_a_run_is_trained(shared: Pool) -> None:
    run = shared.submit(small_spec(seed=stand_in.NEVER_ENDS))
    at_step(shared, run, 1)
    assert shared.ask("echo", {"a": [1, None, "ü"]}) == {"a": [1, None, "ü"]}
    answers = [shared.inquire("echo", {"n": n}) for n in range(20)]
    assert [answer.result(60) for answer in answers] == [{"n": n} for n in range(20)]
    shared.send(run, Stop())
    ended(shared, run)


def test_a_refused_question_is_a_sentence(shared: Pool) -> None:
    answer = shared.ask("nothing")
    assert isinstance(answer, Message)
    assert answer.startswith("There is no question nothing; there are ")
    assert "devices" in answer
    assert answer.say("zh").startswith("没有名为 nothing 的问题")


def test_a_question_that_nobody_waits_for_any_more_disturbs_nothing(shared: Pool) -> None:
    assert shared.inquire("echo").cancel()
    assert shared.ask("echo", {"still": "here"}) == {"still": "here"}


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("slow", "There was no answer within 0.3 s"),
        ("crash", "PyTorch crashed on this question (exit code 9)."),
        (
            "fault",
            "The question fault was not answered because of a fault in this program (ZeroDivisionError).",
        ),
    ],
)
def test_a_question_that_goes_wrong_is_answered_in_time_and_the_next_one_too(
    shared: Pool, question: str, sentence: str
) -> None:
    eventually(lambda: shared.status().warm == 2)
    answer = shared.ask(question, timeout=0.3 if question == "slow" else 30.0)
    assert isinstance(answer, Message)
    assert answer.startswith(sentence)
    assert shared.ask("echo", {"n": 1}) == {"n": 1}
    eventually(lambda: shared.status().warm == 2)


def test_a_question_waits_for_a_worker_no_longer_than_it_may(make_pool: Callable[..., Pool]) -> None:
    pool = make_pool(program=(sys.executable, "-c", "import time; time.sleep(60)"))
    answer = pool.ask("echo", timeout=0.1)
    assert answer == "No worker was free within 0.1 s. Try again in a moment."


# --- the end, and two servers


def test_a_closed_pool_leaves_no_worker_and_the_next_one_takes_its_queue(
    make_pool: Callable[..., Pool],
) -> None:
    pool = make_pool()
    run = pool.submit(small_spec(seed=stand_in.HANGS))
    at_step(pool, run, 1)
    waiting = pool.submit(small_spec())
    pids = [worker.pid for worker in pool._keeper.staff.members]
    pool.close()
    assert not any(started(pid) for pid in pids)
    row = pool.history.state(run)
    assert (row.state, row.reason) == ("lost", "The server stopped while this run was going.")
    assert pool.history.state(waiting).state == "queued"
    assert pool.ask("echo", timeout=0.2) == "The server is stopping."


def test_two_servers_on_one_file_leave_each_other_alone(make_pool: Callable[..., Pool]) -> None:
    first = make_pool()
    run = first.submit(small_spec(seed=stand_in.NEVER_ENDS))
    at_step(first, run, 1)
    second = make_pool()
    assert ended(second, second.submit(small_spec())).state == "finished"
    assert first.history.state(run).state == "running"
    assert not second.send(run, Stop())  # its worker belongs to the other
    assert first.history.state(run).state == "running"
    assert first.send(run, Stop())
    assert ended(second, run).state == "stopped"


# --- going on


def test_a_stopped_run_goes_on_in_another_worker_without_a_gap(shared: Pool) -> None:
    run = shared.submit(small_spec(steps=10_000))
    at_step(shared, run, 20)
    assert shared.send(run, Stop())
    stopped = ended(shared, run)
    assert not shared.send(run, Resume())
    assert shared.go_on(run, limits=Limits(epochs=None, steps=stopped.step + 40))
    eventually(lambda: not shared.history.state(run).ended)
    row = ended(shared, run)
    assert (row.state, row.step, row.generation) == ("finished", stopped.step + 40, 0)
    assert row.reason is None
    assert shared.history.metrics(run, "loss").steps.tolist() == list(range(1, stopped.step + 41))
    states = [event.detail["to"] for event in shared.history.events(run) if event.kind == "state"]
    assert states == [
        "starting",
        "running",
        "stopping",
        "stopped",
        "queued",
        "starting",
        "running",
        "finished",
    ]


def test_a_killed_run_goes_on_from_its_checkpoint(shared: Pool) -> None:
    run = shared.submit(small_spec(steps=200))
    at_step(shared, run, 70)
    os.kill(member(shared, run).worker.pid, signal.SIGKILL)
    lost = ended(shared, run)
    assert lost.state == "lost"
    step = last_checkpoint(shared.history, run)
    assert step == lost.step // 15 * 15
    assert shared.go_on(run)
    eventually(lambda: not shared.history.state(run).ended)
    row = ended(shared, run)
    assert (row.state, row.step) == ("finished", 200)
    assert shared.history.metrics(run, "loss").values.tolist() == list(range(1, 201))
    aside = shared.history.metrics(run, "loss", generation=0).steps.tolist() if row.generation else []
    assert aside == list(range(step + 1, lost.step + 1))


def test_what_cannot_go_on_is_said_and_the_queue_has_an_end(
    shared: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = shared.submit(small_spec(steps=45))
    assert ended(shared, run).state == "finished"
    with pytest.raises(NetlibError, match="has done all its"):
        shared.go_on(run)
    with pytest.raises(NetlibError, match="There is no run"):
        shared.go_on("nowhere")
    monkeypatch.setattr("netlib.training.workers.pool.LONGEST_QUEUE", 0)
    with pytest.raises(NetlibError, match="The queue is full"):
        shared.go_on(run, limits=Limits(epochs=None, steps=80))


# --- several people


def test_nobody_holds_all_slots_or_fills_the_queue(pair: Pool) -> None:
    mine = [pair.submit(small_spec(seed=stand_in.NEVER_ENDS), owner="me")]
    at_step(pair, mine[0], 1)
    mine += [pair.submit(small_spec(seed=stand_in.NEVER_ENDS), owner="me") for _ in range(3)]
    with pytest.raises(NetlibError, match="3 of your runs wait already"):
        pair.submit(small_spec(), owner="me")
    other = pair.submit(small_spec(steps=30), owner="somebody else")
    nobody = pair.submit(small_spec(steps=30))
    assert ended(pair, other).state == ended(pair, nobody).state == "finished"
    assert [pair.history.state(run).state for run in mine] == ["running", "queued", "queued", "queued"]
    assert pair.send(mine[0], Stop())
    at_step(pair, mine[1], 1)
    for run in (mine[3], mine[2], mine[1]):
        assert pair.send(run, Stop())
    assert ended(pair, mine[1]).state == "stopped"
