"""Many people at once at the running app, while runs are trained: what they waited for, and what was lost."""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from netlib.training.machine import usable_cores
from netlib.training.run.estimate import estimate
from netlib.training.states import LIVE
from netlib.training.store.history import History
from tests.browser.server import Server
from tests.load.people import PAGES, Person, person_at
from tests.load.session import Session
from tests.load.trainer import Trainer

ANSWER_SECONDS = 30.0
"""Seconds without an answer to any change after which the changes that are still without one are lost."""
STILL_SECONDS = 60.0
"""Seconds without any change in any run after which nobody waits for their ends any more."""
WARM_SECONDS = 120.0
SHORT, LONG = 10, 5_000
"""Epochs of a run that is to end under the load, and of one that outlasts it."""


@dataclass(frozen=True)
class Crowd:
    """So many people, each making so many changes a second, for so many seconds, beside so many runs."""

    people: int
    rate: float
    seconds: float
    runs: int = 0


@dataclass
class Outcome:
    """What came of it. Times in seconds, memory in bytes, processor time as a share of one core.

    `lost_changes`, `lost_values` and `faults` are sentences, one for each thing that went wrong.
    """

    answers: list[float] = field(default_factory=list)
    overtaken: int = 0
    changes: int = 0
    late: float = 0.0
    looks: list[float] = field(default_factory=list)
    lost_changes: list[str] = field(default_factory=list)
    lost_values: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    training: float = 0.0
    received: float = 0.0
    memory: tuple[int, int, int] = (0, 0, 0)
    processor: dict[str, float] = field(default_factory=dict)


def slots() -> int:
    """How many runs the app trains at a time on this machine."""
    return max(1, usable_cores() // 2)


async def visited(server: Server, history: Path, crowd: Crowd) -> Outcome:
    """The app under that crowd; it must just have been started, with its history in that file."""
    outcome, app = Outcome(), psutil.Process(server.process.pid)
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(Session.opened(server.port, "builder"))
        await _warm(person_at(first))
        memory = [app.memory_info().rss]
        sessions = [
            await stack.enter_async_context(Session.opened(server.port, PAGES[index % len(PAGES)]))
            for index in range(crowd.people)
        ]
        people = [person_at(session) for session in sessions]
        trainers = [
            Trainer(await stack.enter_async_context(Session.opened(server.port, "training")))
            for _ in range(crowd.runs)
        ]
        epochs = [SHORT if index + slots() < crowd.runs else LONG for index in range(crowd.runs)]
        submitted = {await trainer.start(e): e for trainer, e in zip(trainers, epochs, strict=True)}
        store = History.joined(history)
        memory.append(app.memory_info().rss)
        await _pressed(crowd, people, trainers, store, app, outcome)
        memory.append(app.memory_info().rss)
        outcome.memory = (memory[0], memory[1], memory[2])
        await _settled(people, outcome)
        for person in people:
            await _opened_again(server, person, outcome)
        await _ended(trainers, submitted, store, outcome)
        store.close()
        for session in (*sessions, *(trainer.session for trainer in trainers)):
            outcome.faults += [f"{session.page}: {fault}" for fault in session.faults]
        for person in people:
            person.leave()
        for trainer in trainers:
            trainer.leave()
    return outcome


async def _warm(person: Person) -> None:
    """Waits until a worker answers: what a start costs is not measured here."""
    async with asyncio.timeout(WARM_SECONDS):
        while person.data["seal"]["state"] == "counting":
            await asyncio.sleep(0.05)
    person.leave()


async def _pressed(
    crowd: Crowd,
    people: Sequence[Person],
    trainers: Sequence[Trainer],
    store: History,
    app: psutil.Process,
    outcome: Outcome,
) -> None:
    """The load itself."""
    before = [person.session.received for person in people]
    used, since = _processor(app), time.perf_counter()
    chance = random.Random(0)
    end = since + crowd.seconds
    watching = asyncio.create_task(_watched(store, min(crowd.runs, slots()), end))
    late = await asyncio.gather(
        *(_busy(person, 1 / crowd.rate, end, chance.random() / crowd.rate) for person in people)
    )
    outcome.training = await watching
    passed = time.perf_counter() - since
    outcome.processor = {name: (seconds - used[name]) / passed for name, seconds in _processor(app).items()}
    outcome.late = max(late, default=0.0)
    received = sum(person.session.received for person in people) - sum(before)
    outcome.received = received / passed
    outcome.looks = [look for trainer in trainers for look in trainer.looks]


async def _busy(person: Person, pause: float, end: float, first: float) -> float:
    """Changes something again and again, at fixed moments; by how much this program itself missed the worst."""
    moment, late = time.perf_counter() + first, 0.0
    while moment < end:
        await asyncio.sleep(moment - time.perf_counter())
        late = max(late, time.perf_counter() - moment)
        await person.change()
        moment += pause
    return late


async def _watched(store: History, wanted: int, end: float) -> float:
    """The share of the time in which every slot had a run."""
    looks = full = 0
    while time.perf_counter() < end:
        full += sum(row.state in LIVE for row in store.runs()) >= wanted
        looks += 1
        await asyncio.sleep(0.25)
    return full / max(1, looks)


async def _settled(people: Sequence[Person], outcome: Outcome) -> None:
    """Waits for the last answers and counts."""
    begun = time.perf_counter()
    while not all(person.up_to_date for person in people):
        last = max(change.answered or begun for person in people for change in person.changes)
        if time.perf_counter() - max(begun, last) > ANSWER_SECONDS:
            break
        await asyncio.sleep(0.1)
    for person in people:
        outcome.changes += len(person.changes)
        outcome.overtaken += sum(change.overtaken for change in person.changes)
        outcome.answers += [change.seconds for change in person.changes if change.seconds is not None]
        lost = sum(change.answered is None for change in person.changes)
        if lost or not person.up_to_date:
            outcome.lost_changes.append(f"{person.session.page}: {max(lost, 1)} of {len(person.changes)}")


async def _opened_again(server: Server, person: Person, outcome: Outcome) -> None:
    """What the last answer shows must be what its address shows to somebody else."""
    page = person.session.page
    async with Session.opened(server.port, page, person.session.query) as again:
        data = again.pieces[person.picture].data
        if data is None or person.numbers(data) != person.numbers(person.data):
            outcome.lost_changes.append(f"{page}: its address shows something else")


async def _ended(
    trainers: Sequence[Trainer], submitted: dict[str, int], store: History, outcome: Outcome
) -> None:
    """Stops what still runs, then holds every run against what was submitted and what was shown."""
    for trainer, epochs in zip(trainers, submitted.values(), strict=True):
        if epochs == LONG:
            await trainer.stop()
    await _at_rest(store, list(submitted))
    if unknown := {row.id for row in store.runs()} ^ set(submitted):
        outcome.lost_values.append(f"runs that are not those that were submitted: {sorted(unknown)}")
    for trainer, (run, epochs) in zip(trainers, submitted.items(), strict=True):
        lost = missing(store, run, epochs, trainer.shown)
        row = store.state(run)
        outcome.runs.append(f"{row.state} at step {row.step:,}, {len(trainer.shown):,} values shown")
        outcome.lost_values += [f"run {run}: {sentence}" for sentence in lost]


async def _at_rest(store: History, runs: Sequence[str]) -> None:
    """Waits until all have ended, as long as any of them gets on."""
    before, moved = list[object](), time.perf_counter()
    while time.perf_counter() - moved < STILL_SECONDS:
        rows = [store.state(run) for run in runs]
        if all(row.ended for row in rows):
            return
        now: list[object] = [(row.state, row.step) for row in rows]
        if now != before:
            before, moved = now, time.perf_counter()
        await asyncio.sleep(0.1)


def missing(store: History, run: str, epochs: int, shown: dict[int, float]) -> list[str]:
    """What of a run is not in the history, in sentences: settings, state, steps, values that a page has drawn."""
    row, found = store.state(run), list[str]()
    spec = row.spec()
    if spec.limits.epochs != epochs:
        found.append(f"{spec.limits.epochs} epochs instead of {epochs}")
    if epochs == SHORT and (row.state, row.step) != ("finished", estimate(spec).steps):
        found.append(f"{row.state} at step {row.step} instead of finished")
    if epochs == LONG and row.state != "stopped":
        found.append(f"{row.state} instead of stopped: {row.reason}")
    return [*found, *unstored(store, run, shown)]


def unstored(store: History, run: str, shown: dict[int, float]) -> list[str]:
    """The same of its losses alone, in whatever state it is."""
    row, loss, found = store.state(run), store.metrics(run, "loss"), []
    if loss.steps.tolist() != list(range(1, row.step + 1)):
        found.append(f"{len(loss)} losses of {row.step} steps")
    # A page draws four digits of a value, and all of the last one.
    stored = {step: f"{value:.4g}" for step, value in zip(loss.steps.tolist(), loss.values, strict=True)}
    gone = [step for step, value in shown.items() if stored.get(step) != f"{value:.4g}"]
    if gone:
        found.append(f"{len(gone)} values were shown and are not stored, the first at step {gone[0]}")
    return found


def _processor(app: psutil.Process) -> dict[str, float]:
    """Processor seconds so far of the app, its workers, and this program."""
    own = app.cpu_times()
    workers = [child.cpu_times() for child in app.children(recursive=True)]
    return {
        "app": own.user + own.system,
        "workers": sum(times.user + times.system for times in workers),
        "this program": time.process_time(),
    }
