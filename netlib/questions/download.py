"""Fetches a data set from its home, because a person asked for it. It takes as long as the network does."""

from collections.abc import Mapping
from typing import Any

from netlib.training.data.datasets import download
from netlib.training.data_spec import DataSpec


def answer(payload: Mapping[str, Any]) -> dict[str, Any]:
    """{"here": True} once the data named in {"data": …} lie in the folder for data sets.

    Raises:
        ValidationError: when that is no name.
        DataUnavailable: when there are no such data, or no way to them.
    """
    download(DataSpec.model_validate({"name": payload.get("data")}).name)
    return {"here": True}
