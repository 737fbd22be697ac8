"""Uploads: what is read from each sort of file, and what hostile ones gain: a sentence, soon, and nothing on the disk."""

import csv
import gzip
import io
import os
import struct
import tarfile
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netlib.errors import NetlibError
from netlib.presets import preset
from netlib.questions import answer
from netlib.tensortype import TensorType
from netlib.training import DataSpec, RunSpec
from netlib.training.data.arrays import DataUnavailable
from netlib.training.data.datasets import data_set, title
from netlib.training.data.fit import fit
from netlib.training.data.tensors import load
from netlib.training.data.uploads import shelf
from netlib.training.data.uploads.headings import HEADING
from netlib.training.data.uploads.listed import AGAIN, INCOMPLETE, MISSING
from netlib.training.data.uploads.npz import UNUSED
from netlib.training.data.uploads.pictures import opened
from netlib.training.data.uploads.reading import OTHER, read
from netlib.training.data.uploads.rules import Refusal
from netlib.training.data.uploads.scaling import Scaling
from netlib.training.run.engine import Engine
from netlib.training.run.estimate import estimate


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


def test_a_folder_is_a_class() -> None:
    found = read(zipped(folders()))
    assert found.class_names == ("cat", "dog")
    assert found.inputs.shape == (24, 1, 12, 12)
    assert found.inputs[3].max() == 60
    assert np.bincount(found.targets).tolist() == [12, 12]
    assert found.test is None


def test_train_and_test_folders_are_honoured() -> None:
    files = {
        f"set/{half}/{kind}/{n}.png": png(n) for half in ("train", "test") for kind in "ab" for n in range(8)
    }
    found = read(zipped(files))
    assert found.class_names == ("a", "b")
    assert found.test is not None
    assert found.test.sum() == 16


def test_sizes_and_colours_are_made_alike() -> None:
    files = folders() | {"dog/wide.png": png(9, (300, 100), "RGB"), "cat/big.png": png(9, (200, 200))}
    found = read(zipped(files))
    assert found.inputs.shape == (26, 3, 32, 32)
    photos = {f"{kind}/{n}.png": png(n, (100, 80 + n)) for kind in "ab" for n in range(10)}
    assert read(zipped(photos)).inputs.shape == (20, 1, 64, 64)


def test_a_large_image_is_small_once_it_is_read() -> None:
    assert opened(png(9, (3000, 2000), "RGB")).image.size == (64, 64)
    assert opened(png(9, (40, 20))).image.size == (40, 20)


def test_images_that_are_kept_in_another_size_are_counted_with_theirs() -> None:
    assert read(zipped(folders())).scaled is None
    files = folders() | {"dog/wide.png": png(9, (300, 100)), "cat/same.png": png(9, (32, 32))}
    assert read(zipped(files)).scaled == Scaling(25, (12, 12), (300, 100), (32, 32), cut=True)
    arrays = npz(x=np.zeros((30, 100, 100), np.uint8), y=Y)
    assert read(arrays).scaled == Scaling(30, (100, 100), (100, 100), (64, 64), cut=False)
    assert read(npz(x_train=X, y_train=Y, x_test=X[:9], y_test=Y[:9])).scaled is None
    wide = npz(x=np.zeros((30, 20, 70), np.uint8), y=Y)
    assert read(wide).scaled == Scaling(30, (70, 20), (70, 20), (32, 32), cut=True)


def test_a_photograph_that_lies_on_its_side_has_its_upright_size() -> None:
    stream, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("L", (400, 200)).save(stream, "JPEG", exif=exif)
    assert opened(stream.getvalue()).size == (200, 400)


def test_black_on_transparent_is_black_on_white() -> None:
    stream = io.BytesIO()
    Image.new("RGBA", (12, 12), (0, 0, 0, 0)).save(stream, "PNG")
    assert read(zipped(folders() | {"cat/clear.png": stream.getvalue()})).inputs.max() == 255


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../../etc/cat/x.png", "leads out"),
        ("/abs/x.png", "leads out"),
        ("C:/w/x.png", "leads out"),
        ("a\\..\\..\\b.png", "leads out"),
        ("cat//x.png", "leads out"),
        ("cat/.x.png", "hidden"),
        ("readme.txt", "no PNG, JPEG"),
        ("cat/readme.txt", "no PNG, JPEG"),
        ("README.md", "no PNG, JPEG"),
        ("more.npy", "no PNG, JPEG"),
        ("a/b/c/d/x.png", "too many folders"),
        ("x.png", "no class folder"),
        ("cat/inner.zip", "archive in the archive"),
        ("cat/notes.pdf", "no PNG, JPEG"),
    ],
)
def test_a_member_that_cannot_be_read_is_counted_with_its_reason(name: str, reason: str) -> None:
    data = png() if name.endswith(("png", "zip")) else b"%PDF"
    found = reasons(zipped(folders() | {name: data}))
    assert [count for said, count in found.items() if reason in said] == [1], found


@pytest.mark.parametrize(
    "name",
    ["__MACOSX/cat/._0.png", "__MACOSX/._cat", "cat/.DS_Store", ".DS_Store", "Thumbs.db", "set\\Thumbs.db"],
)
def test_what_systems_leave_in_archives_is_not_mentioned(name: str) -> None:
    assert reasons(zipped(folders() | {name: b"x"})) == {}


def test_what_lies_beside_arrays_tables_and_lists_is_counted() -> None:
    table = "".join(f"{name},{kind}\n" for name, kind in NAMES).encode()
    lists = {f"{kind}.txt": "\n".join(name for name, of in NAMES if of == kind).encode() for _, kind in NAMES}
    beside = {"README.md": b"# Names", "licence": b"CC0"}
    arrays = {f"{name}.npy": npy(values) for name, values in (("x", X), ("y", Y))}
    for files in (arrays, {"names.csv": table}, lists):
        found = read(zipped(files | beside))
        assert found.skipped.to_data() == [
            {"reason": OTHER, "count": 2, "examples": ["README.md", "licence"]}
        ]
    assert reasons(zipped({"a.csv": table, "b.csv": table, "c.txt": b"x"})) == {OTHER: 2}
    assert reasons(zipped(arrays | {"names.csv": table, "c.txt": b"x"})) == {OTHER: 2}


def test_rows_of_a_table_of_paths_that_name_no_image_are_counted() -> None:
    listed = "path,label\n" + "".join(f"images/{n}.png,{'ab'[n % 2]}\n" for n in range(24))
    more = "images/0.png,b\nimages/24.png,a\nimages/25.png\nimages/26.png,\n,a\n"
    found = read(zipped({**LISTED, "labels.csv": (listed + more).encode()}))
    assert found.targets[0] == 0, "the first row of a path counts"
    assert found.skipped.reasons == {INCOMPLETE: 3, AGAIN: 1, MISSING: 1, HEADING: 1}
    assert found.skipped.examples[MISSING] == ["images/24.png"]


def test_of_two_tables_of_paths_the_second_is_counted() -> None:
    listed = "path,label\n" + "".join(f"images/{n}.png,{'ab'[n % 2]}\n" for n in range(24))
    assert reasons(zipped({**LISTED, "a.csv": listed.encode(), "b.csv": listed.encode()})) == {
        OTHER: 1,
        HEADING: 1,
    }


def test_links_encryption_methods_and_doubles_are_counted() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in folders().items():
            archive.writestr(name, data)
        link = zipfile.ZipInfo("cat/link.png")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("cat/0.png", png())
        archive.writestr("cat/bz.png", png(), zipfile.ZIP_BZIP2)
    packed = bytearray(stream.getvalue())
    place = packed.rindex(b"PK\x01\x02", 0, packed.rindex(b"dog/3.png"))
    packed[place + 8] |= 1  # the flag for encryption, in the central directory
    found = reasons(bytes(packed))
    for part in ("a link", "same name twice", "unusual way", "encrypted"):
        assert [count for said, count in found.items() if part in said] == [1], (part, found)


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


LISTED = {f"images/{n}.png": png(10 * n) for n in range(24)}


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("label,path", "{kind},images/{n}.png"),
        ("filename,class", "{n}.png,{kind}"),
        ("id,image,label,more", "{n},.\\images\\{n}.png,{kind},x"),
    ],
)
def test_a_table_of_paths_says_what_is_in_the_images_beside_it(heading: str, row: str) -> None:
    if heading.startswith("filename"):
        row = "images/" + row
    rows = [row.format(n=n, kind="even" if n % 2 == 0 else "odd") for n in range(22)]
    table = "\n".join([heading, *rows]).encode()
    for folder in ("", "set/"):
        files = {f"{folder}{name}": data for name, data in LISTED.items()} | {f"{folder}labels.csv": table}
        found = read(zipped(files))
        assert found.class_names == ("even", "odd")
        assert found.targets.tolist() == [n % 2 for n in range(22)]
        assert found.inputs[3].max() == 30
        assert [(one["reason"], one["count"]) for one in found.skipped.to_data()] == [
            ("an image that the table does not name", 2),
            (HEADING, 1),
        ]


def test_a_table_that_names_no_paths_leaves_the_folders_their_say() -> None:
    found = read(zipped(folders() | {"notes.csv": b"a,b\n1,2\n"}))
    assert found.class_names == ("cat", "dog")
    assert found.skipped.to_data()[0]["reason"] == "a table without the columns label and path"


def test_a_table_may_be_packed_alone() -> None:
    table = "".join(f"{name},{kind}\n" for name, kind in NAMES).encode()
    assert read(zipped({"names.csv": table})).class_names == ("Irish", "Polish")


@pytest.mark.parametrize("top", [1.0, 16.0, 255.0])
def test_pixels_of_every_usual_range_become_bytes(top: float) -> None:
    values = X / 255 * top
    values[0, 0, 0] = top
    found = read(npz(x=values, y=Y))
    assert np.abs(found.inputs[1:, 0].astype(int) - X[1:]).max() <= 1
    assert found.class_names == ("0", "1", "2")


def test_npz_halves_and_channels() -> None:
    colour = np.repeat(X[..., None], 3, axis=-1)
    found = read(npz(x_train=colour, y_train=Y, x_test=colour[:9], y_test=Y[:9]))
    assert found.inputs.shape == (39, 3, 10, 10)
    assert found.test is not None
    assert found.test.tolist() == [False] * 30 + [True] * 9
    first = read(npz(x=np.asfortranarray(colour.transpose(0, 3, 1, 2)), y=Y))
    assert (first.inputs == found.inputs[:30]).all()


@pytest.mark.parametrize(
    ("heading", "last"),
    [
        (["digit", *range(100)], False),
        ([*range(100), "digit"], True),
        ([*range(101)], False),
        ([*range(100), "label"], True),
    ],
)
def test_numbered_columns_are_a_heading(heading: list[object], last: bool) -> None:
    rows = [
        [*pixels.ravel(), kind] if last else [kind, *pixels.ravel()]
        for kind, pixels in zip(Y, X, strict=True)
    ]
    found = read("\n".join(",".join(map(str, row)) for row in [heading, *rows]).encode())
    assert (found.inputs[:, 0] == X).all()
    assert (found.targets == Y).all()
    assert found.skipped.reasons == {HEADING: 1}


def test_arrays_that_are_not_read_are_counted() -> None:
    assert reasons(npz(x=X, y=Y, more=Y, others=Y)) == {UNUSED: 2}


def test_a_csv_of_images_with_and_without_a_heading() -> None:
    rows = [[kind, *pixels.ravel().tolist()] for kind, pixels in zip(Y.tolist(), X, strict=True)]
    heading = ["label", *(f"pixel{n}" for n in range(100))]
    for table in (rows, [heading, *rows], [[*heading[1:], "label"], *([*row[1:], row[0]] for row in rows)]):
        stream = io.StringIO()
        csv.writer(stream).writerows(table)
        found = read(stream.getvalue().encode())
        assert (found.inputs[:, 0] == X).all()
        assert (found.targets == Y).all()
    damaged = stream.getvalue() + ",".join(["x"] * 101) + "\n1,2\n"
    assert sorted(reasons(damaged.encode()).items()) == [
        ("a pixel that is no number", 1),
        ("a row with another number of columns", 1),
        (HEADING, 1),
    ]


NAMES = [
    (f"{first}{last}", kind)
    for kind, last in (("Polish", "ski"), ("Irish", "agh"))
    for first in "ABCDEFGHIJKL"
]


@pytest.mark.parametrize("sign", [";", "\t"])
def test_cells_may_be_parted_by_semicolons_or_tabs(sign: str) -> None:
    names = f"name{sign}group\n" + "".join(f"{name}{sign}{kind}\n" for name, kind in NAMES)
    found = read(names.encode())
    assert (found.class_names, len(found.targets)) == (("Irish", "Polish"), len(NAMES))
    rows = [[f"{kind}", *map(str, pixels.ravel())] for kind, pixels in zip(Y, X, strict=True)]
    last = [[*row[1:], row[0]] for row in rows]
    for table in (rows, [["label", *map(str, range(100))], *rows], [[*["p"] * 100, "label"], *last]):
        found = read("\n".join(sign.join(row) for row in table).encode())
        assert (found.inputs[:, 0] == X).all()
        assert (found.targets == Y).all()
    listed = f"path{sign}label\n" + "".join(f"images/{n}.png{sign}{'ab'[n % 2]}\n" for n in range(24))
    assert read(zipped({**LISTED, "labels.csv": listed.encode()})).class_names == ("a", "b")


def test_between_semicolons_a_comma_is_a_decimal_point() -> None:
    heading = ";".join(["label", *(f"p{n}" for n in range(100))])
    rows = [f"{n % 2};" + ";".join(["1,0", *["0,5"] * 99]) for n in range(20)]
    found = read("\n".join([heading, *rows]).encode())
    assert found.inputs[:, 0, 0, :2].tolist() == [[255, 128]] * 20


def test_a_table_may_lie_in_an_archive_with_tabs() -> None:
    text = "".join(f"{name}\t{kind}\n" for name, kind in NAMES).encode()
    assert read(zipped({"names.tsv": text})).class_names == ("Irish", "Polish")


def test_names_that_begin_like_other_files_are_names() -> None:
    for first in ("BMadi", "GIFford", "RIFFat", "PARson"):
        text = f"{first},Irish\n" + "".join(f"{name},{kind}\n" for name, kind in NAMES)
        assert len(read(text.encode()).targets) == len(NAMES) + 1


def test_signs_between_quotation_marks_part_no_cells() -> None:
    names = "".join(f'{name};"{kind}, or so"\n' for name, kind in NAMES)
    assert read(names.encode()).class_names == ("Irish, or so", "Polish, or so")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_of_names(encoding: str) -> None:
    text = "name,language\n" + "".join(
        f"{name},{kind}\n" for name, kind in [*NAMES, NAMES[0], ("", "Irish"), ("王", "Irish")]
    )
    data = text.encode(encoding)
    for packed in (data, gzip.compress(data)):
        found = read(packed)
        assert found.task == "text"
        assert found.class_names == ("Irish", "Polish")
        assert len(found.targets) == len(NAMES)
        assert found.test is not None
        assert np.bincount(found.targets[found.test]).tolist() == [2, 2]
        assert [row["count"] for row in found.skipped.to_data()] == [2, 1, 1]
        assert found.skipped.examples[HEADING] == ["name,language"]


@pytest.mark.parametrize("heading", ["name,group", "Surname,where from", "text,label", "people,language"])
def test_a_first_row_with_one_known_word_is_a_heading_where_its_label_is_no_other_row_s(heading: str) -> None:
    found = read((heading + "\n" + "".join(f"{name},{kind}\n" for name, kind in NAMES)).encode())
    assert found.class_names == ("Irish", "Polish")
    assert len(found.targets) == len(NAMES)
    assert found.skipped.examples == {HEADING: [heading]}


@pytest.mark.parametrize("heading", ["group,name", "label,person", "language,name"])
def test_a_heading_may_put_the_label_first(heading: str) -> None:
    found = read((heading + "\n" + "".join(f"{kind},{name}\n" for name, kind in NAMES)).encode())
    assert found.class_names == ("Irish", "Polish")
    assert found.skipped.examples == {HEADING: [heading]}


@pytest.mark.parametrize("first", ["Name,Irish", "Label,polish", "Adair,Irish"])
def test_a_first_row_whose_label_others_have_is_a_sample(first: str) -> None:
    found = read((first + "\n" + "".join(f"{name},{kind}\n" for name, kind in NAMES)).encode())
    assert len(found.targets) == len(NAMES) + 1
    assert found.skipped.to_data() == []


@pytest.mark.parametrize(("kinds", "heading"), [("yn", False), ("ab", True)])
def test_a_first_row_of_pixels_is_a_sample_where_others_have_its_label(kinds: str, heading: bool) -> None:
    rows = [f"{kinds[n % 2]},{','.join(map(str, pixels.ravel()))}" for n, pixels in enumerate(X)]
    first = "y," + ",".join(map(str, range(100, 200)))
    found = read("\n".join([first, *rows]).encode())
    assert len(found.targets) == len(rows) + (not heading)
    assert set(found.skipped.reasons) == ({HEADING} if heading else set())


def test_a_zip_of_lists_of_names() -> None:
    lists = {
        f"data/{kind}.txt": "\n".join(name for name, of in NAMES if of == kind).encode()
        for kind in ("Irish", "Polish")
    }
    found = read(zipped(lists))
    assert (found.task, found.class_names, len(found.targets)) == ("text", ("Irish", "Polish"), len(NAMES))


def test_labels_are_made_harmless() -> None:
    files = {f"{kind}/{n}.png": png() for kind in ("<b>x", "![i](x)", "ok\u202e") for n in range(10)}
    names = read(zipped(files)).class_names
    assert len(names) == 3
    assert not set("".join(names)) & set("<>[:!\u202e")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NETLIB_DATA", str(tmp_path))
    shelf.about.cache_clear()
    fit.cache_clear()
    return tmp_path / "uploads"


def brought(data: bytes, file: str = "pets.zip") -> DataSpec:
    found = answer("upload", {"waiting": shelf.receive(data), "file": file})
    return DataSpec(name=found["data"])


def test_what_was_read_is_a_data_set_that_a_spec_can_name(place: Path) -> None:
    spec = brought(zipped(folders() | {"cat/x.pdf": b"x"}))
    about = data_set(spec)
    assert (about.dims, about.class_names, about.samples) == ((1, 12, 12), ("cat", "dog"), (19, 5))
    assert title(spec) == "pets.zip"
    kept = shelf.about(spec.name)
    assert (kept.counts, kept.train, kept.held) == ((12, 12), 24, None)
    assert kept.skipped[0]["examples"] == ["cat/x.pdf"]
    assert brought(zipped(folders()), "again.zip") == spec, "the same samples are kept once"
    assert shelf.names() == [spec.name]
    data = load(spec, TensorType((1, 12, 12)))
    assert (len(data.train), len(data.validation)) == about.samples
    assert float(data.train.inputs.max()) <= 1
    assert list((place / "incoming").iterdir()) == []


def test_a_run_on_an_upload_plans_as_many_steps_as_it_makes(place: Path) -> None:
    halved = brought(npz(x_train=X, y_train=Y, x_test=X[:9], y_test=Y[:9]), "x.npz")
    for data in (halved, brought(npz(x=X, y=Y), "y.npz")):
        network = fit(preset("net"), data, 8).problem
        assert network is not None
        mended = network.fixes[0].apply(preset("net"))
        spec = RunSpec(network=mended, data=data, batch=8)
        engine = Engine(spec)
        assert estimate(spec).steps == engine.total_steps
        engine.advance()
        assert engine.evaluate().confusion.sum() == len(engine.data.validation)


def test_uploaded_names_train_a_classifier(place: Path) -> None:
    data = brought("".join(f"{name},{kind}\n" for name, kind in NAMES).encode(), "names.csv")
    problem = fit(preset("names17-gru"), data, 8).problem
    assert problem is not None
    engine = Engine(RunSpec(network=problem.fixes[0].apply(preset("names17-gru")), data=data, batch=8))
    engine.advance()
    assert engine.evaluate().confusion.shape == (2, 2)


def test_data_that_are_gone_are_a_sentence(place: Path) -> None:
    spec = DataSpec(name="upload-0123456789abcdef")
    with pytest.raises(DataUnavailable, match="not on this machine"):
        data_set(spec)
    assert title(spec) == spec.name
    problem = fit(preset("net"), spec).problem
    assert problem is not None
    assert "Upload the file again" in problem.message


@pytest.mark.parametrize("waiting", ["../../etc/passwd", "0" * 32, "x", "0" * 31 + "/"])
def test_only_what_waits_is_read(place: Path, waiting: str) -> None:
    with pytest.raises(NetlibError, match="not there any more"):
        answer("upload", {"waiting": waiting, "file": "x"})


def test_only_the_newest_uploads_are_kept(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MOST_KEPT", 2)
    specs = [brought(npz(x=X, y=np.roll(Y, n)), f"{n}.npz") for n in range(3)]
    assert len(shelf.names()) == 2
    assert specs[2].name in shelf.names()


def owned(turn: int, owner: str) -> str:
    waiting = shelf.receive(npz(x=X, y=np.roll(Y, turn)))
    found = answer("upload", {"waiting": waiting, "file": f"{turn}.npz", "owner": owner})
    return str(found["data"])


def test_nobody_takes_the_place_of_what_others_have_brought(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "MOST_OWN", 2)
    first = owned(0, "ann")
    bens = [owned(turn, "ben") for turn in (1, 2)]
    images = np.rot90(X, axes=(1, 2))
    more = answer("upload", {"waiting": shelf.receive(npz(x=images, y=Y)), "file": "3", "owner": "ben"})[
        "data"
    ]
    assert set(shelf.names()) == {first, bens[1], more}
    monkeypatch.setattr(shelf, "MOST_OWN_BYTES", 1)
    last = answer("upload", {"waiting": shelf.receive(npz(x=images[::-1], y=Y)), "file": "4", "owner": "ben"})
    assert set(shelf.names()) == {first, last["data"]}


def test_what_nobody_came_to_read_is_taken_away(place: Path) -> None:
    left = place / "incoming" / shelf.receive(b"left")
    os.utime(left, (0, 0))
    fresh = shelf.receive(b"fresh")
    assert [file.name for file in (place / "incoming").iterdir()] == [fresh]


def test_uploads_do_not_fill_the_disk(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MOST_KEPT_BYTES", 5000)
    specs = [brought(npz(x=X, y=np.roll(Y, n)), f"{n}.npz") for n in range(2)]
    assert shelf.names() == [specs[1].name]


def test_a_refusal_begins_with_the_name_of_the_file(place: Path) -> None:
    with pytest.raises(NetlibError) as caught:
        brought(npz(x=Y, y=Y), "my\u202epets.npz")
    assert caught.value.message.startswith("my?pets.npz: x must be images")
    assert caught.value.message.say("zh").startswith("my?pets.npz：x 应为图像")


def test_nothing_is_written_beside_the_shelf(place: Path) -> None:
    brought(zipped(folders() | {"../../../evil.png": png(), "/evil.png": png()}), "../../evil\x00.zip")
    written = sorted(path.name for path in place.parent.rglob("*") if path.is_file())
    assert written == ["about.json", "samples.safetensors"]
