"""Which devices there are and what a spec is settled for, on machines that stand in for those with GPUs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from netlib.presets import preset
from netlib.questions import devices as question
from netlib.training import RunSpec, settle
from netlib.training.accelerators import Accelerator, device_names
from netlib.training.devices import accelerators, devices, machine_of
from netlib.training.run.estimate import check_memory
from netlib.training.store.history import History
from netlib.training.workers.pool import Pool
from tests.training import stand_in
from tests.training.test_pool import STAND_IN

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
