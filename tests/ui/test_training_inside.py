"""Inside the network at a step: layers with their marks and axes, kernels as levels, and what a browser looks at."""

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy import ndarray

from netlib import Network, trace
from netlib.presets import preset
from tests.ui.training_stage import StandIn, stage, started
from ui.training.bench import Bench
from ui.training.inside import inside
from ui.training.kernels import drawn
from ui.training.layers import layers
from ui.training.looking import LATEST_STEP, SHOWN_KEY, THROUGH_KEY, Look, Session, look, run_of
from ui.training.reading import Reading, read

NET = preset("net")
PATHS = ["0", "3", "7"]


@pytest.fixture
def pool(tmp_path: Path) -> StandIn:
    return stage(tmp_path)


def gauged(gradients: list[float], updates: list[float], weights: list[float]) -> dict[str, ndarray]:
    norms = {"gradient": gradients, "update": updates, "weight": weights}
    found = {f"{name}_norms": np.array(values, np.float32) for name, values in norms.items()}
    return {**found, "layer_paths": np.frombuffer("\n".join(PATHS).encode(), np.uint8)}


def kernels_of(weight: ndarray, gradient: ndarray | None = None) -> dict[str, ndarray]:
    one = np.array(1.0, np.float32)
    found: dict[str, ndarray] = {
        "weight": weight.astype(np.float16),
        "weight_scale": one,
        "count": np.array(10),
    }
    if gradient is not None:
        found |= {"gradient": gradient.astype(np.float16), "gradient_scale": one}
    return {**found, "path": np.frombuffer(b"0", np.uint8)}


def test_the_update_ratio_is_that_of_the_weights_length() -> None:
    found = layers(NET, [(23, gauged([1.0, 2.0, 3.0], [0.002, 0.1, 0.0], [2.0, 1.0, 4.0]))], 23)
    assert found is not None
    assert [row["update"]["value"] for row in found["rows"]] == pytest.approx([1e-3, 0.1, 0.0])
    assert [row["name"] for row in found["rows"]] == ["1 Conv2d", "4 Conv2d", "8 Linear"]
    assert found["rows"][0]["update"]["shown"] == "0.0010"
    axis = found["axes"]["update"]
    assert axis["low"] + found["usual"] * (axis["high"] - axis["low"]) == pytest.approx(-3)


@pytest.mark.parametrize(
    ("gradients", "updates", "marks"),
    [
        ([1.0, 1.0, 1.0], [1e-3, 1e-3, 1e-3], [("", ""), ("", ""), ("", "")]),
        ([1e-5, 1.0, 0.5], [1e-6, 0.5, 1e-3], [("▼", "▼"), ("", "▲"), ("", "")]),
        ([2000.0, 1.0, np.inf], [1e-3, np.nan, 1e-3], [("▲", ""), ("▼", "▲"), ("▲", "")]),
    ],
)
def test_what_vanishes_or_explodes_has_a_sign(
    gradients: list[float], updates: list[float], marks: list[tuple[str, str]]
) -> None:
    first = gauged([1.0, 1.0, 1.0], [1e-3] * 3, [1.0] * 3)
    found = layers(NET, [(1, first), (2, gauged(gradients, updates, [1.0] * 3))], 2)
    assert found is not None
    assert [(row["gradient"]["mark"], row["update"]["mark"]) for row in found["rows"]] == marks
    assert all(found["axes"][side]["high"] <= 4 for side in ("gradient", "update"))


def test_a_layer_within_a_block_is_named_by_its_address_and_its_own_kind() -> None:
    body = [{"kind": "Conv2d", "out_channels": 1, "kernel_size": 3, "padding": 1}]
    blocks = [{"kind": "ReLU"}, {"kind": "Residual", "body": body}]
    network = Network.model_validate({"input": {"dims": [1, 8, 8]}, "layers": blocks})
    (leaf,) = [step for step in trace(network).leaves if step.params]
    arrays: dict[str, ndarray] = {
        **{f"{name}_norms": np.ones(1, np.float32) for name in ("gradient", "update", "weight")},
        "layer_paths": np.frombuffer(leaf.path.encode(), np.uint8),
    }
    found = layers(network, [(1, arrays)], 1)
    assert found is not None
    assert [(row["name"], row["where"]) for row in found["rows"]] == [
        ("2 › 1 Conv2d", "2 Residual › 1 Conv2d")
    ]


def test_the_axes_stay_while_the_slider_moves_and_steps_without_norms_show_the_last_that_has_some() -> None:
    frames: list[tuple[int, Any]] = [
        (0, {}),
        (1, gauged([1e-4] * 3, [1e-4] * 3, [1.0] * 3)),
        (2, gauged([9.0] * 3, [1e-2] * 3, [1.0] * 3)),
        (3, {}),
    ]
    found = {step: layers(NET, frames, step) for step in (0, 1, 2, 3)}
    assert all(one is not None for one in found.values())
    assert len({str(one["axes"]) for one in found.values() if one}) == 1
    assert {step: one and one["step"] for step, one in found.items()} == {0: None, 1: 1, 2: 2, 3: 2}
    assert found[0] is not None
    assert found[0]["rows"] == []
    assert layers(NET, [(0, {})], 0) is None, "a run from before such things were kept"


def test_kernels_are_levels_of_each_sign() -> None:
    weight = np.zeros((2, 1, 2, 2))
    weight[0, 0] = [[0.5, -0.5], [0.25, 0.0]]
    found = drawn(kernels_of(weight, weight / 1000), NET, 23)
    levels = np.frombuffer(base64.b64decode(found["weight"]["bytes"]), np.int8).reshape(2, 2, 2)
    assert levels[0].tolist() == [[127, -127], [64, 0]]
    assert (found["weight"]["most"], found["gradient"]["most"]) == ("0.50", "5.0 × 10⁻⁴")
    assert found["words"]["title"] == "Kernels of 1 Conv2d"
    assert found["words"]["count"] == "the first 2 of 10"
    assert drawn(kernels_of(weight), NET, 0)["gradient"] is None
    assert drawn(kernels_of(weight), NET, 0)["words"]["no_gradient"].endswith("once a step has been taken.")
    assert drawn(kernels_of(weight), NET, 850)["words"]["no_gradient"].endswith("not measured at this step.")


def run_with_frames(pool: StandIn) -> Reading:
    run, recorder = started(pool, Bench.fresh().spec)
    said = {"said": np.zeros(20, np.int32), "probabilities": np.full((20, 10), 0.1, np.float32)}
    for step, size in ((0, 0.0), (1, 1.0), (23, 2.0)):
        norms = gauged([size] * 3, [size * 1e-3] * 3, [1.0] * 3) if step else {}
        recorder.snapshot("predictions", step, {**said, **norms})
        recorder.snapshot("kernels", step, kernels_of(np.full((10, 1, 5, 5), size + 0.5)))
    recorder.metrics("loss", 1, [2.3])
    recorder.flush()
    return read(pool.history, run)


def test_everything_inside_is_of_the_step_that_is_looked_at(pool: StandIn) -> None:
    reading = run_with_frames(pool)
    for looked, when, most in (
        (None, "after epoch 1", "2.5"),
        (23, "after epoch 1", "2.5"),
        (1, "after step 1", "1.5"),
        (2, "after step 1", "1.5"),
        (0, "", "0.50"),
    ):
        found = inside(pool.history, reading, Look(step=looked))
        assert found is not None
        assert found["layers"]["when"] == when
        assert found["kernels"]["weight"]["most"] == most
    assert inside(pool.history, None, Look()) is None


def test_what_a_browser_says_it_looks_at_is_judged(pool: StandIn) -> None:
    reading = run_with_frames(pool)
    run = run_of(reading)

    def looked(shown: object, through: object = None) -> Look:
        settled: Session = {SHOWN_KEY: {"settled": shown}, THROUGH_KEY: {"settled": through}}
        return look(settled, reading)

    assert looked({"run": run, "at": 23, "picked": 4}) == Look(23, 4, None)
    assert looked({"run": "another.0", "at": 23, "picked": 4}) == Look()
    hostile: Any
    for hostile in (None, 7, "x", [], {"run": run, "at": -1, "picked": True}, {"run": run, "at": 1.5}):
        assert looked(hostile) == Look()
    assert looked({"run": run, "at": LATEST_STEP + 1, "picked": 10**9}) == Look()
    drawing = base64.b64encode(bytes(range(64))).decode()
    assert looked(None, {"run": run, "drawn": drawing}).drawn == bytes(range(64))
    picked = {"run": run, "picked": 4, "when": 1000}
    assert looked(picked, {"run": run, "drawn": drawing, "when": 999}).drawn is None
    assert looked(picked, {"run": run, "drawn": drawing, "when": 1001}).drawn == bytes(range(64))
    for wrong in ("é", "a", "A" * 100_000, 5, ""):
        assert looked(None, {"run": run, "drawn": wrong}).drawn is None
    assert look({}, None) == Look()
