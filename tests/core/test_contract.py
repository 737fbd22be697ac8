"""What every kind of layer promises, checked over every worked example that stands beside its code.

A new kind brings its own examples (`cases`), and is tested here without a line being added.
"""

from dataclasses import dataclass
from typing import Any

import pytest
import torch

from netlib import KINDS, Case, Message, Network, Trace, source, trace
from netlib.block import Leaf, all_knobs
from netlib.knob import Choice, Knob, Numbers, Real, Switch, Whole
from netlib.words import CATALOGUE
from tests.core import torch_side


@dataclass(frozen=True)
class Example:
    """One worked example, and a name for the report."""

    kind: str
    number: int
    case: Case

    def __str__(self) -> str:
        return f"{self.kind}-{self.number}"

    @property
    def network(self) -> Network:
        return Network.of(self.case.given, self.case.block)

    @property
    def traced(self) -> Trace:
        return trace(self.network)


EXAMPLES = [Example(kind, i, case) for kind, block in KINDS.items() for i, case in enumerate(block.cases())]
SOUND = [e for e in EXAMPLES if e.case.gives is not None]
REFUSED = [e for e in EXAMPLES if e.case.gives is None]

LEAKY, ELU = (KINDS[kind].model_validate({}) for kind in ("LeakyReLU", "ELU"))

sound = pytest.mark.parametrize("example", SOUND, ids=str)
refused = pytest.mark.parametrize("example", REFUSED, ids=str)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_worked_example(kind: str) -> None:
    cases = list(KINDS[kind].cases())
    assert any(case.gives is not None for case in cases)
    assert all(type(case.block) is KINDS[kind] for case in cases)
    assert all(case.because for case in cases if case.gives is None)


@sound
def test_numbers_are_those_worked_out_by_hand(example: Example) -> None:
    traced = example.traced
    assert traced.problems == ()
    assert traced.output == example.case.gives
    assert (traced.params, traced.macs) == (example.case.params, example.case.macs)


@sound
def test_the_built_module_gives_the_same_shapes_and_parameters(example: Example) -> None:
    traced = example.traced
    model = torch_side.built(traced).eval()
    y = model(torch_side.batch_of(traced))
    assert torch_side.type_of(y) == torch_side.expected_type(traced.output)
    assert sum(p.numel() for p in model.parameters()) == traced.params + traced.aux_params


@sound
def test_every_path_finds_its_module(example: Example) -> None:
    traced = example.traced
    model = torch_side.on_meta(traced)
    for step in traced.steps:
        module = model.get_submodule(step.path)
        count = sum(p.numel() for p in module.parameters())
        assert count == step.params + step.aux_params


@sound
def test_torchinfo_counts_the_same_parameters(example: Example) -> None:
    traced = example.traced
    assert torch_side.parameters_by_torchinfo(traced) == traced.params + traced.aux_params


@sound
def test_the_flop_counter_counts_the_same_macs(example: Example) -> None:
    traced = example.traced
    assert torch_side.macs(traced) == traced.macs + traced.aux_macs


@sound
def test_the_exported_program_is_bit_equal(example: Example) -> None:
    traced = example.traced
    ours, theirs = torch_side.built(traced), torch_side.exported(source(traced))
    x = torch_side.batch_of(traced)
    own, exported = ours.state_dict(), theirs.state_dict()
    assert own.keys() == exported.keys()
    assert all(torch.equal(own[name], exported[name]) for name in own)
    for model in (ours, theirs):
        model.eval()
    assert torch.equal(ours(x), theirs(x))


@sound
def test_every_parameter_gets_a_gradient(example: Example) -> None:
    traced = example.traced
    model = torch_side.built(traced).train()
    y = model(torch_side.batch_of(traced, samples=3))
    outputs = [y[0], *y[1]] if isinstance(y, tuple) else [y]
    numbers = torch.Generator().manual_seed(1)
    loss = sum((out * torch.randn(out.shape, generator=numbers)).sum() for out in outputs)
    if not traced.params + traced.aux_params:
        return
    assert isinstance(loss, torch.Tensor)
    loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    assert [name for name, p in model.named_parameters() if p.grad is None] == []


@sound
def test_backward_keeps_what_we_say(example: Example) -> None:
    # LeakyReLU keeps only what flows into the network, ELU what comes out of the block: so the block's
    # own input and output count, and count once
    curves = example.case.given.dtype == "float32"
    before, after = (LEAKY,) if curves else (), (ELU,) if curves else ()
    traced = trace(Network.of(example.case.given, *before, example.case.block, *after))
    real = torch_side.saved_bytes(traced, samples=3)
    if traced.memory_is_exact:
        assert traced.saved_bytes(3) == real
    else:
        assert 0 < traced.saved_bytes(3) <= real


@pytest.mark.parametrize("example", [e for e in SOUND if e.case.by_hand], ids=str)
def test_values_are_those_of_another_road(example: Example) -> None:
    traced = example.traced
    model = torch_side.built(traced)
    x = torch_side.batch_of(traced)
    numbers = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=numbers) / 2)
        model.train()(x)  # so that running statistics are not those of a fresh layer
        model.eval()
        assert example.case.by_hand is not None
        other = example.case.by_hand(model, x)
        torch.testing.assert_close(model(x), other, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_json_and_link_bring_the_same_network_back(example: Example) -> None:
    network = example.network
    assert Network.from_json(network.to_json()) == network
    assert Network.from_link(network.to_link()) == network
    assert hash(Network.from_json(network.to_json()).layers) == hash(network.layers)


@refused
def test_a_refusal_says_why_and_is_pinned_to_its_block(example: Example) -> None:
    traced = example.traced
    assert not traced.ok
    assert traced.output is None
    at_fault = traced.problems[0]
    assert at_fault.block == example.case.block
    assert at_fault.path == "0"
    assert at_fault.problem is not None
    assert example.case.because in at_fault.problem.message
    fields = type(example.case.block).model_fields
    assert at_fault.problem.field is None or at_fault.problem.field in fields


@refused
def test_every_offered_fix_makes_the_step_run(example: Example) -> None:
    step = example.traced.problems[0]
    assert step.problem is not None
    for fix in step.problem.fixes:
        mended = trace(fix.apply(example.network))
        assert mended.ok, f"{fix.label}: {[s.problem for s in mended.problems]}"


@refused
def test_a_refusal_is_a_sentence_in_both_languages(example: Example) -> None:
    problem = example.traced.problems[0].problem
    assert problem is not None
    for said in (problem.message, problem.hint, *(fix.label for fix in problem.fixes)):
        assert "{" not in said
        assert not said or said.say("zh") != said
        # a value that is words of its own is a message too, or it would stay English
        plain = [v for v in said.values.values() if isinstance(v, str) and not isinstance(v, Message)]
        assert [v for v in plain if " " in v and v in CATALOGUE] == []
    assert not problem.message.endswith(".")


@refused
def test_a_network_with_problems_has_no_module_and_no_program(example: Example) -> None:
    with pytest.raises(ValueError, match="problem"):
        torch_side.built(example.traced)
    with pytest.raises(ValueError, match="problem"):
        source(example.traced)


def others(knob: Knob, value: Any) -> list[Any]:
    """Values that the knob takes beside the one it has."""
    match knob:
        case Switch():
            return [not value]
        case Choice(options=options):
            return [option for option in options if option != value]
        case Real(lo=lo, hi=hi):
            return [(lo + hi) / 3]
        case Numbers():  # what flows in must fit them
            return []
        case Whole():  # and sizes
            return [knob.lo + 1 if value != knob.lo + 1 else knob.lo + 2]
    return []


@pytest.mark.parametrize("kind", [kind for kind, block in KINDS.items() if issubclass(block, Leaf)])
def test_every_setting_reaches_the_layer(kind: str) -> None:
    """A field that is not handed on would leave shapes as they are, and only values would be wrong."""
    case = next(case for case in KINDS[kind].cases() if case.gives is not None)
    plain = case.block.lower(case.given)
    for knob in all_knobs(KINDS[kind]):
        if not knob.inferred:
            for value in others(knob, getattr(case.block, knob.name)):
                changed = case.block.with_(**{knob.name: value})
                assert changed.lower(case.given) != plain, f"{knob.name}={value} changes nothing"


@sound
def test_formulas_show_the_number_they_compute(example: Example) -> None:
    for step in example.traced.leaves:
        if step.found is None:  # an empty chain
            continue
        for quantity in (step.found.params, step.found.macs, *(q for _, q in step.found.size)):
            assert str(quantity).endswith(f"= {quantity.value:,}")
            assert quantity.symbols
        sizes = {axis: q.value for axis, q in step.found.size}
        assert set(sizes.values()) <= set(step.found.output.dims)
