"""Data that people bring to the training page: chosen once read, described, refused in words, missed in words."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from netlib import Message
from netlib.training import DataSpec, RunSpec
from netlib.training.data.fit import fit
from netlib.training.data.uploads import shelf
from netlib.training.data.uploads.reading import read
from netlib.training.data.uploads.rules import MOST_BYTES
from tests.training.upload_files import NAMES, folders, png, zipped
from tests.ui.test_training_page import open_page, parts
from tests.ui.training_stage import StandIn, falling, stage, trained
from ui import workers
from ui.runs import catalogue
from ui.training import own_data
from ui.training.bench import Bench, load, save
from ui.training.reading import read as read_run
from ui.training.starts import OWN, is_known, start


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETLIB_DATA", str(tmp_path))
    shelf.about.cache_clear()
    fit.cache_clear()


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    standing = stage(tmp_path)
    monkeypatch.setattr(workers, "pool", standing.as_pool)
    yield standing
    standing.history.close()


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[Any, Any]:
    held: dict[Any, Any] = {}
    monkeypatch.setattr(st, "session_state", held)
    return held


def pets(**more: bytes) -> str:
    return shelf.keep(read(zipped(folders() | more)), "pets.zip").name


def test_data_that_were_read_are_chosen_with_a_network_that_fits(session: dict[Any, Any]) -> None:
    bench = own_data.taken(Bench.fresh("hello"), {"data": pets()})
    assert (bench.source, bench.note) == (OWN, None)
    assert fit(bench.spec.network, bench.spec.data, bench.spec.batch).ok
    assert session[own_data.BROUGHT] == [bench.spec.data.name]
    assert own_data.called(bench.spec.data.name) == "pets.zip"


def test_the_list_of_runs_calls_an_upload_by_its_file() -> None:
    name = pets()
    assert catalogue.data(name) == "pets.zip"
    assert catalogue.data("upload-0123456789abcdef") == "upload-0123456789abcdef", "it is gone"
    assert catalogue.data("digits") == "Digits 8 × 8"
    assert catalogue.data("../../etc") == "../../etc"


def test_names_start_with_a_classifier_of_theirs() -> None:
    text = "".join(f"{name},{kind}\n" for name, kind in NAMES)
    name = shelf.keep(read(text.encode()), "names.csv").name
    slug, spec = start(name)
    assert slug == OWN
    assert spec.network.layers[1].kind == "GRU"
    assert spec.optimiser.name == "Adam"
    assert own_data.notes(spec.data)[0] == "24 names of 2 classes: 20 to learn from, 4 to validate."


def test_what_was_refused_is_a_sentence(session: dict[Any, Any]) -> None:
    bench = own_data.taken(Bench.fresh(), Message("Only one class was found."))
    assert bench.note == "Only one class was found."
    assert bench.spec == Bench.fresh().spec


class Brought:
    """A file as Streamlit hands it over."""

    def __init__(self, name: str, size: int) -> None:
        self.name, self.size = name, size

    def getvalue(self) -> bytes:
        return b"x"


@pytest.mark.parametrize(("size", "taken"), [(MOST_BYTES, True), (MOST_BYTES + (1 << 20), False)])
def test_a_file_of_any_name_waits_to_be_read_unless_it_is_too_large(
    session: dict[Any, Any], size: int, taken: bool
) -> None:
    save(session, Bench.fresh())
    session["file"] = Brought("names.txt", size)
    own_data._arrived("file")
    assert (own_data.WAITING in session) == taken
    bench = load(session)
    assert bench is not None
    assert bench.note == (
        None if taken else "The file may have at most 64 MB, got 65 MB. Bring fewer or smaller samples."
    )


def test_the_box_takes_a_file_of_any_name(pool: StandIn) -> None:
    (box,) = open_page().get("file_uploader")
    assert list(box.proto.type) == []
    assert box.proto.max_upload_size_mb == MOST_BYTES >> 20


def test_what_is_in_the_file_and_what_was_left_out_is_said() -> None:
    spec = DataSpec(name=pets(**{"cat/a.pdf": b"x", "cat/b\u202e.pdf": b"x"}))
    assert own_data.notes(spec) == [
        "24 images of 1 × 12 × 12 in 2 classes: 19 to learn from, 5 to validate.",
        "cat 12, dog 12",
        "Left out, 2: no PNG, JPEG, BMP, GIF or WEBP image (cat/a.pdf, cat/b?.pdf)",
    ]
    assert own_data.notes(DataSpec()) == []


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        (
            [(300, 100)],
            "Images scaled from 300 × 100 to 64 × 64 pixels: 24. Edges were cut off to make them square.",
        ),
        (
            [(100, 100), (90, 90)],
            "Images scaled from between 90 × 90 and 100 × 100 to 64 × 64 pixels: 24.",
        ),
    ],
)
def test_images_that_were_scaled_are_said_to_be(sizes: list[tuple[int, int]], said: str) -> None:
    files = {f"{'ab'[n % 2]}/{n}.png": png(n, sizes[n % len(sizes)]) for n in range(24)}
    name = shelf.keep(read(zipped(files)), "photos.zip").name
    shelf.about.cache_clear()
    assert own_data.notes(DataSpec(name=name))[1] == said


def test_an_upload_of_an_earlier_version_says_nothing_of_scaling(tmp_path: Path) -> None:
    name = pets()
    file = tmp_path / "uploads" / name / "about.json"
    held = json.loads(file.read_text())
    del held["scaled"]
    file.write_text(json.dumps(held))
    shelf.about.cache_clear()
    assert own_data.notes(DataSpec(name=name))[1:] == ["cat 12, dog 12"]


def test_on_a_shared_server_only_what_the_session_brought_is_listed(
    session: dict[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = pets()
    assert name in own_data.choices("digits")
    monkeypatch.setattr(own_data, "is_shared", lambda: True)
    assert name not in own_data.choices("digits")
    session[own_data.BROUGHT] = [name, "../x", "digits"]
    assert own_data.choices("digits")[-1] == name
    assert own_data.choices("digits").count("digits") == 1


def test_the_page_opens_on_an_upload(pool: StandIn) -> None:
    name = pets()
    page = open_page(data=name)
    drawn = parts(page)
    assert drawn["fitting"]["problem"] is None
    assert "24 images of 1 × 12 × 12" in " ".join(drawn["fitting"]["notes"])
    assert page.query_params["data"] == name


def test_a_run_whose_data_are_gone_is_shown_with_a_sentence(pool: StandIn, tmp_path: Path) -> None:
    name = pets()
    _, spec = start(name)
    run = trained(pool, spec, falling(3), epoch=1)
    for file in (tmp_path / "uploads" / name).iterdir():
        file.unlink()
    shelf.about.cache_clear()
    fit.cache_clear()
    assert not is_known(name)
    assert read_run(pool.history, run).steps is None
    page = open_page(run=run)
    assert "Upload the file again" in parts(page)["fitting"]["problem"]
    assert isinstance(page, AppTest)


@pytest.mark.parametrize("name", ["upload-0123456789abcdef", "upload-../../etc", "imagenet"])
def test_unknown_data_in_an_address_change_nothing(pool: StandIn, name: str) -> None:
    page = open_page(data=name)
    assert parts(page)["fitting"]["problem"] is None
    assert RunSpec.from_json(page.session_state["training"]["spec"]).data.name == "digits"
