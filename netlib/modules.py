"""The few modules PyTorch does not ship. Exported programs carry these classes verbatim."""

# mypy: disable-error-code="no-any-return, no-untyped-def, no-untyped-call"
# Learners read these classes in exported programs: plain PyTorch, without casts.

import torch
from torch import nn


class Sum(nn.Module):
    """Add the branches' outputs, element by element."""

    def __init__(self, *branches: nn.Module) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        first, *rest = [branch(x) for branch in self.branches]
        for y in rest:
            first = first + y
        return first


class Concat(nn.Module):
    """Join the branches' outputs: channels (axis 1) by default, else the axis given."""

    def __init__(self, *branches: nn.Module, dim: int = 1) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)
        self.dim = dim

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([branch(x) for branch in self.branches], dim=self.dim)


class Product(nn.Module):
    """Multiply the branches' outputs, element by element; (N, C, 1, 1) gates (N, C, H, W)."""

    def __init__(self, *branches: nn.Module) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        first, *rest = [branch(x) for branch in self.branches]
        for y in rest:
            first = first * y
        return first


class Tap(nn.Module):
    """Pass the input on; while training, keep what the branch makes of it as an auxiliary output."""

    def __init__(self, branch: nn.Module) -> None:
        super().__init__()
        self.branch = branch
        self.output: torch.Tensor | None = None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.output = self.branch(x) if self.training else None
        return x


class WithAuxiliary(nn.Sequential):
    """A chain with taps in it: (main, [auxiliary, ...]) while training, main alone in eval()."""

    def forward(self, x: torch.Tensor) -> torch.Tensor | tuple[torch.Tensor, list[torch.Tensor]]:
        y = super().forward(x)
        taps = [m for m in self.modules() if isinstance(m, Tap)]
        outputs = [t.output for t in taps if t.output is not None]
        for t in taps:
            t.output = None
        return (y, outputs) if self.training else y


class Recurrent(nn.Module):
    """An RNN, LSTM or GRU that returns one tensor: every step, or the last state."""

    def __init__(
        self, kind: str, input_size: int, hidden_size: int, returns: str = "sequence", **options
    ) -> None:
        super().__init__()
        self.rnn = getattr(nn, kind)(input_size, hidden_size, batch_first=True, **options)
        self.returns = returns

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        steps, state = self.rnn(x)  # steps: (N, T, D * H)
        if self.returns == "sequence":
            return steps
        h = state[0] if isinstance(state, tuple) else state  # (layers * D, N, H)
        directions = 2 if self.rnn.bidirectional else 1
        return h[-directions:].transpose(0, 1).flatten(1)  # (N, D * H), forward then backward


class PackedRecurrent(nn.Module):
    """An RNN, LSTM or GRU over sequences of different lengths: steps of zeros at the end are padding, and left out."""

    def __init__(
        self, kind: str, input_size: int, hidden_size: int, returns: str = "sequence", **options
    ) -> None:
        super().__init__()
        self.rnn = getattr(nn, kind)(input_size, hidden_size, batch_first=True, **options)
        self.returns = returns

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        steps, state = self.rnn(x if x.is_meta else self.pack(x))  # on meta there are no zeros to be seen
        if self.returns == "sequence":  # (N, T, D * H), zeros after each end
            return steps if x.is_meta else self.pad(steps, x.shape[1])
        h = state[0] if isinstance(state, tuple) else state  # (layers * D, N, H), each at its own end
        directions = 2 if self.rnn.bidirectional else 1
        return h[-directions:].transpose(0, 1).flatten(1)  # (N, D * H), forward then backward

    def pack(self, x: torch.Tensor) -> nn.utils.rnn.PackedSequence:
        places = torch.arange(1, x.shape[1] + 1, device=x.device)
        lengths = (x.ne(0).any(dim=2) * places).amax(dim=1).clamp(min=1)  # (N,)
        # PyTorch takes lengths on the CPU only, and sorts the batch by them itself.
        return nn.utils.rnn.pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)

    def pad(self, steps: nn.utils.rnn.PackedSequence, length: int) -> torch.Tensor:
        return nn.utils.rnn.pad_packed_sequence(steps, batch_first=True, total_length=length)[0]


class RecurrentCell(nn.Module):
    """An RNNCell, LSTMCell or GRUCell run over a sequence, from a state of zeros."""

    def __init__(
        self, kind: str, input_size: int, hidden_size: int, returns: str = "sequence", **options
    ) -> None:
        super().__init__()
        self.cell = getattr(nn, kind)(input_size, hidden_size, **options)
        self.returns = returns

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        single = x.dim() == 2  # (N, F) counts as one step
        state, steps = None, []
        for x_t in [x] if single else x.unbind(1):
            state = self.cell(x_t, state)
            steps.append(state[0] if isinstance(state, tuple) else state)  # (N, H)
        return steps[-1] if single or self.returns == "last" else torch.stack(steps, dim=1)  # (N, T, H)


class SelfAttention(nn.Module):
    """Multi-head attention in which every step looks at every step: (N, T, E) to (N, T, E)."""

    def __init__(self, embed_dim: int, num_heads: int, **options) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(embed_dim, num_heads, batch_first=True, **options)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.attention(x, x, x, need_weights=False)[0]


class Permute(nn.Module):
    """Change the order of the axes; axis 0 is the batch."""

    def __init__(self, dims: tuple[int, ...]) -> None:
        super().__init__()
        self.dims = dims

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.permute(self.dims)


class VolumeResponseNorm(nn.LocalResponseNorm):
    """nn.LocalResponseNorm for (N, C, D, H, W), which takes such a tensor only when it lies in memory in that order."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x.contiguous())


class ZeroPadShortcut(nn.Module):
    """Option A of He et al. 2015: skip pixels by the stride, fill the new channels with zeros."""

    def __init__(self, more_channels: int, stride: int = 1) -> None:
        super().__init__()
        self.more_channels = more_channels
        self.stride = stride

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x[:, :, :: self.stride, :: self.stride]
        return nn.functional.pad(x, (0, 0, 0, 0, 0, self.more_channels))
