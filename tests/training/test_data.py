"""Data sets: the samples, their preparation, and words where they are not there."""

import gzip
import struct
from pathlib import Path
from urllib.error import URLError

import numpy as np
import pytest
import torch
import torchvision.datasets
from torch.nn import functional

from netlib import TensorType, image, sequence, tokens, vector
from netlib.training import DataSpec
from netlib.training.data.arrays import DataUnavailable
from netlib.training.data.datasets import DATA_SETS, data_set, datasets_folder, download, title
from netlib.training.data.feeding import feeding
from netlib.training.data.tensors import load

MNIST_FILES = {"MNIST": "mnist", "FashionMNIST": "fashion-mnist"}


def write_idx(path: Path, values: np.ndarray) -> None:
    """One file in the IDX format: 0, 0, type 8 (unsigned byte), rank, sizes, bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    header = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
    path.write_bytes(header + values.astype(np.uint8).tobytes())


def write_mnist(
    folder: Path, name: str = "MNIST", train: int = 30, test: int = 10
) -> tuple[np.ndarray, np.ndarray]:
    """A tiny MNIST in `folder`; gives the training images and labels."""
    raw = folder / name / "raw"
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (train + test, 28, 28))
    labels = np.arange(train + test) % 10
    write_idx(raw / "train-images-idx3-ubyte", images[:train])
    write_idx(raw / "train-labels-idx1-ubyte", labels[:train])
    write_idx(raw / "t10k-images-idx3-ubyte", images[train:])
    write_idx(raw / "t10k-labels-idx1-ubyte", labels[train:])
    return images[:train], labels[:train]


def test_digits_are_divided_by_16_and_split_by_a_seed_of_their_own() -> None:
    data = load(DataSpec(), image(1, 8))
    assert data.train.inputs.shape == (1437, 1, 8, 8)
    assert data.validation.inputs.shape == (360, 1, 8, 8)
    assert float(data.train.inputs.min()) == 0
    assert float(data.train.inputs.max()) == 1
    assert set((data.train.inputs * 16).flatten().tolist()) <= set(range(17))
    again, other = load(DataSpec(), image(1, 8)), load(DataSpec(split_seed=1), image(1, 8))
    assert torch.equal(again.train.inputs, data.train.inputs)
    assert not torch.equal(other.train.targets, data.train.targets)
    assert torch.bincount(data.train.targets).tolist() != [0] * 10
    assert torch.equal(data.pixels, data.validation.inputs[:20])


def test_every_digit_is_in_one_half_only() -> None:
    data = load(DataSpec(validation=0.3), image(1, 8))
    assert (len(data.train), len(data.validation)) == (1257, 540)
    both = torch.cat([data.train.inputs, data.validation.inputs]).flatten(1)
    ours = sorted(map(tuple, both.tolist()))
    from sklearn.datasets import load_digits

    assert ours == sorted(map(tuple, (load_digits().images.reshape(-1, 64) / 16).astype(np.float32).tolist()))


def test_28_by_28_is_20_by_20_with_4_empty_pixels_around() -> None:
    small, large = load(DataSpec(), image(1, 8)), load(DataSpec(), image(1, 28))
    images = large.train.inputs
    assert images.shape == (1437, 1, 28, 28)
    middle = images[..., 4:24, 4:24]
    assert float(images.sum()) == pytest.approx(float(middle.sum()))
    resized = functional.interpolate(small.train.inputs, (20, 20), mode="bilinear", align_corners=False)
    assert torch.allclose(middle, resized)
    assert torch.equal(small.train.targets, large.train.targets)


@pytest.mark.parametrize(
    ("height", "width"), [(8, 8), (9, 8), (12, 20), (16, 16), (28, 28), (32, 32), (64, 48)]
)
def test_digits_are_resized_to_any_size_from_8(height: int, width: int) -> None:
    data = load(DataSpec(train_samples=10), image(1, height, width))
    assert data.train.inputs.shape == (10, 1, height, width)
    assert float(data.train.inputs.max()) > 0.5
    inner = data.way.inner
    assert min(inner) >= 8
    assert data.way.size == (height, width)


@pytest.mark.parametrize(
    "given",
    [
        image(1, 7),
        image(3, 8),
        sequence(5, 4),
        vector(63),
        vector(128),
        tokens(8),
        TensorType((1, 64), layout="signal"),
    ],
)
def test_what_cannot_take_digits_is_none(given: TensorType) -> None:
    assert feeding(DATA_SETS["digits"], given) is None
    with pytest.raises(ValueError, match="cannot be given"):
        load(DataSpec(), given)


def test_rows_and_vectors_are_the_same_pixels() -> None:
    pixels = load(DataSpec(), image(1, 28)).train.inputs
    rows, flat = load(DataSpec(), sequence(28, 28)).train.inputs, load(DataSpec(), vector(784)).train.inputs
    assert torch.equal(rows, pixels[:, 0])
    assert torch.equal(flat, pixels.flatten(1))


def test_loading_moves_no_random_stream() -> None:
    before = torch.get_rng_state()
    load(DataSpec(), image(1, 28))
    assert torch.equal(torch.get_rng_state(), before)


def test_channels_last_data_stay_so_in_batches() -> None:
    data = load(DataSpec(train_samples=8), image(1, 8), memory_format=torch.channels_last)
    inputs, _ = data.batch(data.train, torch.tensor([3, 1]))
    assert inputs.is_contiguous(memory_format=torch.channels_last)


def test_hello_is_ids_or_one_hot() -> None:
    ids, one_hot = load(DataSpec(name="hello"), tokens(5)), load(DataSpec(name="hello"), sequence(5, 4))
    assert ids.train.inputs.tolist() == [[1, 0, 2, 2, 3]]
    assert ids.train.targets.tolist() == [[3, 1, 2, 3, 2]]
    assert one_hot.train.inputs.dtype == torch.float32
    assert one_hot.train.inputs.argmax(-1).tolist() == ids.train.inputs.tolist()
    assert one_hot.train.inputs.sum(-1).tolist() == [[1.0] * 5]
    assert ids.about.class_names == ("e", "h", "l", "o")


def test_other_words_bring_their_own_letters_and_length() -> None:
    spec = DataSpec(name="hello", source="abcab", target="bcabc")
    assert (data_set(spec).dims, data_set(spec).class_names) == ((5,), ("a", "b", "c"))
    assert load(spec, sequence(5, 3)).train.inputs.shape == (1, 5, 3)
    assert feeding(data_set(DataSpec(name="hello", source="hi", target="ih")), tokens(2)) is not None


@pytest.mark.parametrize(("folder_name", "name"), MNIST_FILES.items())
def test_mnist_is_read_from_a_folder(tmp_path: Path, folder_name: str, name: str) -> None:
    images, labels = write_mnist(tmp_path, folder_name)
    data = load(DataSpec(name=name), image(1, 28), folder=tmp_path)
    assert data.train.inputs.shape == (30, 1, 28, 28)
    assert data.validation.inputs.shape == (10, 1, 28, 28)
    assert data.train.targets.tolist() == labels.tolist()
    about = data.about
    expected = (images[:, None] / 255 - about.mean[0]) / about.std[0]
    assert np.allclose(data.train.inputs.numpy(), expected, atol=1e-6)
    assert np.allclose(data.pixels.numpy()[0, 0] * 255, np.rint(data.pixels.numpy()[0, 0] * 255), atol=1e-4)


def test_samples_too_large_to_keep_prepared_are_prepared_by_the_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_mnist(tmp_path)
    prepared = load(DataSpec(name="mnist"), image(1, 32), folder=tmp_path)
    monkeypatch.setattr("netlib.training.data.tensors.RESIDENT_BYTES", 1000)
    raw = load(DataSpec(name="mnist"), image(1, 32), folder=tmp_path)
    assert raw.train.raw
    assert raw.train.inputs.dtype == torch.uint8
    index = torch.tensor([4, 2, 7])
    assert torch.equal(raw.batch(raw.train, index)[0], prepared.batch(prepared.train, index)[0])


def test_missing_data_say_where_they_belong(tmp_path: Path) -> None:
    for name in ("mnist", "fashion-mnist", "cifar10"):
        with pytest.raises(DataUnavailable) as caught:
            load(DataSpec(name=name), TensorType(DATA_SETS[name].dims), folder=tmp_path)
        assert str(tmp_path) in str(caught.value)
        assert "Download it" in str(caught.value)
        assert "请下载" in caught.value.message.say("zh")


def test_damaged_data_are_said_to_be(tmp_path: Path) -> None:
    write_mnist(tmp_path)
    (tmp_path / "MNIST" / "raw" / "train-images-idx3-ubyte").write_bytes(gzip.compress(b"no images"))
    with pytest.raises(DataUnavailable, match="cannot be read"):
        load(DataSpec(name="mnist"), image(1, 28), folder=tmp_path)


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist", "cifar10"])
def test_without_a_network_the_download_says_so(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_args: object, **_options: object) -> None:
        raise URLError("no way")

    for module in (torchvision.datasets.mnist, torchvision.datasets.cifar):
        monkeypatch.setattr(module, "download_and_extract_archive", unreachable)
    with pytest.raises(DataUnavailable) as caught:
        download(name, tmp_path)
    assert "no way to" in str(caught.value)
    assert "digits" in str(caught.value)
    assert "无法下载" in caught.value.message.say("zh")


def test_data_that_come_with_a_package_need_no_download(tmp_path: Path) -> None:
    download("digits", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(DataUnavailable, match=r"digits, shapes28, .*hello"):
        data_set(DataSpec(name="imagenet"))


def test_data_sets_lie_in_the_apps_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETLIB_DATA", str(tmp_path))
    assert datasets_folder() == tmp_path / "datasets"


@pytest.mark.parametrize("about", DATA_SETS.values(), ids=DATA_SETS.keys())
def test_every_entry_says_what_it_is(about: object) -> None:
    assert isinstance(about, type(DATA_SETS["digits"]))
    assert about.name in DATA_SETS
    assert about.about.endswith(".")
    assert about.classes == len(set(about.class_names))
    assert len(about.mean) == len(about.std) == (about.dims[0] if about.mean else 0)
    given = TensorType(about.dims) if about.task == "image" else tokens(*about.dims)
    assert feeding(about, given) is not None


def test_a_pair_of_own_words_is_called_by_them() -> None:
    assert title(DataSpec(name="hello")) == "hello → ohlol"
    assert title(DataSpec(name="hello", source="abc", target="bca")) == "abc → bca"
    long = title(DataSpec(name="hello", source="ab" * 32, target="ba" * 32))
    assert long == f"{'ab' * 7}a… → {'ba' * 7}b…"
    assert title(DataSpec(source="abc", target="bca")) == title(DataSpec()), "images have no words"
