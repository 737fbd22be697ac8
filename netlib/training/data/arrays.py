"""The samples of a data set as numpy arrays, and the error when there are none."""

from dataclasses import dataclass

from numpy import ndarray

from netlib.errors import NetlibError


class DataUnavailable(NetlibError):
    """A data set is not on this machine, or its name is unknown; the sentence says how to get it."""


@dataclass(frozen=True)
class Arrays:
    """The samples as they come: images (N, C, H, W) with classes (N,), or ids (N, T) with ids (N, T).

    `validation` is None where the data have no test set of their own.
    """

    inputs: ndarray
    targets: ndarray
    validation: tuple[ndarray, ndarray] | None = None
