"""What to predict about residual blocks. Answers are read off traces; one is what a worker found."""

from collections.abc import Sequence
from functools import cache

from netlib import Message, Network, Trace, trace
from netlib.presets import preset
from ui.lab.exercises import Exercise, Question
from ui.residual.measured import known, zeroed_question
from ui.residual.network import network_of, plain_of
from ui.residual.state import ResidualState as State
from ui.words import tr

LECTURE = State(channels=16, filters=16, size=12)
IDENTITY = LECTURE.with_(zeroed=True)


def exercises() -> list[Exercise[State]]:
    """The exercises in the session's language; the first once a worker has tried it out."""
    return [*_identity(), _wider(), _broadcast(), _bottleneck(), _options(), _deeper()]


@cache
def _traced(state: State) -> Trace:
    return trace(network_of(state))


def weights(traced: Trace) -> int:
    """Weights of the convolutions alone, as the paper counts a block."""
    return sum(step.params for step in traced.leaves if step.title == "Conv2d")


def broadcast(one: Sequence[int], other: Sequence[int]) -> tuple[int, ...]:
    """The shape that PyTorch makes of a sum of two: a size of 1 is repeated.

    Raises:
        ValueError: where it refuses.
    """
    if any(a != b and 1 not in (a, b) for a, b in zip(one, other, strict=True)):
        raise ValueError(f"{one} and {other} do not broadcast")
    return tuple(max(a, b) for a, b in zip(one, other, strict=True))


def _identity() -> list[Exercise[State]]:
    found = known(zeroed_question(IDENTITY))
    if found is None or isinstance(found, Message):
        return []
    plain, residual = found["blocks"]
    return [
        Exercise(
            "identity",
            tr("The identity test"),
            tr(
                "The lecture's block on 16 channels; weight and bias of its last convolution are set to 0. {n} random "
                "numbers come out.",
                n=f"{residual['numbers']:,}",
            ),
            IDENTITY,
            (
                Question(tr("How many of them differ from ReLU(x)?"), (residual["differing"],)),
                Question(tr("And of the plain block, how many are not 0?"), (plain["nonzero"],)),
            ),
            tr(
                "F(x) is 0, so the residual block hands x on; for the plain block the same weights wipe everything "
                "out. Doing nothing is easy for a residual block."
            ),
        )
    ]


def _wider() -> Exercise[State]:
    state = State(channels=16, filters=32, size=12, norm=True)
    branch = trace(plain_of(state)).output
    assert branch is not None
    projected, padded = state.with_(shortcut="B"), state.with_(shortcut="A")
    bare = _traced(state).params
    return Exercise(
        "wider",
        tr("16 channels and 32"),
        tr("16 × 12 × 12 flows in, the branch has 32 filters with batch norm, the shortcut is the identity."),
        state,
        (
            Question(tr("What is the shape of F(x)?"), branch.dims, state),
            Question(
                tr("How many parameters does a 1×1 on the shortcut add?"),
                (_traced(projected).params - bare,),
                projected,
            ),
            Question(tr("And zeros for the new channels?"), (_traced(padded).params - bare,), padded),
        ),
        tr(
            "The sum is refused until both sides agree: project (option B), pad (option A), or keep 16 channels."
        ),
    )


def _broadcast() -> Exercise[State]:
    state = State(channels=1, filters=16, size=12)
    given, branch = network_of(state).input, trace(plain_of(state)).output
    assert branch is not None
    return Exercise(
        "broadcast",
        tr("1 channel and 16"),
        tr("1 × 12 × 12 flows in, 16 channels come out of the branch, the shortcut is the identity."),
        state,
        (
            Question(tr("What is the shape of the sum in PyTorch?"), broadcast(given.dims, branch.dims)),
            Question(
                tr("How many parameters would a 1×1 add?"),
                (_traced(state.with_(shortcut="B")).params - _traced(state).params,),
                state.with_(shortcut="B"),
            ),
        ),
        tr(
            "PyTorch repeats the one channel sixteen times and says nothing; this page treats it as a fault, because "
            "it is rarely meant."
        ),
    )


def _bottleneck() -> Exercise[State]:
    basic = State(channels=256, filters=256, norm=True)
    narrow = basic.with_(block="bottleneck")
    thin = basic.with_(channels=64, filters=64)
    return Exercise(
        "bottleneck",
        tr("What the bottleneck saves"),
        tr("256 channels in and out; convolution weights only."),
        narrow,
        (
            Question(tr("Weights of the basic block on 256 channels?"), (weights(_traced(basic)),), basic),
            Question(tr("Of the bottleneck on 256 channels?"), (weights(_traced(narrow)),), narrow),
            Question(tr("Of the basic block on 64 channels?"), (weights(_traced(thin)),), thin),
        ),
        tr(
            "The 3×3 works on a quarter of the channels, and a 3×3 costs the square of its width: four times the "
            "channels for about the price of the basic block on 64."
        ),
    )


def _options() -> Exercise[State]:
    padded = preset("resnet20-cifar")
    projected = _with_option(padded, "B")
    state = State(channels=16, filters=32, size=32, stride=2, norm=True, shortcut="A")
    a, b = trace(padded).params, trace(projected).params
    return Exercise(
        "options",
        tr("Option A or B"),
        tr("ResNet-20 for CIFAR: two of its nine blocks halve the size and double the channels."),
        state,
        (
            Question(tr("Parameters with option A?"), (a,), state),
            Question(tr("With option B?"), (b,), state.with_(shortcut="B")),
        ),
        tr("Two 1×1 convolutions with batch norm make the difference; zeros cost nothing."),
    )


def _with_option(network: Network, option: str) -> Network:
    layers = [
        layer.with_(shortcut=option) if layer.kind == "BasicBlock" else layer for layer in network.layers
    ]
    return network.of(network.input, *layers)


def _deeper() -> Exercise[State]:
    basic, narrow = trace(preset("resnet34")), trace(preset("resnet50"))
    block = State(channels=256, filters=256, norm=True, block="bottleneck", shortcut="B")
    more = round(100 * (narrow.macs - basic.macs) / basic.macs)
    return Exercise(
        "deeper",
        tr("ResNet-34 and 50"),
        tr(
            "Sixteen blocks each, of two 3×3 in one and of a bottleneck in the other; 224 × 224, 1,000 classes."
        ),
        block,
        (
            Question(
                tr("Parameters of ResNet-34?"),
                (basic.params,),
                State(channels=64, filters=64, norm=True, shortcut="B"),
            ),
            Question(tr("Of ResNet-50?"), (narrow.params,), block),
            Question(tr("How many per cent more MACs has ResNet-50?"), (more,), block),
        ),
        tr("Sixteen layers more, and little more work: that is what the bottleneck is for."),
    )
