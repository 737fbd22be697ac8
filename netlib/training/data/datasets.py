"""The data sets a run can learn from: one entry each, from its words to the arrays it holds.

A new one is one more `DataSet` in `DATA_SETS`. Nothing here imports torch at the top, so that a page can list
them; the loaders give numpy arrays and import what they need when they are called.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import Literal

import numpy as np

from netlib.training.data.arrays import Arrays, DataUnavailable
from netlib.training.data.names import VOCABULARY
from netlib.training.data.names17 import LANGUAGES, LONGEST_NAME, halves
from netlib.training.data.names17 import SAMPLES as NAMES
from netlib.training.data.shapes import SAMPLES, SHAPES, SIDE, drawn
from netlib.training.data.torchvision_data import Torchvision
from netlib.training.data.uploads import shelf
from netlib.training.data_spec import WORD, DataSpec
from netlib.training.store.place import data_folder
from netlib.words import words

Task = Literal["image", "sequence", "text"]


@dataclass(frozen=True, kw_only=True)
class DataSet:
    """A data set: what a page says about it, what a network must take and give, and how it is read.

    Args:
        task: "image" and "text" have one class a sample, "sequence" one class a time step.
        dims: a sample as it comes, (C, H, W), or (T,) letters: of a text, the longest there is.
        samples: training and validation samples, before a spec asks for fewer.
        divisor, mean, std: a pixel is divided by `divisor`, then standardised a channel.
        margin: share of a side left empty around an image that is made larger.
        vocabulary: how many different ids a text is written with, 0 for padding among them.
        halved: whether an upload has a test set of its own.
        load: gives the arrays, or raises DataUnavailable.
        download: fetches the files into a folder, where the data do not come with a package.
    """

    name: str
    label: str
    about: str
    task: Task
    dims: tuple[int, ...]
    class_names: tuple[str, ...]
    samples: tuple[int, int]
    load: Callable[[DataSpec, Path], Arrays]
    divisor: float = 1.0
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    margin: float = 0.0
    vocabulary: int = 0
    halved: bool = False
    download: Callable[[Path], None] | None = None
    source: str = ""

    @property
    def is_split_by_share(self) -> bool:
        """Whether the validation samples are a share that the spec names, and not a test set of the data's own."""
        return self.task == "image" and self.download is None and not self.halved

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)


MOST_LETTERS = 16
"""Of each word in the name of a pair."""
_UNKNOWN = words(
    "there are no data named {name}; choose one of {names}", "没有名为 {name} 的数据；可选 {names}"
)


def data_set(spec: DataSpec) -> DataSet:
    """The data set that a spec names; the toy text task takes its letters, length and label from the spec.

    Raises:
        DataUnavailable: when there is none of that name.
    """
    found = uploaded(spec.name) if shelf.is_upload(spec.name) else DATA_SETS.get(spec.name)
    if found is None:
        raise DataUnavailable(_UNKNOWN, name=spec.name, names=", ".join(DATA_SETS))
    if found.task == "sequence":
        given = (spec.source, spec.target) == (DataSpec().source, DataSpec().target)
        label = found.label if given else " → ".join(_brief(word) for word in (spec.source, spec.target))
        return replace(found, label=label, dims=(len(spec.source),), class_names=tuple(spec.alphabet))
    return found


def uploaded(name: str) -> DataSet:
    """The data set that somebody has uploaded under a name.

    Raises:
        DataUnavailable: when it is not on this machine.
    """
    about = shelf.about(name)
    total = about.train + (about.held or 0)
    held = ceil(total * DataSpec().validation) if about.held is None else about.held
    return DataSet(
        name=name,
        label=about.title,
        about=about.title,
        task=about.task,
        dims=about.dims,
        class_names=about.class_names,
        samples=(total - held, held),
        halved=about.held is not None,
        divisor=255 if about.task == "image" else 1,
        vocabulary=VOCABULARY if about.task == "text" else 0,
        load=lambda spec, folder: shelf.arrays(name),
    )


def title(spec: DataSpec) -> str:
    """What the data are called: their label, or the name alone where there are none of that name."""
    try:
        return data_set(spec).label
    except DataUnavailable:
        return spec.name


def _brief(word: str) -> str:
    return word if len(word) <= MOST_LETTERS else f"{word[: MOST_LETTERS - 1]}…"


def datasets_folder() -> Path:
    """The folder for downloaded data sets, as torchvision lays it out; it need not exist yet."""
    return data_folder() / "datasets"


def download(name: str, folder: Path | None = None) -> None:
    """Fetch a data set's files, on a person's request only.

    Raises:
        DataUnavailable: when the name is unknown, or the network does not lead there.
    """
    fetch = data_set(DataSpec(name=name)).download
    if fetch is not None:
        fetch(folder or datasets_folder())


def _digits(spec: DataSpec, folder: Path) -> Arrays:  # noqa: ARG001  # one signature for all loaders
    from sklearn.datasets import load_digits

    found = load_digits()
    return Arrays(found.images[:, None].astype(np.float32), found.target.astype(np.int64))


def _shapes(spec: DataSpec, folder: Path) -> Arrays:  # noqa: ARG001  # one signature for all loaders
    return Arrays(*drawn())


def _names17(spec: DataSpec, folder: Path) -> Arrays:  # noqa: ARG001  # one signature for all loaders
    train, test = halves()
    return Arrays(*train, test)


def _hello(spec: DataSpec, folder: Path) -> Arrays:  # noqa: ARG001  # one signature for all loaders
    number = {letter: i for i, letter in enumerate(spec.alphabet)}
    inputs = np.array([[number[letter] for letter in spec.source]], dtype=np.int64)
    targets = np.array([[number[letter] for letter in spec.target]], dtype=np.int64)
    return Arrays(inputs, targets, (inputs, targets))


DIGITS = tuple("0123456789")
_MNIST = Torchvision("MNIST", "MNIST", 12, "ossci-datasets.s3.amazonaws.com")
_FASHION = Torchvision(
    "FashionMNIST", "FashionMNIST", 30, "fashion-mnist.s3-website.eu-central-1.amazonaws.com"
)
_CIFAR = Torchvision("CIFAR10", "CIFAR-10", 163, "www.cs.toronto.edu")

DATA_SETS: dict[str, DataSet] = {
    entry.name: entry
    for entry in (
        DataSet(
            name="digits",
            label=words("Digits 8 × 8", "手写数字 8 × 8"),
            about=words(
                "1,797 handwritten digits; comes with scikit-learn, no download.",
                "1,797 个手写数字；随 scikit-learn 提供，无需下载。",
            ),
            task="image",
            dims=(1, 8, 8),
            class_names=DIGITS,
            samples=(1437, 360),
            divisor=16,
            margin=1 / 7,
            load=_digits,
            source="scikit-learn (BSD-3); UCI optdigits",
        ),
        DataSet(
            name="shapes28",
            label=words("Shapes 28 × 28", "图形 28 × 28"),
            about=words(
                "3,600 shapes of ten kinds, drawn by code under noise; no download.",
                "3,600 个图形，十种，由代码绘制并带噪声；无需下载。",
            ),
            task="image",
            dims=(1, SIDE, SIDE),
            class_names=tuple(SHAPES),
            samples=(SAMPLES * 4 // 5, SAMPLES // 5),
            divisor=255,
            load=_shapes,
            source="drawn by this program",
        ),
        DataSet(
            name=WORD,
            label=words("hello → ohlol", "hello → ohlol"),
            about=words(
                "One word to read, one letter to say at each step.", "读入一个单词，每一步输出一个字母。"
            ),
            task="sequence",
            dims=(5,),
            class_names=tuple("ehlo"),
            samples=(1, 1),
            load=_hello,
        ),
        DataSet(
            name="names17",
            label=words("Names of 17 languages", "17 种语言的姓名"),
            about=words(
                "6,152 names, read letter by letter, and the language whose list they stand in; no download.",
                "6,152 个姓名，逐字母读入，类别是所在名单的语言；无需下载。",
            ),
            task="text",
            dims=(LONGEST_NAME,),
            class_names=LANGUAGES,
            samples=NAMES,
            vocabulary=VOCABULARY,
            load=_names17,
            source="name lists of faker (MIT)",
        ),
        DataSet(
            name="mnist",
            label=words("MNIST", "MNIST"),
            about=words(
                "70,000 handwritten digits, 28 × 28; downloaded on request.",
                "70,000 个手写数字，28 × 28；按需下载。",
            ),
            task="image",
            dims=(1, 28, 28),
            class_names=DIGITS,
            samples=(60_000, 10_000),
            divisor=255,
            mean=(0.1307,),
            std=(0.3081,),
            load=_MNIST.load,
            download=_MNIST.download,
            source="LeCun, Cortes, Burges",
        ),
        DataSet(
            name="fashion-mnist",
            label=words("Fashion-MNIST", "Fashion-MNIST"),
            about=words(
                "70,000 pictures of clothes, 28 × 28; downloaded on request.",
                "70,000 张服装图片，28 × 28；按需下载。",
            ),
            task="image",
            dims=(1, 28, 28),
            class_names=(
                *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
                *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
            ),
            samples=(60_000, 10_000),
            divisor=255,
            mean=(0.2860,),
            std=(0.3530,),
            load=_FASHION.load,
            download=_FASHION.download,
            source="Zalando Research (MIT)",
        ),
        DataSet(
            name="cifar10",
            label=words("CIFAR-10", "CIFAR-10"),
            about=words(
                "60,000 colour pictures in 10 classes, 32 × 32; downloaded on request.",
                "60,000 张彩色图片，10 类，32 × 32；按需下载。",
            ),
            task="image",
            dims=(3, 32, 32),
            class_names=(
                *("airplane", "automobile", "bird", "cat", "deer"),
                *("dog", "frog", "horse", "ship", "truck"),
            ),
            samples=(50_000, 10_000),
            divisor=255,
            mean=(0.4914, 0.4822, 0.4465),
            std=(0.2470, 0.2435, 0.2616),
            load=_CIFAR.load,
            download=_CIFAR.download,
            source="Krizhevsky 2009",
        ),
    )
}
"""Name -> data set, in the order in which a page lists them."""
