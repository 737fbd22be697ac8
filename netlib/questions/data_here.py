"""Whether a data set is on this machine, whole and readable."""

from collections.abc import Mapping
from typing import Any

from netlib.training.data.datasets import data_set, datasets_folder
from netlib.training.data_spec import DataSpec


def answer(payload: Mapping[str, Any]) -> dict[str, Any]:
    """{"here": True} for the data named in {"data": …}.

    Raises:
        ValidationError: when that is no name.
        DataUnavailable: where they are not here; the sentence says how to get them.
    """
    spec = DataSpec.model_validate({"name": payload.get("data")})
    data_set(spec).load(spec, datasets_folder())
    return {"here": True}
