"""Uploads as they are kept: a folder each, named after the hash of what is in it, so that a run's spec can name it."""

import hashlib
import json
import os
import re
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import safetensors.numpy
from numpy import ndarray
from safetensors import SafetensorError

from netlib.training.data.arrays import Arrays, DataUnavailable
from netlib.training.data.uploads.reading import Upload
from netlib.training.data.uploads.rules import LONGEST_LABEL, label_of
from netlib.training.data.uploads.scaling import Scaling, from_data
from netlib.training.store.place import data_folder
from netlib.words import words

PREFIX = "upload-"
OWNER = "owner"
"""A file beside the samples that says whose they are."""
NAME = re.compile(r"upload-[0-9a-f]{16}")
INCOMING = re.compile(r"[0-9a-f]{32}")
MOST_KEPT = 20
MOST_KEPT_BYTES = 1 << 30
"""Uploads that are kept, and their bytes in all; the one that was brought longest ago goes first."""
MOST_OWN = 5
MOST_OWN_BYTES = 256 << 20
"""The same for those of one owner on a server for several, so that nobody takes the place of all others'."""
STALE_SECONDS = 3600.0
"""After so long nobody reads any more what waits: whoever was to has ended."""

GONE = words(
    "The uploaded data {name} are not on this machine (any more). Upload the file again.",
    "上传的数据 {name} 不（再）在本机上。请重新上传文件。",
)


@dataclass(frozen=True)
class About:
    """What is known of an upload without reading its samples."""

    name: str
    title: str
    task: Literal["image", "text"]
    dims: tuple[int, ...]
    class_names: tuple[str, ...]
    counts: tuple[int, ...]
    train: int
    held: int | None
    """Samples of a test set of its own, None where there is none."""
    skipped: tuple[dict[str, Any], ...]
    scaled: Scaling | None = None
    """How images came to their size, None where all came in it."""


def folder() -> Path:
    """Where uploads are kept; it need not exist yet."""
    return data_folder() / "uploads"


def receive(data: bytes) -> str:
    """The name under which the bytes of an upload wait to be read; made of nothing that a person wrote.

    Raises:
        OSError: when they cannot be written.
    """
    name = secrets.token_hex(16)
    waiting = folder() / "incoming"
    waiting.mkdir(parents=True, exist_ok=True)
    _forget_stale(waiting)
    (waiting / name).write_bytes(data)
    return name


def received(name: str) -> bytes | None:
    """The bytes that wait under a name, which are taken away with that; None when there are none."""
    if not INCOMING.fullmatch(name):
        return None
    file = folder() / "incoming" / name
    try:
        return file.read_bytes()
    except OSError:
        return None
    finally:
        file.unlink(missing_ok=True)


def keep(upload: Upload, file_name: str, owner: str | None = None) -> About:
    """What is known of the upload, which is now kept; the same samples twice are kept once, for who brought them last.

    Raises:
        OSError: when it cannot be written.
    """
    tensors = {"inputs": upload.inputs, "targets": upload.targets}
    if upload.test is not None:
        tensors["test"] = upload.test.astype(np.uint8)
    data = safetensors.numpy.save({name: np.ascontiguousarray(value) for name, value in tensors.items()})
    seed = json.dumps([upload.task, upload.class_names]).encode() + data
    name = PREFIX + hashlib.sha256(seed).hexdigest()[:16]
    counted = Counter(upload.targets.tolist())
    held = None if upload.test is None else int(upload.test.sum())
    described = {
        "title": label_of(Path(file_name.replace("\\", "/")).name)[:LONGEST_LABEL] or "file",
        "task": upload.task,
        "dims": list(upload.inputs.shape[1:]),
        "class_names": list(upload.class_names),
        "counts": [counted[kind] for kind in range(len(upload.class_names))],
        "train": len(upload.targets) - (held or 0),
        "held": held,
        "skipped": upload.skipped.to_data(),
        "scaled": None if upload.scaled is None else upload.scaled.to_data(),
    }
    _write(folder() / name, data, json.dumps(described))
    if owner is not None:
        (folder() / name / OWNER).write_text(owner, encoding="utf-8")
        _forget_oldest(name, [kept for kept in names() if _owner(kept) == owner], MOST_OWN, MOST_OWN_BYTES)
    about.cache_clear()
    _forget_oldest(name, names(), MOST_KEPT, MOST_KEPT_BYTES)
    return about(name)


def _owner(name: str) -> str | None:
    try:
        return (folder() / name / OWNER).read_text(encoding="utf-8")
    except OSError:
        return None


def _forget_stale(waiting: Path) -> None:
    for file in waiting.iterdir():
        with suppress(OSError):
            if time.time() - file.stat().st_mtime > STALE_SECONDS:
                file.unlink()


def _write(place: Path, data: bytes, described: str) -> None:
    """A folder that is there whole or not at all; one of the same name has the same samples and stays."""
    if (place / "about.json").exists():
        os.utime(place)
        return
    half = place.with_name(f"half-{secrets.token_hex(8)}")
    half.mkdir(parents=True)
    try:
        (half / "samples.safetensors").write_bytes(data)
        (half / "about.json").write_text(described, encoding="utf-8")
        half.rename(place)
    except OSError:
        shutil.rmtree(half, ignore_errors=True)
        if not (place / "about.json").exists():
            raise


def names() -> list[str]:
    """The uploads that are kept, the newest first."""
    try:
        kept = [path for path in folder().iterdir() if NAME.fullmatch(path.name)]
        kept.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    except OSError:
        return []
    return [path.name for path in kept]


def _forget_oldest(newest: str, kept: Sequence[str], most: int, most_bytes: int) -> None:
    left = most_bytes - _size(newest)
    for place, name in enumerate(name for name in kept if name != newest):
        left -= _size(name)
        if place >= most - 1 or left < 0:
            shutil.rmtree(folder() / name, ignore_errors=True)


def _size(name: str) -> int:
    try:
        return (folder() / name / "samples.safetensors").stat().st_size
    except OSError:
        return 0


def is_upload(name: str) -> bool:
    """Whether a name is one that uploads have."""
    return NAME.fullmatch(name) is not None


@lru_cache(maxsize=64)
def about(name: str) -> About:
    """What is known of an upload.

    Raises:
        DataUnavailable: when it is not here, or cannot be read.
    """
    try:
        if not is_upload(name):
            raise ValueError(name)
        held = json.loads((folder() / name / "about.json").read_text(encoding="utf-8"))
        return About(
            name,
            str(held["title"]),
            held["task"],
            tuple(held["dims"]),
            tuple(held["class_names"]),
            tuple(held["counts"]),
            int(held["train"]),
            None if held["held"] is None else int(held["held"]),
            tuple(held["skipped"]),
            from_data(held.get("scaled")),  # which uploads of an earlier version lack
        )
    except (OSError, ValueError, KeyError, TypeError):
        raise DataUnavailable(GONE, name=name) from None


def arrays(name: str) -> Arrays:
    """The samples of an upload, halved where the file was.

    Raises:
        DataUnavailable: when it is not here, or cannot be read.
    """
    try:
        if not is_upload(name):
            raise ValueError(name)
        held = safetensors.numpy.load((folder() / name / "samples.safetensors").read_bytes())
        inputs, targets = held["inputs"], held["targets"]
    except (OSError, ValueError, KeyError, SafetensorError):
        raise DataUnavailable(GONE, name=name) from None
    if "test" not in held:
        return Arrays(inputs, targets)
    test: ndarray = held["test"].astype(bool)
    return Arrays(inputs[~test], targets[~test], (inputs[test], targets[test]))
