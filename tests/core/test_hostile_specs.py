"""Bad and extreme specifications: refused in our words, bounded before anything is allocated.

`must` says whether a case is fine, faulty, or over a limit; the words beside it belong in the message.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from netlib import KINDS, Network, TooBig, build, trace
from netlib.network import explain
from tests.core.acceptance import CASES, as_floats, load, network_of

SPECS = load("hostile_specs.json")["cases"]

NOT_ABOUT_A_NETWORK = {
    "conv-3d-input-unbatched": "dims have no batch axis, so nothing is missing",
    "conv-huge-batch": "how many samples there are is no part of a network",
    "bn2d-1x1-batch1-train": "about a batch of one in training; here a note says so",
    "lstm-batch0": "how many samples there are is no part of a network",
    "mha-kv": "a layer takes one tensor, so keys and values cannot differ in length",
}
EXEMPT_WORDS = {
    "conv-5d-input": "about 4 dimensions: dims have no batch axis",
    "upsample-mode-rank": "about 3 dimensions: dims have no batch axis",
    "maxpool-return-idx": "return_indices cannot be said; refused is a pass",
}
STANDS_FOR = {"UnrolledRNNCell": "RNNCell"}
"""A cell is always run over its sequence here."""

APPLICABLE = [case for case in SPECS if case["id"] not in NOT_ABOUT_A_NETWORK]


def spec_of(case: dict[str, Any]) -> dict[str, Any]:
    """The network that a case describes."""
    kwargs = case["kwargs"]
    if case["kind"] == "Stack":
        inner = {"kind": kwargs["layer"], **kwargs["kwargs"]}
        return network_of(case, [inner] * kwargs["n"])
    if case["kind"] == "NestedSequential":
        nested: dict[str, Any] = {"kind": "ReLU"}
        for _ in range(kwargs["depth"]):
            nested = {"kind": "Sequential", "layers": [nested]}
        return network_of(case, [nested])
    return network_of({**case, "kind": STANDS_FOR.get(case["kind"], case["kind"])})


def outcome(spec: dict[str, Any]) -> tuple[str, str]:
    """("ok", notes), ("error", messages) or ("limit", messages) for a specification."""
    try:
        traced = trace(Network.model_validate(spec))
    except ValidationError as error:
        said = " ".join(explain(error))
        return ("limit" if "limit" in said or "at most" in said else "error"), said
    if not traced.ok:
        said = " ".join(f"{s.problem.message} {s.problem.hint}" for s in traced.problems if s.problem)
        return ("limit" if "limit" in said else "error"), said
    try:
        build(traced, budget=1_000_000)
    except TooBig as error:
        return "limit", str(error)
    return "ok", " ".join(note for step in traced.steps for note in step.notes)


def is_ours(case: dict[str, Any]) -> bool:
    """Whether the case's kind is one of ours, or stands for several of them."""
    return STANDS_FOR.get(case["kind"], case["kind"]) in (*KINDS, "Stack", "NestedSequential")


@pytest.mark.parametrize("case", APPLICABLE, ids=lambda case: case["id"])
def test_it_ends_as_it_must(case: dict[str, Any]) -> None:
    found, said = outcome(spec_of(case))
    if not is_ours(case):
        assert found != "ok"
        assert "unknown kind of layer" in said
        assert case["kind"] in said
        return
    if case["id"] == "maxpool-return-idx":
        assert found == "error"
        return
    assert found == case["must"], said


WORDED = [case for case in APPLICABLE if is_ours(case) and case["id"] not in EXEMPT_WORDS]


@pytest.mark.parametrize("case", WORDED, ids=lambda case: case["id"])
def test_the_message_holds_the_words_that_help(case: dict[str, Any]) -> None:
    _, said = outcome(spec_of(case))
    missing = [word for word in case["message_should_contain"] if word.lower() not in said.lower()]
    assert missing == [], said


def test_the_exempt_cases_exist() -> None:
    known = {case["id"] for case in SPECS}
    assert NOT_ABOUT_A_NETWORK.keys() <= known
    assert EXEMPT_WORDS.keys() <= known


def test_a_batch_of_one_gets_a_note() -> None:
    case = next(case for case in SPECS if case["id"] == "bn2d-1x1-batch1-train")
    found, said = outcome(spec_of(case))
    assert found == "ok"
    assert all(word in said for word in case["message_should_contain"])


LOOK = """
import json, resource, sys, time
from netlib import Network, trace
specs = json.load(open(sys.argv[1]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for spec in specs:
    try:
        trace(Network.model_validate(spec)).problems
    except ValueError:
        pass
print(json.dumps({
    "torch": "torch" in sys.modules,
    "pandas": "pandas" in sys.modules,
    "grown_mib": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024,
}))
"""


def test_nothing_is_allocated_and_torch_is_never_imported(tmp_path: Path) -> None:
    file = tmp_path / "specs.json"
    flat = [spec_of(case) for case in APPLICABLE if case["kind"] != "NestedSequential"]
    file.write_text(json.dumps(flat), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", LOOK, str(file)],
        capture_output=True,
        text=True,
        check=True,
        cwd=CASES.parents[1],
    )
    found = json.loads(ran.stdout)
    assert found["torch"] is False
    assert found["pandas"] is False
    assert found["grown_mib"] < 64


def test_a_nan_is_no_number_in_any_field() -> None:
    spec = as_floats({"input": {"dims": [4]}, "layers": [{"kind": "Dropout", "p": {"$float": "inf"}}]})
    assert outcome(spec)[0] == "error"
