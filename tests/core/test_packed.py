"""A packed recurrent layer over padded sequences gives what each sequence alone gives."""

from typing import Any

import pytest
import torch
from torch import nn

from netlib import Network, build, trace
from netlib.modules import PackedRecurrent

LENGTHS = (4, 10, 7)


def padded() -> torch.Tensor:
    x = torch.randn(3, 10, 5, generator=torch.Generator().manual_seed(0))
    for row, length in enumerate(LENGTHS):
        x[row, length:] = 0
    return x


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("options", [{}, {"num_layers": 2, "bidirectional": True}], ids=str)
def test_each_sequence_ends_at_its_own_end(kind: str, options: dict[str, Any]) -> None:
    torch.manual_seed(1)
    layer = PackedRecurrent(kind, 5, 6, "last", **options)
    x, directions = padded(), 2 if options else 1
    together = layer(x)
    for row, length in enumerate(LENGTHS):
        steps, _ = layer.rnn(x[row : row + 1, :length])
        ends = [steps[0, -1, :6], steps[0, 0, 6:]][:directions]
        assert torch.allclose(together[row], torch.cat(ends), atol=1e-6)


def test_all_steps_come_back_with_zeros_after_the_end() -> None:
    layer = PackedRecurrent("GRU", 5, 6)
    x = padded()
    steps = layer(x)
    assert steps.shape == (3, 10, 6)
    for row, length in enumerate(LENGTHS):
        assert torch.equal(steps[row, length:], torch.zeros(10 - length, 6))
        assert torch.allclose(steps[row, :length], layer.rnn(x[row : row + 1, :length])[0][0], atol=1e-6)


def test_a_step_of_zeros_before_the_end_is_a_step() -> None:
    layer = PackedRecurrent("GRU", 5, 6, "last")
    x = padded()
    x[0, 1] = 0
    assert torch.allclose(layer(x)[0], layer.rnn(x[0:1, :4])[1][-1, 0], atol=1e-6)


def test_nothing_but_padding_counts_as_one_step() -> None:
    layer = PackedRecurrent("GRU", 5, 6, "last")
    nothing = torch.zeros(1, 10, 5)
    assert torch.equal(layer(nothing)[0], layer.rnn(nothing[:, :1])[1][-1, 0])


def test_more_padding_changes_nothing_and_an_embedding_makes_it() -> None:
    spec: dict[str, Any] = {
        "input": {"dims": [6], "dtype": "int64"},
        "layers": [
            {"kind": "Embedding", "num_embeddings": 9, "embedding_dim": 4, "padding_idx": 0},
            {"kind": "GRU", "hidden_size": 5, "bidirectional": True, "returns": "last", "packed": True},
        ],
    }
    model = build(trace(Network.model_validate(spec)))
    short, long = torch.tensor([[3, 8, 1, 0, 0, 0]]), torch.tensor([[3, 8, 1] + [0] * 20])
    assert torch.equal(model(short), model(long))
    model(short).sum().backward()
    embedding = model.get_submodule("0")
    assert isinstance(embedding, nn.Embedding)
    assert embedding.weight.grad is not None
    assert torch.equal(embedding.weight.grad[0], torch.zeros(4))
    assert embedding.weight.grad[3].abs().sum() > 0
