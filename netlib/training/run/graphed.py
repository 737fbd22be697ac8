"""A whole step recorded once as a CUDA graph, then played again: one launch in place of hundreds.

The recipe is PyTorch's own for whole-network capture (CUDA semantics, "CUDA Graphs"): static inputs, a few steps to
warm up on a side stream, gradients set to None, then forward, backward and the optimiser's step recorded together.
What a step reads from outside is copied into place before it is played: the samples' index and the learning rate.

Warming up trains, so everything that a step changes is put back afterwards. A recording is believed only after it has
done the same as the step itself, with another learning rate than the one it was recorded with.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import isfinite
from typing import Protocol

import torch
from torch import Tensor, nn

from netlib import Trace
from netlib.modules import PackedRecurrent
from netlib.training import reasons
from netlib.training.run.held_state import Held, State, norm
from netlib.training.spec import RunSpec
from netlib.words import Message

LAUNCH_BOUND = 20_000_000_000
"""FLOPs a step up to which a GPU waits for its launches: about 4 ms of arithmetic at 5 TFLOP/s, as long as it takes
to start some 600 operations."""
WARM_UP_STEPS = 3
SAME_LOSS, SAME_UPDATE = 0.01, 0.05
"""Shares by which a played step may differ: kernels with atomic additions are not bit for bit the same twice."""

Learn = Callable[[Tensor | None], dict[str, Tensor]]
"""A step on the samples of an index: moves the weights, and gives what it measured, "loss" among it."""


class Recording(Protocol):
    """One step of one engine, recorded."""

    def capture(self, body: Callable[[], None]) -> None:
        """Record what `body` does on the device; it may be called several times, and must have worked."""

    def replay(self) -> None:
        """Do it once more, on the very same tensors."""


class CudaGraph:
    """A `Recording` on a CUDA device; all that is CUDA's own about recording is in here."""

    def __init__(self, device: torch.device) -> None:
        self._device, self._graph = device, torch.cuda.CUDAGraph()

    def capture(self, body: Callable[[], None]) -> None:
        """See `Recording`. Warm-up and recording share one side stream, which is left even when recording fails."""
        with torch.cuda.device(self._device):
            here = torch.cuda.current_stream()
            aside = torch.cuda.Stream()  # type: ignore[no-untyped-call]  # torch leaves it without annotations
            aside.wait_stream(here)
            try:
                with torch.cuda.stream(aside):
                    for _ in range(WARM_UP_STEPS):
                        body()
                    with torch.cuda.graph(self._graph, stream=aside):
                        body()
            except Exception:
                # A recording that is broken off leaves the random stream as if it were still recorded; a copy is not.
                stream = torch.cuda.default_generators[torch.cuda.current_device()]
                stream.graphsafe_set_state(stream.clone_state())
                raise
            finally:
                here.wait_stream(aside)

    def replay(self) -> None:
        """See `Recording`."""
        self._graph.replay()


@dataclass(frozen=True)
class Graphs:
    """How steps are recorded: what makes a recording, and what the optimiser must be for it.

    On a device the learning rate is a tensor, since a Python number would be recorded as it is, and an optimiser that
    has a `capturable` gets it.
    """

    make: Callable[[torch.device], Recording]
    rate_is_tensor: bool = True
    capturable: bool = True


def graphs_on(device: torch.device) -> Graphs | None:
    """How steps are recorded on a device; None where they are not."""
    return Graphs(CudaGraph) if device.type == "cuda" else None


def is_recorded(spec: RunSpec, found: Trace, model: nn.Module, *, raw: bool) -> bool:
    """Whether a settled run's full steps are worth recording and can be; by rule, never by stopwatch.

    Args:
        spec: of the run; compiled steps are left to the compiler.
        found: the network's closed forms.
        model: packed sequences read their lengths on the CPU, which cannot be recorded.
        raw: whether samples are prepared by the batch, with constants that come from the CPU.
    """
    if spec.compiled or raw:
        return False
    if spec.optimiser.name == "SGD" and not spec.fused:  # only the fused one reads its rate on the device
        return False
    if any(isinstance(module, PackedRecurrent) for module in model.modules()):
        return False
    return 6 * (found.macs + found.aux_macs) * spec.batch <= LAUNCH_BOUND


class NotRecorded(Exception):
    """A step goes on without a recording; `why` in words, `fault` as the library said it."""

    def __init__(self, why: Message, fault: str = "") -> None:
        super().__init__(str(why))
        self.why, self.fault = why, fault


@contextmanager
def _refusals() -> Iterator[None]:
    """Whatever goes wrong inside, as a `NotRecorded`."""
    try:
        yield
    except NotRecorded:
        raise
    except torch.OutOfMemoryError as error:
        raise NotRecorded(Message(reasons.GRAPH_NO_MEMORY), str(error)) from error
    except Exception as error:  # whatever it is, the step itself still works, or says so itself
        why = Message(reasons.GRAPH_REFUSED, kind=type(error).__name__)
        raise NotRecorded(why, str(error)) from error


class GraphedStep:
    """A step that is played.

    Args:
        recording: takes the step.
        learn: the step itself.
        index: samples of the first step to be played, None for all; every later index is as long.
        rate: learning rate of that step.
        set_rate: makes a number the learning rate.
        state: all that a step changes.

    Raises:
        NotRecorded: when the step cannot be recorded; everything is then as before.
    """

    def __init__(
        self,
        recording: Recording,
        learn: Learn,
        index: Tensor | None,
        rate: float,
        set_rate: Callable[[float], None],
        state: State,
    ) -> None:
        self._recording = recording
        self._index = None if index is None else index.clone()
        self._found: Mapping[str, Tensor] = {}

        def body() -> None:
            self._found = learn(self._index)

        held = state.copy()
        try:
            with _refusals():
                recording.capture(body)
                state.put_back(held)
                set_rate(rate * 2 or 1.0)
                self._check(learn, state, held)
        finally:
            state.put_back(held)
            set_rate(rate)

    def play(self, index: Tensor | None) -> dict[str, Tensor]:
        """What the step on those samples measured, as copies.

        Raises:
            NotRecorded: when it cannot be played; the step has then not been done.
        """
        with _refusals():
            if self._index is not None and index is not None:
                self._index.copy_(index)
            self._recording.replay()
            return {name: value.clone() for name, value in self._found.items()}

    def _check(self, learn: Learn, state: State, held: Held) -> None:
        expected, by_hand = learn(self._index)["loss"].clone(), state.weights_since(held)
        state.put_back(held)
        loss, played = self.play(self._index)["loss"], state.weights_since(held)
        if not (
            _near(float(loss), float(expected))
            and float(norm(played, by_hand)) <= SAME_UPDATE * float(norm(by_hand)) + 1e-6 * held.norm()
        ):
            raise NotRecorded(Message(reasons.GRAPH_DIFFERS))


def _near(one: float, other: float) -> bool:
    """Whether two losses are the same; one that is no number is left to whoever watches the run."""
    if not (isfinite(one) and isfinite(other)):
        return isfinite(one) == isfinite(other)
    return abs(one - other) <= SAME_LOSS * abs(other) + 1e-4
