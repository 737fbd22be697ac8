"""The states of a run: every change that its table has, by who makes it, and no other; also with two who command."""

import itertools
import random
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from netlib.errors import NetlibError
from netlib.training.limits import Limits
from netlib.training.run.protocol import Command, Pause, Resume, Rewind, SetLearningRate, Step, Stop
from netlib.training.spec import State
from netlib.training.states import ACCEPTED, CALLED, ENDED, LIVE, MAY_BECOME, refusal
from netlib.training.store import going_on, queue
from netlib.training.store.history import History, end_run
from netlib.training.store.process import this_process
from netlib.training.store.recorder import Recorder
from netlib.training.workers.pool import Pool
from netlib.words import Message
from tests.training import stand_in
from tests.training.recorded import eventually, small_spec
from tests.training.test_pool import STAND_IN

TABLE: dict[State, dict[State, str]] = {
    "queued": {"starting": "a slot is free", "stopped": "stop"},
    "starting": {"running": "first step", "failed": "refusal", "lost": "death"},
    "running": {
        "paused": "pause", "stopping": "stop", "finished": "limit", "diverged": "no number", "failed": "exception",
        "lost": "death",
    },
    "paused": {"running": "resume", "stopping": "stop", "lost": "death"},
    "stopping": {"stopped": "checkpoint written", "lost": "no answer"},
    "stopped": {"queued": "continue"},
    "finished": {"queued": "continue"},
    "diverged": {"queued": "continue"},
    "failed": {},
    "lost": {"queued": "continue"},
}  # fmt: skip
"""From, to, by what."""
COMMANDS: list[Command] = [
    Pause(), Resume(), Stop(), Step(), Step(count=7), SetLearningRate(value=0.1), Rewind(),
]  # fmt: skip


def test_the_program_has_this_very_table() -> None:
    assert {state: set(following) for state, following in MAY_BECOME.items()} == {
        state: set(following) for state, following in TABLE.items()
    }


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.kind)
def test_a_command_is_taken_only_where_it_means_something(command: Command) -> None:
    for state in TABLE:
        said = refusal(state, command)
        assert (said is None) == (command.kind in ACCEPTED.get(state, ()))
        if said is not None:
            assert CALLED[state] in said
            assert said.say("zh") != said
    assert not ACCEPTED.keys() & ENDED


def path(before: State, to: State) -> tuple[State, ...]:
    """The shortest way by the table; a worker may pass live states without a halt."""
    for length in range(4):
        for through in itertools.product(sorted(LIVE), repeat=length):
            if all(b in TABLE[a] for a, b in pairwise((before, *through, to))):
                return (*through, to)
    return ()


class Run(RuleBasedStateMachine):
    """One run, its worker, and two servers that have the history open; `expected` is what the table says."""

    folder: Path

    @initialize()
    def begin(self) -> None:
        Run.folder.mkdir(parents=True, exist_ok=True)
        self.tabs = [History.open(Run.folder / "history.db") for _ in range(2)]
        self.run = self.tabs[0].create(small_spec(steps=1000))
        self.expected: list[State] = ["queued"]
        self.recorder: Recorder | None = None
        self.step = 0

    def goes(self, to: State) -> bool:
        """Whether the table has the change, which then is expected."""
        allowed = to in TABLE[self.expected[-1]]
        if allowed:
            self.expected.append(to)
        return allowed

    @rule(tab=st.integers(0, 1))
    def a_slot_is_free(self, tab: int) -> None:
        taken = self.goes("starting")
        assert queue.take(self.tabs[tab].database, self.run, this_process()) == taken
        if taken:
            row = self.tabs[tab].state(self.run)
            self.step = row.step
            begun = going_on.begun(self.tabs[tab], row)
            self.recorder = Recorder(
                self.tabs[tab].database, self.run, generation=row.generation, begun=begun
            )

    @rule(count=st.integers(1, 5))
    def steps(self, count: int) -> None:
        if self.recorder is None:
            return
        self.goes("running") if self.expected[-1] == "starting" else None
        first, self.step = self.step + 1, self.step + count
        self.recorder.metrics("loss", first, [float(n) for n in range(first, self.step + 1)])
        self.recorder.snapshot("checkpoint", self.step, {"step": np.array(self.step)})
        self.recorder.flush()

    @rule()
    def pause(self) -> None:
        if self.recorder is not None and self.expected[-1] in ("running", "paused"):
            self.goes("paused")
            self.recorder.event(self.step, "pause")

    @rule()
    def resume(self) -> None:
        if self.recorder is not None and self.expected[-1] in ("running", "paused"):
            self.goes("running")
            self.recorder.event(self.step, "resume")

    @rule(tab=st.integers(0, 1))
    def somebody_stops(self, tab: int) -> None:
        if self.expected[-1] == "queued":
            self.expected.append("stopped")
            assert self.tabs[tab].move(self.run, "stopped", only_from={"queued"})
        else:
            assert self.tabs[tab].move(self.run, "stopping") == self.goes("stopping")

    @rule(end=st.sampled_from(["finished", "diverged", "failed", "stopped"]))
    def the_worker_ends(self, end: State) -> None:
        if self.recorder is None:
            return
        before = self.expected[-1]
        self.expected += path(before, end) or path(before, "stopped") or ()
        assert self.recorder.end(end)
        self.recorder = None

    @rule(tab=st.integers(0, 1))
    def the_worker_dies(self, tab: int) -> None:
        before = self.expected[-1]
        if before in LIVE:
            self.goes("lost")
        self.recorder = None
        history = self.tabs[tab]
        died = history.database.store(
            lambda connection: end_run(connection, self.run, "lost", Message("gone"), stopping="lost")
        )
        assert died == (before in LIVE)

    @rule(tab=st.integers(0, 1), steps=st.integers(1, 2000))
    def somebody_continues(self, tab: int, steps: int) -> None:
        history, spec = self.tabs[tab], small_spec(steps=steps)
        before = history.state(self.run)
        try:
            assert going_on.go_on(history, self.run, spec)
        except NetlibError:
            assert history.state(self.run) == before
        else:
            assert self.goes("queued")

    @invariant()
    def both_see_what_the_table_says(self) -> None:
        if not hasattr(self, "tabs"):
            return
        rows = [history.state(self.run) for history in self.tabs]
        assert rows[0] == rows[1]
        assert rows[0].state == self.expected[-1]
        changes = [e.detail["to"] for e in self.tabs[0].events(self.run) if e.kind == "state"]
        assert changes == self.expected[1:]
        series = self.tabs[1].metrics(self.run, "loss")
        assert series.values.tolist() == series.steps.tolist() == list(range(1, len(series) + 1))

    def teardown(self) -> None:
        for history in getattr(self, "tabs", []):
            history.close()


def test_a_run_with_two_servers_goes_by_the_table(tmp_path: Path) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    Run.folder = tmp_path / "states"
    run_state_machine_as_test(
        Run, settings=settings(max_examples=25, stateful_step_count=25, derandomize=True, deadline=None)
    )


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    found = Pool(History.open(tmp_path_factory.mktemp("states") / "history.db"), slots=1, program=STAND_IN)
    yield found
    found.close()
    found.history.close()


def moved_on(pool: Pool, run: str) -> None:
    """Waits until something has become of the run; one that waits or has ended may stay as it is."""
    before = pool.history.state(run)
    eventually(lambda: before.state != "running" or pool.history.state(run) != before)


@pytest.mark.parametrize("seed", range(4))
def test_two_who_command_at_once_never_leave_the_table(seed: int, pool: Pool) -> None:
    """Real processes, two threads, whatever comes to their minds; at the end one of them stops it."""
    run = pool.submit(small_spec(seed=stand_in.NEVER_ENDS))
    eventually(lambda: pool.history.state(run).step > 0)
    faults: list[BaseException] = []

    def command(mind: random.Random) -> None:
        try:
            for _ in range(40):
                row = pool.history.state(run)
                if row.ended:
                    pool.go_on(run, limits=Limits(epochs=None, steps=row.step + 10_000))
                wanted = mind.choice(COMMANDS)
                accepted = wanted.kind in ACCEPTED.get(row.state, ())
                if pool.send(run, wanted) and accepted and mind.random() < 0.3:
                    moved_on(pool, run)
        except NetlibError:
            return  # the other was first to continue it, or it has no checkpoint yet: refused in words
        except BaseException as fault:  # noqa: BLE001  # a thread's fault is raised below
            faults.append(fault)

    threads = [threading.Thread(target=command, args=(random.Random(f"{seed} {who}"),)) for who in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    eventually(lambda: pool.send(run, Stop()) or pool.history.state(run).ended)
    row = eventually(lambda: row if (row := pool.history.state(run)).ended else None)
    assert row is not None
    events = pool.history.events(run)
    states: list[State] = ["queued", *(e.detail["to"] for e in events if e.kind == "state")]
    assert states[-1] == row.state
    for before, after in pairwise(states):
        assert after in TABLE[before], states
    series = pool.history.metrics(run, "loss")
    assert series.values.tolist() == series.steps.tolist() == list(range(1, row.step + 1))
