"""The recurrent page's state, the network it stands for, its question, its program and its exercises."""

import contextlib
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from pydantic import ValidationError

from netlib import BadLink, trace
from netlib.block import sentences
from netlib.questions import answer
from netlib.questions.unrolled import Asked
from tests.ui.recurrent_states import states
from ui.lab.bench import Bench
from ui.lab.link import packed, unpacked
from ui.recurrent.exercises import exercises
from ui.recurrent.explorer import LAB, limits
from ui.recurrent.layer import (
    directions,
    input_size,
    layers,
    network_of,
    question,
    shapes,
    shown_steps,
    with_head,
)
from ui.recurrent.presets import PRESETS
from ui.recurrent.program import call, program
from ui.recurrent.state import RecurrentState

CASES = Path(__file__).parent.parent / "cases" / "seed_cases.json"
SEEDS: dict[str, dict[str, Any]] = {
    case["id"]: case for case in json.loads(CASES.read_text(encoding="utf-8"))["cases"]
}


@settings(max_examples=100, deadline=None)
@given(states())
def test_every_state_is_a_network_without_faults(state: RecurrentState) -> None:
    found = trace(network_of(state))
    assert found.problems == ()
    assert found.output is not None
    assert found.output.dims == (state.steps, directions(state) * state.hidden_size)
    assert trace(with_head(state)).ok
    if state.form == "layer":
        n, t, f = state.batch, *found.output.dims
        assert shapes(state)["output"] == ((n, t, f) if state.batch_first else (t, n, f))


@settings(max_examples=60, deadline=None)
@given(states())
def test_every_state_survives_its_link(state: RecurrentState) -> None:
    for bench in (Bench(state), Bench(RecurrentState(), state)):
        link = LAB.link(bench)
        if link is not None:
            assert LAB.read(unpacked(link)) == bench
            assert len(link) < 2_000


@settings(max_examples=60, deadline=None)
@given(states())
def test_every_state_asks_what_a_worker_takes(state: RecurrentState) -> None:
    asked = Asked.model_validate(json.loads(json.dumps(question(state))))
    assert max(asked.ids) < asked.vocabulary
    assert max(asked.shown) < len(asked.ids)


@settings(max_examples=12, deadline=None)
@given(states())
def test_shapes_are_those_of_torch(state: RecurrentState) -> None:
    module = eval(call(state), {"nn": torch.nn})
    wanted = shapes(state)
    with torch.no_grad():
        if state.form == "cell":
            found = module(torch.zeros(wanted["x"]))
            last = found if isinstance(found, tuple) else (found,)
        else:
            output, found = module(torch.zeros(wanted["x"]))
            last = found if isinstance(found, tuple) else (found,)
            assert tuple(output.shape) == wanted["output"]
    assert [tuple(one.shape) for one in last] == [wanted[name] for name in ("h_n", "c_n") if name in wanted]
    params = sum(weight.numel() for weight in module.parameters())
    table = state.width * question(state)["vocabulary"] if state.letters == "embedding" else 0
    assert params + table == trace(network_of(state)).params


HOSTILE: list[Any] = [
    {"kind": "Transformer"},
    {"kind": ["LSTM"]},
    {"form": "loop"},
    {"hidden_size": 0},
    {"hidden_size": 129},
    {"hidden_size": 8.0},
    {"hidden_size": True},
    {"num_layers": 4},
    {"bidirectional": 1},
    {"word": ""},
    {"word": "thirteen char"},
    {"word": "a\nb"},
    {"word": "a\u202eb"},
    {"word": 5},
    {"steps": 51},
    {"batch": 10**30},
    {"vocabulary": -1},
    {"gain": float("nan")},
    {"seed": None},
    {"at": [0, 0, 0]},
    {"at": [0, 0, 0, 129]},
    {"at": "here"},
    {"dropout": 0.5},
    "LSTM",
    7,
]


@pytest.mark.parametrize("state", HOSTILE)
def test_a_hostile_state_is_refused_in_a_sentence(state: Any) -> None:
    for part in ("now", "kept"):
        with pytest.raises(ValidationError) as refused:
            LAB.read({part: state})
        message = sentences(refused.value)[0]
        assert message.say("zh") != message.say("en")


@pytest.mark.parametrize("link", ["", "1.", "1.AAAA", "2.e30", "../etc/passwd", "1." + "A" * 9_000])
def test_a_damaged_link_is_refused_in_a_sentence(link: str) -> None:
    with pytest.raises(BadLink):
        LAB.read(unpacked(link))


@settings(max_examples=40, deadline=None)
@given(states())
def test_a_link_that_was_cut_is_refused(state: RecurrentState) -> None:
    link = packed({"now": state.model_dump(mode="json")})
    for cut in (link[:-3], link[: len(link) // 2], link + "x"):
        with pytest.raises((BadLink, ValidationError)):
            LAB.read(unpacked(cut))


def test_long_sequences_show_their_ends() -> None:
    assert shown_steps(10) == tuple(range(10))
    assert shown_steps(50) == (0, 1, 2, 3, 4, 5, 47, 48, 49)
    assert all(len(set(shown_steps(t))) == len(shown_steps(t)) <= 10 for t in range(1, 51))


def test_limits_are_those_of_the_state() -> None:
    for name, bounds in limits().items():
        for value in (bounds["lo"] - 1, bounds["hi"] + 1):
            with pytest.raises(ValidationError):
                RecurrentState.model_validate({name: value})


@pytest.mark.parametrize("chosen", PRESETS, ids=lambda preset: preset.label)
@pytest.mark.parametrize("kind", [None, "LSTM"])
def test_the_program_prints_the_states_of_the_picture(chosen: Any, kind: str | None) -> None:
    state = RecurrentState.model_validate(chosen.changes | ({"kind": kind} if kind else {}) | {"seed": 5})
    torch.set_printoptions(  # type: ignore[no-untyped-call] # torch has no types here
        precision=6, sci_mode=False, threshold=100_000, linewidth=100_000
    )
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), torch.random.fork_rng(devices=[]):
        exec(program(state), {})
    torch.set_printoptions(profile="default")  # type: ignore[no-untyped-call] # nor here
    numbers = [float(n) for n in re.findall(r"-?\d+\.\d+(?:e-?\d+)?", printed.getvalue())]
    rows = torch.tensor(numbers).reshape(state.steps, -1)
    shown = list(shown_steps(state.steps))
    found = answer("unrolled", question(state))
    top = [lane for lane in found["lanes"] if lane["layer"] == layers(state) - 1]
    units = len(top[0]["h"][0])
    for lane in top:
        first = lane["direction"] * state.hidden_size
        wanted = rows[shown, first : first + units]
        torch.testing.assert_close(torch.tensor(lane["h"]), wanted, atol=2e-4, rtol=0)


def _answers(name: str) -> list[tuple[int, ...]]:
    return [q.answer for task in exercises() if task.name == name for q in task.questions]


def _case(name: str, layer: int = 0) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int], tuple[int]]:
    row = SEEDS[name]["layers"][layer]
    hidden = row.get("hidden_shapes", [[]])[0]
    return tuple(row["output_shape"]), tuple(hidden), (row["params"],), (row["macs"],)


def test_the_exercises_are_those_of_the_lecture() -> None:
    assert _answers("lecture") == list(_case("rnn.lecture"))
    assert _answers("layers") == list(_case("rnn.layers2"))
    assert _answers("both-directions") == list(_case("rnn.bi2"))
    output, hidden, _, _ = _case("rnn.batch_first")
    assert _answers("batch-first") == [tuple(SEEDS["rnn.batch_first"]["input_shape"]), output, hidden]
    output, _, params, macs = _case("rnncell.lecture")
    assert _answers("cell") == [output, params, macs]
    _, _, params, macs = _case("hello.rnn")
    assert _answers("shared") == [params, params, macs, (10 * macs[0],)]
    embedded = [_case(f"hello.embedding.{kind}", 1)[2] for kind in ("rnn", "gru", "lstm")]
    assert _answers("embedded") == [_case("hello.embedding.rnn")[2], *embedded]
    assert _answers("gates") == [(40,), (120,), (160,)]


def test_the_name_classifiers_gru() -> None:
    gru = SEEDS["names.gru18"]["layers"][1]
    params, macs, hidden = _answers("names")
    assert params == (gru["params"],)
    # The case packs names of 10, 7 and 4 letters; the exercise reads one of 10.
    assert macs == (gru["macs"] * 10 // (10 + 7 + 4),)
    assert hidden == (4, 1, 100)


def test_an_exercises_answers_are_those_of_the_state_that_it_shows() -> None:
    for task in exercises():
        state = task.state
        found = trace(network_of(state))
        assert found.ok
        assert input_size(state) == (found.leaves[-1].input.dims[-1])
