"""What a backward pass leaves in each layer, and what a zeroed block returns, against runs written by hand."""

import json
from typing import Any

import pytest
import torch
from torch import nn

from netlib import Network, build, trace
from netlib.errors import NetlibError
from netlib.gradients import LEARNING_RATE, backward
from netlib.questions import answer
from netlib.questions.gradients import digits
from netlib.questions.zeroed import last_convolution
from netlib.zeroing import zeroed
from ui.residual.network import network_of, plain_of, stack
from ui.residual.state import ResidualState


class Block(nn.Module):
    """Two 3×3 convolutions, with the input added or not: written without netlib."""

    def __init__(self, width: int, norm: bool, adds: bool) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1, bias=not norm)
        self.first_norm = nn.BatchNorm2d(width) if norm else nn.Identity()
        self.second = nn.Conv2d(width, width, 3, padding=1, bias=not norm)
        self.second_norm = nn.BatchNorm2d(width) if norm else nn.Identity()
        self.adds = adds

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.first_norm(self.first(x)).relu()
        y = self.second_norm(self.second(y))
        total: torch.Tensor = (y + x if self.adds else y).relu()
        return total


def by_hand(depth: int, norm: bool, adds: bool, seed: int) -> tuple[list[float], list[float]]:
    """Norms of the weights' gradients in data order, and of the gradient behind stem and blocks."""
    torch.manual_seed(seed)
    stem = nn.Conv2d(1, 8, 3, padding=1, bias=not norm)
    stem_norm = nn.BatchNorm2d(8) if norm else nn.Identity()
    blocks = [Block(8, norm, adds) for _ in range(depth)]
    head = nn.Linear(8, 10)
    inputs, classes = digits()
    flow = stem_norm(stem(inputs)).relu()
    flows = [flow]
    for block in blocks:
        flow = block(flow)
        flows.append(flow)
    loss = nn.functional.cross_entropy(head(flow.mean(dim=(2, 3))), classes)
    weights = [stem.weight, *[w for b in blocks for w in (b.first.weight, b.second.weight)], head.weight]
    found = torch.autograd.grad(loss, [*weights, *flows])
    norms = [float(gradient.double().norm()) for gradient in found]
    return norms[: len(weights)], norms[len(weights) :]


@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("adds", [False, True])
def test_gradients_equal_an_own_autograd_run(norm: bool, adds: bool) -> None:
    state = ResidualState(norm=norm, depth=4)
    found = backward(trace(stack(state, residual=adds)), *digits(), seed=3)
    norms, flows = by_hand(4, norm, adds, seed=3)
    assert [layer.norm for layer in found.layers] == pytest.approx(norms, rel=1e-4)
    first = 2 if norm else 1
    assert found.flows[first : first + 5] == pytest.approx(flows, rel=1e-4)


def test_the_named_block_has_the_gradients_of_its_parts() -> None:
    """With option A and B the stack is made of BasicBlock, with the identity of Residual: the same net."""
    runs = [
        backward(
            trace(stack(ResidualState(norm=True, depth=3, shortcut=option), residual=True)), *digits(), 0
        )
        for option in ("identity", "A", "B")
    ]
    for run in runs[1:]:
        assert [layer.norm for layer in run.layers] == [layer.norm for layer in runs[0].layers]
        assert run.flows == runs[0].flows


def test_the_measured_gradients_of_the_study_notes() -> None:
    """Depth 44: nothing reaches the plain stem without batch norm, and with it the plain gradient does not vanish."""
    found = {
        (norm, adds): backward(trace(stack(ResidualState(norm=norm), residual=adds)), *digits(), 0)
        for norm in (False, True)
        for adds in (False, True)
    }
    share = {key: run.layers[0].norm / run.layers[-2].norm for key, run in found.items()}
    assert all(len(run.layers) == 44 for run in found.values())
    assert share[False, False] < 1e-15
    assert share[False, True] > 0.1
    assert share[True, False] > share[True, True] > 1


def test_moved_is_the_share_of_weights_that_a_step_changes() -> None:
    traced = trace(stack(ResidualState(), residual=False))
    found = {layer.path: layer.moved for layer in backward(traced, *digits(), 0).layers}
    torch.manual_seed(0)
    model = build(traced).train()
    inputs, classes = digits()
    before = {path: model.get_submodule(path).weight.clone() for path in found}
    loss = nn.functional.cross_entropy(model(inputs), classes)
    for weight, gradient in zip(
        model.parameters(), torch.autograd.grad(loss, list(model.parameters())), strict=True
    ):
        weight.grad = gradient
    torch.optim.SGD(model.parameters(), lr=LEARNING_RATE).step()
    for path, weight in before.items():
        changed = (model.get_submodule(path).weight != weight).float().mean().item()
        assert found[path] == pytest.approx(changed, abs=1e-6), path
    assert found["0"] == 0
    assert list(found.values())[-1] > 0.5


def test_the_random_state_stays_as_it_was() -> None:
    torch.manual_seed(7)
    expected = torch.rand(1)
    torch.manual_seed(7)
    traced = trace(stack(ResidualState(depth=2), residual=True))
    backward(traced, *digits(), 0)
    zeroed(trace(network_of(ResidualState(channels=4, filters=4, size=6))), "0.branches.0.2", 0)
    assert torch.rand(1) == expected


@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("block", ["basic", "bottleneck"])
@pytest.mark.parametrize("activation", ["ReLU", "GELU", "Tanh"])
def test_a_zeroed_block_returns_its_shortcut(norm: bool, block: str, activation: str) -> None:
    for shortcut, filters in (("identity", 16), ("A", 32), ("B", 32), ("C", 16)):
        state = ResidualState.model_validate(
            {
                "block": block,
                "norm": norm,
                "activation": activation,
                "shortcut": shortcut,
                "channels": 16,
                "filters": filters,
                "size": 6,
            }
        )
        traced = trace(network_of(state))
        found = zeroed(traced, last_convolution(traced), 0)
        assert found.differing == 0
        assert found.nonzero > 0
        plain = trace(plain_of(state))
        assert zeroed(plain, last_convolution(plain), 0).nonzero == 0


def test_a_layer_that_is_not_the_last_leaves_something() -> None:
    """The count of differing numbers is no constant 0: with the first convolution at 0, the second's bias is left."""
    traced = trace(network_of(ResidualState(channels=4, filters=4, size=6)))
    assert (zeroed(traced, "0.branches.0.0", 0).differing or 0) > 0


SMALL = stack(ResidualState(depth=2), residual=True).to_json()
IMAGE = Network.model_validate({"input": {"dims": [3, 8, 8]}, "layers": []}).to_json()
FAULTY = network_of(ResidualState(channels=4, filters=8)).to_json()
WIDE = network_of(ResidualState(channels=1024, filters=1024, size=64)).to_json()
HUGE: dict[str, Any] = json.loads(stack(ResidualState(depth=2), residual=False).to_json())
HUGE["layers"][0]["out_channels"] = 16_000

REFUSED = {
    "nothing": ("gradients", {}, "Between 1 and 4 networks"),
    "too many seeds": ("gradients", {"networks": [SMALL], "seeds": list(range(9))}, "Between 1 and 8 seeds"),
    "a seed that is none": ("gradients", {"networks": [SMALL], "seeds": [-1]}, "A seed is a whole number"),
    "no json": ("gradients", {"networks": ["{"], "seeds": [0]}, "this is not JSON"),
    "other images": ("gradients", {"networks": [IMAGE], "seeds": [0]}, "The digits are 1 × 8 × 8"),
    "a fault": ("gradients", {"networks": [FAULTY], "seeds": [0]}, "A network with a fault has no gradient"),
    "too large": ("gradients", {"networks": [json.dumps(HUGE)], "seeds": [0]}, "too large for a measurement"),
    "no blocks": ("zeroed", {"blocks": "x"}, "Between 1 and 4 blocks"),
    "a refused sum": ("zeroed", {"blocks": [FAULTY]}, "mend the sum first"),
    "a huge block": ("zeroed", {"blocks": [WIDE]}, "too large to try"),
    "no convolution": ("zeroed", {"blocks": [IMAGE]}, "no convolution"),
}


@pytest.mark.parametrize(("question", "payload", "says"), REFUSED.values(), ids=REFUSED)
def test_a_worker_refuses_in_a_sentence(question: str, payload: dict[str, Any], says: str) -> None:
    with pytest.raises(NetlibError) as refused:
        answer(question, payload)
    assert says in str(refused.value)
    assert refused.value.message.say("zh") != str(refused.value)


def test_a_worker_answers_in_json() -> None:
    found = answer("gradients", {"networks": [SMALL, SMALL], "seeds": [0, 1]})
    assert json.loads(json.dumps(found)) == found
    assert found["samples"] == 64
    assert [len(runs) for runs in found["runs"]] == [2, 2]
    assert found["runs"][0] == found["runs"][1]
    assert found["runs"][0][0] != found["runs"][0][1]
    assert len(found["runs"][0][0]["layers"]) == 2 * 2 + 2
