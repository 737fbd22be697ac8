"""Hostile files: what each gains is a sentence, soon, and no memory."""

import gzip
import io
import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from netlib.training.data.uploads.pictures import opened
from netlib.training.data.uploads.reading import read
from netlib.training.data.uploads.rules import Refusal
from tests.training.upload_files import X, Y, folders, npy, npz, picture, png, reasons, tarred, zipped


def lying() -> bytes:
    """One gigabyte of zeros whose header says a thousand bytes."""
    data = bytearray(zipped(folders() | {"cat/zeros.png": bytes(50 << 20)}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.rindex(
            mark, 0, data.rindex(b"cat/zeros.png") if mark == b"PK\x01\x02" else data.index(b"cat/zeros.png")
        )
        data[at + place : at + place + 4] = struct.pack("<I", 1000)
    return bytes(data)


def claims(shape: tuple[int, ...], dtype: str = "<f8") -> bytes:
    """A .npy file of 128 bytes whose header claims an array of that shape."""
    header = repr({"descr": dtype, "fortran_order": False, "shape": shape}).encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header


def big_png(side: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    rows = zlib.compress((b"\0" + bytes((side + 7) // 8)) * min(side, 4000))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "Nothing in the file could be used"),
    "junk": (lambda: b"\x00\xff" * 500, "must be text in UTF-8"),
    "a truncated zip": (lambda: zipped(folders())[:500], "not a zip file"),
    "an empty zip": (lambda: zipped({}), "Nothing in the file"),
    "a gigabyte of zeros": (
        lambda: zipped({f"a/{n}.png": bytes(60 << 20) for n in range(5)}),
        "at most 256 MB are read",
    ),
    "20,001 members": (lambda: zipped({f"a/{n}": b"" for n in range(20_001)}), "at most 20,000 are read"),
    "one class": (lambda: zipped({f"a/{n}.png": png() for n in range(30)}), "Only one class was found (a)"),
    "few images": (lambda: zipped(folders(3)), "at least 20 samples, got 6"),
    "101 classes": (lambda: zipped({f"{n}/x.png": png() for n in range(101)}), "At most 100 classes"),
    "only text in folders": (lambda: zipped({f"a/{n}.pdf": b"x" for n in range(30)}), "no PNG, JPEG"),
    "objects": (lambda: npz(x=np.array([{}] * 30, dtype=object), y=Y), "x in the file is no plain array"),
    "a header of 800 GB": (
        lambda: zipped({"x.npy": claims((10**8, 1000)), "y.npy": claims((3,))}),
        "claims 800,000,000,000",
    ),
    "a header that is no header": (
        lambda: zipped({"x.npy": b"\x93NUMPY\x01\x00\xff\xff{", "y.npy": b""}),
        "no plain array",
    ),
    "negative sizes": (
        lambda: zipped({"x.npy": claims((-1, 8, 8)), "y.npy": claims((1,))}),
        "no plain array",
    ),
    "no y": (lambda: npz(x=X), "must hold x and y"),
    "a vector for x": (lambda: npz(x=Y, y=Y), "x must be images"),
    "y of another length": (lambda: npz(x=X, y=Y[:7]), "y must hold one whole number for each of the 30"),
    "not a number": (lambda: npz(x=np.full((30, 8, 8), np.nan), y=Y), "Every pixel must be a number"),
    "pixels below zero": (lambda: npz(x=X.astype(float) - 9, y=Y), "Pixels must lie between"),
    "cp1252": (lambda: "Müller,German\n".encode("cp1252") * 30, "must be text in UTF-8"),
    "100,000 columns": (lambda: b"1," * 100_000 + b"1\n", "A row has 100,001 columns"),
    "a line of 4 MB": (lambda: b"x" * (4 << 20), "A line of the table has 4,194,304 characters"),
    "100,000 columns with semicolons": (lambda: b"1;" * 100_000 + b"1\n", "A row has 100,001 columns"),
    "1,026 columns with tabs": (lambda: (b"1\t" * 1025 + b"1\n") * 30, "A row has 1,026 columns"),
    "no square with tabs": (lambda: b"1\t2\t3\t4\t5\n" * 30, "the pixels of a square"),
    "no square": (lambda: b"1,2,3,4,5\n" * 30, "the pixels of a square"),
    "300,000 rows": (lambda: b"Ann,a\n" * 300_000, "more than 200,000 rows"),
    "names without labels": (lambda: b"Ann\nBob\n" * 20, "a row without a label"),
    "names in another alphabet": (lambda: "王,Chinese\n李,Chinese\n".encode() * 20, "not in Latin letters"),
    "a gzip bomb": (lambda: gzip.compress(bytes(300 << 20)), "more than 64 MB"),
    "a damaged gzip": (lambda: b"\x1f\x8b" + b"x" * 100, "UTF-8"),
    "an array with too many classes": (
        lambda: npz(x=np.zeros((120, 700, 700), np.uint8), y=np.arange(120)),
        "At most 100 classes",
    ),
    "a table of empty cells": (lambda: (b"," * 1000 + b"\n") * 30_000, "the pixels of a square"),
    "texts without lines": (
        lambda: zipped({f"{n}.txt": b"A" * (8 << 20) for n in range(8)}),
        "without lines",
    ),
    "zeros for images": (
        lambda: zipped({f"{n % 2}/{n}.png": bytes(8 << 20) for n in range(30)}),
        "no PNG, JPEG",
    ),
    "an endless quotation": (lambda: b'"' + b"x," * (8 << 20), "columns"),
    "an image": (png, "this is a single image. Pack the images into a zip"),
    "a bitmap": (lambda: picture("BMP"), "a single image"),
    "a WebP": (lambda: picture("WEBP"), "a single image"),
    "a PDF": (lambda: b"%PDF-1.7\n1 0 obj\n" * 50, "this is a PDF. Save its table"),
    "a workbook": (
        lambda: zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}),
        "this is an Office document",
    ),
    "weights": (
        lambda: zipped({"net/data.pkl": b"\x80\x02}.", "net/data/0": b"1234"}),
        "this is a file of Python objects",
    ),
    "Python objects": (lambda: b"\x80\x04\x95" + bytes(500), "this is a file of Python objects"),
    "an array": (lambda: npy(X), "this is a single array"),
    "a tar": (lambda: tarred(folders()), "this is an archive of another sort. Unpack it"),
    "a packed tar": (lambda: gzip.compress(tarred(folders())), "this is an archive of another sort"),
    "MNIST as it comes": (
        lambda: gzip.compress(struct.pack(">IIII", 0x803, 60, 28, 28) + bytes(60 * 784)),
        "this is an IDX file",
    ),
    "noise": (lambda: np.random.default_rng(0).bytes(5000), "this is a file of another sort. Bring"),
    "UTF-16 without its mark": (lambda: "Ann,Irish\n".encode("utf-16-le") * 30, "must be text in UTF-8"),
    "65 MB": (lambda: bytes(65 << 20), "at most 64 MB, got 65 MB"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_cannot_be_used_is_refused_in_words(name: str) -> None:
    make, says = BOMBS[name]
    data = make()
    tracemalloc.start()
    start = time.process_time()
    with pytest.raises(Refusal) as caught:
        read(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{name}: {time.process_time() - start:.2f} s, {peak >> 20} MB")
    assert says in caught.value.message
    assert caught.value.message.say("zh") != str(caught.value.message)
    assert peak < (50 << 20)


def test_a_header_that_lies_about_a_size_gains_nothing() -> None:
    data = lying()
    tracemalloc.start()
    found = reasons(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == {"it is damaged": 1} or found == {"no PNG, JPEG, BMP, GIF or WEBP image": 1}
    assert peak < 20 << 20


@pytest.mark.parametrize("side", [5000, 12_000, 20_000])
def test_an_image_of_too_many_pixels_is_not_decoded(side: int) -> None:
    data = zipped(folders() | {"cat/huge.png": big_png(side)})
    tracemalloc.start()
    assert reasons(data) == {"an image with too many pixels": 1}
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 << 20


def test_images_of_too_many_pixels_in_all_are_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netlib.training.data.uploads.pictures.MOST_DECODED", 20 * 144)
    with pytest.raises(Refusal, match="million pixels in all"):
        read(zipped(folders()))


def test_a_photograph_is_decoded_small() -> None:
    stream = io.BytesIO()
    Image.linear_gradient("L").resize((3000, 2000)).convert("RGB").save(stream, "JPEG")
    counted: list[int] = []
    small = np.asarray(opened(stream.getvalue(), counted.append).image, dtype=float)
    assert small.shape == (64, 64, 3)
    assert counted[0] < 3000 * 2000 / 16
    assert np.abs(small[:, :, 0].mean(1) - np.linspace(2, 253, 64)).max() < 4


def test_large_arrays_become_small_images_one_at_a_time() -> None:
    values = np.zeros((60, 500, 500), np.uint8)
    values[:, :250] = 255
    data = npz(x=values, y=np.arange(60) % 2)
    tracemalloc.start()
    found = read(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.inputs.shape == (60, 1, 64, 64)
    assert found.inputs[0, 0, 0, 0] == 255
    assert found.inputs[0, 0, -1, 0] == 0
    assert peak < 2.5 * values.nbytes, "no copy of all of it as other numbers"
