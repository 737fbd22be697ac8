"""The samples of a run as tensors on its device, prepared once and kept there.

What `load` does is deterministic: the split has a generator of its own, so loading moves no other stream.
"""

from dataclasses import dataclass
from math import ceil
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from netlib.tensortype import TensorType
from netlib.training.data.arrays import Arrays
from netlib.training.data.datasets import DataSet, data_set, datasets_folder
from netlib.training.data.feeding import RESIDENT_BYTES, Feeding, feeding
from netlib.training.data.names import PADDING
from netlib.training.data_spec import DataSpec

SHOWN = 20
"""Validation samples whose predictions are shown."""


@dataclass(frozen=True)
class Samples:
    """Inputs (N, …) and class indices (N,) or (N, T); prepared already unless `raw`."""

    inputs: Tensor
    targets: Tensor
    raw: bool

    def __len__(self) -> int:
        return len(self.targets)


@dataclass(frozen=True)
class Data:
    """Training and validation samples on a device, and how they are given to the network."""

    about: DataSet
    way: Feeding
    train: Samples
    validation: Samples
    pixels: Tensor
    """The shown validation samples as they come: images (n, C, H, W) in 0..1, or ids (n, T)."""
    memory_format: torch.memory_format = torch.contiguous_format

    @property
    def image_dims(self) -> tuple[int, int, int] | None:
        """An image as the network takes it whole, (C, H, W); None where it takes rows of one, or no image."""
        if self.way.way not in ("image", "flat"):
            return None
        return (self.about.dims[0], *self.way.size)

    def batch(self, samples: Samples, index: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Inputs and targets of some samples (all, without an index), ready for the network."""
        inputs = samples.inputs if index is None else samples.inputs[index]
        targets = samples.targets if index is None else samples.targets[index]
        if samples.raw:
            inputs = prepared(self.about, self.way, inputs)
        if inputs.ndim == 4:
            inputs = inputs.contiguous(memory_format=self.memory_format)
        return inputs, targets


def load(
    spec: DataSpec,
    given: TensorType,
    *,
    device: str = "cpu",
    memory_format: torch.memory_format = torch.contiguous_format,
    folder: Path | None = None,
) -> Data:
    """The data that a spec names, split, prepared for a network that takes `given`, on a device.

    Raises:
        DataUnavailable: when the data set is unknown or not on this machine.
        ValueError: when the data cannot be given to such a network; `fit` says so first, in words.
    """
    about = data_set(spec)
    way = feeding(about, given)
    if way is None:
        raise ValueError(f"{spec.name} cannot be given to a network that takes {given} ({given.layout})")
    train, validation = split(spec, about.load(spec, folder or datasets_folder()))
    if spec.train_samples is not None:
        train = train[0][: spec.train_samples], train[1][: spec.train_samples]
    shown = validation[0][:SHOWN]
    pixels = shown.float() / about.divisor if about.task == "image" else shown

    def resident(inputs: Tensor, targets: Tensor) -> Samples:
        raw = len(inputs) * given.nbytes > RESIDENT_BYTES
        inputs = inputs if raw else prepared(about, way, inputs)
        if inputs.ndim == 4 and not raw:
            inputs = inputs.contiguous(memory_format=memory_format)
        return Samples(inputs.to(device), targets.to(device), raw)

    return Data(about, way, resident(*train), resident(*validation), pixels, memory_format)


def split(spec: DataSpec, arrays: Arrays) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """Training and validation samples: the data's own halves, else a share drawn by the spec's split seed."""
    inputs, targets = torch.from_numpy(arrays.inputs), torch.from_numpy(arrays.targets)
    if arrays.validation is not None:
        held = torch.from_numpy(arrays.validation[0]), torch.from_numpy(arrays.validation[1])
        return (inputs, targets), held
    order = torch.randperm(len(targets), generator=torch.Generator().manual_seed(spec.split_seed))
    kept = len(targets) - ceil(len(targets) * spec.validation)
    return (inputs[order[:kept]], targets[order[:kept]]), (inputs[order[kept:]], targets[order[kept:]])


def prepared(about: DataSet, way: Feeding, inputs: Tensor) -> Tensor:
    """Samples as the network takes them: scaled, resized, framed, standardised, laid out.

    Images (N, C, H, W) become (N, C, *size), (N, T, F) rows or (N, F) vectors; ids (N, T) stay, or become
    one-hot (N, T, classes). Texts are padded to as many steps, and their padding is zeros when they are one-hot.
    """
    if about.task == "text":
        ids = functional.pad(inputs, (0, way.steps - inputs.shape[1]))
        if way.way == "ids":
            return ids
        return functional.one_hot(ids, about.vocabulary).float() * ids.ne(PADDING).unsqueeze(-1)
    if way.way == "ids":
        return inputs
    if way.way == "one-hot":
        return functional.one_hot(inputs, about.classes).float()
    images = inputs.float() / about.divisor
    if images.shape[-2:] != way.inner:
        shrinks = way.inner[0] < images.shape[-2] or way.inner[1] < images.shape[-1]
        images = functional.interpolate(
            images, way.inner, mode="bilinear", align_corners=False, antialias=shrinks
        )
    height, width = way.margin
    if height or width:
        images = functional.pad(images, (width, width, height, height))
    if about.mean:
        mean, std = (torch.tensor(v, device=images.device).view(1, -1, 1, 1) for v in (about.mean, about.std))
        images = (images - mean) / std
    if way.way == "rows":
        return images.squeeze(1)
    return images.flatten(1) if way.way == "flat" else images
