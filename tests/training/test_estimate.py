"""What a run will ask for, said before anything is allocated."""

import dataclasses
from typing import Any

import pytest
import torch
from torch import Tensor

from netlib import Network, TooBig
from netlib.presets import preset
from netlib.training import Machine, RunSpec, settle
from netlib.training.data.arrays import DataUnavailable
from netlib.training.data.tensors import load
from netlib.training.run.engine import Engine
from netlib.training.run.estimate import check_memory, estimate, size
from tests.training.runs import EMBEDDING, HEADED, NORMED, SMALL, hello, image_net, spec_of

GB = 10**9


def cifar_on_digits(depth: int) -> Network:
    """A CIFAR ResNet that takes digits."""
    found = preset(f"resnet{depth}-cifar")
    return Network.model_validate({"input": {"dims": [1, 16, 16]}, "layers": found.layers})


def saved_bytes(spec: RunSpec) -> int:
    """Bytes that a real step keeps for backward: distinct storages, without parameters and the batch itself."""
    engine = Engine(spec)
    own = {p.untyped_storage().data_ptr() for p in engine.model.parameters()}
    own |= {b.untyped_storage().data_ptr() for b in engine.model.buffers()}
    held: dict[int, Tensor] = {}

    def pack(tensor: Tensor) -> Tensor:
        held.setdefault(tensor.untyped_storage().data_ptr(), tensor)  # held, so that no address comes twice
        return tensor

    given = engine.data.batch
    kept: list[Tensor] = []

    def batch(*arguments: Any) -> tuple[Tensor, Tensor]:
        found = given(*arguments)
        kept.extend(found)
        return found

    engine.data = dataclasses.replace(engine.data)
    object.__setattr__(engine.data, "batch", batch)
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        engine.advance()
    own |= {tensor.untyped_storage().data_ptr() for tensor in kept}
    return sum(t.untyped_storage().nbytes() for address, t in held.items() if address not in own)


@pytest.mark.parametrize(
    "spec",
    [
        spec_of(preset("net")),
        spec_of(preset("net-homework"), batch=32),
        spec_of(preset("mlp"), batch=128),
        spec_of(preset("inception-mnist"), batch=16),
        spec_of(cifar_on_digits(20), batch=8),
        spec_of(NORMED),
        spec_of(HEADED),
    ],
    ids=["Net", "homework", "MLP", "Inception", "ResNet-20", "BatchNorm and residual", "auxiliary head"],
)
def test_activations_are_those_of_a_real_step(spec: RunSpec) -> None:
    estimated = estimate(settle(spec)).activations
    measured = saved_bytes(spec)
    assert measured / 1.5 <= estimated <= measured * 1.5, (estimated, measured)


def test_recurrent_layers_keep_at_least_what_is_estimated() -> None:
    spec = hello(EMBEDDING, 0.05)
    assert 0 < estimate(settle(spec)).activations <= 1.5 * saved_bytes(spec)


@pytest.mark.parametrize(
    ("optimiser", "copies"),
    [
        ({"name": "SGD"}, 1),
        ({"name": "SGD", "momentum": 0.0}, 0),
        ({"name": "Adam"}, 2),
        ({"name": "AdamW"}, 2),
        ({"name": "RMSprop", "momentum": 0.0}, 1),
        ({"name": "RMSprop"}, 2),
    ],
)
def test_weights_gradients_and_what_the_optimiser_keeps(optimiser: dict[str, Any], copies: int) -> None:
    spec = spec_of(preset("net"), optimiser=optimiser)
    found = estimate(settle(spec))
    assert found.weights == found.gradients == 4 * 8490
    assert found.optimiser == copies * found.weights
    engine = Engine(spec)
    engine.advance()
    state = engine.optimiser.state_dict()["state"]
    kept = sum(v.nbytes for held in state.values() for v in held.values() if isinstance(v, Tensor) and v.ndim)
    assert kept == found.optimiser


def test_data_are_counted_as_they_are_kept() -> None:
    data = load(spec_of(SMALL, data={}).data, SMALL.input)
    held = data.train.inputs.nbytes + data.validation.inputs.nbytes
    assert estimate(settle(spec_of(SMALL, data={}))).data == held
    large = preset("net").model_copy(update={"input": SMALL.input.resized(1, 224, 224)})
    assert estimate(settle(spec_of(large, data={"name": "mnist"}))).data == 70_000 * 784


WIDE = image_net(
    {"kind": "Conv2d", "out_channels": 64, "kernel_size": 3, "padding": 1},
    {"kind": "ReLU"},
    {"kind": "Flatten"},
    {"kind": "Linear", "out_features": 10},
    side=28,
)


def test_a_run_that_fits_is_let_through() -> None:
    assert check_memory(settle(spec_of(WIDE)), Machine(memory=8 * GB)).fits
    assert (
        check_memory(settle(spec_of(WIDE, batch=65_536, data={"name": "mnist"})), Machine()).available is None
    )


def test_the_refusal_names_both_numbers_and_the_largest_batch_that_fits() -> None:
    machine = Machine(memory=600_000_000)
    spec = settle(spec_of(WIDE, data={}, batch=1437))
    with pytest.raises(TooBig) as caught:
        check_memory(spec, machine)
    found = estimate(spec, machine)
    assert found.largest_batch is not None
    assert 1 < found.largest_batch < 1437
    assert size(found.bytes) in str(caught.value)
    assert "600 MB" in str(caught.value)
    assert f"{found.largest_batch:,}" in str(caught.value)
    assert "最大批量" in caught.value.message.say("zh")
    assert check_memory(spec.with_(batch=found.largest_batch), machine).fits
    with pytest.raises(TooBig):
        check_memory(spec.with_(batch=found.largest_batch + 1), machine)


def test_a_run_that_never_fits_says_so() -> None:
    with pytest.raises(TooBig, match="even one sample at a time"):
        check_memory(settle(spec_of(preset("vgg16"))), Machine(memory=GB))


def test_a_gpu_is_asked_for_its_own_memory() -> None:
    machine = Machine(memory=100 * GB, device_memory=GB)
    found = estimate(settle(spec_of(SMALL, device="cuda"), machine), machine)
    assert found.available == GB
    assert found.bytes > GB
    assert not found.fits
    assert estimate(settle(spec_of(SMALL), machine), machine).fits


def test_steps_are_those_of_the_run() -> None:
    for batch, samples in ((64, 200), (32, 65), (32, 66), (500, 200)):
        spec = spec_of(SMALL, batch=batch, data={"train_samples": samples}, limits={"epochs": 3})
        assert estimate(settle(spec)).steps == Engine(spec).total_steps
    assert estimate(settle(hello(EMBEDDING, 0.05))).steps == 15
    assert estimate(settle(spec_of(SMALL, limits={"epochs": None, "seconds": 3.0}))).steps is None


def test_seconds_grow_with_the_work_and_end_with_the_limit() -> None:
    one, two = (estimate(settle(spec_of(preset("net"), limits={"epochs": e}))).seconds for e in (1, 2))
    assert one is not None
    assert two == pytest.approx(2 * one)
    deep = estimate(settle(spec_of(cifar_on_digits(56)))).seconds_a_step
    assert deep > 5 * estimate(settle(spec_of(preset("net")))).seconds_a_step
    assert (
        estimate(settle(spec_of(cifar_on_digits(56), limits={"epochs": 99, "seconds": 2.0}))).seconds == 2.0
    )
    assert estimate(settle(spec_of(SMALL, limits={"epochs": None, "seconds": 3.0}))).seconds == 3.0


def test_unknown_data_are_refused() -> None:
    with pytest.raises(DataUnavailable):
        estimate(settle(spec_of(SMALL, data={"name": "imagenet"})))


def test_sizes_for_people() -> None:
    assert [size(n) for n in (1, 12_400_000, 999_000_000, 3_450_000_000)] == [
        "1 MB",
        "12 MB",
        "999 MB",
        "3.5 GB",
    ]
