"""The few modules that PyTorch does not ship: values worked out another way, in training and in use."""

from typing import Any

import pytest
import torch
from torch import nn

from netlib import Network, source, trace
from netlib.modules import Concat, Product, Sum, ZeroPadShortcut
from tests.core import torch_side
from tests.core.seed_networks import conv, layer, network


class Times(nn.Module):
    """Multiplies by a number."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.factor


def image(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


def test_sum_product_and_concat() -> None:
    x = image(2, 3, 4, 5)
    branches = [Times(2.0), nn.Identity(), Times(-1.0)]
    torch.testing.assert_close(Sum(*branches)(x), 2 * x)
    torch.testing.assert_close(Product(*branches)(x), -2 * x**3)
    joined = Concat(*branches)(x)
    assert joined.shape == (2, 9, 4, 5)
    assert torch.equal(joined[:, :3], 2 * x)
    assert torch.equal(joined[:, 6:], -x)
    assert torch.equal(Concat(*branches, dim=3)(x)[..., 5:10], x)


def test_a_gate_of_one_number_a_channel() -> None:
    x = image(2, 3, 4, 5)
    gated = Product(nn.Identity(), nn.AdaptiveAvgPool2d(1))(x)
    torch.testing.assert_close(gated, x * x.mean((2, 3), keepdim=True))


@pytest.mark.parametrize(("stride", "more"), [(1, 2), (2, 3), (2, 0)])
def test_the_shortcut_of_option_a(stride: int, more: int) -> None:
    """Every stride-th pixel; zeros behind the channels that are there (He et al. 2015, section 4.2)."""
    x = image(2, 3, 5, 4)
    y = ZeroPadShortcut(more, stride)(x)
    assert y.shape == (2, 3 + more, -(-5 // stride), -(-4 // stride))
    assert torch.equal(y[:, :3], x[:, :, ::stride, ::stride])
    assert not y[:, 3:].any()


HEAD = [layer("Flatten"), layer("Linear", out_features=2)]
TAPPED: dict[str, Any] = network(
    [3, 6, 6],
    conv(4, 3),
    layer("AuxiliaryHead", layers=HEAD),
    layer(
        "Parallel",
        branches=[
            [layer("Sequential", layers=[layer("AuxiliaryHead", layers=[*HEAD, layer("ReLU")])]), conv(2, 1)],
            [],
        ],
    ),
    layer("AuxiliaryHead", layers=[layer("AdaptiveAvgPool2d", output_size=1), *HEAD]),
    layer("Flatten"),
    layer("Linear", out_features=5),
)


def test_auxiliary_outputs_come_in_training_only_and_in_the_order_of_the_data() -> None:
    traced = trace(Network.model_validate(TAPPED))
    model = torch_side.built(traced)
    x = torch_side.batch_of(traced)
    main, heads = model.train()(x)
    assert main.shape == (2, 5)
    assert len(heads) == 3
    taps = [step.path for step in traced.steps if step.is_tap]
    branches: list[Any] = [model.get_submodule(f"{tap}.branch") for tap in taps]
    first = model.get_submodule("0")(x)
    assert torch.equal(heads[0], branches[0](first))
    assert torch.equal(heads[1], branches[1](first))
    joined = model.get_submodule("2").eval()(first)
    assert torch.equal(heads[2], branches[2](joined))
    alone = model.eval()(x)
    assert torch.equal(alone, main)
    assert all(getattr(model.get_submodule(tap), "output", None) is None for tap in taps)


def test_heads_learn_and_the_main_output_does_not_need_them() -> None:
    traced = trace(Network.model_validate(TAPPED))
    model = torch_side.built(traced).train()
    main, heads = model(torch_side.batch_of(traced))
    (heads[1] ** 2).sum().backward()
    reached = [name for name, p in model.named_parameters() if p.grad is not None]
    tap = [step.path for step in traced.steps if step.is_tap][1]
    assert {name.rpartition(".")[0] for name in reached} == {"0", f"{tap}.branch.1"}
    assert main.requires_grad


def test_heads_are_counted_apart_and_exported() -> None:
    traced = trace(Network.model_validate(TAPPED))
    model, program = torch_side.built(traced), torch_side.exported(source(traced))
    taps = [s for s in traced.steps if s.is_tap]
    assert traced.aux_params == sum(s.params for s in taps) > 0
    assert traced.aux_macs == sum(s.macs for s in taps) > 0
    assert sum(p.numel() for p in model.parameters()) == traced.params + traced.aux_params
    x = torch_side.batch_of(traced)
    ours, theirs = model.train()(x), program.train()(x)
    assert torch.equal(ours[0], theirs[0])
    assert all(torch.equal(a, b) for a, b in zip(ours[1], theirs[1], strict=True))
