"""What a step does to each layer: norms that torch and the optimiser's own rule confirm, and not one bit of the curve."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from netlib import Network
from netlib.training import RunSpec
from netlib.training.run.engine import Engine
from netlib.training.run.gauge import MOST_VALUES
from netlib.training.run.loop import train
from netlib.training.run.protocol import Pause, Resume, Step
from tests.training.runs import (
    CELL,
    CONV,
    DROPOUT,
    EMBEDDING,
    FLATTEN,
    HEADED,
    NORMED,
    RELU,
    SMALL,
    TEN,
    Recorded,
    Script,
    hello,
    image_net,
    spec_of,
)

ADAM = {"name": "Adam", "learning_rate": 0.01}
SPECS = {
    "cell": hello(CELL, 0.1, loss="sum", seed=3),
    "embedding": hello(EMBEDDING, 0.05, seed=3),
    "dropout, Adam": spec_of(DROPOUT, seed=3, batch=32, optimiser=ADAM),
    "BatchNorm and residual": spec_of(NORMED, seed=3, batch=32),
    "clipped": spec_of(HEADED, seed=3, batch=48, clip=0.01),
}


@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
def test_gauging_every_step_changes_no_bit(spec: RunSpec) -> None:
    plain = Engine(spec)
    curve = [float(plain.advance()) for _ in range(9)]
    streams = torch.get_rng_state()
    gauged = Engine(spec)
    assert [float(gauged.advance(gauged=True)) for _ in range(9)] == curve
    assert all(map(torch.equal, gauged.parameters, plain.parameters))
    assert torch.equal(torch.get_rng_state(), streams)


@pytest.mark.parametrize("spec", [SPECS["cell"], spec_of(DROPOUT, batch=32, limits={"epochs": 2})])
def test_a_run_whose_steps_are_gauged_has_the_curve_of_the_bare_engine(spec: RunSpec) -> None:
    emit = Recorded()
    train(spec, emit, Script())
    engine = Engine(spec)
    assert emit.losses == [float(engine.advance()) for _ in emit.losses]
    assert any("update_norms" in arrays for _, arrays in emit.kept("predictions"))


def test_norms_are_those_of_the_gradient_and_of_the_optimisers_own_rule() -> None:
    engine = Engine(spec_of(SMALL, batch=32, fused=False))
    before = [p.detach().clone() for p in engine.parameters]
    engine.advance(gauged=True)
    found, rate = engine.gauged, engine.spec.optimiser.learning_rate
    assert found is not None
    assert engine.gauge.paths == ("0", "3")
    for layer, names in enumerate((slice(0, 2), slice(2, 4))):
        moved = joined(
            p.detach() - held for p, held in zip(engine.parameters[names], before[names], strict=True)
        )
        assert found.weights[layer] == pytest.approx(float(joined(before[names]).norm()), rel=1e-5)
        assert found.updates[layer] == pytest.approx(float(moved.norm()), rel=1e-5)
        # The first step of SGD, be it with momentum, is the gradient times the learning rate.
        assert found.gradients[layer] * rate == pytest.approx(float(moved.norm()), rel=1e-3)


def joined(values: Iterable[Tensor]) -> Tensor:
    return torch.cat([value.flatten() for value in values])


def test_a_gradient_is_measured_before_it_is_clipped() -> None:
    engine = Engine(SPECS["clipped"])
    engine.advance(gauged=True)
    assert engine.gauged is not None
    whole = float(np.linalg.norm(engine.gauged.gradients))
    assert whole == pytest.approx(float(engine.measured["gradient_norm"]), rel=1e-5)
    assert whole > 0.01


def test_what_is_kept_is_known_of_the_steps_that_are_looked_at() -> None:
    spec = spec_of(SMALL, batch=16, limits={"epochs": 2})
    emit = Recorded()
    train(spec, emit, Script())
    kept = dict(emit.kept("predictions"))
    assert [step for step, arrays in kept.items() if "gradient_norms" in arrays] == [1, 2, 4, 8, 13, 26]
    assert bytes(kept[26]["layer_paths"]).decode().split("\n") == ["0", "3"]
    assert kept[26]["gradient_norms"].shape == kept[26]["update_norms"].shape == (2,)
    kernels = dict(emit.kept("kernels"))
    assert list(kernels) == [0, 1, 2, 4, 8, 13, 26]
    assert "gradient" not in kernels[0]
    engine = Engine(spec)
    assert np.allclose(seen(kernels[0], "weight"), engine.parameters[0].detach(), atol=1e-3)
    for _ in range(26):
        engine.advance(gauged=True)
    assert engine.gauged is not None
    assert engine.gauged.kernels is not None
    assert np.allclose(seen(kernels[26], "weight"), engine.parameters[0].detach(), atol=1e-3)
    gradient = engine.gauged.kernels.numpy()
    assert np.allclose(seen(kernels[26], "gradient"), gradient, atol=1e-3 * np.abs(gradient).max())


def seen(kernels: dict[str, np.ndarray], name: str) -> np.ndarray:
    found: np.ndarray = kernels[name].astype(np.float32) * kernels[f"{name}_scale"]
    return found


def test_single_steps_in_a_pause_are_gauged_and_an_epochs_counts_are_not_lost() -> None:
    spec = spec_of(SMALL, batch=64, limits={"epochs": 2})
    emit = Recorded()
    train(spec, emit, Script({1: Pause()}, [Step(count=3), Step(), Resume()]))
    kept = emit.kept("predictions")
    assert [step for step, _ in kept] == [0, 1, 2, 3, 4, 8]
    assert all("update_norms" in arrays for step, arrays in kept if step)
    assert "confusion" in dict(kept)[4]


@pytest.mark.parametrize(
    ("network", "shape", "count"),
    [
        (SMALL, (4, 1, 3, 3), 4),
        (image_net({**CONV, "out_channels": 50}, RELU, FLATTEN, TEN), (32, 1, 3, 3), 50),
        (image_net(FLATTEN, {"kind": "Linear", "out_features": 40}, RELU, TEN), (32, 1, 8, 8), 40),
        (image_net(FLATTEN, {"kind": "Linear", "out_features": 40}, RELU, TEN, side=28), (20, 1, 28, 28), 40),
        (image_net({"kind": "MaxPool2d", "kernel_size": 2}, FLATTEN, TEN), None, None),
    ],
)
def test_kernels_that_can_be_seen(network: Network, shape: tuple[int, ...] | None, count: int | None) -> None:
    found = Engine(spec_of(network)).gauge.kernels(None)
    if shape is None:
        assert found is None
        return
    assert found is not None
    assert found["weight"].shape == shape
    assert found["weight"].size <= MOST_VALUES
    assert int(found["count"]) == count


def test_a_run_on_letters_has_no_kernels() -> None:
    assert Engine(SPECS["embedding"]).gauge.kernels(None) is None


def test_a_gradient_too_small_for_16_bits_keeps_its_digits() -> None:
    engine = Engine(spec_of(SMALL))
    engine.gauge.before()
    gauged = engine.gauge.after(1)
    tiny = torch.full((4, 1, 3, 3), 3e-12)
    found = engine.gauge.kernels(replace(gauged, kernels=tiny))
    assert found is not None
    assert np.allclose(seen(found, "gradient"), 3e-12, rtol=1e-3, atol=0)
