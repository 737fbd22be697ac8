"""Arrays and tables: pixels, names, their headings and what stands between cells."""

import csv
import gzip
import io

import numpy as np
import pytest

from netlib.training.data.uploads.headings import HEADING
from netlib.training.data.uploads.npz import UNUSED
from netlib.training.data.uploads.reading import read
from tests.training.upload_files import LISTED, NAMES, X, Y, npz, png, reasons, zipped


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
