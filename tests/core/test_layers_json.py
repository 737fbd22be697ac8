"""Every layer of layers.json: what PyTorch gives for it, or why PyTorch refuses it.

A cell is one step here too: a vector counts as T = 1.
"""

from typing import Any

import pytest
from pydantic import ValidationError

from netlib import Network, Problem, trace
from netlib.network import explain
from tests.core.acceptance import load, network_of, output_of, samples_of

FILE = load("layers.json")


def unsayable(case: dict[str, Any]) -> str | None:
    """Why a case cannot be said as one network, if it cannot."""
    kwargs, shapes = case["kwargs"], case["input_shapes"]
    if case.get("packed_lengths"):
        return "lengths of sequences belong to data and training, not to a network"
    if kwargs.get("return_indices"):
        return "two outputs: a layer gives one tensor"
    if len({tuple(s) for s in shapes}) > 1:
        return "cross-attention: a layer takes one tensor"
    return None


def name(case: dict[str, Any]) -> str:
    fields = "-".join(f"{k}={v}" for k, v in case["kwargs"].items())
    return f"{case['kind']}-{fields}-{case['input_shapes'][0]}".replace(" ", "")


SAYABLE = [case for case in FILE["cases"] if not unsayable(case)]
LEFT_OUT = [case for case in FILE["cases"] if unsayable(case)]


def test_what_is_left_out_is_listed() -> None:
    assert [(case["kind"], unsayable(case)) for case in LEFT_OUT] == [
        ("MaxPool2d", "two outputs: a layer gives one tensor"),
        ("RNN", "lengths of sequences belong to data and training, not to a network"),
        ("GRU", "lengths of sequences belong to data and training, not to a network"),
        ("LSTM", "lengths of sequences belong to data and training, not to a network"),
        ("MultiheadAttention", "cross-attention: a layer takes one tensor"),
        ("MultiheadAttention", "cross-attention: a layer takes one tensor"),
    ]


@pytest.mark.parametrize("case", SAYABLE, ids=name)
def test_shape_parameters_and_macs(case: dict[str, Any]) -> None:
    traced = trace(Network.model_validate(network_of(case)))
    assert traced.problems == ()
    assert traced.output is not None
    assert traced.output.dims == output_of(case)
    assert traced.params == case["params"]
    assert traced.macs * samples_of(case) == case["macs"]


@pytest.mark.parametrize("case", LEFT_OUT, ids=name)
def test_what_cannot_be_said_has_the_parameters_that_can(case: dict[str, Any]) -> None:
    """Parameters depend on neither lengths nor outputs; attention with extra key and value biases is no kind here."""
    said = {k: v for k, v in case["kwargs"].items() if k not in ("return_indices", "batch_first")}
    if "add_bias_kv" in said:
        with pytest.raises(ValidationError, match="add_bias_kv"):
            Network.model_validate(network_of({**case, "kwargs": said}))
        return
    assert trace(Network.model_validate(network_of({**case, "kwargs": said}))).params == case["params"]


def refusal(case: dict[str, Any]) -> str:
    """What is said about a case that must not run; the name of the rule's field with it."""
    try:
        traced = trace(Network.model_validate(network_of(case)))
    except ValidationError as error:
        return " ".join(explain(error))
    assert not traced.ok, "torch refuses this"
    problem = traced.problems[0].problem
    assert isinstance(problem, Problem)
    assert traced.problems[0].path == "0"
    return f"{problem.field}: {problem.message}"


RULES: tuple[tuple[str, str], ...] = (
    ("output padding must be smaller", "output_padding"),
    ("pad should be", "padding"),
    ("padding should be", "padding"),
    ("Output size is too small", "kernel_size"),
    ("Kernel size can't be greater", "kernel_size"),
    ("smaller than kernel size", "kernel_size"),
    ("Padding size should be less", "padding"),
    ("wrapping around", "padding"),
    ("not supported for strided", "stride"),
    ("running_mean should contain", "num_features"),
    ("divisible by num_heads", "num_heads"),
    ("equal to input_size", "input_size"),
    ("proj_size argument", "proj_size"),
)
"""A piece of PyTorch's complaint -> the field that ours must name."""

ANY_FIELD = ("kernel_size", "padding", "output_padding")
"""Where several rules are broken at once, and for outputs of size 0, either may be named."""


@pytest.mark.parametrize("case", FILE["invalid_cases"], ids=name)
def test_what_torch_refuses_is_refused_by_its_rule(case: dict[str, Any]) -> None:
    said = refusal(case)
    field = next((field for piece, field in RULES if piece in case["torch_error"]), None)
    wanted = ANY_FIELD if field in (None, *ANY_FIELD) else (field,)
    assert any(word in said for word in wanted), said
    assert "torch" not in said.lower()
