"""torchvision's data sets: read from a folder, fetched on request. torch is imported when that is done."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError

import numpy as np
from numpy import ndarray

from netlib.training.data.arrays import Arrays, DataUnavailable
from netlib.training.data_spec import DataSpec
from netlib.words import words

_MISSING = words(
    "{label} is not in {folder}. Download it ({size} MB), or put its files there.",
    "{folder} 中没有 {label}。请下载（{size} MB），或把文件放到那里。",
)
_NO_NETWORK = words(
    "{label} could not be downloaded: there is no way to {host} from here. "
    "Put its files into {folder}, or train on digits, which needs no download.",
    "无法下载 {label}：这里连不到 {host}。请把文件放到 {folder}，或使用无需下载的 digits。",
)
_DAMAGED = words(
    "The files of {label} in {folder} cannot be read. Delete them and download again.",
    "{folder} 中 {label} 的文件无法读取。请删除后重新下载。",
)


@dataclass(frozen=True)
class Torchvision:
    """Reads and fetches one of torchvision's data sets."""

    cls: str
    label: str
    megabytes: int
    host: str

    def load(self, spec: DataSpec, folder: Path) -> Arrays:
        """Training and test arrays out of the folder.

        Raises:
            DataUnavailable: when the files are not there, or are no data.
        """
        halves = []
        for train in (True, False):
            try:
                found = self._open(folder, train=train, download=False)
            except RuntimeError:
                raise DataUnavailable(
                    _MISSING, label=self.label, folder=str(folder), size=self.megabytes
                ) from None
            except (ValueError, AssertionError, OSError, EOFError, KeyError):
                raise DataUnavailable(_DAMAGED, label=self.label, folder=str(folder)) from None
            halves.append(
                (_channels_first(np.asarray(found.data)), np.asarray(found.targets, dtype=np.int64))
            )
        return Arrays(*halves[0], halves[1])

    def download(self, folder: Path) -> None:
        """Fetch the files into the folder.

        Raises:
            DataUnavailable: when the network does not lead there.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for train in (True, False):
                self._open(folder, train=train, download=True)
        except (URLError, OSError, RuntimeError):
            raise DataUnavailable(_NO_NETWORK, label=self.label, host=self.host, folder=str(folder)) from None

    def _open(self, folder: Path, *, train: bool, download: bool) -> Any:
        import torchvision.datasets

        return getattr(torchvision.datasets, self.cls)(folder, train=train, download=download)


def _channels_first(images: ndarray) -> ndarray:
    return np.ascontiguousarray(images.transpose(0, 3, 1, 2)) if images.ndim == 4 else images[:, None]
