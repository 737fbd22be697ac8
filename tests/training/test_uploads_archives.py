"""Archives of images: classes by folder or by a table of paths, sizes made alike, what is left out counted."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from netlib.training.data.uploads.headings import HEADING
from netlib.training.data.uploads.listed import AGAIN, INCOMPLETE, MISSING
from netlib.training.data.uploads.pictures import opened
from netlib.training.data.uploads.reading import OTHER, read
from netlib.training.data.uploads.scaling import Scaling
from tests.training.upload_files import LISTED, NAMES, X, Y, folders, npy, npz, png, reasons, zipped


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
