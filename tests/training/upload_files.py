"""Files of every sort that people might bring, made here."""

import io
import tarfile
import zipfile
from collections.abc import Mapping

import numpy as np
from PIL import Image

from netlib.training.data.uploads.reading import read


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def png(shade: int = 128, size: tuple[int, int] = (12, 12), mode: str = "L") -> bytes:
    stream = io.BytesIO()
    Image.new(mode, size, shade if mode == "L" else (shade, 0, 0)).save(stream, "PNG")
    return stream.getvalue()


def folders(count: int = 12, **more: bytes) -> dict[str, bytes]:
    made = {f"{kind}/{n}.png": png(20 * n) for kind in ("cat", "dog") for n in range(count)}
    return made | more


def npz(**arrays: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]  # numpy's types confuse names with its own option
    return stream.getvalue()


def npy(values: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, values)
    return stream.getvalue()


def picture(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (12, 12), (200, 100, 0)).save(stream, kind)
    return stream.getvalue()


def tarred(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def reasons(data: bytes) -> dict[str, int]:
    return {found["reason"]: found["count"] for found in read(data).skipped.to_data()}


X, Y = np.random.default_rng(0).integers(0, 256, (30, 10, 10), dtype=np.uint8), np.arange(30) % 3


NAMES = [
    (f"{first}{last}", kind)
    for kind, last in (("Polish", "ski"), ("Irish", "agh"))
    for first in "ABCDEFGHIJKL"
]
LISTED = {f"images/{n}.png": png(10 * n) for n in range(24)}
