"""What layers make of a sample: beside what the module itself gives, from a run that has kept its weights."""

import base64
from typing import Any

import numpy as np
import pytest
import torch
from numpy import ndarray

from netlib import Network, trace
from netlib.activations import MOST_LAYERS, MOST_MAPS, MOST_SIDE, activations
from netlib.construction import build
from netlib.errors import NetlibError
from netlib.presets import preset
from netlib.questions import answer
from netlib.training import RunSpec
from netlib.training.run.engine import Engine
from netlib.training.run.loop import train
from netlib.training.store.history import History
from netlib.training.store.kept_weights import kept_weights, weight_rows
from netlib.training.store.recorder import Recorder
from tests.training.runs import (
    CELL,
    CONV,
    EMBEDDING,
    FLATTEN,
    HEADED,
    RELU,
    SMALL,
    TEN,
    Script,
    hello,
    image_net,
    spec_of,
)


def looked_into(network: Network, sample: torch.Tensor) -> tuple[torch.nn.Module, Any, Any]:
    torch.manual_seed(5)
    traced = trace(network)
    model = build(traced).eval()
    return model, *activations(traced, model, sample)


def test_a_convolutions_maps_are_those_of_the_layer() -> None:
    sample = torch.rand(1, 1, 8, 8)
    model, scores, (maps,) = looked_into(SMALL, sample)
    with torch.inference_mode():
        assert torch.equal(scores, model(sample)[0])
        assert torch.equal(maps.values, model.get_submodule("0")(sample)[0])
    assert (maps.path, maps.kind, maps.count) == ("0", "maps", 4)


def test_a_deep_network_is_looked_at_from_its_first_to_its_last_convolution() -> None:
    network = preset("resnet20-cifar")
    _, _, layers = looked_into(network, torch.rand(1, *network.input.dims))
    assert len(layers) == MOST_LAYERS
    convolutions = [step.path for step in trace(network).leaves if step.title == "Conv2d"]
    assert (layers[0].path, layers[-1].path) == (convolutions[0], convolutions[-1])
    assert all(len(layer.values) == MOST_MAPS for layer in layers)


def test_large_maps_are_made_smaller() -> None:
    network = image_net({**CONV, "padding": 1}, FLATTEN, TEN, side=96)
    model, _, (maps,) = looked_into(network, (sample := torch.rand(1, 1, 96, 96)))
    assert maps.values.shape == (4, MOST_SIDE, MOST_SIDE)
    with torch.inference_mode():
        whole = model.get_submodule("0")(sample)[0]
    assert torch.allclose(maps.values, whole.reshape(4, 48, 2, 48, 2).mean((2, 4)), atol=1e-5)


def test_auxiliary_heads_are_left_out_and_hidden_units_stand_in_where_there_is_no_convolution() -> None:
    _, _, layers = looked_into(HEADED, torch.rand(1, 1, 8, 8))
    assert [layer.path for layer in layers] == ["0", "3"]
    hidden = image_net(FLATTEN, {"kind": "Linear", "out_features": 90}, RELU, TEN)
    _, _, (units,) = looked_into(hidden, torch.rand(1, 1, 8, 8))
    assert (units.kind, units.values.shape, units.count) == ("units", (64,), 90)


@pytest.mark.parametrize(("network", "lanes"), [(CELL, [(0, False)]), (EMBEDDING, [(0, False), (1, False)])])
def test_states_letter_by_letter_are_those_that_the_module_returns(
    network: Network, lanes: list[tuple[int, bool]]
) -> None:
    engine = Engine(hello(network, 0.1))
    sample, _ = engine.data.batch(engine.data.validation)
    model, scores, layers = looked_into(network, sample)
    assert [layer.lane for layer in layers] == lanes
    with torch.inference_mode():
        assert torch.allclose(scores, model(sample)[0])
        given = sample if network is CELL else model.get_submodule("0")(sample)
        states = model.get_submodule(layers[-1].path)(given)[0]
    assert torch.allclose(layers[-1].values, states, atol=1e-6)


@pytest.fixture
def recorded(history: History) -> dict[str, Any]:
    """A run on digits of three epochs with all it keeps, and what is asked about it."""
    spec = spec_of(SMALL, batch=64, limits={"epochs": 3})
    run = history.create(spec)
    recorder = Recorder(history.database, run)
    train(spec, recorder, Script())
    return {"database": str(history.path), "run": run}


def values_of(layer: dict[str, Any]) -> ndarray:
    levels = np.frombuffer(base64.b64decode(layer["bytes"]), np.int8).reshape(layer["shape"])
    found: ndarray = levels.astype(np.float32) * layer["most"] / 127
    return found


@pytest.mark.parametrize(("asked", "step"), [(12, 12), (10_000, 12), (7, 4), (0, 0)])
def test_a_sample_goes_through_the_weights_of_the_step_that_is_looked_at(
    recorded: dict[str, Any], asked: int, step: int
) -> None:
    found = answer("activations", {**recorded, "step": asked, "picked": 3})
    assert found["step"] == step
    engine = Engine(spec_of(SMALL, batch=64))
    for _ in range(step):
        engine.advance()
    _, probabilities = engine.look()
    assert found["probabilities"] == pytest.approx(probabilities[3].tolist(), abs=1e-5)
    sample, _ = engine.data.batch(engine.data.validation)
    with torch.inference_mode():
        maps = engine.model.get_submodule("0")(sample[3:4])[0]
    (layer,) = found["layers"]
    assert np.allclose(values_of(layer), maps, atol=float(maps.abs().max()) / 127)


def test_a_drawn_digit_goes_through_as_a_sample_of_the_same_pixels_does(recorded: dict[str, Any]) -> None:
    engine = Engine(spec_of(SMALL))
    pixels = (engine.data.pixels[3, 0] * 255).round().byte().numpy()
    drawn = base64.b64encode(pixels.tobytes()).decode()
    by_hand = answer("activations", {**recorded, "step": 12, "drawn": drawn})
    picked = answer("activations", {**recorded, "step": 12, "picked": 3})
    assert by_hand["probabilities"] == pytest.approx(picked["probabilities"], abs=0.02)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"drawn": "AAAA"}, "has 64 pixels of one byte each, got 3"),
        ({"drawn": "not base64"}, "has 64 pixels"),
        ({"picked": 25}, "picked"),
        ({"step": -1}, "step"),
    ],
)
def test_what_cannot_go_through_is_refused_in_words(
    recorded: dict[str, Any], asked: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        answer("activations", {**recorded, "step": 12, **asked})


def test_a_run_without_weights_so_early_says_so(history: History) -> None:
    spec = spec_of(SMALL)
    run = history.create(spec)
    recorder = Recorder(history.database, run)
    engine = Engine(spec)
    for _ in range(4):
        engine.advance()
    recorder.snapshot("checkpoint", 4, {k: v.numpy() for k, v in engine.checkpoint().items()})
    pixels = engine.data.pixels.numpy()
    recorder.snapshot("shown", 0, {"pixels": pixels[:5], "targets": np.zeros(5)})
    recorder.flush()
    asked = {"database": str(history.path), "run": run}
    with pytest.raises(NetlibError, match="at or before step 3"):
        answer("activations", {**asked, "step": 3})
    assert answer("activations", {**asked, "step": 4})["step"] == 4
    with pytest.raises(NetlibError, match="not shown sample 6"):
        answer("activations", {**asked, "step": 4, "picked": 5})
    assert [row.step for row in weight_rows(history, run, 0)] == [4]
    assert kept_weights(history, run, 1) is None


def test_weights_that_are_no_numbers_are_said_to_be_none(history: History) -> None:
    spec = spec_of(SMALL)
    run = history.create(spec)
    recorder = Recorder(history.database, run)
    engine = Engine(spec)
    state = {k: v.numpy() for k, v in engine.model.state_dict().items()}
    recorder.snapshot("weights", 1, {k: np.full_like(v, np.nan) for k, v in state.items()})
    recorder.snapshot("shown", 0, {"pixels": engine.data.pixels.numpy(), "targets": np.zeros(20)})
    recorder.flush()
    found = answer("activations", {"database": str(history.path), "run": run, "step": 1})
    assert (found["layers"][0]["bytes"], found["layers"][0]["most"]) == (None, None)
    assert found["probabilities"] == [0.0] * 10


def test_a_word_has_its_states(history: History) -> None:
    spec: RunSpec = hello(EMBEDDING, 0.05, limits={"epochs": 2})
    run = history.create(spec)
    train(spec, Recorder(history.database, run), Script())
    found = answer("activations", {"database": str(history.path), "run": run, "step": 2})
    assert [layer["shape"] for layer in found["layers"]] == [[5, 8], [5, 8]]
    assert np.array(found["probabilities"]).shape == (5, 4)
