"""What the network says of twenty images, or of a word, at each step that was kept: from the run's snapshots."""

import base64
import functools
import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy import ndarray
from PIL import Image

from netlib.training import DataSpec
from netlib.training.data.arrays import DataUnavailable
from netlib.training.data.datasets import DIGITS, DataSet, data_set
from netlib.training.data.names import text_of
from netlib.training.store.history import History
from netlib.training.store.records import SnapshotRow
from ui.numbers import exact, percent
from ui.training.looking import run_of
from ui.training.reading import Reading
from ui.words import tr

SHOWN = 20
"""Samples that are shown, where there are as many."""
MOST_FRAMES = 48
"""Steps that the slider can go back to; the first and the last are always among them."""

Arrays = Mapping[str, ndarray]


def shown(
    history: History, reading: Reading | None, data: DataSpec, before: Arrays | None
) -> dict[str, Any] | None:
    """What the picture draws, `run` telling one run from another; None while there is nothing to see yet.

    Args:
        history: where the snapshots are.
        reading: the run, None before the first.
        data: what the run learns from.
        before: the samples, where no run has shown them yet; None where nobody knows them.
    """
    found = _shown(history, reading, data, before)
    return found and {**found, "run": run_of(reading)}


def _shown(
    history: History, reading: Reading | None, data: DataSpec, before: Arrays | None
) -> dict[str, Any] | None:
    try:
        about = data_set(data)
    except DataUnavailable:  # somebody had brought them, and they are gone
        return None
    frames = frames_of(history, reading) if reading else []
    if about.task == "sequence":
        return typed(about, data, frames, _epoch(reading))
    first = first_of(history, reading) or before
    if about.task == "text":
        return told(about, first, frames, _epoch(reading)) if first is not None and "ids" in first else None
    if first is None or "pixels" not in first:
        return None
    return images(about, first, frames, _epoch(reading))


def samples(answer: object) -> Arrays | None:
    """The samples as a worker has sent them, as the first snapshot of a run holds them: pixels in 0..1."""
    if isinstance(answer, Mapping) and "ids" in answer:
        return {"ids": np.array(answer["ids"]), "targets": np.array(answer["targets"])}
    if not isinstance(answer, Mapping) or "pixels" not in answer:
        return None
    pixels = np.frombuffer(base64.b64decode(answer["pixels"]), np.uint8).reshape(answer["shape"])
    return {"pixels": pixels.astype(np.float32) / 255, "targets": np.array(answer["targets"])}


def _epoch(reading: Reading | None) -> int | None:
    return reading.epoch_steps if reading else None


def chosen(rows: Sequence[SnapshotRow], most: int = MOST_FRAMES) -> list[SnapshotRow]:
    """At most so many of the rows, the newest and the oldest among them, spread evenly."""
    if len(rows) <= most:
        return list(rows)
    index = np.unique(np.linspace(0, len(rows) - 1, most).round().astype(int))
    return [rows[i] for i in index]


def frames_of(history: History, reading: Reading) -> list[tuple[int, Arrays]]:
    """The steps that the slider can go back to, each with what was kept there."""
    row = reading.row
    rows = [r for r in history.snapshots(row.id, "predictions") if r.generation == row.generation]
    found = []
    for kept in chosen(rows):
        arrays = snapshot(history, row.id, "predictions", kept.step, kept.generation, kept.bytes)
        if arrays is not None:
            found.append((kept.step, arrays))
    return found


def first_of(history: History, reading: Reading | None) -> Arrays | None:
    """The samples that the run shows; None while it has shown none."""
    if reading is None:
        return None
    row = reading.row
    found = [r for r in history.snapshots(row.id, "shown") if r.generation == row.generation]
    if not found:
        return None
    return snapshot(history, row.id, "shown", found[0].step, row.generation, found[0].bytes)


@functools.lru_cache(maxsize=2048)
def snapshot(history: History, run: str, kind: str, step: int, generation: int, size: int) -> Arrays | None:
    """What was kept; `size` tells it from what was written again at the same step."""
    del size
    return history.snapshot(run, kind, step, generation)


def images(
    about: DataSet, first: Arrays, frames: Sequence[tuple[int, Arrays]], epoch: int | None
) -> dict[str, Any]:
    """Twenty images, and what the network says of each, by step."""
    targets = first["targets"].tolist()
    return {
        "part": "shown",
        "kind": "images",
        "sheet": sheet(first["pixels"].tobytes(), first["pixels"].shape),
        "names": list(about.class_names),
        "targets": targets,
        "steps": [label(step, epoch) for step, _ in frames],
        "frames": [_image_frame(arrays, targets) for _, arrays in frames],
        "words": {
            "title": _title(about, len(targets)),
            "score": tr("{right} right, {wrong} wrong"),
            "right": tr("{truth}, said with {sure}"),
            "wrong": tr("{truth}, taken for {said} with {sure}"),
            "confusion": tr("What is taken for what"),
            "rows": tr("true"),
            "columns": tr("said"),
            "cell": tr("{truth} taken for {said}: {count}"),
            "plain": tr("a {truth}"),
            "later": tr("Counted at the end of an epoch."),
            "scrub": tr("step to look at"),
        },
    }


def _title(about: DataSet, count: int) -> str:
    if count != SHOWN:
        return tr("{count} validation samples", count=exact(count))
    if about.task == "text":
        return tr("Twenty validation names")
    if about.class_names == DIGITS:
        return tr("Twenty validation digits")
    return tr("Twenty validation images")


def told(
    about: DataSet, first: Arrays, frames: Sequence[tuple[int, Arrays]], epoch: int | None
) -> dict[str, Any]:
    """Twenty texts, and what the network says of each, by step; how well one would do who always said the same."""
    targets = first["targets"].tolist()
    return {
        "part": "shown",
        "kind": "told",
        "texts": [text_of(row) for row in first["ids"].tolist()],
        "names": list(about.class_names),
        "targets": targets,
        "steps": [label(step, epoch) for step, _ in frames],
        "frames": [_image_frame(arrays, targets) for _, arrays in frames],
        "words": {
            "title": _title(about, len(targets)),
            "score": tr("{right} right, {wrong} wrong"),
            "confusion": tr("What is taken for what"),
            "baseline": _baseline(frames),
            "rows": tr("true"),
            "columns": tr("said"),
            "cell": tr("{truth} taken for {said}: {count}"),
            "later": tr("Counted at the end of an epoch."),
            "scrub": tr("step to look at"),
        },
    }


def _baseline(frames: Sequence[tuple[int, Arrays]]) -> str:
    """How often one is right who always says the largest class; nothing until the classes have been counted."""
    counted = next((arrays["confusion"] for _, arrays in reversed(frames) if "confusion" in arrays), None)
    if counted is None or not counted.sum():
        return ""
    share = float(counted.sum(1).max() / counted.sum())
    return tr("Always the largest class: {share} right", share=percent(share))


def _image_frame(arrays: Arrays, targets: Sequence[int]) -> dict[str, Any]:
    said = arrays["said"].tolist()
    sure = [percent(float(row[c]), 0) for row, c in zip(arrays["probabilities"], said, strict=True)]
    right = sum(a == b for a, b in zip(said, targets, strict=True))
    frame = {"said": said, "sure": sure, "right": right}
    return frame | ({"confusion": arrays["confusion"].tolist()} if "confusion" in arrays else {})


@functools.lru_cache(maxsize=64)
def sheet(pixels: bytes, shape: tuple[int, int, int, int]) -> str:
    """Images (n, C, H, W) of float32 in 0..1, one below the other, as the address of a PNG."""
    values = np.frombuffer(pixels, np.float32).reshape(shape)
    column = (255 * np.clip(values, 0, 1)).round().astype(np.uint8).transpose(0, 2, 3, 1)
    column = column.reshape(shape[0] * shape[2], shape[3], shape[1])
    picture = Image.fromarray(column[..., 0] if shape[1] == 1 else column)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"


def typed(
    about: DataSet, data: DataSpec, frames: Sequence[tuple[int, Arrays]], epoch: int | None
) -> dict[str, Any]:
    """A word, what the network says at each of its letters, by step, and how likely it finds each letter."""
    goal = [about.class_names.index(letter) for letter in data.target]
    return {
        "part": "shown",
        "kind": "typed",
        "source": list(data.source),
        "target": list(data.target),
        "letters": list(about.class_names),
        "steps": [label(step, epoch) for step, _ in frames],
        "frames": [_typed_frame(arrays, goal, about) for _, arrays in frames],
        "words": {
            "title": tr("{source} → {target}, typed by epoch", source=data.source, target=data.target),
            "reads": tr("reads"),
            "wants": tr("wants"),
            "score": tr("{right} of {count} letters right"),
            "likely": tr("How likely each letter is"),
            "mean": tr("mean probability of the right letters"),
            "scrub": tr("step to look at"),
            "empty": tr("What the network types appears here, epoch by epoch."),
        },
    }


def _typed_frame(arrays: Arrays, goal: Sequence[int], about: DataSet) -> dict[str, Any]:
    said, probabilities = arrays["said"][0].tolist(), arrays["probabilities"][0]
    mean = float(np.mean([row[c] for row, c in zip(probabilities, goal, strict=True)]))
    return {
        "said": [about.class_names[c] for c in said],
        "right": sum(a == b for a, b in zip(said, goal, strict=True)),
        "probabilities": [[round(float(p), 3) for p in row] for row in probabilities],
        "mean": round(mean, 3),
    }


def label(step: int, epoch: int | None) -> dict[str, Any]:
    """The label of a frame: its epoch, where it stands at the end of one; `at` is its step."""
    if epoch and step % epoch == 0:
        short, long = exact(step // epoch), tr("after epoch {epoch}", epoch=exact(step // epoch))
    else:
        short, long = f"·{exact(step)}", tr("after step {step}", step=exact(step))
    return {"short": short, "long": long, "at": step}
