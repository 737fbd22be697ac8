"""What was read is kept: a data set that a spec can name, within limits, for those who brought it."""

import os
from pathlib import Path

import numpy as np
import pytest

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
from netlib.training.run.engine import Engine
from netlib.training.run.estimate import estimate
from tests.training.upload_files import NAMES, X, Y, folders, npz, png, zipped


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
