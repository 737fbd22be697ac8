"""A sample on its way through a run's network: whose weights, which sample, and what the picture is told of the answer."""

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netlib import Message
from netlib.training import RunSpec
from netlib.training.spec import State
from tests.ui.training_stage import StandIn, stage, started
from ui.training.answers import Answers
from ui.training.bench import Bench
from ui.training.looking import Look
from ui.training.reading import Reading, read
from ui.training.through import through

EPOCH = 23
MAPS = {
    "path": "0",
    "kind": "maps",
    "lane": [0, False],
    "shape": [8, 2, 2],
    "count": 10,
    "bytes": base64.b64encode(bytes(32)).decode(),
    "most": 3.5,
}
ANSWER = {"step": EPOCH, "probabilities": [0.02] * 3 + [0.82] + [0.02] * 6, "layers": [MAPS]}
DRAWN = bytes(range(64))


@pytest.fixture
def pool(tmp_path: Path) -> StandIn:
    found = stage(tmp_path)
    found.answers["activations"] = ANSWER
    return found


def recorded(
    pool: StandIn,
    spec: RunSpec | None = None,
    *,
    weights: tuple[int, ...] = (EPOCH,),
    end: State | None = "finished",
) -> Reading:
    """A run on digits, with the samples it shows, predictions by step, and weights of some steps."""
    spec = spec or Bench.fresh().spec
    run, recorder = started(pool, spec)
    pixels = np.zeros((20, 1, 8, 8), np.float32)
    is_image = spec.data.name == "digits"
    shown = {"pixels": pixels} if is_image else {"ids": np.zeros((1, 5), np.int64)}
    recorder.snapshot("shown", 0, {**shown, "targets": np.arange(20) % 10})
    for step in (0, 1, EPOCH, 2 * EPOCH):
        said = {"said": np.zeros((1, 5), np.int32), "probabilities": np.zeros((1, 5, 4), np.float32)}
        recorder.snapshot("predictions", step, said)
    for step in weights:
        recorder.snapshot("weights", step, {"0.weight": np.zeros(3)})
    recorder.metrics("loss", 1, [2.3] * 2 * EPOCH)
    recorder.flush()
    if end is not None:
        recorder.end(end)
    return read(pool.history, run)


def seen(pool: StandIn, reading: Reading | None, looked: Look = Look()) -> dict[str, Any]:  # noqa: B008  # frozen
    found = through(pool.as_pool(), Answers(), reading, looked)
    assert found is not None
    return found


def asked(pool: StandIn) -> list[dict[str, Any]]:
    return [dict(payload) for question, payload in pool.asked if question == "activations"]


def test_the_verdict_and_the_maps_of_the_first_image(pool: StandIn) -> None:
    reading = recorded(pool)
    found = seen(pool, reading)
    assert found["when"] == "weights after epoch 1"
    assert [bar["sure"] for bar in found["found"]["bars"]][2:4] == ["2 %", "82 %"]
    assert [bar["name"] for bar in found["found"]["bars"] if bar["said"]] == ["3"]
    (layer,) = found["found"]["layers"]
    assert (layer["name"], layer["dims"]) == ("1 Conv2d", "10 × 24 × 24")
    assert (layer["cut"], layer["most"]) == ("the first 8 of 10", "3.5")
    assert (found["picked"], found["truth"], found["size"], found["draws"]) == (0, "0", [8, 8], True)
    (payload,) = asked(pool)
    assert (payload["step"], payload["picked"], payload["run"]) == (EPOCH, 0, reading.row.id)


def test_a_drawing_goes_in_place_of_the_picked_image(pool: StandIn) -> None:
    found = seen(pool, recorded(pool), Look(picked=3, drawn=DRAWN))
    (payload,) = asked(pool)
    assert base64.b64decode(payload["drawn"]) == DRAWN
    assert "picked" not in payload
    assert (found["truth"], found["drawn"]) == (None, payload["drawn"])


@pytest.mark.parametrize(
    ("weights", "looked", "step", "why"),
    [
        ((0, EPOCH), Look(step=1), 0, ""),
        ((0, EPOCH), Look(step=EPOCH), EPOCH, ""),
        ((EPOCH,), Look(step=0), None, "the first are those after epoch 1"),
        ((), Look(), None, "has kept no weights"),
    ],
)
def test_the_weights_are_the_latest_before_the_step_that_is_looked_at(
    pool: StandIn, weights: tuple[int, ...], looked: Look, step: int | None, why: str
) -> None:
    found = seen(pool, recorded(pool, weights=weights), looked)
    assert why in found["why"]
    assert [payload["step"] for payload in asked(pool)] == ([] if step is None else [step])
    assert (found["found"] is None) == (step is None)
    assert found["look"]["every"] is None


def test_while_a_run_goes_no_worker_is_asked_before_somebody_picks(pool: StandIn) -> None:
    reading = recorded(pool, end=None)
    assert reading.row.state == "running"
    assert "Pick an image above" in seen(pool, reading)["why"]
    assert asked(pool) == []
    assert seen(pool, reading, Look(picked=5))["found"] is not None
    assert [payload["picked"] for payload in asked(pool)] == [5]


def test_the_page_looks_again_until_the_answer_is_there_and_says_a_refusal(pool: StandIn) -> None:
    reading = recorded(pool)
    pool.answers["activations"] = Message("This network is too large.")
    found = seen(pool, reading)
    assert (found["why"], found["found"]) == ("This network is too large.", None)
    del pool.answers["activations"]
    assert seen(pool, reading)["look"]["every"] is not None


def test_values_that_are_no_numbers_have_no_scale(pool: StandIn) -> None:
    pool.answers["activations"] = {**ANSWER, "layers": [{**MAPS, "bytes": None, "most": None}]}
    (layer,) = seen(pool, recorded(pool))["found"]["layers"]
    assert (layer["bytes"], layer["most"]) == (None, "")


def test_a_word_has_its_states_by_letter_and_layer(pool: StandIn) -> None:
    states = {**MAPS, "path": "1", "kind": "steps", "shape": [5, 8], "count": 8, "most": 1.0}
    pool.answers["activations"] = {
        "step": EPOCH,
        "probabilities": [[0.25] * 4] * 5,
        "layers": [states, {**states, "lane": [1, False]}, {**states, "lane": [0, True]}],
    }
    reading = recorded(pool, Bench.fresh("hello").spec)
    found = seen(pool, reading)
    assert (found["kind"], found["letters"]) == ("sequence", list("hello"))
    names = [layer["name"] for layer in found["found"]["layers"]]
    assert names == ["2 RNN", "2 RNN, layer 2", "2 RNN, backward"]
    assert found["found"]["bars"] == []


def test_there_is_nothing_before_a_run_and_for_names(pool: StandIn) -> None:
    assert through(pool.as_pool(), Answers(), None, Look()) is None
    names = recorded(pool, Bench.fresh("names17").spec)
    assert through(pool.as_pool(), Answers(), names, Look()) is None
    assert asked(pool) == []
