"""Which devices there are and what a spec is settled for, on machines that stand in for those with GPUs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from netlib.presets import preset
from netlib.questions import devices as question
from netlib.training import RunSpec, settle
from netlib.training.accelerators import Accelerator, device_names, place_for, slots_for
from netlib.training.devices import accelerators, devices, machine_of
from netlib.training.run.estimate import check_memory
from netlib.training.run.protocol import Stop
from netlib.training.store.history import History
from netlib.training.workers.pool import Pool
from tests.training import stand_in
from tests.training.recorded import eventually, small_spec
from tests.training.test_pool import STAND_IN, at_step, ended

GIB = 1 << 30
HEAVY = RunSpec.model_validate({"network": preset("vgg16"), "device": "auto", "exact": False, "batch": 8})


@dataclass(frozen=True)
class Properties:
    """As torch.cuda.get_device_properties gives them."""

    name: str
    major: int
    minor: int
    total_memory: int


@pytest.fixture
def gpus(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Has torch see these GPUs; of each half the memory is free."""

    def see(*found: Properties) -> None:
        def index(device: torch.device) -> int:
            return device.index or 0

        cuda = torch.cuda
        monkeypatch.setattr(cuda, "is_available", lambda: True)
        monkeypatch.setattr(cuda, "device_count", lambda: len(found))
        monkeypatch.setattr(cuda, "get_device_properties", lambda i: found[i])
        monkeypatch.setattr(
            cuda, "get_device_capability", lambda d: (found[index(d)].major, found[index(d)].minor)
        )
        monkeypatch.setattr(
            cuda,
            "mem_get_info",
            lambda d: (found[index(d)].total_memory // 2, found[index(d)].total_memory),
        )

    return see


OLD, NEW = Properties("Old", 7, 5, 16 * GIB), Properties("New", 9, 0, 80 * GIB)


def test_accelerators_are_what_torch_sees(gpus: Callable[..., None]) -> None:
    gpus(OLD, NEW)
    assert accelerators() == (
        Accelerator(name="cuda:0", called="Old", memory=16 * GIB),
        Accelerator(name="cuda:1", called="New", memory=80 * GIB, bfloat16=True),
    )
    assert devices() == ("cpu", "cuda", "cuda:0", "cuda:1")
    assert device_names([Accelerator(name="mps")]) == ("cpu", "mps")


@pytest.mark.parametrize(
    ("found", "device", "precision", "free"),
    [
        ((NEW,), "auto", "bfloat16", 40 * GIB),
        ((NEW,), "cuda", "bfloat16", 40 * GIB),
        ((OLD,), "auto", "float32", 8 * GIB),
        ((OLD, NEW), "cuda:1", "bfloat16", 40 * GIB),
        ((OLD, NEW), "cuda:0", "float32", 8 * GIB),
        ((NEW,), "cpu", "float32", None),
    ],
)
def test_a_spec_is_settled_for_the_device_it_names(
    gpus: Callable[..., None],
    found: tuple[Properties, ...],
    device: str,
    precision: str,
    free: int | None,
) -> None:
    gpus(*found)
    machine = machine_of(device)
    assert machine.device_memory == free
    settled = settle(HEAVY.with_(device=device), machine)
    assert settled.device == ("cuda" if device == "auto" else device)
    assert settled.precision == precision


def test_the_question_tells_names_and_the_machine(gpus: Callable[..., None]) -> None:
    gpus(OLD, NEW)
    answer = question.answer({"device": "cuda:1"})
    assert answer["devices"] == ["cpu", "cuda", "cuda:0", "cuda:1"]
    assert answer["called"] == {"cuda:0": "Old", "cuda:1": "New"}
    assert answer["machine"]["bfloat16"] is True
    assert answer["machine"]["device_memory"] == 40 * GIB
    assert question.answer({})["machine"]["device_memory"] == 8 * GIB


# in the app, whose process has no torch


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    """A pool whose workers see two GPUs of 8 and 9 GiB."""
    monkeypatch.setenv(stand_in.GPUS, "2")
    history = History.open(tmp_path / "history.db")
    found = Pool(history, slots=1, program=STAND_IN)
    assert found.wait_until_warm(60)
    yield found
    found.close()
    history.close()


def test_the_app_settles_specs_for_what_its_workers_see(pool: Pool) -> None:
    machine = pool.machine()
    assert machine.devices == ("cpu", "cuda", "cuda:0", "cuda:1")
    assert machine.device_memory == 8 * GIB
    assert machine.bfloat16
    row = pool.history.state(pool.submit(HEAVY))
    assert row.spec().device == "cuda"
    assert row.spec().precision == "bfloat16"
    exact = pool.history.state(pool.submit(HEAVY.with_(exact=True)))
    assert exact.spec().precision == "float32"


def test_what_no_gpu_can_hold_is_refused_in_the_app(pool: Pool) -> None:
    machine = pool.machine()
    with pytest.raises(ValueError, match=r"8\.6 GB are free here"):
        check_memory(settle(HEAVY.with_(batch=4096, data={"name": "cifar10"}), machine), machine)


# one run at a time on each


TWO = ("cpu", "cuda", "cuda:0", "cuda:1")


@pytest.mark.parametrize(
    ("wants", "taken", "place"),
    [
        ("cpu", [], "cpu"),
        ("cpu", ["cpu"], None),
        ("cpu", ["cuda:0", "cuda:1"], "cpu"),
        ("cuda", ["cpu"], "cuda:0"),
        ("cuda", ["cuda:0"], "cuda:1"),
        ("cuda", ["cuda:1", "cuda:0"], None),
        ("cuda:1", ["cuda:0"], "cuda:1"),
        ("cuda:1", ["cuda:1"], None),
        ("cuda:7", ["cuda:0", "cuda:1"], "cpu"),  # not there: it goes where it can say so
        ("mps", [], "cpu"),
    ],
)
def test_where_a_run_can_go(wants: str, taken: list[str], place: str | None) -> None:
    assert place_for(wants, 1, TWO, taken) == place


def test_slots_of_a_device() -> None:
    assert [slots_for(wants, 3, TWO) for wants in ("cpu", "cuda", "cuda:1", "cuda:7")] == [3, 2, 1, 3]
    assert [slots_for(wants, 3, ("cpu", "mps")) for wants in ("mps", "cuda")] == [1, 3]
    assert place_for("mps", 1, ("cpu", "mps"), ["cpu"]) == "mps"
    assert place_for("mps", 1, ("cpu", "mps"), ["mps"]) is None


def endless(pool: Pool, device: str) -> str:
    return pool.submit(small_spec(seed=stand_in.NEVER_ENDS).with_(device=device))


def places(pool: Pool, runs: list[str]) -> list[str | None]:
    return [pool.history.state(run).device for run in runs]


def test_one_run_goes_on_each_gpu_beside_those_on_the_processor(pool: Pool) -> None:
    runs = [endless(pool, device) for device in ("cuda", "cpu", "cuda", "cuda", "cuda:1", "cpu")]
    for run in runs[:3]:
        at_step(pool, run, 1)
    assert places(pool, runs) == ["cuda:0", "cpu", "cuda:1", "cuda", "cuda:1", "cpu"]
    assert [pool.history.state(run).state for run in runs] == ["running"] * 3 + ["queued"] * 3
    assert pool.status().slots == 3
    assert [pool.position(run) for run in runs] == [None, None, None, 1, 2, 1]
    assert pool.history.state(runs[0]).spec().device == "cuda"  # what was wanted stays as it was
    assert pool.send(runs[2], Stop())  # cuda:1 is free, and the next one takes any
    at_step(pool, runs[3], 1)
    assert places(pool, runs)[3] == "cuda:1"
    assert pool.send(runs[0], Stop())  # cuda:0 is free, which the next one does not want
    ended(pool, runs[0])
    assert pool.position(runs[4]) == 1
    after = endless(pool, "cuda")
    at_step(pool, after, 1)
    assert places(pool, [runs[4], after]) == ["cuda:1", "cuda:0"]
    assert pool.history.state(runs[4]).state == "queued"
    assert pool.send(runs[3], Stop())
    at_step(pool, runs[4], 1)
    assert places(pool, runs)[4] == "cuda:1"
    assert pool.send(runs[1], Stop())
    at_step(pool, runs[5], 1)
    for run in (after, runs[4], runs[5]):
        assert pool.send(run, Stop())
    eventually(lambda: not pool.status().running)


def test_a_question_is_answered_while_all_slots_are_taken(pool: Pool) -> None:
    runs = [endless(pool, device) for device in ("cuda", "cuda", "cpu")]
    for run in runs:
        at_step(pool, run, 1)
    assert pool.ask("echo", {"n": 1}, timeout=60.0) == {"n": 1}
    for run in runs:
        pool.send(run, Stop())
        ended(pool, run)


def test_nobody_holds_all_gpus(pool: Pool) -> None:
    spec = small_spec(seed=stand_in.NEVER_ENDS).with_(device="cuda")
    mine = [pool.submit(spec, owner="me") for _ in range(2)]
    at_step(pool, mine[0], 1)
    other = pool.submit(spec, owner="somebody else")
    at_step(pool, other, 1)
    assert places(pool, [*mine, other]) == ["cuda:0", "cuda", "cuda:1"]
    assert pool.history.state(mine[1]).state == "queued"
    beside = pool.submit(spec.with_(device="cpu"), owner="me")  # another kind of slot
    at_step(pool, beside, 1)
    for run in (mine[1], mine[0], other, beside):
        pool.send(run, Stop())
        ended(pool, run)
