"""Snapshots as bytes: small ones lie in the history itself, large ones in files beside it."""

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import safetensors.numpy
from numpy import ndarray
from safetensors import SafetensorError

LARGEST_INLINE = 256 * 1024
"""Bytes from which a snapshot is a file of its own."""


def to_bytes(tensors: Mapping[str, ndarray]) -> bytes:
    """The arrays in safetensors format, which holds numbers only and runs nothing when it is read."""
    return safetensors.numpy.save({name: np.asarray(tensor, order="C") for name, tensor in tensors.items()})


def from_bytes(data: bytes) -> dict[str, ndarray] | None:
    """The arrays, or None when the bytes are no snapshot."""
    try:
        return safetensors.numpy.load(data)
    except (SafetensorError, ValueError):
        return None


def folder(history: Path, run: str) -> Path:
    """Where the files of a run lie."""
    return history.parent / "runs" / run


def file_name(generation: int, kind: str, step: int) -> str:
    """The name under which a snapshot is kept, made of nothing that a person wrote."""
    return f"{generation}-{kind}-{step}.safetensors"


def write_file(history: Path, run: str, name: str, data: bytes) -> None:
    """Writes a file that is there whole or not at all, also after a kill or a power cut.

    Raises:
        OSError: when it cannot be written; nothing is left behind then.
    """
    target = folder(history, run) / name
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_suffix(".half")
    try:
        with half.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.replace(target)
    except OSError:
        half.unlink(missing_ok=True)
        raise


def read_file(history: Path, run: str, name: str) -> bytes | None:
    """The bytes of a file, or None when it is gone; a name that leads out of the run's folder is none."""
    place = folder(history, run)
    target = place / name
    if target.parent != place or not target.is_file():
        return None
    return target.read_bytes()
