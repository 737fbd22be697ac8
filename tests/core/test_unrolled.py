"""The recomputed states and gates against torch's own modules, and the worker's question about them."""

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from torch import nn

from netlib.errors import NetlibError
from netlib.questions import answer, names
from netlib.questions.unrolled import Asked
from netlib.unrolled import GATES, difference, layer_of, memory, unrolled

KINDS = st.sampled_from(["RNN", "LSTM", "GRU"])


@st.composite
def modules(draw: st.DrawFn) -> tuple[Any, torch.Tensor]:
    kind = draw(KINDS)
    options: dict[str, Any] = {"bias": draw(st.booleans())}
    if kind == "RNN":
        options["nonlinearity"] = draw(st.sampled_from(["tanh", "relu"]))
    inputs, hidden = draw(st.integers(1, 7)), draw(st.integers(1, 9))
    steps, batch = draw(st.integers(1, 8)), draw(st.integers(1, 4))
    torch.manual_seed(draw(st.integers(0, 2**20)))
    if draw(st.integers(0, 3)) == 0:
        return getattr(nn, f"{kind}Cell")(inputs, hidden, **options), torch.randn(steps, batch, inputs)
    first = draw(st.booleans())
    module = getattr(nn, kind)(
        inputs,
        hidden,
        num_layers=draw(st.integers(1, 3)),
        bidirectional=draw(st.booleans()),
        batch_first=first,
        **options,
    )
    shape = (batch, steps, inputs) if first else (steps, batch, inputs)
    return module, torch.randn(shape)


@settings(max_examples=150, deadline=None)
@given(modules(), st.sampled_from([torch.float32, torch.float64]))
def test_recomputed_states_equal_the_modules(made: tuple[Any, torch.Tensor], precision: torch.dtype) -> None:
    module, x = made[0].to(precision).eval(), made[1].to(precision)
    with torch.no_grad():
        found = unrolled(module, x)
        assert difference(found, module, x) < (1e-5 if precision == torch.float32 else 1e-12)


@settings(max_examples=60, deadline=None)
@given(modules())
def test_every_state_follows_from_its_gates(made: tuple[Any, torch.Tensor]) -> None:
    module, x = made
    with torch.no_grad():
        for lane in unrolled(module, x).lanes:
            nothing = torch.zeros_like(lane.h[:1])
            order = [lane.h[1:], nothing] if lane.direction else [nothing, lane.h[:-1]]
            was = torch.cat(order)
            if lane.c is not None:
                order = [lane.c[1:], nothing] if lane.direction else [nothing, lane.c[:-1]]
                c = lane.gates["f"] * torch.cat(order) + lane.gates["i"] * lane.gates["g"]
                torch.testing.assert_close(lane.c, c)
                torch.testing.assert_close(lane.h, lane.gates["o"] * c.tanh())
            elif lane.gates:
                z, n = lane.gates["z"], lane.gates["n"]
                torch.testing.assert_close(lane.h, (1 - z) * n + z * was)
                raw = lane.from_x["n"] + lane.gates["r"] * lane.from_h["n"]
                torch.testing.assert_close(n, raw.tanh())
            else:
                curve = torch.relu if module.nonlinearity == "relu" else torch.tanh
                torch.testing.assert_close(lane.h, curve(lane.from_x["h"] + lane.from_h["h"]))


@settings(max_examples=25, deadline=None)
@given(modules())
def test_memory_is_the_norm_of_the_modules_jacobian(made: tuple[Any, torch.Tensor]) -> None:
    module, x = made[0].double().eval(), made[1].double()
    if getattr(module, "batch_first", False):
        module.batch_first, x = False, x.transpose(0, 1)
    x = x[:, :1]

    def outputs(given: torch.Tensor) -> torch.Tensor:
        if isinstance(module, nn.RNNCellBase):
            state, found = None, []
            for step in given:
                state = module(step, state)
                found.append(state[0] if isinstance(state, tuple) else state)
            return torch.stack(found)
        output: torch.Tensor = module(given)[0]
        return output

    differentiate: Any = torch.autograd.functional.jacobian  # torch leaves it untyped
    jacobian = differentiate(outputs, x)  # (T, 1, H, T, 1, I)
    wanted = jacobian.square().sum((1, 2, 4, 5)).sqrt()
    steps = range(len(x))
    torch.testing.assert_close(memory(module, x, steps), wanted)


def test_the_backward_lane_ends_at_the_first_step() -> None:
    torch.manual_seed(0)
    module = nn.GRU(4, 3, bidirectional=True)
    x = torch.randn(5, 2, 4)
    with torch.no_grad():
        found = unrolled(module, x)
        output, h_n = module(x)
    assert torch.equal(found.h_n[1], found.lanes[1].h[0])
    torch.testing.assert_close(h_n[1], output[0][:, 3:])
    assert not torch.allclose(h_n[1], output[-1][:, 3:])


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_a_loop_of_a_cell_is_the_layer(kind: str) -> None:
    torch.manual_seed(1)
    cell = getattr(nn, f"{kind}Cell")(4, 4)
    x = torch.randn(6, 2, 4)
    with torch.no_grad():
        found = unrolled(cell, x)
        assert difference(found, layer_of(cell), x) < 1e-6


def test_a_projection_is_refused() -> None:
    with pytest.raises(ValueError, match="projection"):
        unrolled(nn.LSTM(4, 4, proj_size=2), torch.zeros(3, 1, 4))


def hello(**more: Any) -> dict[str, Any]:
    return {"kind": "LSTM", "hidden_size": 8, "ids": [1, 0, 2, 2, 3], "vocabulary": 4, "shown": [0, 4]} | more


def test_what_is_too_large_to_wait_for_has_no_memory() -> None:
    assert answer("unrolled", hello(hidden_size=128, ids=[1] * 64))["memory"] is None


def test_the_question_is_known() -> None:
    assert "unrolled" in names()


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("cell", [False, True])
@pytest.mark.parametrize("embedded", [False, True])
def test_the_answer_says_how_exact_it_is(kind: str, cell: bool, embedded: bool) -> None:
    layers = {} if cell else {"num_layers": 2, "bidirectional": True}
    found = answer("unrolled", hello(kind=kind, cell=cell, embedded=embedded, gain=3, units=5, **layers))
    assert 0 <= found["difference"] < 1e-5
    assert (found["layerDifference"] is not None) == cell
    assert found["tableDifference"] < 1e-6
    assert len(found["lanes"]) == (1 if cell else 4)
    for lane in found["lanes"]:
        wanted = {"h", "was_h", *GATES[kind], *({"c", "was_c"} if kind == "LSTM" else set())}
        wanted |= {f"{side}_{name}" for side in "xh" for name in GATES[kind]}
        assert set(lane) - {"layer", "direction"} == wanted
        assert all(len(lane[name]) == 2 and len(lane[name][0]) == 5 for name in wanted)
    assert len(found["x"][0]) == (10 if embedded else 4)
    shown = found["memory"]
    assert len(shown) == len(shown[0]) == 2
    assert (shown[0][1] == 0) == cell  # only the backward lane has read the last letter at the first


def test_the_same_seed_gives_the_same_weights_and_leaves_torch_alone() -> None:
    torch.manual_seed(9)
    before = torch.random.get_rng_state()
    first, second, other = (answer("unrolled", hello(seed=s)) for s in (3, 3, 4))
    assert first == second != other
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "Linear"},
        {"kind": "RNNCell"},
        {"hidden_size": 0},
        {"hidden_size": 10**9},
        {"hidden_size": True},
        {"num_layers": 5},
        {"ids": []},
        {"ids": [0] * 65},
        {"ids": [-1]},
        {"ids": "hello"},
        {"vocabulary": 129},
        {"gain": 11},
        {"gain": float("nan")},
        {"seed": -1},
        {"shown": []},
        {"shown": list(range(5)) * 9},
        {"weights": "x"},
    ],
)
def test_a_hostile_question_is_refused_in_a_sentence(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        answer("unrolled", hello(**change))
    assert "https://" not in str(refused.value)


@pytest.mark.parametrize("change", [{"ids": [4]}, {"shown": [5]}])
def test_a_question_about_what_is_not_there_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(NetlibError) as refused:
        answer("unrolled", hello(**change))
    assert refused.value.message.say("zh") != str(refused.value)


def test_defaults_are_those_of_torch() -> None:
    asked = Asked.model_validate(hello())
    assert (asked.bias, asked.num_layers, asked.bidirectional, asked.gain) == (True, 1, False, 1)


@settings(max_examples=40, deadline=None)
@given(modules())
def test_an_open_forget_gate_and_a_shut_input_gate_keep_what_was_there(
    made: tuple[Any, torch.Tensor],
) -> None:
    module, x = made
    kind = type(module).__name__.removesuffix("Cell")
    with torch.no_grad():
        if kind == "LSTM":
            found = unrolled(module, x, {"f": 1.0, "i": 0.0})
            assert all(not lane.c.any() and not lane.h.any() for lane in found.lanes if lane.c is not None)
        elif kind == "GRU":
            assert all(not lane.h.any() for lane in unrolled(module, x, {"z": 1.0}).lanes)
        else:
            with pytest.raises(ValueError, match="RNN has no gate f to hold"):
                unrolled(module, x, {"f": 1.0})


def held_far_away(module: Any, gate: str, value: float) -> None:
    """Makes the gate's weights such that torch's own module gives the value, up to the curve's tail."""
    rows = GATES[type(module).__name__].index(gate)
    hidden = module.hidden_size
    part = slice(rows * hidden, (rows + 1) * hidden)
    with torch.no_grad():
        for name, weight in module.named_parameters():
            weight[part] = 0
            if name.startswith("bias_ih"):
                weight[part] = 200.0 if value else -200.0


@pytest.mark.parametrize(
    ("kind", "gate"), [("LSTM", "i"), ("LSTM", "f"), ("LSTM", "o"), ("GRU", "r"), ("GRU", "z")]
)
@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_held_gate_is_one_whose_weights_leave_no_choice(kind: str, gate: str, value: float) -> None:
    torch.manual_seed(5)
    module = getattr(nn, kind)(4, 3, num_layers=2, bidirectional=True).double()
    x = torch.randn(6, 1, 4).double()
    with torch.no_grad():
        found = unrolled(module, x, {gate: value})
    kept = memory(module, x, range(6), {gate: value})
    held_far_away(module, gate, value)
    with torch.no_grad():
        assert difference(found, module, x) < 1e-12
    torch.testing.assert_close(kept, memory(module, x, range(6)))


def test_a_question_holds_the_gates_of_its_kind_only() -> None:
    free = answer("unrolled", hello(hold_z="1"))
    assert free == answer("unrolled", hello())
    found = answer("unrolled", hello(hold_f="1"))
    assert all(value == 1 for lane in found["lanes"] for row in lane["f"] for value in row)
    assert found["difference"] > 1e-3
    assert found["memory"] != free["memory"]
