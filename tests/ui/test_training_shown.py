"""What the network says of twenty images, or of a word: from the snapshots to what the picture draws."""

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netlib.training import DataSpec
from netlib.training.store.records import SnapshotRow
from tests.ui.training_stage import StandIn, stage, started
from ui.training.bench import Bench
from ui.training.reading import read
from ui.training.shown import MOST_FRAMES, chosen, samples, sheet, shown


@pytest.fixture
def pool(tmp_path: Path) -> StandIn:
    return stage(tmp_path)


def test_images_stand_below_each_other_in_one_picture() -> None:
    pixels = np.random.default_rng(0).random((20, 1, 8, 8), dtype=np.float32)
    address = sheet(pixels.tobytes(), pixels.shape)
    picture = np.asarray(
        Image.open(io.BytesIO(base64.b64decode(address.removeprefix("data:image/png;base64,"))))
    )
    assert picture.shape == (160, 8)
    assert (picture.reshape(20, 8, 8) == (255 * pixels[:, 0]).round().astype(np.uint8)).all()
    colour = np.zeros((3, 3, 4, 4), dtype=np.float32)
    assert sheet(colour.tobytes(), colour.shape).startswith("data:image/png;base64,")


def test_frames_of_a_long_run_are_few_with_both_ends() -> None:
    rows = [SnapshotRow(0, "predictions", step, 100) for step in range(3000)]
    kept = chosen(rows)
    assert len(kept) == MOST_FRAMES
    assert (kept[0].step, kept[-1].step) == (0, 2999)
    assert chosen(rows[:3]) == rows[:3]


def test_digits_are_judged_at_every_step_that_was_kept(pool: StandIn) -> None:
    run, recorder = started(pool, Bench.fresh().spec)
    targets = np.arange(20) % 10
    recorder.snapshot("shown", 0, {"pixels": np.zeros((20, 1, 8, 8), np.float32), "targets": targets})
    for step, said in ((0, np.zeros(20)), (23, targets)):
        probabilities = np.full((20, 10), 0.02, np.float32)
        probabilities[np.arange(20), said.astype(int)] = 0.82
        arrays = {"said": said.astype(np.int32), "probabilities": probabilities}
        if step:
            arrays["confusion"] = np.eye(10, dtype=np.int32)
        recorder.snapshot("predictions", step, arrays)
    recorder.metrics("loss", 1, [2.3])
    recorder.flush()
    data = shown(pool.history, read(pool.history, run), DataSpec(), None)
    assert data is not None
    assert [frame["right"] for frame in data["frames"]] == [2, 20]
    assert [step["long"] for step in data["steps"]] == ["after epoch 0", "after epoch 1"]
    assert data["frames"][0]["sure"][0] == "82 %"
    assert "confusion" in data["frames"][1]
    assert data["words"]["title"] == "Twenty validation digits"


def test_before_the_first_snapshot_there_are_no_images(pool: StandIn) -> None:
    run, _ = started(pool, Bench.fresh().spec)
    assert shown(pool.history, read(pool.history, run), DataSpec(), None) is None
    assert shown(pool.history, None, DataSpec(), None) is None


def test_before_a_run_the_images_a_worker_has_sent_stand_unjudged(pool: StandIn) -> None:
    pixels = base64.b64encode(bytes(range(64)) * 3).decode()
    sent = samples({"shape": [3, 1, 8, 8], "pixels": pixels, "targets": [4, 0, 9]})
    data = shown(pool.history, None, DataSpec(), sent)
    assert data is not None
    assert (data["targets"], data["frames"], data["steps"]) == ([4, 0, 9], [], [])
    assert samples(None) is None
    assert samples({"targets": [0]}) is None, "a word has no pixels"


def test_a_word_is_typed_letter_by_letter(pool: StandIn) -> None:
    run, recorder = started(pool, Bench.fresh("hello").spec)
    letters = "ehlo"
    for step, word in ((1, "ollll"), (2, "ohlol")):
        said = np.array([[letters.index(letter) for letter in word]], np.int32)
        probabilities = np.full((1, 5, 4), 0.1, np.float32)
        np.put_along_axis(probabilities, said[..., None], 0.7, axis=-1)
        recorder.snapshot("predictions", step, {"said": said, "probabilities": probabilities})
    recorder.metrics("loss", 1, [1.3, 1.1])
    recorder.flush()
    data = shown(pool.history, read(pool.history, run), DataSpec(name="hello"), None)
    assert data is not None
    assert ["".join(frame["said"]) for frame in data["frames"]] == ["ollll", "ohlol"]
    assert [frame["right"] for frame in data["frames"]] == [3, 5]
    assert data["frames"][1]["mean"] == pytest.approx(0.7)
    assert (data["source"], data["target"], data["letters"]) == (list("hello"), list("ohlol"), list("ehlo"))


def test_the_word_stands_there_before_a_run(pool: StandIn) -> None:
    data = shown(pool.history, None, DataSpec(name="hello", source="abab", target="baba"), None)
    assert data is not None
    assert (data["source"], data["frames"], data["letters"]) == (list("abab"), [], ["a", "b"])
